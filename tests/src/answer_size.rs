//! The largest requests to score freelancers and to compare bids are answered. One byte more is refused.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Market, logo_project};

/// The bound in the documentation of both routes, in bytes.
const MOST_REPEATED_BYTES: usize = 3_000_000;
const RECORDS: usize = 1_000;

/// A freelancer with every field set, long Korean texts, and some letters behind the id.
fn freelancer(letters: usize) -> Value {
    let skill = |number: usize| format!("{}{number}", "기술".repeat(15));
    json!({
        "id": "가".repeat(100) + &"x".repeat(letters),
        "display_name": "김".repeat(80),
        "headline": "웹".repeat(120),
        "skills": (0..20).map(skill).collect::<Vec<_>>(),
        "hourly_rate": {"amount": 65_000, "currency": "KRW"},
        "rating": 4.7,
        "completed_jobs": 123_456,
        "hire_rate": 0.123,
        "response_minutes": 123_456.7,
        "last_active_at": "1999-12-31T23:59:59Z",
    })
}

/// The bytes that an answer repeats of a freelancer. Quotes and backslashes are escaped twice.
fn repeated(freelancer: &Value) -> usize {
    let shown = ["id", "display_name", "headline", "skills", "hourly_rate"];
    let shown: Value = shown.map(|name| (name.to_owned(), freelancer[name].clone())).into_iter().collect();
    let json = shown.to_string();
    json.len() + json.matches(['"', '\\']).count()
}

/// The most freelancers that may be sent, with the most bytes that an answer repeats, and `more` bytes.
fn freelancers(more: usize) -> Vec<Value> {
    let each = MOST_REPEATED_BYTES / RECORDS - repeated(&freelancer(0));
    let freelancers: Vec<Value> =
        (0..RECORDS).map(|place| freelancer(if place == 0 { each + more } else { each })).collect();
    assert_eq!(freelancers.iter().map(repeated).sum::<usize>(), MOST_REPEATED_BYTES + more);
    freelancers
}

async fn answered_up_to_the_last_byte(market: &Market, path: &str, body: impl Fn(Vec<Value>) -> Value) {
    let send = async |more| {
        let request = market.request(Method::POST, path).header("accept-language", "ko");
        request.json(&body(freelancers(more))).send().await
    };
    let answer = send(0).await.expect(StatusCode::OK);
    assert_eq!(answer.items().len(), RECORDS);
    assert_eq!(repeated(&answer.items()[7]["freelancer"]), MOST_REPEATED_BYTES / RECORDS);
    send(1).await.expect_problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
}

/// One test covers both routes: each takes seconds in a debug build.
#[tokio::test]
async fn the_largest_request_is_answered_and_the_next_refused() {
    let market = Market::start().await;
    let to_score = |freelancers| json!({"project": logo_project(), "freelancers": freelancers});
    answered_up_to_the_last_byte(&market, "/matches/score", to_score).await;

    let bid = |freelancer| json!({"freelancer": freelancer, "message": "안녕하세요", "delay_minutes": 123_456.7});
    let to_compare = |freelancers: Vec<Value>| {
        let bids: Vec<Value> = freelancers.into_iter().map(bid).collect();
        json!({"project": logo_project(), "bids": bids})
    };
    answered_up_to_the_last_byte(&market, "/matches/bids", to_compare).await;
}

#[tokio::test]
async fn an_answer_names_the_first_thousand_wrong_fields() {
    let market = Market::start().await;
    let wrong = json!({
        "id": "x".repeat(201), "display_name": "x".repeat(81), "headline": "x".repeat(121), "category": "x".repeat(51),
        "bio": 1, "timezone": "?", "last_active_at": "?",
        "rating": -1, "completed_jobs": -1, "hire_rate": -1, "response_minutes": -1, "weekly_hours": -1,
        "years_experience": -1, "hourly_rate": {"amount": -1, "currency": "?"}, "languages": vec!["?"; 10],
        "skills": vec![""; 20],
    });
    let bids = vec![json!({"freelancer": wrong, "message": 1, "delay_minutes": -1}); RECORDS];
    let reply = market.post("/matches/bids", &json!({"project": logo_project(), "bids": bids})).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(reply.wrong_fields().len(), 1_000);
    assert_eq!(reply.text("/detail"), "47000 fields are not acceptable: the first 1000 are named");
}
