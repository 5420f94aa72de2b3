//! Sessions: refresh tokens rotate, a stolen one ends its session, and an ended session is over everywhere.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{ApiResponse, Market, PASSWORD, logo_project};

async fn signed_in(market: &Market, email: &str) -> ApiResponse {
    market.post("/sessions", &json!({"email": email, "password": PASSWORD})).await.expect(StatusCode::OK)
}

async fn refresh(market: &Market, token: &str) -> ApiResponse {
    market.post("/sessions/refresh", &json!({"refresh_token": token})).await
}

async fn with_token(market: &Market, method: Method, path: &str, token: &str, body: Option<&Value>) -> ApiResponse {
    let request = market.request(method, path).header("authorization", &format!("Bearer {token}"));
    match body {
        Some(body) => request.json(body).send().await,
        None => request.send().await,
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_for_one_exchange() {
    let market = Market::start().await;
    let person = market.person("서연").await;
    let first = signed_in(&market, &person.email).await;
    let second = refresh(&market, &first.text("/refresh_token")).await.expect(StatusCode::OK);
    assert_eq!(second.text("/session_id"), first.text("/session_id"));
    assert_eq!(second.header("cache-control"), "no-store");
    let me = with_token(&market, Method::GET, "/accounts/me", &second.text("/access_token"), None).await;
    me.expect(StatusCode::OK);

    let stolen = refresh(&market, &first.text("/refresh_token")).await;
    stolen.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    let owner = refresh(&market, &second.text("/refresh_token")).await;
    owner.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    let post =
        with_token(&market, Method::POST, "/projects", &second.text("/access_token"), Some(&logo_project())).await;
    post.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
}

#[tokio::test]
async fn a_repeated_refresh_gets_the_same_successor() {
    let market = Market::start().await;
    let person = market.person("민준").await;
    let first = signed_in(&market, &person.email).await.text("/refresh_token");
    let ask = || {
        let request = market.request(Method::POST, "/sessions/refresh").header("idempotency-key", "one-refresh");
        request.json(&json!({"refresh_token": first})).send()
    };
    let second = ask().await.expect(StatusCode::OK).text("/refresh_token");
    assert_eq!(ask().await.expect(StatusCode::OK).text("/refresh_token"), second);
    refresh(&market, &second).await.expect(StatusCode::OK);
    ask().await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
}

#[tokio::test]
async fn of_twenty_refreshes_at_once_at_most_one_family_lives() {
    let market = Market::start().await;
    let person = market.person("하은").await;
    let token = signed_in(&market, &person.email).await.text("/refresh_token");
    let answers = join_all((0..20).map(|_| refresh(&market, &token))).await;
    let successors: Vec<String> = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .map(|answer| answer.text("/refresh_token"))
        .collect();
    assert!(successors.len() <= 1, "{} successors", successors.len());
    for successor in successors {
        refresh(&market, &successor).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    }
}

#[tokio::test]
async fn a_made_up_refresh_token_ends_nobodys_session() {
    let market = Market::start().await;
    let person = market.person("지훈").await;
    let token = signed_in(&market, &person.email).await.text("/refresh_token");
    let mut guess = token.clone();
    // The 46th character lies in the family.
    let other = if guess.as_bytes()[50] == b'A' { "B" } else { "A" };
    guess.replace_range(50..51, other);
    for wrong in [guess.as_str(), "", "prt_", &person.token] {
        refresh(&market, wrong).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    }
    refresh(&market, &token).await.expect(StatusCode::OK);
    let as_access = with_token(&market, Method::GET, "/accounts/me", &token, None).await;
    as_access.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
}

#[tokio::test]
async fn an_ended_session_is_over_on_every_function() {
    let market = Market::start().await;
    let person = market.person("소라").await;
    let phone = signed_in(&market, &person.email).await;
    let listed = person.get("/sessions").await.expect(StatusCode::OK);
    assert_eq!(listed.items().len(), 2);
    let current: Vec<_> = listed.items().iter().filter(|session| session["is_current"] == true).collect();
    assert_eq!(current.len(), 1);
    assert!(listed.items().iter().all(|session| session["place"] == "127.0.0.1"), "{:#}", listed.body);

    let ended = format!("/sessions/{}", phone.text("/session_id"));
    person.request(Method::DELETE, &ended).send().await.expect(StatusCode::NO_CONTENT);
    let token = phone.text("/access_token");
    let post = with_token(&market, Method::POST, "/projects", &token, Some(&logo_project())).await;
    post.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
    let mine = with_token(&market, Method::DELETE, "/sessions/current", &token, None).await;
    mine.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
    refresh(&market, &phone.text("/refresh_token"))
        .await
        .expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    assert_eq!(person.get("/sessions").await.items().len(), 1);

    let stranger = market.person("Stranger").await;
    let foreign = format!("/sessions/{}", person.get("/sessions").await.items()[0]["id"].as_str().expect("an id"));
    let refused = stranger.request(Method::DELETE, &foreign).send().await;
    refused.expect_problem(StatusCode::NOT_FOUND, "not_found");
    person.get("/accounts/me").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_page_keeps_its_refresh_token_in_a_cookie_that_no_script_reads() {
    let market = Market::start().await;
    let person = market.person("Mateo").await;
    let body = json!({"email": person.email, "password": PASSWORD, "cookie": true});
    let opened = market.post("/sessions", &body).await.expect(StatusCode::OK);
    assert!(opened.body.get("refresh_token").is_none());
    let cookie = opened.header("set-cookie").to_owned();
    for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/sessions"] {
        assert!(cookie.contains(attribute), "{attribute}");
    }
    let pair = cookie.split(';').next().expect("a pair").to_owned();
    let ask = |site: &'static str| {
        let request = market.request(Method::POST, "/sessions/refresh").header("cookie", &pair);
        request.header("sec-fetch-site", site).json(&json!({})).send()
    };
    ask("cross-site").await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    let refreshed = ask("same-origin").await.expect(StatusCode::OK);
    assert!(refreshed.body.get("refresh_token").is_none());
    assert_ne!(refreshed.header("set-cookie"), cookie);
    let reused = ask("same-origin").await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    assert!(reused.header("set-cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn a_sign_in_in_the_same_browser_ends_the_earlier_session_and_passes_a_guessers_limit() {
    let market = Market::start().await;
    let person = market.person("도윤").await;
    let body = json!({"email": person.email, "password": PASSWORD, "cookie": true});
    let first = market.post("/sessions", &body).await.expect(StatusCode::OK);
    let cookie = first.header("set-cookie").split(';').next().expect("a pair").to_owned();
    // Somebody in the same network guesses until nobody there may try any more.
    let wrong = json!({"email": person.email, "password": "not the password"});
    let mut status = StatusCode::UNAUTHORIZED;
    for _ in 0..200 {
        status = market.post("/sessions", &wrong).await.status;
        if status != StatusCode::UNAUTHORIZED {
            break;
        }
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    market.post("/sessions", &body).await.expect_problem(StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    let again = market.request(Method::POST, "/sessions").header("cookie", &cookie).json(&body).send().await;
    again.expect(StatusCode::OK);
    let ended = with_token(&market, Method::GET, "/sessions", &first.text("/access_token"), None).await;
    ended.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
}

#[tokio::test]
async fn one_account_has_fifty_sessions_at_most() {
    let market = Market::start().await;
    let person = market.person("Priya").await;
    for _ in 0..51 {
        signed_in(&market, &person.email).await;
    }
    let newest = signed_in(&market, &person.email).await.text("/access_token");
    let listed = with_token(&market, Method::GET, "/sessions", &newest, None).await.expect(StatusCode::OK);
    assert_eq!(listed.items().len(), 50);
    person.post("/projects", &logo_project()).await.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
}
