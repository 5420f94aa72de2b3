//! The routes that are measured, and the requests to them.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, ensure};
use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::caller::{Client, Message};

/// The demo's accounts and their password, as `pairwork up --demo` prints them.
const CLIENT: &str = "demo@pairwork.example";
const FREELANCER: &str = "talent-001@pairwork.example";
const PASSWORD: &str = "pairwork-demo";
/// The demo's other clients post the new projects, in turn.
const POSTING_CLIENTS: usize = 14;
/// New projects in one round. With five rounds, each posting client stays far below the bound of open projects per
/// owner.
const POSTS_IN_A_ROUND: usize = 120;

/// One route, and how it is called.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) name: &'static str,
    /// Whether it changes the market.
    pub(crate) writes: bool,
    /// At most so many requests in one round with one number of callers.
    pub(crate) most_in_a_round: usize,
    /// A shorter answer is not the one that shall be measured.
    pub(crate) least_bytes: usize,
    /// Sent in turn.
    messages: Vec<Message>,
    sent: AtomicUsize,
}

impl Route {
    async fn reading(client: &Client, name: &'static str, path: &str, token: Option<&str>) -> anyhow::Result<Self> {
        let message = Message { path: path.to_owned(), token: token.map(str::to_owned), ..Message::default() };
        let answer = client.ask(&message).await?;
        // A list that is empty is not the one that shall be measured.
        ensure!(answer["items"].as_array().is_none_or(|items| !items.is_empty()), "{name} answered no items");
        Ok(Self {
            name,
            writes: false,
            most_in_a_round: usize::MAX,
            // The answers to one request differ in little: a time, a number of candidates.
            least_bytes: answer.to_string().len() / 2,
            messages: vec![message],
            sent: AtomicUsize::new(0),
        })
    }

    /// The next request. No two of them are the same if the route writes.
    pub(crate) fn next(&self) -> Message {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let mut message = self.messages[number % self.messages.len()].clone();
        if self.writes {
            message.idempotency_key = Some(format!("load-{number}"));
            message.body = project(number);
        }
        message
    }
}

/// The routes that are measured, on a market that the demo has filled.
///
/// # Errors
/// When an answer is not the demo's.
pub(crate) async fn of_demo(client: &Client) -> anyhow::Result<Vec<Route>> {
    let owner = sign_in(client, CLIENT).await?;
    let freelancer = sign_in(client, FREELANCER).await?;
    let own =
        Message { path: "/accounts/me/projects?limit=1".to_owned(), token: Some(owner.clone()), ..Message::default() };
    let projects = client.ask(&own).await?;
    let project = projects["items"][0]["id"].as_str().context("the demo client has no project")?;
    let (one, matches) = (format!("/projects/{project}"), format!("/projects/{project}/matches?limit=10"));
    let mut posts = Vec::with_capacity(POSTING_CLIENTS);
    for number in 1..=POSTING_CLIENTS {
        let token = sign_in(client, &format!("client-{number:02}@pairwork.example")).await?;
        posts.push(Message {
            method: Method::POST,
            path: "/projects".to_owned(),
            token: Some(token),
            ..Message::default()
        });
    }
    Ok(vec![
        Route::reading(client, "health", "/health", None).await?,
        Route::reading(client, "one project", &one, None).await?,
        Route::reading(client, "list of freelancers", "/freelancers?limit=20", None).await?,
        Route::reading(client, "list of projects", "/projects?limit=20", None).await?,
        Route::reading(client, "a project's matches", &matches, Some(&owner)).await?,
        Route::reading(client, "a freelancer's matches", "/freelancers/me/matches?limit=10", Some(&freelancer)).await?,
        Route {
            name: "post a project",
            writes: true,
            most_in_a_round: POSTS_IN_A_ROUND,
            least_bytes: 0,
            messages: posts,
            sent: AtomicUsize::new(0),
        },
    ])
}

async fn sign_in(client: &Client, email: &str) -> anyhow::Result<String> {
    let body = json!({"email": email, "password": PASSWORD}).to_string();
    let message =
        Message { method: Method::POST, path: "/sessions".to_owned(), body: Bytes::from(body), ..Message::default() };
    let session = client.ask(&message).await?;
    Ok(session["access_token"].as_str().context("a session without a token")?.to_owned())
}

/// A project of usual size: 600 characters of description, four skills.
fn project(number: usize) -> Bytes {
    let description = "We run a booking service for small clinics and move its calendar to a new back end. \
        You design the API, write it in Rust, and move eleven years of appointments without an hour of downtime. ";
    let project: Value = json!({
        "title": format!("A calendar service for clinics, part {number}"),
        "description": description.repeat(3).trim_end(),
        "category": "Development",
        "skills": ["Rust", "PostgreSQL", "REST API", "Data migration"],
        "languages": ["en"],
        "timezone": "Europe/Berlin",
        "weekly_hours": 25,
        "budget": {"kind": "hourly", "currency": "EUR", "min": 5_000, "max": 9_000},
    });
    Bytes::from(project.to_string())
}
