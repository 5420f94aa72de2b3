//! A person's account is exported, closed, kept, and erased everywhere.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use pairwork::{FaultPlan, FaultProfile, LocalMarket, Options, Outcome, Program};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::due::{Due, DueKind};
use store::{Condition, Transaction, keys};

use crate::golden::repository;
use crate::support::{Market, PASSWORD, PATIENCE, designer, logo_project};

const TABLES: [&str; 6] = ["MarketTable", "CredentialsTable", "TrustTable", "LiveTable", "OutboxTable", "PoolTable"];

/// Somebody with an account and the tokens of one device.
struct Person {
    id: String,
    email: String,
    token: String,
    session_id: String,
    refresh_token: String,
}

/// A market in this process, and a client of it.
struct World {
    market: LocalMarket,
    http: reqwest::Client,
}

impl World {
    async fn start(faults: Option<&str>) -> Self {
        let plan = |profile| FaultPlan {
            name: "test".to_owned(),
            profile: FaultProfile::parse(profile).expect("a profile"),
            seed: 1,
        };
        let options = Options {
            program: Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork-under-test"))),
            faults: faults.map(plan),
            log_level: "off".to_owned(),
            ..Options::default()
        };
        let market = LocalMarket::start(options).await.expect("the market starts");
        market.faults().pause();
        Self { market, http: reqwest::Client::new() }
    }

    async fn send(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.market.base_url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("the market answers");
        let status = response.status();
        (status, response.json().await.unwrap_or_default())
    }

    /// Sends a request that must get this status.
    async fn must(&self, status: u16, method: Method, path: &str, person: &Person, body: Option<Value>) -> Value {
        let (given, answer) = self.send(method, path, Some(&person.token), body).await;
        assert_eq!(given.as_u16(), status, "{path}: {answer:#}");
        answer
    }

    async fn sign_in(&self, email: &str) -> (StatusCode, Value) {
        self.send(Method::POST, "/sessions", None, Some(json!({"email": email, "password": PASSWORD}))).await
    }

    async fn register(&self, email: &str, name: &str) -> Person {
        let account = json!({"email": email, "password": PASSWORD, "display_name": name});
        let (status, account) = self.send(Method::POST, "/accounts", None, Some(account)).await;
        assert_eq!(status, StatusCode::CREATED, "{account:#}");
        let id = account["id"].as_str().expect("an id").to_owned();
        self.device(id, email).await
    }

    async fn device(&self, id: String, email: &str) -> Person {
        let (status, session) = self.sign_in(email).await;
        assert_eq!(status, StatusCode::OK, "{session:#}");
        let text = |name: &str| session[name].as_str().expect("a text").to_owned();
        let (token, session_id, refresh_token) = (text("access_token"), text("session_id"), text("refresh_token"));
        Person { id, email: email.to_owned(), token, session_id, refresh_token }
    }

    /// Runs the function `erase` as its timer does, until nothing due is left. Returns how often it was killed.
    async fn erase(&self) -> usize {
        let file = repository().join("events/erase/every-minute.json");
        let event = std::fs::read(file).expect("a readable event");
        let mut failed = 0;
        for _ in 0..200 {
            match self.market.invoke("erase", event.clone().into()).await.expect("there is such a function") {
                Outcome::Answered(answer) => {
                    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
                    if answer["left"] == 0 {
                        self.market.caught_up().await.expect("the streams are readable");
                        return failed;
                    }
                }
                _ => failed += 1,
            }
        }
        panic!("something due stays")
    }

    /// Moves the end of the grace of an account into the past.
    async fn grace_ends(&self, person: &Person) {
        let store = self.market.store().await.expect("a store");
        let account_id = person.id.parse().expect("an id");
        let account = store.account(account_id).await.expect("a store").expect("an account");
        let erased_at = account.erased_at.expect("an account that is closing");
        let past = (Timestamp::now() - SignedDuration::from_mins(5)).as_second();
        let past = Timestamp::from_second(past).expect("a time");
        let mut transaction = Transaction::new();
        let ended = domain::account::Account { erased_at: Some(past), ..account };
        transaction.put("account", keys::account(account_id), &ended, Condition::Present).expect("an item");
        transaction.remove_due(&Due { at: erased_at, kind: DueKind::Erase, account_id });
        transaction.add_due(&Due { at: past, kind: DueKind::Erase, account_id }).expect("an item");
        let session = keys::session(account_id, &person.session_id);
        let closing = json!({"erased_at": past.as_second()});
        transaction.set("session", session, &closing, Condition::Present).expect("an item");
        store.commit(transaction).await.expect("a commit");
    }

