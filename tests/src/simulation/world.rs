//! The parts that workloads share: the market, its people, and requests sent until their outcome is certain.

use std::time::{Duration, Instant};

use pairwork::{FunctionFaults, LocalMarket};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Random;
use crate::support::PASSWORD;

/// How long a request is repeated. The claim of a killed function to an idempotency key lasts 10 s, and several may be
/// killed one after the other.
const PATIENCE: Duration = Duration::from_secs(120);
/// The pause before a request is sent again.
const PAUSE: Duration = Duration::from_millis(20);
/// The pause while another process holds the claim to the idempotency key.
const CLAIM_PAUSE: Duration = Duration::from_secs(1);

/// The market and its people.
pub(crate) struct World<'m> {
    pub(crate) market: &'m LocalMarket,
    pub(crate) random: Random,
    pub(crate) people: Vec<Person>,
    pub(crate) requests: u64,
    seed: u64,
    /// Whether functions are killed. API Gateway then answers 500 in their name.
    kills: bool,
    names: u64,
    http: reqwest::Client,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) display_name: String,
    pub(crate) token: String,
    pub(crate) refresh_token: String,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) token: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
}

/// An answer that is no failure.
#[derive(Debug)]
pub(crate) struct Certain {
    pub(crate) status: StatusCode,
    pub(crate) etag: String,
    pub(crate) body: Value,
    /// How often the request was sent.
    pub(crate) attempts: u32,
}

impl Request {
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), token: None, headers: Vec::new(), body: None }
    }

    pub(crate) fn of(mut self, person: &Person) -> Self {
        self.token = Some(person.token.clone());
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }
}

impl Certain {
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "unexpected answer: {:#}", self.body);
        self
    }

    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer}: {:#}", self.body)).to_owned()
    }
}

impl<'m> World<'m> {
    pub(crate) fn new(market: &'m LocalMarket, seed: u64, http: reqwest::Client) -> Self {
        let random = Random::new(seed);
        let kills = market.faults().plan().is_some_and(|plan| plan.profile.functions != FunctionFaults::default());
        Self { market, random, people: Vec::new(), requests: 0, seed, kills, names: 0, http }
    }

    /// A text that this world has not used before.
    pub(crate) fn new_name(&mut self, kind: &str) -> String {
        self.names += 1;
        format!("{kind}-{}-{}", self.seed, self.names)
    }

    /// One of the people.
    pub(crate) fn somebody(&mut self) -> Person {
        let person = self.random.below(self.people.len() as u64) as usize;
        self.people[person].clone()
    }

    /// Registers somebody and signs them in.
    pub(crate) async fn register(&mut self) -> Person {
        let display_name = self.new_name("person");
        let email = format!("{display_name}@example.com");
        let body = json!({"email": email, "password": PASSWORD, "display_name": display_name});
        let key = self.new_name("key");
        let registration = Request::new(Method::POST, "/accounts").header("idempotency-key", key).json(body);
        let id = self.send(registration).await.expect(StatusCode::CREATED).text("/id");
        let mut person = Person { id, email, display_name, token: String::new(), refresh_token: String::new() };
        (person.token, person.refresh_token) = self.sign_in(&person).await;
        self.people.push(person.clone());
        person
    }

    /// Signs somebody in and returns the access token and the refresh token.
    pub(crate) async fn sign_in(&mut self, person: &Person) -> (String, String) {
        let body = json!({"email": person.email, "password": PASSWORD});
        let session = self.send(Request::new(Method::POST, "/sessions").json(body)).await;
        let session = session.expect(StatusCode::OK);
        (session.text("/access_token"), session.text("/refresh_token"))
    }

    /// Sends a request until its outcome is certain: as long as the market is busy, the connection breaks, or a
    /// function is killed. Fails if a function itself answers 500.
    pub(crate) async fn send(&mut self, request: Request) -> Certain {
        let (certain, sent) = self.attempt(&request).await;
        self.requests += u64::from(sent);
        certain
    }

    /// Sends the same request twice at the same time.
    pub(crate) async fn send_twice(&mut self, request: Request) -> [Certain; 2] {
        let ((one, first), (other, second)) = tokio::join!(self.attempt(&request), self.attempt(&request));
        self.requests += u64::from(first + second);
        [one, other]
    }

    async fn attempt(&self, request: &Request) -> (Certain, u32) {
        let (started, mut attempts) = (Instant::now(), 0);
        loop {
            attempts += 1;
            let pause = match self.once(request).await {
                Ok(certain) => return (Certain { attempts, ..certain }, attempts),
                Err(pause) => pause,
            };
            assert!(started.elapsed() < PATIENCE, "no certain answer after {attempts} attempts: {request:?}");
            tokio::time::sleep(pause).await;
        }
    }

    /// The answer, or the pause before the next attempt.
    async fn once(&self, request: &Request) -> Result<Certain, Duration> {
        let mut sent = self.http.request(request.method.clone(), format!("{}{}", self.market.base_url, request.path));
        if let Some(token) = &request.token {
            sent = sent.bearer_auth(token);
        }
        for (name, value) in &request.headers {
            sent = sent.header(*name, value);
        }
        if let Some(body) = &request.body {
            sent = sent.json(body);
        }
        let Ok(response) = sent.send().await else { return Err(PAUSE) };
        let (status, headers) = (response.status(), response.headers().clone());
        let header =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let Ok(bytes) = response.bytes().await else { return Err(PAUSE) };
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let is_problem = header("content-type") == "application/problem+json";
        match status {
            StatusCode::INTERNAL_SERVER_ERROR => {
                // API Gateway says this when the function's process was killed.
                assert!(self.kills && !is_problem, "a 500: {request:?} {body:#}");
                Err(PAUSE)
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                assert!(!is_problem || !header("retry-after").is_empty(), "a 503 without Retry-After: {body:#}");
                Err(PAUSE)
            }
            StatusCode::TOO_MANY_REQUESTS => Err(header("retry-after").parse().map_or(PAUSE, Duration::from_secs)),
            StatusCode::CONFLICT if body["code"] == "request_in_progress" => Err(CLAIM_PAUSE),
            _ => Ok(Certain { status, etag: header("etag"), body, attempts: 0 }),
        }
    }

    /// All items of a list, page by page.
    pub(crate) async fn list(&mut self, path: &str, person: Option<&Person>) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let separator = if path.contains('?') { '&' } else { '?' };
            let page = Request::new(Method::GET, format!("{path}{separator}limit=7{cursor}"));
            let page = match person {
                Some(person) => page.of(person),
                None => page,
            };
            let page = self.send(page).await.expect(StatusCode::OK);
            items.extend(page.body["items"].as_array().expect("a list has items").iter().cloned());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}
