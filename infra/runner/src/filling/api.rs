//! A client of the public API, with the few requests that fill a market and show it.

use anyhow::{Context, anyhow};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The API at one address. Cheap to clone: clones share connections.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    client: reqwest::Client,
    base_url: String,
}

/// A signed-in account: its bearer token.
#[derive(Debug, Clone)]
pub(crate) struct Session(String);

/// One page of matches of a project.
#[derive(Debug, Deserialize)]
pub(crate) struct Matches {
    pub(crate) pool_size: usize,
    pub(crate) items: Vec<Match>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Match {
    pub(crate) freelancer: Card,
    pub(crate) score: f64,
    pub(crate) reasons: Vec<Reason>,
}

/// The part of a freelancer that a match shows.
#[derive(Debug, Deserialize)]
pub(crate) struct Card {
    pub(crate) display_name: String,
    pub(crate) headline: String,
    pub(crate) hourly_rate: Option<Rate>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Rate {
    pub(crate) amount: i64,
    pub(crate) currency: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reason {
    pub(crate) feature: String,
    /// `None` if it is not known.
    pub(crate) value: Option<f64>,
    /// The feature's part of the score's log-odds.
    pub(crate) contribution: f64,
}

/// The part of a project that is shown.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) skills: Vec<String>,
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
}

impl Api {
    pub(crate) fn new(base_url: &str) -> anyhow::Result<Self> {
        // The market is on this machine, so a proxy from the environment must not be used.
        Ok(Self { client: reqwest::Client::builder().no_proxy().build()?, base_url: base_url.to_owned() })
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Registers an account, unless it exists with this password, and signs it in.
    pub(crate) async fn join(&self, email: &str, password: &str, display_name: &str) -> anyhow::Result<Session> {
        let body = json!({"email": email, "password": password, "display_name": display_name});
        let response = self.request(Method::POST, "/accounts", None).json(&body).send().await?;
        // An earlier run that was cut off has registered it.
        if response.status() != StatusCode::CONFLICT {
            answer::<Value>("POST /accounts", response).await?;
        }
        self.sign_in(email, password).await?.with_context(|| format!("{email} exists with another password"))
    }

    /// Signs in; `None` if there is no such account with this password.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<Option<Session>> {
        #[derive(Deserialize)]
        struct Token {
            access_token: String,
        }
        let body = json!({"email": email, "password": password});
        let response = self.request(Method::POST, "/sessions", None).json(&body).send().await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Ok(None);
        }
        let token: Token = answer("POST /sessions", response).await?;
        Ok(Some(Session(token.access_token)))
    }

    /// Saves a profile. Returns the freelancer's id.
    pub(crate) async fn put_freelancer(&self, session: &Session, profile: &Value) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Freelancer {
            id: String,
        }
        let request = self.request(Method::PUT, "/freelancers/me", Some(session)).json(profile);
        let freelancer: Freelancer = answer("PUT /freelancers/me", request.send().await?).await?;
        Ok(freelancer.id)
    }

    /// Posts a project, at most once for each idempotency key.
    pub(crate) async fn post_project(&self, session: &Session, key: &str, project: &Value) -> anyhow::Result<Project> {
        let request = self.request(Method::POST, "/projects", Some(session)).header("Idempotency-Key", key);
        answer("POST /projects", request.json(project).send().await?).await
    }

    /// A project, which anybody may read.
    pub(crate) async fn project(&self, project_id: &str) -> anyhow::Result<Project> {
        let request = self.request(Method::GET, &format!("/projects/{project_id}"), None);
        answer("GET /projects/{id}", request.send().await?).await
    }

    /// The newest projects of the signed-in account.
    pub(crate) async fn own_projects(&self, session: &Session) -> anyhow::Result<Vec<Project>> {
        let request = self.request(Method::GET, "/accounts/me/projects?limit=100", Some(session));
        let page: Page<Project> = answer("GET /accounts/me/projects", request.send().await?).await?;
        Ok(page.items)
    }

    /// The best matches of a project, as its owner.
    pub(crate) async fn matches(&self, session: &Session, project_id: &str, limit: usize) -> anyhow::Result<Matches> {
        let path = format!("/projects/{project_id}/matches?limit={limit}");
        answer("GET /projects/{id}/matches", self.request(Method::GET, &path, Some(session)).send().await?).await
    }

    fn request(&self, method: Method, path: &str, session: Option<&Session>) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base_url));
        match session {
            Some(Session(token)) => request.bearer_auth(token),
            None => request,
        }
    }
}

/// The body of a successful answer.
async fn answer<T: DeserializeOwned>(request: &str, response: reqwest::Response) -> anyhow::Result<T> {
    let status = response.status();
    let body = response.text().await.with_context(|| format!("reading the answer to {request}"))?;
    if !status.is_success() {
        return Err(anyhow!("{request} answered {status}: {body}"));
    }
    serde_json::from_str(&body).with_context(|| format!("{request} answered {status} with something else: {body}"))
}