    /// Every item of every table, as text. Audit trails and their heads stay: they name accounts by id alone.
    fn everything(&self) -> String {
        let mut all = String::new();
        for table in TABLES {
            let name = self.market.table(table).expect("a table");
            let mut request = json!({"TableName": name});
            loop {
                let answer = self.market.call_dynamodb("Scan", request.to_string().as_bytes()).expect("a scan");
                let answer: Value = serde_json::from_slice(&answer).expect("JSON");
                for item in answer["Items"].as_array().expect("items") {
                    let is_head = item["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("AUDIT_HEAD#"));
                    if !is_head {
                        all.push_str(&format!("{table}: {item}\n"));
                    }
                }
                if answer["LastEvaluatedKey"].is_null() {
                    break;
                }
                request["ExclusiveStartKey"] = answer["LastEvaluatedKey"].clone();
            }
        }
        all
    }
}

#[tokio::test]
async fn an_export_holds_everything_in_parts_and_no_secret() {
    let market = Market::start().await;
    let person = market.person("민아").await;
    person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    for _ in 0..5 {
        person.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    }
    let whole = person.get("/accounts/me/export").await.expect(StatusCode::OK);
    assert_eq!(whole.header("cache-control"), "no-store");
    assert_eq!(whole.header("content-disposition"), "attachment; filename=\"pairwork-account.json\"");
    assert_eq!((whole.text("/account/id"), whole.text("/account/email")), (person.id.clone(), person.email.clone()));
    assert_eq!((whole.text("/account/display_name"), whole.text("/role")), ("민아".to_owned(), "member".to_owned()));
    assert_eq!(whole.text("/freelancer/profile/profile/headline"), designer()["headline"]);
    assert_eq!(whole.body["sessions"].as_array().map(Vec::len), Some(1));
    assert_eq!(whole.body["second_factor"], Value::Null);
    let titles = |body: &Value| body["projects"].as_array().expect("projects").len();
    assert_eq!((titles(&whole.body), &whole.body["next_cursor"]), (5, &Value::Null));
    let text = whole.body.to_string();
    for secret in ["argon2", "password", PASSWORD, "refresh", "family"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }

    let (mut path, mut found) = ("/accounts/me/export?limit=2".to_owned(), Vec::new());
    loop {
        let part = person.get(&path).await.expect(StatusCode::OK);
        found.push(titles(&part.body));
        let Some(cursor) = part.body["next_cursor"].as_str() else { break };
        path = format!("/accounts/me/export?limit=2&cursor={cursor}");
    }
    assert_eq!(found, [2, 2, 1]);
    let other = market.person("남").await;
    other.get(&path).await.expect_problem(StatusCode::BAD_REQUEST, "invalid_cursor");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_closing_shows_nothing_and_comes_back_when_it_is_kept() {
    let world = World::start(None).await;
    let mina = world.register("mina@example.com", "Mina").await;
    let client = world.register("client@example.com", "Client").await;
    world.must(201, Method::PUT, "/freelancers/me", &mina, Some(designer())).await;
    let posted = world.must(201, Method::POST, "/projects", &mina, Some(logo_project())).await;
    let closed = world.must(201, Method::POST, "/projects", &mina, Some(logo_project())).await;
    let path_of = |project: &Value| format!("/projects/{}", project["id"].as_str().expect("an id"));
    let (open, closed) = (path_of(&posted), path_of(&closed));
    world.must(200, Method::PATCH, &closed, &mina, Some(json!({"status": "closed"}))).await;
    let wanted = world.must(201, Method::POST, "/projects", &client, Some(logo_project())).await;
    let matches = format!("{}/matches", path_of(&wanted));
    let other_device = world.device(mina.id.clone(), &mina.email).await;

    // Closing: the other session ends, nothing new is posted, and a letter says so.
    let closing = world.must(202, Method::DELETE, "/accounts/me", &mina, None).await;
    let erased_at: Timestamp = closing["erased_at"].as_str().expect("a time").parse().expect("a time");
    let days = (erased_at - Timestamp::now()).total(jiff::Unit::Hour).expect("hours") / 24.0;
    assert!((29.9..30.1).contains(&days), "{days} days");
    let again = world.must(202, Method::DELETE, "/accounts/me", &mina, None).await;
    assert_eq!(again, closing, "asking again changes nothing");
    world.must(401, Method::POST, "/accounts/me/restore", &other_device, None).await;
    let refused = world.must(409, Method::POST, "/projects", &mina, Some(logo_project())).await;
    assert_eq!(refused["code"], "account_closing");
    world.must(409, Method::PUT, "/freelancers/me", &mina, Some(designer())).await;
    world.must(409, Method::PATCH, &closed, &mina, Some(json!({"status": "open"}))).await;
    assert_eq!(world.must(200, Method::GET, "/accounts/me", &mina, None).await["erased_at"], closing["erased_at"]);
    world.market.caught_up().await.expect("the streams are readable");
    let letters = world.market.inspector().mail(Some(&mina.email));
    assert!(letters.iter().any(|letter| letter.subject.contains("will be deleted")), "{letters:?}");

    // Within a minute, nothing of it is shown.
    world.erase().await;
    let profile = format!("/freelancers/{}", mina.id);
    let shown = async || {
        let listed = world.must(200, Method::GET, "/freelancers", &client, None).await["items"].clone();
        let projects = world.must(200, Method::GET, "/projects", &client, None).await["items"].clone();
        let ranked = world.must(200, Method::GET, &matches, &client, None).await["items"].clone();
        [listed, projects, ranked].map(|items| items.as_array().expect("items").len())
    };
    assert_eq!(shown().await, [0, 1, 0]);
    world.must(404, Method::GET, &profile, &client, None).await;
    world.must(404, Method::GET, &open, &client, None).await;
    let own = world.must(200, Method::GET, "/accounts/me/projects", &mina, None).await;
    let statuses = |own: &Value| -> Vec<String> {
        let items = own["items"].as_array().expect("items").iter();
        items.map(|project| project["status"].as_str().expect("a status").to_owned()).collect()
    };
    assert_eq!(statuses(&own), ["closed", "withdrawn"]);

    // Its owner signs in, keeps it, and everything is as it was.
    let mina = world.device(mina.id, &mina.email).await;
    world.must(409, Method::POST, "/projects", &mina, Some(logo_project())).await;
    world.must(204, Method::POST, "/accounts/me/restore", &mina, None).await;
    world.must(204, Method::POST, "/accounts/me/restore", &mina, None).await;
    assert_eq!(world.must(200, Method::GET, "/accounts/me", &mina, None).await["erased_at"], Value::Null);
    world.erase().await;
    assert_eq!(shown().await, [1, 2, 1]);
    assert_eq!(statuses(&world.must(200, Method::GET, "/accounts/me/projects", &mina, None).await), ["closed", "open"]);
    world.must(200, Method::GET, &profile, &client, None).await;
    world.must(201, Method::POST, "/projects", &mina, Some(logo_project())).await;
    assert!(!world.everything().contains("DUE#"), "nothing stays due");
    world.market.shutdown().await.expect("the market stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_in_after_the_grace_although_the_timer_is_late() {
    let world = World::start(None).await;
    let mina = world.register("mina@example.com", "Mina").await;
    world.must(202, Method::DELETE, "/accounts/me", &mina, None).await;
    world.grace_ends(&mina).await;
    let (status, problem) = world.sign_in(&mina.email).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_credentials")));
    world.must(401, Method::POST, "/accounts/me/restore", &mina, None).await;
    let refresh = json!({"refresh_token": mina.refresh_token});
    let (status, _) = world.send(Method::POST, "/sessions/refresh", None, Some(refresh)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    world.erase().await;
    // The address may register anew, and a repeated run leaves the new account alone.
    let anew = world.register(&mina.email, "Mina again").await;
    assert_ne!(anew.id, mina.id);
    let store = world.market.store().await.expect("a store");
    let mut transaction = Transaction::new();
    let account_id = mina.id.parse().expect("an id");
    let due = Due { at: Timestamp::UNIX_EPOCH, kind: DueKind::Erase, account_id };
    transaction.add_due(&due).expect("an item");
    store.commit(transaction).await.expect("a commit");
    world.erase().await;
    assert_eq!(world.sign_in(&mina.email).await.0, StatusCode::OK);
    world.market.shutdown().await.expect("the market stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_person_is_found_however_often_the_function_is_killed() {
    const CANARY: &str = "kanarienvogel";
    let world = World::start(Some("[functions]\nkilled = 0.1\n")).await;
    let mina = world.register(&format!("{CANARY}@example.com"), &format!("Mina {CANARY}")).await;
    let other = world.register("other@example.com", "Other").await;
    for person in [&mina, &other] {
        let mut profile = designer();
        profile["bio"] = json!(format!("{} {CANARY}", person.email));
        let profile = if person.id == other.id { designer() } else { profile };
        world.must(201, Method::PUT, "/freelancers/me", person, Some(profile)).await;
        world.must(201, Method::POST, "/projects", person, Some(logo_project())).await;
    }
    let mut project = logo_project();
    project["title"] = json!(CANARY);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let posted = world.must(201, Method::POST, "/projects", &mina, Some(project.clone())).await;
        ids.push(posted["id"].as_str().expect("an id").to_owned());
    }
    // A deleted project and a deleted profile leave events, which go too.
    world.must(204, Method::DELETE, &format!("/projects/{}", ids[0]), &mina, None).await;
    world.must(204, Method::DELETE, "/freelancers/me", &mina, None).await;
    world.must(201, Method::PUT, "/freelancers/me", &mina, Some(designer())).await;
    world.must(201, Method::POST, "/accounts/me/totp", &mina, None).await;
    let papers = json!({"legal_name": CANARY, "phone": "+82 10-1234-5678"});
    world.must(200, Method::PUT, "/accounts/me/personal-data", &mina, Some(papers)).await;
    world.must(202, Method::DELETE, "/accounts/me", &mina, None).await;
    world.market.caught_up().await.expect("the streams are readable");
    let before = world.everything();
    for trace in [mina.id.as_str(), mina.email.as_str(), CANARY, ids[0].as_str(), ids[1].as_str()] {
        assert!(before.contains(trace), "{trace} is there before");
    }

    world.grace_ends(&mina).await;
    world.market.faults().resume();
    let killed = world.erase().await;
    world.market.faults().pause();
    assert!(killed > 0, "the function was never killed");
    world.market.caught_up().await.expect("the streams are readable");
    let after = world.everything();
    for trace in [mina.id.as_str(), mina.email.as_str(), CANARY].into_iter().chain(ids.iter().map(String::as_str)) {
        let place = after.lines().find(|line| line.contains(trace)).map(|line| line.split(':').next());
        assert!(place.is_none(), "{trace} is still in {place:?}");
    }
    let listed = world.must(200, Method::GET, "/freelancers", &other, None).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "the other person stays");
    world.must(200, Method::GET, "/freelancers/me/matches", &other, None).await;
    world.must(201, Method::POST, "/projects", &other, Some(logo_project())).await;
    world.market.shutdown().await.expect("the market stops");
}

/// Asks until the answer has the status.
async fn until(market: &Market, status: StatusCode, method: Method, path: &str, body: Option<&Value>) {
    let began = std::time::Instant::now();
    loop {
        let mut request = market.request(method.clone(), path);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await;
        if answer.status == status {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{path}: {} {:#}", answer.status, answer.body);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn the_timer_withdraws_within_a_minute_and_erases_after_thirty_days() {
    let market = Market::start_with(&["--clock", "2026-12-01T09:00Z"]).await;
    let person = market.person("민아").await;
    let project = person.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let path = format!("/projects/{}", project.text("/id"));
    let closing = person.request(Method::DELETE, "/accounts/me").send().await.expect(StatusCode::ACCEPTED);
    assert!(closing.text("/erased_at").starts_with("2026-12-31T09:0"), "{:#}", closing.body);
    let advance = async |by: &str| {
        market.post("/_clock", &json!({ "advance": by })).await.expect(StatusCode::OK);
    };
    advance("PT1M").await;
    until(&market, StatusCode::NOT_FOUND, Method::GET, &path, None).await;
    // Shortly before its end, the account is still there.
    advance("P29DT23H").await;
    market.sign_in(&person.email).await;
    advance("PT2H").await;
    let sign_in = json!({"email": person.email, "password": PASSWORD});
    until(&market, StatusCode::UNAUTHORIZED, Method::POST, "/sessions", Some(&sign_in)).await;
    let anew = json!({"email": person.email, "password": PASSWORD, "display_name": "Again"});
    until(&market, StatusCode::CREATED, Method::POST, "/accounts", Some(&anew)).await;
}
