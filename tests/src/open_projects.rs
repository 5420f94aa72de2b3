//! The bound of an owner's open projects: exact, however many requests come at the same time.

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{ApiResponse, Market, logo_project};

const AT_MOST_THREE: [&str; 2] = ["--parameter-overrides", "OpenProjectsPerOwner=3"];

/// The paths of the projects that were posted; the other replies must say that there are too many.
fn posted(replies: Vec<ApiResponse>) -> Vec<String> {
    let (created, refused): (Vec<ApiResponse>, Vec<ApiResponse>) =
        replies.into_iter().partition(|reply| reply.status == StatusCode::CREATED);
    for reply in refused {
        reply.expect_problem(StatusCode::CONFLICT, "too_many_open_projects");
    }
    created.iter().map(|reply| format!("/projects/{}", reply.text("/id"))).collect()
}

#[tokio::test]
async fn of_many_projects_at_once_as_many_open_as_are_allowed() {
    let market = Market::start_with(&AT_MOST_THREE).await;
    let client = market.person("카페").await;
    let other = market.person("남").await;
    let body = logo_project();
    let first = posted(join_all((0..12).map(|_| client.post("/projects", &body))).await);
    assert_eq!(first.len(), 3);
    other.post("/projects", &body).await.expect(StatusCode::CREATED);

    // Two close, one of them twice, and then many open again at once, new ones and closed ones.
    let (closed, open) = (json!({"status": "closed"}), json!({"status": "open"}));
    for path in [&first[0], &first[1], &first[1]] {
        client.patch(path, &closed).await.expect(StatusCode::OK);
    }
    let again = join_all([&first[0], &first[1]].map(|path| client.patch(path, &open)));
    let (again, more) = tokio::join!(again, join_all((0..4).map(|_| client.post("/projects", &body))));
    let (reopened, refused): (Vec<ApiResponse>, Vec<ApiResponse>) =
        again.into_iter().partition(|reply| reply.status == StatusCode::OK);
    for reply in refused {
        reply.expect_problem(StatusCode::CONFLICT, "too_many_open_projects");
    }
    assert_eq!(reopened.len() + posted(more).len(), 2);
    let listed = client.get("/accounts/me/projects?limit=100").await.expect(StatusCode::OK);
    let items = listed.body["items"].as_array().expect("a list").iter();
    assert_eq!(items.filter(|project| project["status"] == "open").count(), 3);

    // Other changes of an open project are always allowed.
    client.patch(&first[2], &json!({"title": "새 제목"})).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_refused_project_may_be_posted_again_under_its_key() {
    let market = Market::start_with(&AT_MOST_THREE).await;
    let client = market.person("카페").await;
    let body = logo_project();
    let first = posted(join_all((0..3).map(|_| client.post("/projects", &body))).await);
    let post =
        || client.request(reqwest::Method::POST, "/projects").header("idempotency-key", "fourth").json(&body).send();
    post().await.expect_problem(StatusCode::CONFLICT, "too_many_open_projects");
    client.patch(&first[0], &json!({"status": "closed"})).await.expect(StatusCode::OK);
    let created = post().await.expect(StatusCode::CREATED);
    assert_eq!(post().await.expect(StatusCode::CREATED).body, created.body);
}
