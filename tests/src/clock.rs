//! The clock of the market: weeks pass at once, and everything that has a term ends at its time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{ApiResponse, Market, PASSWORD, logo_project};

const START: &str = "2026-12-01T09:00Z";

async fn start() -> Market {
    Market::start_with(&["--clock", START]).await
}

/// Advances the clock by an ISO 8601 duration, and returns the new time.
async fn advance(market: &Market, duration: &str) -> Timestamp {
    let advanced = market.post("/_clock", &json!({ "advance": duration })).await.expect(StatusCode::OK);
    advanced.text("/now").parse().expect("a time")
}

async fn refresh(market: &Market, session: &ApiResponse) -> ApiResponse {
    market.post("/sessions/refresh", &json!({ "refresh_token": session.text("/refresh_token") })).await
}

async fn sign_in(market: &Market, email: &str) -> ApiResponse {
    market.post("/sessions", &json!({"email": email, "password": PASSWORD})).await.expect(StatusCode::OK)
}

#[tokio::test]
async fn the_market_starts_at_its_time_and_goes_forward_only() {
    let market = start().await;
    let start: Timestamp = START.parse().expect("a time");
    let shown = market.get("/_clock").await.expect(StatusCode::OK);
    assert_eq!(shown.body["may_advance"], true);
    let now: Timestamp = shown.text("/now").parse().expect("a time");
    assert!(now >= start && now < start + SignedDuration::from_mins(10), "{now}");

    // New records carry this time.
    let person = market.person("서연").await;
    let project = person.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let created: Timestamp = project.text("/created_at").parse().expect("a time");
    assert!(created >= start && created < start + SignedDuration::from_mins(10), "{created}");

    assert!(advance(&market, "P14D").await >= start + SignedDuration::from_hours(14 * 24));
    for body in [
        json!({"set": START}),
        json!({"advance": "-PT1S"}),
        json!({"advance": "PT0S"}),
        json!({"advance": "P1000Y"}),
        json!({"advance": "soon"}),
        json!({}),
    ] {
        market.post("/_clock", &body).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    market.request(Method::DELETE, "/_clock").send().await.expect(StatusCode::METHOD_NOT_ALLOWED);
    let foreign = market.request(Method::POST, "/_clock").header("origin", "https://evil.example");
    foreign.json(&json!({"advance": "P1D"})).send().await.expect(StatusCode::FORBIDDEN);
    let later = market.post("/_clock", &json!({"set": "2027-01-01T00:00:00+09:00"})).await.expect(StatusCode::OK);
    assert!(later.text("/now").starts_with("2026-12-31T15:00:0"), "{}", later.body);
}

#[tokio::test]
async fn a_market_without_a_clock_of_its_own_is_not_advanced() {
    let market = Market::start().await;
    let shown = market.get("/_clock").await.expect(StatusCode::OK);
    assert_eq!((&shown.body["may_advance"], &shown.body["offset_seconds"]), (&json!(false), &json!(0)));
    let refused = market.post("/_clock", &json!({"advance": "P1D"})).await.expect(StatusCode::CONFLICT);
    assert!(refused.text("/detail").contains("Start with --clock"), "{}", refused.body);
}

#[tokio::test]
async fn an_access_token_and_a_session_end_at_their_time() {
    let market = start().await;
    let person = market.person("민준").await;
    let mut session = sign_in(&market, &person.email).await;
    person.get("/accounts/me").await.expect(StatusCode::OK);
    advance(&market, "PT11M").await;
    person.get("/accounts/me").await.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
    session = refresh(&market, &session).await.expect(StatusCode::OK);

    // A session that is used lives on for 180 days, and no longer.
    for _ in 0..6 {
        advance(&market, "P29D").await;
        session = refresh(&market, &session).await.expect(StatusCode::OK);
    }
    advance(&market, "P7D").await;
    refresh(&market, &session).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");

    // One that is not used ends after 30 days.
    let idle = sign_in(&market, &person.email).await;
    advance(&market, "P31D").await;
    refresh(&market, &idle).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
}

#[tokio::test]
async fn an_idempotency_record_older_than_a_day_is_not_honoured() {
    let market = start().await;
    let client = market.person("카페").await;
    let post = |token: String, title: &str| {
        let mut project = logo_project();
        project["title"] = json!(title);
        let request = market.request(Method::POST, "/projects").header("authorization", &format!("Bearer {token}"));
        request.header("idempotency-key", "one-key").json(&project).send()
    };
    let first = post(client.token.clone(), "로고").await.expect(StatusCode::CREATED);
    advance(&market, "PT23H").await;
    let token = market.sign_in(&client.email).await;
    let again = post(token.clone(), "로고").await.expect(StatusCode::CREATED);
    assert_eq!(again.text("/id"), first.text("/id"));
    advance(&market, "PT2H").await;
    let token = market.sign_in(&client.email).await;
    let other = post(token, "다른 로고").await.expect(StatusCode::CREATED);
    assert_ne!(other.text("/id"), first.text("/id"));
}

#[tokio::test]
async fn an_expired_link_is_refused_and_letters_carry_the_time_of_the_market() {
    let market = start().await;
    let person = market.person("하은").await;
    market.post("/password-resets", &json!({"email": person.email})).await.expect(StatusCode::ACCEPTED);
    let letter = letter(&market, &person.email).await;
    let sent_at: Timestamp = letter["sent_at"].as_str().and_then(|time| time.parse().ok()).expect("a time");
    let start: Timestamp = START.parse().expect("a time");
    assert!(sent_at >= start && sent_at < start + SignedDuration::from_mins(10), "{sent_at}");

    let secret = letter["links"][0].as_str().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned();
    advance(&market, "PT61M").await;
    let path = format!("/password-resets/{secret}");
    let chosen = market.request(Method::PUT, &path).json(&json!({"password": "새벽 기차와 노란 등대"})).send().await;
    chosen.expect_problem(StatusCode::NOT_FOUND, "invalid_link");
    market.sign_in(&person.email).await;
}

/// The letter to an address, once it is there.
async fn letter(market: &Market, to: &str) -> Value {
    for _ in 0..400 {
        let letters = market.get(&format!("/_mail?to={}", to.replace('@', "%40"))).await.expect(StatusCode::OK).body;
        if !letters[0].is_null() {
            return letters[0].clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("there is no letter to {to}");
}
