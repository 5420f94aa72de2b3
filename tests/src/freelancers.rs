//! Profiles: stored text equals sent text, and nobody overwrites a version that they have not read.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Market, designer};

#[tokio::test]
async fn a_profile_is_returned_as_it_was_sent() {
    let market = Market::start().await;
    let person = market.person("박서연").await;
    let saved = person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);

    for (field, value) in designer().as_object().expect("a profile is an object") {
        assert_eq!(&saved.body[field], value, "{field}");
    }
    assert_eq!(saved.body["id"], person.id.as_str());
    assert_eq!(saved.body["display_name"], "박서연");
    assert_eq!(saved.body["completed_jobs"], 0);
    for unknown_yet in ["rating", "hire_rate", "response_minutes"] {
        assert_eq!(saved.body[unknown_yet], Value::Null, "{unknown_yet}");
    }

    let mine = person.get("/freelancers/me").await.expect(StatusCode::OK);
    let public = market.get(&format!("/freelancers/{}", person.id)).await.expect(StatusCode::OK);
    assert_eq!(mine.body, saved.body);
    assert_eq!(public.body, saved.body);
    assert_eq!(public.header("etag"), saved.header("etag"));
}

#[tokio::test]
async fn nobody_sets_their_own_track_record() {
    let market = Market::start().await;
    let person = market.person("허세").await;
    let mut boastful = designer();
    boastful["rating"] = json!(5.0);
    boastful["completed_jobs"] = json!(9_999);
    boastful["id"] = json!("usr_00000000000000000000000000");
    let saved = person.put("/freelancers/me", &boastful).await.expect(StatusCode::CREATED);
    assert_eq!(saved.body["rating"], Value::Null);
    assert_eq!(saved.body["completed_jobs"], 0);
    assert_eq!(saved.body["id"], person.id.as_str());
}

#[tokio::test]
async fn a_stale_version_is_refused_and_a_read_one_accepted() {
    let market = Market::start().await;
    let person = market.person("박서연").await;
    let first = person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let first_tag = first.header("etag").to_owned();

    let mut edited = first.body.clone();
    edited["headline"] = json!("두 번째 소개");
    let put =
        |tag: &str, body: &Value| person.request(Method::PUT, "/freelancers/me").header("if-match", tag).json(body);
    let second = put(&first_tag, &edited).send().await.expect(StatusCode::OK);
    assert_eq!(second.body["headline"], "두 번째 소개");
    assert_ne!(second.header("etag"), first_tag);

    put(&first_tag, &edited).send().await.expect_problem(StatusCode::PRECONDITION_FAILED, "precondition_failed");
    let create_only = person.request(Method::PUT, "/freelancers/me").header("if-none-match", "*").json(&edited);
    create_only.send().await.expect_problem(StatusCode::PRECONDITION_FAILED, "precondition_failed");

    let unchanged = person.request(Method::GET, "/freelancers/me").header("if-none-match", second.header("etag"));
    unchanged.send().await.expect(StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn every_wrong_field_is_named_in_one_answer() {
    let market = Market::start().await;
    let person = market.person("틀림").await;
    let wrong = json!({
        "headline": "",
        "bio": 5,
        "category": "x".repeat(51),
        "skills": ["rust", "", "RUST"],
        "languages": ["not a language"],
        "timezone": "Mars/Olympus",
        "hourly_rate": {"amount": -1, "currency": "DOLLARS"},
        "weekly_hours": 169,
        "years_experience": "many",
    });
    let reply = person.put("/freelancers/me", &wrong).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(
        reply.wrong_fields(),
        [
            "/bio",
            "/category",
            "/headline",
            "/hourly_rate/amount",
            "/hourly_rate/currency",
            "/languages/0",
            "/skills/1",
            "/skills/2",
            "/timezone",
            "/weekly_hours",
            "/years_experience",
        ]
    );
    person.get("/freelancers/me").await.expect_problem(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn an_unknown_freelancer_is_not_found() {
    let market = Market::start().await;
    for id in ["usr_01J00000000000000000000000", "prj_01J00000000000000000000000", "nonsense", "%00", "%F0%9F%92%A9"] {
        let reply = market.get(&format!("/freelancers/{id}")).await;
        reply.expect_problem(StatusCode::NOT_FOUND, "not_found");
    }
}
