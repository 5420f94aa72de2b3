//! The big list of naughty strings in every text field: the market returns each unchanged or refuses it clearly.

use futures_util::stream::{self, StreamExt};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::strange_json::vectors;
use crate::support::{Market, PASSWORD, designer, logo_project};

/// The list's strings: every one is tried in every field.
fn naughty_strings() -> Vec<String> {
    let list = std::fs::read(vectors().join("blns/blns.json")).expect("the list is there");
    let strings: Vec<String> = serde_json::from_slice(&list).expect("the list is JSON");
    assert_eq!(strings.len(), 515, "the list is not the one expected");
    strings
}

/// Asserts that `sent` came back unchanged, or was refused by name. Returns whether it was stored.
#[track_caller]
fn stored_or_named(reply: crate::support::ApiResponse, pointer: &str, sent: &str) -> bool {
    if reply.status.is_success() {
        let returned = reply.body.pointer(pointer).and_then(Value::as_str);
        assert_eq!(returned, Some(sent), "{pointer} came back changed");
        return true;
    }
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert!(reply.wrong_fields().contains(&pointer), "{sent:?} in {pointer}: {:#}", reply.body);
    false
}

#[tokio::test]
#[ignore = "needs the big list of naughty strings: set PAIRWORK_VECTORS"]
async fn every_text_of_a_profile_and_a_project_comes_back_unchanged() {
    let overrides = ["--parameter-overrides", "OpenProjectsPerOwner=2000", "AccountLimitFactor=1000"];
    let market = Market::start_with(&overrides).await;
    let person = market.person("까다로운 사람").await;
    let mut stored = 0;
    for sent in naughty_strings() {
        for pointer in ["/headline", "/bio", "/category", "/skills/0", "/languages/0", "/timezone"] {
            let mut profile = designer();
            *profile.pointer_mut(pointer).expect("the field is there") = json!(sent);
            let reply = person.put("/freelancers/me", &profile).await;
            stored += usize::from(stored_or_named(reply, pointer, &sent));
        }
        let mut posted: Option<String> = None;
        for pointer in ["/title", "/description", "/category", "/skills/0", "/languages/0", "/timezone"] {
            let mut project = logo_project();
            *project.pointer_mut(pointer).expect("the field is there") = json!(sent);
            let reply = match &posted {
                None => person.post("/projects", &project).await,
                Some(path) => person.patch(path, &project).await,
            };
            if reply.status == StatusCode::CREATED {
                posted = Some(format!("/projects/{}", reply.text("/id")));
            }
            stored += usize::from(stored_or_named(reply, pointer, &sent));
        }
        let query =
            reqwest::Url::parse_with_params("http://market/freelancers", [("skill", &sent), ("category", &sent)]);
        let query = query.expect("a URL").to_string().replace("http://market", "");
        assert!(market.get(&query).await.status < StatusCode::INTERNAL_SERVER_ERROR, "{query}");
    }
    assert!(stored > 2_000, "only {stored} strings were stored: the fields refuse too much");
}

#[tokio::test]
#[ignore = "needs the big list of naughty strings: set PAIRWORK_VECTORS"]
async fn every_text_of_an_account_comes_back_unchanged() {
    let market = Market::start().await;
    let (strings, market) = (stream::iter(naughty_strings().into_iter().enumerate()), &market);
    let try_one = async |(number, sent): (usize, String)| {
        let body = json!({"email": format!("n{number}@example.com"), "password": PASSWORD, "display_name": sent});
        stored_or_named(market.post("/accounts", &body).await, "/display_name", &sent);

        let body = json!({"email": sent, "password": PASSWORD, "display_name": "이름"});
        stored_or_named(market.post("/accounts", &body).await, "/email", &sent);

        // A password is never returned, so the test signs in with it.
        let email = format!("p{number}@example.com");
        let body = json!({"email": email, "password": sent, "display_name": "이름"});
        let reply = market.post("/accounts", &body).await;
        if reply.status == StatusCode::CREATED {
            let session = market.post("/sessions", &json!({"email": email, "password": sent})).await;
            session.expect(StatusCode::OK);
        } else {
            let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
            assert_eq!(reply.wrong_fields(), ["/password"]);
        }
    };
    strings.for_each_concurrent(4, try_one).await;
}
