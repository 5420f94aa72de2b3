//! A client that lost the answer sends the request again: same key, same reply, one effect.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{ApiResponse, Market, PASSWORD, Person, logo_project};

async fn post_with_key(client: &Person<'_>, key: &str, title: &str) -> ApiResponse {
    let mut project = logo_project();
    project["title"] = json!(title);
    client.request(Method::POST, "/projects").header("idempotency-key", key).json(&project).send().await
}

#[tokio::test]
async fn the_same_key_and_body_get_the_same_reply() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let first = post_with_key(&client, "key-1", "로고").await.expect(StatusCode::CREATED);
    let again = post_with_key(&client, "key-1", "로고").await.expect(StatusCode::CREATED);
    assert_eq!(again.body, first.body);
    for header in ["etag", "location"] {
        assert_eq!(again.header(header), first.header(header));
    }
    assert_eq!(again.header("idempotency-replayed"), "true");

    let other = post_with_key(&client, "key-1", "다른 로고").await;
    other.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused");
    post_with_key(&client, "key-2", "로고").await.expect(StatusCode::CREATED);
    assert_eq!(client.get("/accounts/me/projects").await.items().len(), 2);
}

#[tokio::test]
async fn a_key_belongs_to_the_account_that_used_it() {
    let market = Market::start().await;
    let (one, two) = (market.person("하나").await, market.person("둘").await);
    let ones = post_with_key(&one, "shared", "로고").await.expect(StatusCode::CREATED);
    let twos = post_with_key(&two, "shared", "로고").await.expect(StatusCode::CREATED);
    assert_ne!(ones.text("/id"), twos.text("/id"));
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    post_with_key(&client, "key", "").await.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    post_with_key(&client, "key", "로고").await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn fifty_equal_posts_at_once_have_one_effect() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let replies = join_all((0..50).map(|_| post_with_key(&client, "storm", "로고"))).await;

    let mut created: Vec<String> = Vec::new();
    for reply in replies {
        match reply.status {
            StatusCode::CREATED => created.push(reply.text("/id")),
            StatusCode::CONFLICT => drop(reply.expect_problem(StatusCode::CONFLICT, "request_in_progress")),
            _ => panic!("neither the reply nor a request to wait: {reply:#?}"),
        }
    }
    created.dedup();
    assert_eq!(created.len(), 1, "one project, one id");
    let settled = post_with_key(&client, "storm", "로고").await.expect(StatusCode::CREATED);
    assert_eq!(settled.text("/id"), created[0]);
    assert_eq!(client.get("/accounts/me/projects").await.items().len(), 1);
}

#[tokio::test]
async fn a_registration_can_be_repeated_and_its_key_tells_nobody_else_anything() {
    let market = Market::start().await;
    let register = |password: &str| {
        let body = json!({"email": "once@example.com", "password": password, "display_name": "한 번"});
        market.request(Method::POST, "/accounts").header("idempotency-key", "register-once").json(&body).send()
    };
    let first = register(PASSWORD).await.expect(StatusCode::CREATED);
    assert_eq!(register(PASSWORD).await.expect(StatusCode::CREATED).body, first.body);
    let guessed = register("another password").await;
    guessed.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused");
    // A guesser who goes on learns nothing from a right guess.
    register(PASSWORD).await.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused");
}

#[tokio::test]
async fn an_anonymous_key_belongs_to_the_address_that_used_it() {
    let market = Market::start().await;
    let register = async |client: &reqwest::Client, password: &str| {
        let body = json!({"email": "once@example.com", "password": password, "display_name": "한 번"});
        let request = client.post(format!("{}/accounts", market.url())).header("idempotency-key", "known");
        let answer = request.json(&body).send().await.expect("an answer");
        let status = answer.status();
        (status, answer.json::<serde_json::Value>().await.expect("JSON"))
    };
    let owner = reqwest::Client::new();
    let (status, first) = register(&owner, PASSWORD).await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    // A stranger with the key gets the answer that any key gets, whether the password is right or wrong.
    let address = std::net::IpAddr::from([127, 0, 0, 2]);
    let stranger = reqwest::Client::builder().local_address(address).build().expect("a client");
    for password in [PASSWORD, "another password"] {
        let (status, answer) = register(&stranger, password).await;
        assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("email_taken")), "{answer}");
    }
    assert_eq!(register(&owner, PASSWORD).await, (StatusCode::CREATED, first));
}

#[tokio::test]
async fn a_key_of_the_wrong_form_is_refused() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    for key in ["", &"k".repeat(256), "with space"] {
        let reply = post_with_key(&client, key, "로고").await;
        reply.expect_problem(StatusCode::BAD_REQUEST, "invalid_idempotency_key");
    }
}
