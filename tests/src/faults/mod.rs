//! The market under each kind of fault: one test per row of the table in `infra/README.md`.

mod clock;
mod crashes;
mod store;
mod streams;

use std::path::PathBuf;

use pairwork::{FaultPlan, FaultProfile, LocalMarket, Options, Program, template::Overrides};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::simulation::World;
use crate::simulation::world::{Certain, Person, Request};

/// A market with the faults of a profile, TOML.
async fn market(profile: &str) -> LocalMarket {
    market_with(profile, "").await
}

/// The same with values for the template's parameters.
async fn market_with(profile: &str, parameters: &str) -> LocalMarket {
    let profile = FaultProfile::parse(profile).expect("a profile");
    let options = Options {
        program: Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork-under-test"))),
        overrides: Overrides::parse([parameters]).expect("parameters"),
        faults: Some(FaultPlan { name: "test".to_owned(), profile, seed: 1 }),
        log_level: "off".to_owned(),
        ..Options::default()
    };
    LocalMarket::start(options).await.expect("the market starts")
}

fn world(market: &LocalMarket) -> World<'_> {
    World::new(market, 1, reqwest::Client::new())
}

fn injected(market: &LocalMarket, fault: &str) -> u64 {
    let injected = market.faults().injected().expect("a profile of faults").injected;
    injected.get(fault).copied().unwrap_or_default()
}

/// A request that posts a project under a key.
fn post(owner: &Person, key: &str, title: &str) -> Request {
    let body = json!({"title": title, "category": "design", "skills": ["logo"]});
    Request::new(Method::POST, "/projects").of(owner).header("idempotency-key", key).json(body)
}

/// Registers somebody while no faults are injected.
async fn registered_in_peace(world: &mut World<'_>) -> Person {
    world.market.faults().pause();
    let person = world.register().await;
    world.market.faults().resume();
    person
}

/// The titles of somebody's projects, sorted.
async fn titles(world: &mut World<'_>, owner: &Person) -> Vec<String> {
    let projects = world.list("/accounts/me/projects", Some(owner)).await;
    let mut titles: Vec<_> = projects.iter().map(|it| it["title"].as_str().expect("a title").to_owned()).collect();
    titles.sort();
    titles
}

/// Sends a request once.
async fn send_once(market: &LocalMarket, request: &Request) -> (StatusCode, String, Value) {
    let url = format!("{}{}", market.base_url, request.path);
    let mut sent = reqwest::Client::new().request(request.method.clone(), url);
    for (name, value) in &request.headers {
        sent = sent.header(*name, value);
    }
    if let Some(token) = &request.token {
        sent = sent.bearer_auth(token);
    }
    if let Some(body) = &request.body {
        sent = sent.json(body);
    }
    let response = sent.send().await.expect("the market answers");
    let retry_after = response.headers().get("retry-after").map(|value| value.to_str().expect("ASCII").to_owned());
    (response.status(), retry_after.unwrap_or_default(), response.json().await.expect("a JSON body"))
}

/// Asserts that a repeat got the stored reply.
#[track_caller]
fn assert_same(first: &Certain, again: &Certain) {
    assert_eq!((first.status, &first.etag, &first.body), (again.status, &again.etag, &again.body));
}
