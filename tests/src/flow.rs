//! The main job from end to end: register, describe yourself, post a project, see who fits.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Market, designer, logo_project, programmer};

#[tokio::test]
async fn a_client_finds_the_freelancer_who_fits() {
    let market = Market::start().await;
    let artist = market.person("박서연").await;
    let coder = market.person("Jonas Weber").await;
    let client = market.person("카페 연남").await;

    artist.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    coder.put("/freelancers/me", &programmer()).await.expect(StatusCode::CREATED);
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let project_id = project.text("/id");
    assert_eq!(project.header("location"), format!("/projects/{project_id}"));

    let matches = client.matches(&format!("/projects/{project_id}/matches?limit=10&min_skill_overlap=0"), 2).await;
    assert_eq!(matches.body["project_id"], project_id.as_str());
    assert!(!matches.text("/model/version").is_empty());
    assert!(matches.body["next_cursor"].is_null());

    let ranked: Vec<_> = matches.items().iter().map(|item| item["freelancer"]["id"].clone()).collect();
    assert_eq!(ranked, [json!(artist.id), json!(coder.id)], "the designer fits a logo better than the programmer");
    let scores: Vec<_> = matches.items().iter().map(|item| item["score"].as_f64().expect("a score")).collect();
    assert!(scores[0] > scores[1] && scores.iter().all(|score| (0.0..=1.0).contains(score)), "{scores:?}");

    let best = &matches.items()[0];
    assert_eq!(best["freelancer"]["display_name"], "박서연");
    assert_eq!(best["freelancer"]["headline"], designer()["headline"]);
    assert_eq!(best["freelancer"]["skills"], designer()["skills"]);
    assert_eq!(best["freelancer"]["hourly_rate"], designer()["hourly_rate"]);
    let reasons: Vec<_> =
        best["reasons"].as_array().expect("reasons").iter().map(|reason| &reason["feature"]).collect();
    assert_eq!(
        reasons,
        [
            "skill_overlap",
            "skill_experience",
            "text_similarity",
            "rating",
            "hire_rate",
            "response_time",
            "last_seen",
            "activity_week",
            "activity_month",
            "activity_half_year",
        ]
    );

    // The freelancer's side of the same market.
    let mine = artist.matches("/freelancers/me/matches?limit=10", 1).await;
    assert_eq!(mine.body["freelancer_id"], artist.id.as_str());
    assert_eq!(mine.items()[0]["project"]["id"], project_id.as_str());
    assert_eq!(mine.items()[0]["project"]["title"], logo_project()["title"]);
}

#[tokio::test]
async fn health_answers() {
    let market = Market::start().await;
    let health = market.get("/health").await.expect(StatusCode::OK);
    assert_eq!(health.body["status"], "ok");
}

#[tokio::test]
async fn the_runner_stops_cleanly_when_asked() {
    let market = Market::start().await;
    market.person("준서").await;
    assert_eq!(market.terminate().await, Some(0));
}
