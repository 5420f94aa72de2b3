//! The pools follow the market: how soon a change shows in matches, and which failures lose no change.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Market, PATIENCE, Person, designer, logo_project};

/// A saved profile is matched within this time: nearly four times the slowest measurement on two busy cores.
const FRESH: Duration = Duration::from_secs(2);

/// The names in a project's matches, sorted.
async fn names(client: &Person<'_>, project: &str) -> Vec<String> {
    let matches = client.get(&format!("/projects/{project}/matches?limit=100")).await.expect(StatusCode::OK);
    let name = |item: &Value| item["freelancer"]["display_name"].as_str().expect("a name").to_owned();
    let mut names: Vec<_> = matches.items().iter().map(name).collect();
    names.sort();
    names
}

/// Waits until a project's matches are these, and returns how long that took.
async fn until(client: &Person<'_>, project: &str, expected: &[&str]) -> Duration {
    let started = Instant::now();
    loop {
        let names = names(client, project).await;
        if names == expected {
            return started.elapsed();
        }
        assert!(started.elapsed() < PATIENCE, "{names:?} instead of {expected:?} after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_saved_profile_is_matched_within_two_seconds() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    // The first change also starts the functions, so it is not measured.
    let first = market.person("first").await;
    first.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    until(&client, &project, &["first"]).await;

    let mut took = Vec::new();
    for round in 0..5 {
        let person = market.person("newcomer").await;
        person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
        took.push(until(&client, &project, &["first", "newcomer"]).await);
        // A withdrawn profile disappears as soon.
        let mut busy = designer();
        busy["weekly_hours"] = json!(0);
        busy["bio"] = json!(format!("round {round}"));
        person.put("/freelancers/me", &busy).await.expect(StatusCode::OK);
        took.push(until(&client, &project, &["first"]).await);
    }
    println!("a change shows after {took:?}");
    // The promise holds for each change, not for the average.
    assert!(took.iter().all(|took| *took <= FRESH), "{took:?}");
}

#[tokio::test]
async fn projects_come_and_go_for_a_freelancer() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let person = market.person("designer").await;
    person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let (mine, path) = ("/freelancers/me/matches", format!("/projects/{project}"));
    person.matches(mine, 1).await;
    client.patch(&path, &json!({"status": "closed"})).await.expect(StatusCode::OK);
    person.matches(mine, 0).await;
    client.patch(&path, &json!({"status": "open"})).await.expect(StatusCode::OK);
    person.matches(mine, 1).await;
}

#[tokio::test]
async fn changes_from_before_a_sudden_death_are_matched_after_it() {
    let folder = tempfile::tempdir().expect("a folder for the data");
    let arguments = ["--data", folder.path().to_str().expect("a UTF-8 path")];
    let market = Market::start_with(&arguments).await;
    let client = market.person("카페").await;
    let (email, project) =
        (client.email.clone(), client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id"));
    for number in 0..8 {
        let person = market.person(&format!("designer {number}")).await;
        person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    }
    // `stream` has not read the last changes yet.
    market.kill().await;

    let market = Market::start_with(&arguments).await;
    let client = market.somebody(&email, &market.sign_in(&email).await);
    let expected: Vec<String> = (0..8).map(|number| format!("designer {number}")).collect();
    until(&client, &project, &expected.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn a_function_that_dies_again_and_again_loses_no_change() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let mut killed = 0;
    for number in 0..12 {
        let person = market.person(&format!("designer {number:02}")).await;
        person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
        killed += market.kill_function("stream").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(killed > 2, "the function was killed {killed} times");
    let expected: Vec<String> = (0..12).map(|number| format!("designer {number:02}")).collect();
    until(&client, &project, &expected.iter().map(String::as_str).collect::<Vec<_>>()).await;
}
