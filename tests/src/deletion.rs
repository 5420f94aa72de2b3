//! A person deletes a project or a profile: it leaves the lists and the matches of both sides.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{ApiResponse, Market, Person, designer, logo_project};

async fn delete(person: &Person<'_>, path: &str) -> ApiResponse {
    person.request(Method::DELETE, path).send().await
}

#[tokio::test]
async fn a_deleted_project_is_nowhere() {
    let market = Market::start_with(&["--parameter-overrides", "OpenProjectsPerOwner=1"]).await;
    let (client, freelancer) = (market.person("카페").await, market.person("디자이너").await);
    freelancer.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let id = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let path = format!("/projects/{id}");
    freelancer.matches("/freelancers/me/matches", 1).await;

    delete(&freelancer, &path).await.expect_problem(StatusCode::FORBIDDEN, "forbidden");
    let stale = client.request(Method::DELETE, &path).header("if-match", "\"7\"").send().await;
    stale.expect_problem(StatusCode::PRECONDITION_FAILED, "precondition_failed");
    let deleted = client.request(Method::DELETE, &path).header("if-match", "\"1\"").send().await;
    deleted.expect(StatusCode::NO_CONTENT);

    for person in [&client, &freelancer] {
        person.get(&path).await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    }
    delete(&client, &path).await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    client.patch(&path, &json!({"title": "다시"})).await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    for list in ["/projects", "/projects?category=design", "/projects?skill=logo", "/accounts/me/projects"] {
        assert_eq!(client.get(list).await.expect(StatusCode::OK).items().len(), 0, "{list}");
    }
    freelancer.matches("/freelancers/me/matches", 0).await;
    // It does not count any more, though one open project is allowed.
    client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    freelancer.matches("/freelancers/me/matches", 1).await;
}

#[tokio::test]
async fn a_closed_project_can_be_deleted_too() {
    let market = Market::start_with(&["--parameter-overrides", "OpenProjectsPerOwner=1"]).await;
    let client = market.person("카페").await;
    let id = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let path = format!("/projects/{id}");
    client.patch(&path, &json!({"status": "closed"})).await.expect(StatusCode::OK);
    delete(&client, &path).await.expect(StatusCode::NO_CONTENT);
    // A closed project was not counted, so one more fits and not two.
    client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let second = client.post("/projects", &logo_project()).await;
    second.expect_problem(StatusCode::CONFLICT, "too_many_open_projects");
}

#[tokio::test]
async fn a_deleted_profile_is_nowhere_and_may_come_back() {
    let market = Market::start().await;
    let (client, freelancer) = (market.person("카페").await, market.person("디자이너").await);
    delete(&freelancer, "/freelancers/me").await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    freelancer.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let id = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let matches = format!("/projects/{id}/matches");
    client.matches(&matches, 1).await;

    let stale = freelancer.request(Method::DELETE, "/freelancers/me").header("if-match", "\"9\"").send().await;
    stale.expect_problem(StatusCode::PRECONDITION_FAILED, "precondition_failed");
    delete(&freelancer, "/freelancers/me").await.expect(StatusCode::NO_CONTENT);
    delete(&freelancer, "/freelancers/me").await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    for path in ["/freelancers/me".to_owned(), format!("/freelancers/{}", freelancer.id)] {
        freelancer.get(&path).await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    }
    for list in ["/freelancers", "/freelancers?category=design", "/freelancers?category=design&skill=logo"] {
        assert_eq!(client.get(list).await.expect(StatusCode::OK).items().len(), 0, "{list}");
    }
    client.matches(&matches, 0).await;

    // The version continues, so a tag of the deleted profile fits nothing.
    let again = freelancer.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    assert_eq!(again.header("etag"), "\"3\"");
    client.matches(&matches, 1).await;
    delete(&freelancer, "/freelancers/me").await.expect(StatusCode::NO_CONTENT);
    client.matches(&matches, 0).await;
    let third = freelancer.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    assert_eq!(third.header("etag"), "\"5\"");
}
