//! A data folder of version 0.1: the present version migrates it, and nothing that is shown changes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use domain::values::AccountId;
use jiff::Timestamp;
use pairwork::{LocalMarket, Options};
use pool::{Change, Index, Row, Tail};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use store::keys::{self, Collection};
use store::{Slice, Store, StoreError};

const PASSWORD: &str = "correct horse battery staple";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// The answers that version 0.1 gave.
fn earlier() -> Value {
    serde_json::from_slice(&std::fs::read(fixture("written_by_0_1.json")).unwrap()).unwrap()
}

/// A copy of the data folder.
fn data() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(fixture("written_by_0_1.sqlite"), folder.path().join("dynamodb.sqlite")).unwrap();
    folder
}

/// `pairwork up` on a data folder.
struct Up {
    child: Child,
    stdout: BufReader<ChildStdout>,
    base_url: String,
    http: reqwest::Client,
}

impl Up {
    fn start(data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pairwork"))
            .args(["up", "--port", "0", "--data"])
            .arg(data)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut up = Self {
            stdout: BufReader::new(child.stdout.take().unwrap()),
            child,
            base_url: String::new(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        };
        up.base_url = up.line().strip_prefix("ready ").unwrap().to_owned();
        up
    }

    /// The next line that it prints.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base_url))
    }

    async fn get(&self, path: &str) -> Value {
        json_of(self.request(Method::GET, path).send().await.unwrap(), StatusCode::OK).await
    }

    async fn get_as(&self, token: &str, path: &str) -> Value {
        json_of(self.request(Method::GET, path).bearer_auth(token).send().await.unwrap(), StatusCode::OK).await
    }

    async fn token(&self, email: &str) -> String {
        let session = self.request(Method::POST, "/sessions").json(&json!({"email": email, "password": PASSWORD}));
        let session = json_of(session.send().await.unwrap(), StatusCode::OK).await;
        session["access_token"].as_str().unwrap().to_owned()
    }

    /// Stops it, and gives what else it has printed.
    fn stop(mut self) -> String {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

async fn json_of(response: Response, status: StatusCode) -> Value {
    let (is, body) = (response.status(), response.text().await.unwrap());
    assert_eq!(is, status, "{body}");
    serde_json::from_str(&body).unwrap()
}

/// Whom or what a page of matches shows, without scores: they change with time.
fn shown<'a>(page: &'a Value, what: &str) -> Vec<&'a Value> {
    page["items"].as_array().unwrap().iter().map(|item| &item[what]).collect()
}

