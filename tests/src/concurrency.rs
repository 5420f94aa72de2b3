//! Concurrent writers of one record: each version has exactly one successor.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Market, logo_project};

#[tokio::test]
async fn one_of_many_writers_with_the_same_version_wins() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let posted = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let path = format!("/projects/{}", posted.text("/id"));
    let writers = (0..20).map(|number| {
        let patch = json!({"title": format!("제목 {number}")});
        client.request(Method::PATCH, &path).header("if-match", posted.header("etag")).json(&patch).send()
    });
    let replies = join_all(writers).await;

    let winners: Vec<_> = replies.iter().filter(|reply| reply.status == StatusCode::OK).collect();
    assert_eq!(winners.len(), 1, "{replies:#?}");
    let losers = replies.iter().filter(|reply| reply.status == StatusCode::PRECONDITION_FAILED).count();
    assert_eq!(losers, 19);
    assert_eq!(market.get(&path).await.body, winners[0].body);
}

#[tokio::test]
async fn writers_without_a_version_lose_no_update() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let posted = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let path = format!("/projects/{}", posted.text("/id"));
    // Each writer changes another field, so every acknowledged change must be present at the end.
    let patches = [
        json!({"title": "바뀐 제목"}),
        json!({"description": "바뀐 설명"}),
        json!({"weekly_hours": 33}),
        json!({"timezone": "Asia/Tokyo"}),
    ];
    let replies = join_all(patches.iter().map(|patch| client.patch(&path, patch))).await;
    let stored = market.get(&path).await.expect(StatusCode::OK).body;
    for (patch, reply) in patches.iter().zip(replies) {
        match reply.status {
            StatusCode::OK => {
                for (field, value) in patch.as_object().expect("an object") {
                    assert_eq!(&stored[field], value, "an acknowledged change of {field} was lost");
                }
            }
            _ => drop(reply.expect_problem(StatusCode::CONFLICT, "conflict")),
        }
    }
}
