//! Acknowledged writes survive a kill of the runner.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Market, PASSWORD, logo_project};

#[tokio::test]
async fn nothing_acknowledged_is_lost_to_a_kill_in_the_middle_of_writing() {
    let folder = tempfile::tempdir().expect("a folder for the data");
    let data = folder.path().to_str().expect("a UTF-8 path");
    let market = Market::start_with(&["--data", data, "--parameter-overrides", "OpenProjectsPerOwner=100000"]).await;
    let client = market.person("카페").await;
    let (email, token) = (client.email.clone(), client.token.clone());

    let acknowledged = Mutex::new(Vec::new());
    let bearer = format!("Bearer {token}");
    let writer = |number: usize| {
        let (url, bearer, acknowledged) = (format!("{}/projects", market.url()), &bearer, &acknowledged);
        async move {
            let http = reqwest::Client::new();
            for round in 0.. {
                let mut project = logo_project();
                project["title"] = json!(format!("{number}/{round}"));
                let sent = http.post(&url).header("authorization", bearer).json(&project).send().await;
                // A broken connection means that the runner is dead. Its request was not acknowledged.
                let Ok(response) = sent else { return };
                if response.status() != StatusCode::CREATED {
                    return;
                }
                let Ok(body) = response.json::<serde_json::Value>().await else { return };
                acknowledged.lock().expect("no writer panicked").push(body["id"].as_str().expect("an id").to_owned());
            }
        }
    };
    let writers = join_all((0..4).map(writer));
    tokio::select! {
        _ = writers => panic!("the writers stopped before the runner was killed"),
        () = tokio::time::sleep(Duration::from_secs(2)) => {}
    }
    market.kill().await;
    let acknowledged = acknowledged.into_inner().expect("no writer panicked");
    assert!(acknowledged.len() > 20, "only {} writes before the kill", acknowledged.len());

    let market = Market::start_with(&["--data", data]).await;
    let sign_in = market.post("/sessions", &json!({"email": email, "password": PASSWORD})).await;
    sign_in.expect(StatusCode::OK);
    for id in &acknowledged {
        market.get(&format!("/projects/{id}")).await.expect(StatusCode::OK);
    }
    // The token signed before the kill is still good: the signing key was kept too.
    let me = market.request(reqwest::Method::GET, "/accounts/me").header("authorization", &bearer).send().await;
    me.expect(StatusCode::OK);
}