async fn same_answers(up: &Up) {
    let earlier = earlier();
    assert_eq!(up.get("/freelancers?limit=100").await, earlier["freelancers"]);
    let mut projects = earlier["projects"]["items"].clone();
    for project in projects.as_array_mut().unwrap() {
        // Version 0.1 did not know this field.
        project["expires_at"] = Value::Null;
    }
    assert_eq!(up.get("/projects?limit=5").await["items"], projects);
    for (id, etag) in earlier["etags"].as_object().unwrap() {
        let request = up.request(Method::GET, &format!("/freelancers/{id}"));
        let response = request.header("if-none-match", etag.as_str().unwrap()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{id}");
    }
    let free = up.token("free@old.example").await;
    let mine = up.get_as(&free, "/freelancers/me/matches?limit=10").await;
    assert_eq!(mine["pool_size"], earlier["my_matches"]["pool_size"]);
    assert_eq!(shown(&mine, "project"), shown(&earlier["my_matches"], "project"));
    let client = up.token("client@old.example").await;
    let theirs = &earlier["project_matches"];
    let path = format!("/projects/{}/matches?limit=10", theirs["project_id"].as_str().unwrap());
    let matches = up.get_as(&client, &path).await;
    assert_eq!(
        (&matches["pool_size"], shown(&matches, "freelancer")),
        (&theirs["pool_size"], shown(theirs, "freelancer"))
    );
}

/// The rows of a pool by the first byte of their bodies, which says their format.
#[derive(Debug, Default)]
struct Formats(Vec<u8>);

impl Index for Formats {
    fn clear(&mut self) {
        self.0.clear();
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        if let Change::Put(body) = row.change {
            self.0.push(body[0]);
        }
        Ok(())
    }
}

/// What is stored of the freelancers: `true` for each one that has items of their own for track record and work
/// history.
async fn split(store: &Store) -> Vec<bool> {
    let mut found = Vec::new();
    for id in earlier()["etags"].as_object().unwrap().keys() {
        let id: AccountId = id.parse().unwrap();
        let profile: Value = store.get(&keys::freelancer(id)).await.unwrap().unwrap();
        assert!(profile["profile"]["headline"].is_string());
        let record: Option<Value> = store.get(&keys::track_record(id)).await.unwrap();
        assert!(profile.get("track_record").is_none(), "{id}");
        found.push(record.is_some());
    }
    found
}

#[tokio::test]
async fn data_of_version_0_1_are_migrated_and_nothing_shown_changes() {
    let data = data();
    let mut up = Up::start(data.path(), &[]);
    // At once, and after the migration.
    same_answers(&up).await;
    assert_eq!(up.line(), "7 freelancers and 45 projects of an earlier version migrated");
    same_answers(&up).await;
    assert_eq!(up.stop(), "");

    // A second start has nothing to do.
    let up = Up::start(data.path(), &[]);
    same_answers(&up).await;
    assert_eq!(up.stop(), "");

    let market =
        LocalMarket::start(Options { data: Some(data.path().to_owned()), ..Options::default() }).await.unwrap();
    let store = market.store().await.unwrap();
    // The first sign-in has sealed the signing keys, which version 0.1 stored in the clear.
    let signing_keys: Vec<Value> = store.query(&keys::signing_keys(), Slice::ALL).await.unwrap();
    assert!(!signing_keys.is_empty());
    assert!(signing_keys.iter().all(|key| key["sealed"].is_string() && key.get("secret").is_none()));
    let split = split(&store).await;
    assert_eq!(split.iter().filter(|has_record| **has_record).count(), 6, "one of them has only just come");
    // A tail sees a row of the blocks and its successors in the feed. The last rows are those of the migration.
    let mut formats = Formats::default();
    Tail::new(Collection::Projects).catch_up(&store, Timestamp::now(), &mut formats).await.unwrap();
    assert!(formats.0.len() >= 45 && formats.0[formats.0.len() - 45..].iter().all(|format| *format == 1));
    market.shutdown().await.unwrap();
}

/// A deployed market is not migrated: it reads the earlier form for good, and a change writes the present one.
#[tokio::test]
async fn a_record_of_version_0_1_can_be_changed_before_it_is_migrated() {
    let data = data();
    // As if it were migrated already.
    std::fs::write(data.path().join("format"), format!("2 {:08x}", vocabulary::fingerprint())).unwrap();
    let up = Up::start(data.path(), &["--parameter-overrides", "OpenProjectsPerOwner=42"]);
    same_answers(&up).await;

    let free = up.token("free@old.example").await;
    let before = up.get_as(&free, "/freelancers/me").await;
    let etag = earlier()["etags"][before["id"].as_str().unwrap()].clone();
    let mut profile = before.clone();
    profile["headline"] = json!("Ledgers in Rust");
    let put = |etag: &str| {
        let request = up.request(Method::PUT, "/freelancers/me").bearer_auth(&free).header("if-match", etag);
        request.json(&profile).send()
    };
    let after = json_of(put(etag.as_str().unwrap()).await.unwrap(), StatusCode::OK).await;
    json_of(put(etag.as_str().unwrap()).await.unwrap(), StatusCode::PRECONDITION_FAILED).await;
    for field in ["rating", "completed_jobs", "hire_rate", "response_minutes", "created_at"] {
        assert_eq!(after[field], before[field], "{field}");
    }

    // The 41 open projects count, although nobody counted them before.
    let client = up.token("client@old.example").await;
    let post = || {
        let project = json!({"title": "One more", "category": "Software", "skills": ["Rust"]});
        up.request(Method::POST, "/projects").bearer_auth(&client).json(&project).send()
    };
    json_of(post().await.unwrap(), StatusCode::CREATED).await;
    let refused = json_of(post().await.unwrap(), StatusCode::CONFLICT).await;
    assert_eq!(refused["code"], "too_many_open_projects");
    assert_eq!(up.stop(), "");
}
