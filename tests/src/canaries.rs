//! The log at `info` holds security events, and nothing that people send: no secret, no name and no text.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Market, PATIENCE, logo_project, programmer};

/// Part of everything that this test sends.
const CANARY: &str = "kanarienvogel";

/// A value with the canary in each of its texts.
fn sing(value: &Value) -> Value {
    match value {
        Value::String(text) => format!("{text} {CANARY}").into(),
        Value::Array(elements) => elements.iter().map(sing).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), sing(member))).collect(),
        plain => plain.clone(),
    }
}

/// A record whose texts hold the canary, except for those with rules of their own.
fn record(mut value: Value) -> Value {
    let singing = sing(&value);
    for name in ["headline", "bio", "title", "description", "category", "skills"] {
        if let Some(text) = singing.get(name) {
            value[name] = text.clone();
        }
    }
    value
}

#[tokio::test]
async fn the_log_names_callers_by_pseudonyms_and_holds_nothing_that_they_send() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("log");
    let log = || std::fs::read_to_string(&file).expect("a readable log");
    let errors = std::fs::File::create(&file).expect("a log");
    let market = Market::start_logging(&["--log", "info"], errors).await;

    let (email, password) = (format!("{CANARY}@example.com"), format!("{CANARY} in the mine"));
    let account = json!({"email": email, "password": password, "display_name": format!("Mina {CANARY}")});
    let key = format!("key-{CANARY}");
    for _ in 0..2 {
        let registered = market.request(Method::POST, "/accounts").header("idempotency-key", &key).json(&account);
        registered.send().await.expect(StatusCode::CREATED);
    }
    let session = market.post("/sessions", &json!({"email": email, "password": password})).await;
    let token = session.expect(StatusCode::OK).text("/access_token");
    let refused = market.post("/sessions", &json!({"email": email, "password": format!("wrong {CANARY}")})).await;
    refused.expect(StatusCode::UNAUTHORIZED);
    let person = market.somebody(&email, &token);
    let freelancer = person.put("/freelancers/me", &record(programmer())).await.expect(StatusCode::CREATED);
    let personal = json!({
        "legal_name": format!("Mina {CANARY}"), "phone": "+821087654321",
        "payout_account": {"country": "KR", "bank_code": "004", "account_number": "98765432101234"},
    });
    person.put("/accounts/me/personal-data", &personal).await.expect(StatusCode::OK);
    let wrong = json!({"phone": CANARY, "payout_account": {"iban": CANARY}});
    person.put("/accounts/me/personal-data", &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let rows = person.get("/accounts/me/audit").await.expect(StatusCode::OK).body.to_string();
    assert!(rows.contains("personal_data_changed") && !rows.contains(CANARY) && !rows.contains("127.0.0.1"), "{rows}");
    let posted = person.post("/projects", &record(logo_project())).await.expect(StatusCode::CREATED);
    let path = format!("/projects/{}", posted.text("/id"));
    market
        .request(Method::PATCH, &path)
        .header("authorization", &format!("Bearer {CANARY}"))
        .json(&json!({}))
        .send()
        .await
        .expect(StatusCode::UNAUTHORIZED);
    // Wrong fields, wrong JSON, wrong queries, wrong paths, unknown headers.
    person.put("/freelancers/me", &sing(&programmer())).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let malformed = person.request(Method::POST, "/projects").raw_json(format!("{{\"{CANARY}\":").into_bytes());
    malformed.send().await.expect(StatusCode::BAD_REQUEST);
    let twice = format!("{{\"{CANARY}\":1,\"{CANARY}\":2}}").into_bytes();
    person.request(Method::POST, "/projects").raw_json(twice).send().await.expect(StatusCode::BAD_REQUEST);
    market.get(&format!("/projects?skill={CANARY}&{CANARY}=1")).await.expect(StatusCode::BAD_REQUEST);
    market.get(&format!("/projects?cursor={CANARY}")).await.expect(StatusCode::BAD_REQUEST);
    market.get(&format!("/projects/{CANARY}")).await.expect(StatusCode::NOT_FOUND);
    market.request(Method::GET, "/projects").header("x-canary", CANARY).send().await.expect(StatusCode::OK);
    let scored = json!({"project": record(logo_project()), "freelancers": [record(programmer())]});
    market.post("/matches/score", &scored).await.expect(StatusCode::OK);
    let stranger = market.person("남").await;
    stranger.patch(&path, &json!({"title": CANARY})).await.expect(StatusCode::FORBIDDEN);

    // The log is there, so the test would find a canary in it.
    let until = Instant::now() + PATIENCE;
    while !log().contains("\"forbidden\"") {
        assert!(Instant::now() < until, "no security event in the log:\n{}", log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let log = log();
    let events: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for event in ["signed_in", "sign_in_failed", "unauthorized", "forbidden"] {
        let found = events.iter().find(|line| line["security_event"] == event);
        let line = found.unwrap_or_else(|| panic!("no {event} in the log:\n{log}"));
        assert!(line["caller"].as_str().is_some_and(|caller| caller.len() == 16), "{line}");
    }
    let account_of = |event: &str| {
        let line = events.iter().find(|line| line["security_event"] == event).expect("an event");
        line["account"].as_str().unwrap_or_default().len()
    };
    assert_eq!(account_of("forbidden"), 16);
    for secret in
        [CANARY, token.as_str(), &freelancer.text("/id"), "127.0.0.1", "correct horse", "1087654321", "98765432101234"]
    {
        let found: Vec<&str> =
            log.lines().filter(|line| line.to_lowercase().contains(&secret.to_lowercase())).collect();
        assert!(found.is_empty(), "{secret} is in the log:\n{}", found.join("\n"));
    }
}
