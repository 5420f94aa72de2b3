//! A market to test: the runner in a process of its own, and people who use it.

use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a market may take to start. Generous, because a busy machine is not a defect.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How long a pool may take to show a change, in tests that are not about time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The password of every test account.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A running local market. Dropping it kills it.
pub(crate) struct Market {
    process: Child,
    url: String,
    http: reqwest::Client,
    people: AtomicU32,
}

impl Market {
    /// An empty market in memory.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// An empty market, started with further arguments to `pairwork up`.
    pub(crate) async fn start_with(arguments: &[&str]) -> Self {
        Self::start_logging(arguments, Stdio::inherit()).await
    }

    /// An empty market, started with further arguments to `pairwork up`, whose log goes to `errors`.
    pub(crate) async fn start_logging(arguments: &[&str], errors: impl Into<Stdio>) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_pairwork-under-test"))
            .args(["up", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .expect("the runner starts");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(stdout).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("the runner's output is readable") {
                if let Some(url) = line.strip_prefix("ready ") {
                    return url.to_owned();
                }
            }
            panic!("the runner ended before it was ready");
        };
        let url = tokio::time::timeout(START_LIMIT, ready).await.expect("the market is ready in time");
        // Keep reading, so that the runner never blocks on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { process, url, http: reqwest::Client::new(), people: AtomicU32::new(0) }
    }

    /// The address of the market's HTTP API, without a trailing slash.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Kills the runner as `kill -9` does: no signal handler runs, nothing is flushed.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.expect("the runner can be killed");
    }

    /// The processes of a function.
    pub(crate) async fn processes(&self, name: &str) -> Vec<u32> {
        let runner = self.process.id().expect("the runner is running").to_string();
        let found = Command::new("pgrep").args(["--parent", &runner, "--full", &format!("function {name}")]).output();
        let found = String::from_utf8(found.await.expect("pgrep runs").stdout).expect("process ids");
        found.lines().map(|id| id.parse().expect("a process id")).collect()
    }

    /// Kills the processes of a function, as `kill -9` does. Returns how many there were.
    pub(crate) async fn kill_function(&self, name: &str) -> usize {
        let found = self.processes(name).await;
        for process in &found {
            // It may have ended by itself.
            let _ = Command::new("kill").args(["-KILL", &process.to_string()]).status().await.expect("kill runs");
        }
        found.len()
    }

    /// Sends a signal to the processes of one shard of the talent pool, e.g. of `2/4`. Returns how many there were.
    pub(crate) async fn signal_shard(&self, shard: &str, signal: &str) -> usize {
        let runner = self.process.id().expect("the runner is running").to_string();
        let found = Command::new("pgrep").args(["--parent", &runner, "--full", "function matches"]).output();
        let found = String::from_utf8(found.await.expect("pgrep runs").stdout).expect("process ids");
        let mine = format!("PAIRWORK_POOL_SHARD={shard}");
        let mut signalled = 0;
        for process in found.lines() {
            let environment = tokio::fs::read_to_string(format!("/proc/{process}/environ")).await.unwrap_or_default();
            if environment.split('\0').any(|variable| variable == mine) {
                assert!(Command::new("kill").args([signal, process]).status().await.expect("kill runs").success());
                signalled += 1;
            }
        }
        signalled
    }

    /// Asks the runner to stop, and returns the code it exits with.
    pub(crate) async fn terminate(mut self) -> Option<i32> {
        let id = self.process.id().expect("the runner is running").to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs");
        assert!(sent.success());
        let status = tokio::time::timeout(Duration::from_secs(15), self.process.wait());
        status.await.expect("the runner stops in time").expect("its status is known").code()
    }

    /// Starts a request to `path`.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request {
        Request(self.http.request(method, format!("{}{path}", self.url)))
    }

    /// `GET path` without a token.
    pub(crate) async fn get(&self, path: &str) -> ApiResponse {
        self.request(Method::GET, path).send().await
    }

    /// `POST path` without a token.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> ApiResponse {
        self.request(Method::POST, path).json(body).send().await
    }

    /// Registers somebody new and signs them in.
    pub(crate) async fn person(&self, display_name: &str) -> Person<'_> {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let email = format!("person-{number}@example.com");
        let registered = self
            .post("/accounts", &json!({"email": email, "password": PASSWORD, "display_name": display_name}))
            .await
            .expect(StatusCode::CREATED);
        let id = registered.text("/id");
        let token = self.sign_in(&email).await;
        Person { market: self, id, email, token }
    }

    /// Somebody who registered before this market was started.
    pub(crate) fn somebody(&self, email: &str, token: &str) -> Person<'_> {
        Person { market: self, id: String::new(), email: email.to_owned(), token: token.to_owned() }
    }

    /// Signs in with the password of every test account and returns the access token.
    pub(crate) async fn sign_in(&self, email: &str) -> String {
        let session = self.post("/sessions", &json!({"email": email, "password": PASSWORD})).await;
        session.expect(StatusCode::OK).text("/access_token")
    }
}

