//! Letters: an address is confirmed and a password is reset by a link, and no answer tells which addresses are known.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{ApiResponse, Market, PASSWORD};

const BY_MAIL: [&str; 2] = ["--parameter-overrides", "RegistrationByMail=true"];
const NEW_PASSWORD: &str = "새벽 기차와 노란 등대";

/// The letters to an address, newest first, when there are so many.
pub(crate) async fn letters(market: &Market, to: &str, count: usize) -> Vec<Value> {
    for _ in 0..200 {
        let letters = market.get(&format!("/_mail?to={}", to.replace('@', "%40"))).await.expect(StatusCode::OK).body;
        let letters = letters.as_array().expect("a list").clone();
        if letters.len() >= count {
            return letters;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("there are no {count} letters to {to}");
}

/// The secret at the end of a letter's link.
pub(crate) fn secret(letter: &Value) -> String {
    let link = letter["links"][0].as_str().unwrap_or_else(|| panic!("no link: {letter:#}"));
    link.rsplit('/').next().expect("a path").to_owned()
}

/// Follows the link of a letter that confirms an address.
async fn confirm(market: &Market, letter: &Value, password: &str) -> ApiResponse {
    let request = market.request(Method::PUT, &format!("/email-confirmations/{}", secret(letter)));
    request.json(&json!({"password": password})).send().await
}

#[tokio::test]
async fn an_account_opens_when_its_address_is_confirmed() {
    let market = Market::start_with(&BY_MAIL).await;
    let email = "mina@example.com";
    let body = json!({"email": email, "password": PASSWORD, "display_name": "김민아"});
    let accepted = market.post("/accounts", &body).await.expect(StatusCode::ACCEPTED);
    let sign_in = json!({"email": email, "password": PASSWORD});
    market.post("/sessions", &sign_in).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");

    // Nobody holds an address by asking for it: a second person may ask, too, and the first to confirm has it.
    let squatter = json!({"email": email, "password": "seven paper lanterns", "display_name": "Somebody"});
    market.post("/accounts", &squatter).await.expect(StatusCode::ACCEPTED);
    let sent = letters(&market, email, 2).await;
    // A link opens only the account whose password its reader knows: not the one that a squatter asked for.
    confirm(&market, &sent[0], PASSWORD).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    confirm(&market, &sent[1], "").await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    let opened = confirm(&market, &sent[1], PASSWORD).await.expect(StatusCode::CREATED);
    assert_eq!(opened.body["email"], email);
    let late = confirm(&market, &sent[0], "seven paper lanterns").await;
    late.expect_problem(StatusCode::CONFLICT, "email_taken");
    let again = confirm(&market, &sent[1], PASSWORD).await;
    again.expect_problem(StatusCode::NOT_FOUND, "invalid_link");
    market.post("/sessions", &sign_in).await.expect(StatusCode::OK);

    // The owner of a known address learns of the attempt; the one who asks gets the same answer as for a new one.
    let known = market.post("/accounts", &squatter).await.expect(StatusCode::ACCEPTED);
    assert_eq!(known.body, accepted.body);
    let names = |headers: &reqwest::header::HeaderMap| headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&known.headers), names(&accepted.headers));
    let warned = letters(&market, email, 3).await;
    assert!(!warned[0]["text"].as_str().expect("a text").contains("/confirm/"), "{:#}", warned[0]);
}

#[tokio::test]
async fn a_forgotten_password_is_reset_once_and_ends_every_session() {
    let market = Market::start().await;
    let person = market.person("서연").await;
    let accepted = market.post("/password-resets", &json!({"email": person.email})).await;
    let unknown = market.post("/password-resets", &json!({"email": "nobody@example.com"})).await;
    let accepted = accepted.expect(StatusCode::ACCEPTED);
    assert_eq!(unknown.expect(StatusCode::ACCEPTED).body, accepted.body);
    let token = secret(&letters(&market, &person.email, 1).await[0]);

    let path = format!("/password-resets/{token}");
    let choose = |password: &str| market.request(Method::PUT, &path).json(&json!({"password": password})).send();
    let own = choose(&person.email).await.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(own.body["errors"][0]["code"], "guessable");
    choose(NEW_PASSWORD).await.expect(StatusCode::NO_CONTENT);
    choose(NEW_PASSWORD).await.expect_problem(StatusCode::NOT_FOUND, "invalid_link");

    person
        .put("/accounts/me/password", &json!({"password": NEW_PASSWORD}))
        .await
        .expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
    let old = market.post("/sessions", &json!({"email": person.email, "password": PASSWORD})).await;
    old.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    market.post("/sessions", &json!({"email": person.email, "password": NEW_PASSWORD})).await.expect(StatusCode::OK);
    letters(&market, &person.email, 2).await;
    assert!(letters(&market, "nobody@example.com", 0).await.is_empty());
}

#[tokio::test]
async fn a_new_address_counts_after_its_letter_and_frees_the_old_one() {
    let market = Market::start().await;
    let (person, other) = (market.person("민아").await, market.person("지훈").await);
    let (old, new) = (person.email.clone(), "mina.new@example.com");
    person.put("/accounts/me/email", &json!({"email": other.email})).await.expect(StatusCode::ACCEPTED);
    person.put("/accounts/me/email", &json!({"email": new})).await.expect(StatusCode::ACCEPTED);
    assert_eq!(person.get("/accounts/me").await.body["email"], old);
    // The owner of a mistyped address gets the letter and does not know the password.
    let letter = &letters(&market, new, 1).await[0];
    confirm(&market, letter, NEW_PASSWORD).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    assert_eq!(confirm(&market, letter, PASSWORD).await.expect(StatusCode::OK).body["email"], new);
    market.sign_in(new).await;
    let former = market.post("/sessions", &json!({"email": old, "password": PASSWORD})).await;
    former.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    letters(&market, &old, 1).await;
    market
        .post("/accounts", &json!({"email": old, "password": PASSWORD, "display_name": "Next"}))
        .await
        .expect(StatusCode::CREATED);
}

#[tokio::test]
async fn after_a_reset_no_earlier_letter_allows_anything() {
    let market = Market::start().await;
    let person = market.person("하은").await;
    let thief = "thief@example.com";
    person.put("/accounts/me/email", &json!({"email": thief})).await.expect(StatusCode::ACCEPTED);
    for _ in 0..2 {
        market.post("/password-resets", &json!({"email": person.email})).await.expect(StatusCode::ACCEPTED);
    }
    let resets = letters(&market, &person.email, 2).await;
    let change = &letters(&market, thief, 1).await[0];
    let choose = |letter: &Value| {
        let request = market.request(Method::PUT, &format!("/password-resets/{}", secret(letter)));
        request.json(&json!({"password": NEW_PASSWORD})).send()
    };
    choose(&resets[0]).await.expect(StatusCode::NO_CONTENT);
    choose(&resets[1]).await.expect_problem(StatusCode::NOT_FOUND, "invalid_link");
    confirm(&market, change, PASSWORD).await.expect_problem(StatusCode::NOT_FOUND, "invalid_link");
    market.post("/sessions", &json!({"email": person.email, "password": NEW_PASSWORD})).await.expect(StatusCode::OK);
}
