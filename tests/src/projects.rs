//! Projects: posted by anybody signed in, changed by their owner alone.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Market, logo_project};

#[tokio::test]
async fn a_project_is_returned_as_it_was_sent() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let posted = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    for (field, value) in logo_project().as_object().expect("a project is an object") {
        assert_eq!(&posted.body[field], value, "{field}");
    }
    assert_eq!(posted.body["status"], "open");
    assert_eq!(posted.body["owner_id"], client.id.as_str());

    let read = market.get(&format!("/projects/{}", posted.text("/id"))).await.expect(StatusCode::OK);
    assert_eq!(read.body, posted.body);
    assert_eq!(read.header("etag"), posted.header("etag"));
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let posted = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let path = format!("/projects/{}", posted.text("/id"));

    let patch = json!({"title": "Logo for a café", "weekly_hours": null, "status": "closed"});
    let patched = client.patch(&path, &patch).await.expect(StatusCode::OK);

    let mut expected = posted.body.clone();
    expected["title"] = json!("Logo for a café");
    expected["weekly_hours"] = Value::Null;
    expected["status"] = json!("closed");
    expected["updated_at"] = patched.body["updated_at"].clone();
    assert_eq!(patched.body, expected);
    assert_ne!(patched.header("etag"), posted.header("etag"));

    let stale = client.request(Method::PATCH, &path).header("if-match", posted.header("etag")).json(&patch);
    stale.send().await.expect_problem(StatusCode::PRECONDITION_FAILED, "precondition_failed");
    let fresh = client.request(Method::PATCH, &path).header("if-match", patched.header("etag"));
    fresh.json(&json!({"title": "Again"})).send().await.expect(StatusCode::OK);
}

#[tokio::test]
async fn only_the_owner_changes_a_project_or_sees_its_matches() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let stranger = market.person("남").await;
    let posted = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let path = format!("/projects/{}", posted.text("/id"));

    stranger.patch(&path, &json!({"title": "훔침"})).await.expect_problem(StatusCode::FORBIDDEN, "forbidden");
    stranger.get(&format!("{path}/matches")).await.expect_problem(StatusCode::FORBIDDEN, "forbidden");
    market.get(&format!("{path}/matches")).await.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
    let read = market.get(&path).await.expect(StatusCode::OK);
    assert_eq!(read.body, posted.body);
}

#[tokio::test]
async fn every_wrong_field_is_named_in_one_answer() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let wrong = json!({
        "title": " ",
        "description": [],
        "category": null,
        "skills": "rust",
        "languages": ["en", "??"],
        "timezone": "Seoul",
        "budget": {"kind": "daily", "min": 10, "max": -5, "currency": "KRW"},
        "weekly_hours": -1,
        "starts_on": "2027-02-30",
    });
    let reply = client.post("/projects", &wrong).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(
        reply.wrong_fields(),
        [
            "/budget/kind",
            "/budget/max",
            "/category",
            "/description",
            "/languages/1",
            "/skills",
            "/starts_on",
            "/timezone",
            "/title",
            "/weekly_hours",
        ]
    );
    let posted = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let path = format!("/projects/{}", posted.text("/id"));
    let reply = client.patch(&path, &json!({"status": "paused", "title": null})).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(reply.wrong_fields(), ["/status", "/title"]);

    let upside_down = json!({"kind": "fixed", "min": 200, "max": 100, "currency": "USD"});
    let mut project = logo_project();
    project["budget"] = upside_down;
    let reply = client.post("/projects", &project).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(reply.wrong_fields(), ["/budget/max"]);
    let mine = client.get("/accounts/me/projects").await.expect(StatusCode::OK);
    assert_eq!(mine.items(), [posted.body], "what was refused left no trace");
}