/// Somebody with an account and a token.
pub(crate) struct Person<'m> {
    market: &'m Market,
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

impl Person<'_> {
    /// Starts a request in this person's name.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request {
        self.market.request(method, path).header("authorization", &format!("Bearer {}", self.token))
    }

    /// `GET path` in this person's name.
    pub(crate) async fn get(&self, path: &str) -> ApiResponse {
        self.request(Method::GET, path).send().await
    }

    /// `GET path`, matches, repeated until `pool_size` is reached: pools show a change a moment later.
    pub(crate) async fn matches(&self, path: &str, pool_size: usize) -> ApiResponse {
        let until = Instant::now() + PATIENCE;
        loop {
            let reply = self.get(path).await.expect(StatusCode::OK);
            if reply.body["pool_size"] == pool_size {
                return reply;
            }
            assert!(Instant::now() < until, "not {pool_size} matches after {PATIENCE:?}: {:#}", reply.body);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `POST path` in this person's name.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> ApiResponse {
        self.request(Method::POST, path).json(body).send().await
    }

    /// `PUT path` in this person's name.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> ApiResponse {
        self.request(Method::PUT, path).json(body).send().await
    }

    /// `PATCH path` in this person's name.
    pub(crate) async fn patch(&self, path: &str, body: &Value) -> ApiResponse {
        self.request(Method::PATCH, path).json(body).send().await
    }
}

/// A request that is not sent yet.
pub(crate) struct Request(reqwest::RequestBuilder);

impl Request {
    /// Adds a header.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Sets a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// Sets a body of raw bytes that claims to be JSON.
    pub(crate) fn raw_json(self, body: Vec<u8>) -> Self {
        Self(self.0.header("content-type", "application/json").body(body))
    }

    /// Sends it and reads the whole answer.
    pub(crate) async fn send(self) -> ApiResponse {
        let response = self.0.send().await.expect("the market answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.expect("the answer arrives whole");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        ApiResponse { status, headers, body }
    }
}

/// An answer. A body that is not JSON reads as `null`.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl ApiResponse {
    /// Asserts the status and returns the reply.
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "unexpected answer: {:#}", self.body);
        self
    }

    /// Asserts that this is a problem document with `status` and `code`, complete and leaking nothing.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: StatusCode, code: &str) -> Self {
        let reply = self.expect(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.body["code"], code, "unexpected problem: {:#}", reply.body);
        assert_eq!(reply.body["status"], status.as_u16());
        for field in ["type", "title", "detail"] {
            assert!(reply.body[field].as_str().is_some_and(|text| !text.is_empty()), "no {field}: {:#}", reply.body);
        }
        reply
    }

    /// The header's value, or an empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no text at {pointer}: {:#}", self.body)).to_owned()
    }

    /// The entries of a listing.
    #[track_caller]
    pub(crate) fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no items: {:#}", self.body))
    }

    /// The JSON pointers of the fields a 422 names, sorted.
    #[track_caller]
    pub(crate) fn wrong_fields(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {:#}", self.body));
        let mut pointers: Vec<_> = errors.iter().map(|error| error["pointer"].as_str().expect("a pointer")).collect();
        pointers.sort_unstable();
        pointers.dedup();
        pointers
    }
}

/// A complete profile of a designer.
pub(crate) fn designer() -> Value {
    json!({
        "headline": "브랜드 디자이너 · Brand designer",
        "bio": "로고와 패키지를 10년째 디자인합니다. I draw logos and packaging that last.",
        "category": "design",
        "skills": ["logo", "branding", "일러스트"],
        "languages": ["ko", "en"],
        "timezone": "Asia/Seoul",
        "hourly_rate": {"amount": 45_000, "currency": "KRW"},
        "weekly_hours": 30,
        "years_experience": 10,
    })
}

/// A complete profile of a programmer.
pub(crate) fn programmer() -> Value {
    json!({
        "headline": "Rust engineer for back ends",
        "bio": "I build serverless back ends in Rust on AWS Lambda and DynamoDB.",
        "category": "development",
        "skills": ["rust", "aws", "dynamodb"],
        "languages": ["en", "ko"],
        "timezone": "Europe/Berlin",
        "hourly_rate": {"amount": 60_000, "currency": "KRW"},
        "weekly_hours": 40,
        "years_experience": 8,
    })
}

/// A project that wants a designer.
pub(crate) fn logo_project() -> Value {
    json!({
        "title": "카페 로고 디자인",
        "description": "연남동에 여는 작은 카페의 로고와 메뉴판이 필요합니다. A logo and a menu for a small café.",
        "category": "design",
        "skills": ["logo", "branding"],
        "languages": ["ko"],
        "timezone": "Asia/Seoul",
        "budget": {"kind": "hourly", "min": 30_000, "max": 60_000, "currency": "KRW"},
        "weekly_hours": 10,
        "starts_on": "2099-01-04",
    })
}
