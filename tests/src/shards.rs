//! A divided talent pool gives the answers of an undivided one, and no answer when a shard is missing.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::event::Decided;
use domain::freelancer::{Freelancer, Past};
use domain::validation::read;
use domain::values::AccountId;
use jiff::{SignedDuration, Timestamp};
use pairwork::{LocalMarket, Options, Outcome, Permission, Program};
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::Transaction;
use tempfile::TempDir;
use ulid::Ulid;

use crate::golden::repository;
use crate::sample_events::{in_order, requests};
use crate::support::{ApiResponse, Market, PATIENCE, Person, designer, logo_project, programmer};

/// A client of the sample market, and their open projects.
const CLIENT: &str = "seoyun.han@example.com";
const PROJECTS: [&str; 2] = ["prj_01M7GWQTR00000000000000101", "prj_01M7GWQTR00000000000000102"];
/// Freelancers of the sample market.
const TALENTS: [&str; 5] = [
    "jihun.park@example.com",
    "mina.kim@example.com",
    "priya.nair@example.com",
    "mateo.garcia@example.com",
    "haeun.jung@example.com",
];
/// Additional freelancers. Every third of them is a newcomer.
const CROWD: u32 = 90;

/// The same market twice: with an undivided talent pool, and with four shards.
struct Twins {
    whole: Market,
    divided: Market,
    _data: [TempDir; 2],
}

impl Twins {
    async fn start() -> Self {
        let data = [(); 2].map(|()| tempfile::tempdir().expect("a folder for the data"));
        let [first, second] = data.each_ref().map(|folder| folder.path().to_str().expect("a UTF-8 path"));
        fill(data[0].path()).await;
        copy(data[0].path(), data[1].path());
        let whole = Market::start_with(&["--data", first]).await;
        let divided = Market::start_with(&["--data", second, "--pool-shards", "4"]).await;
        Self { whole, divided, _data: data }
    }

    /// Both markets, as seen by one of its people.
    async fn person(&self, email: &str) -> [Person<'_>; 2] {
        let (whole, divided) = (self.whole.sign_in(email).await, self.divided.sign_in(email).await);
        [self.whole.somebody(email, &whole), self.divided.somebody(email, &divided)]
    }
}

/// Writes the sample market and the additional freelancers to a folder.
async fn fill(data: &Path) {
    let options = Options { data: Some(data.to_owned()), program: runner(), ..Options::default() };
    let market = LocalMarket::start(options).await.expect("the market starts");
    market.fill_samples().await.expect("the sample market fits");
    let (store, now) = (market.store().await.expect("a store"), Timestamp::now());
    for number in 0..CROWD {
        let (introduced, past) = freelancer(number, now);
        let mut transaction = Transaction::new();
        transaction.save_freelancer(None, &introduced).expect("a record that can be stored");
        store.commit(transaction).await.expect("the store takes it");
        if let Some(past) = past {
            let mut transaction = Transaction::new();
            transaction.save_past(&introduced.state.track_record, &past).expect("a record that can be stored");
            store.commit(transaction).await.expect("the store takes it");
        }
    }
    market.caught_up().await.expect("the streams are readable");
    market.shutdown().await.expect("the market stops");
}

fn runner() -> Program {
    Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork-under-test")))
}

/// An additional freelancer: a designer or a programmer. Some differ only in their id.
fn freelancer(number: u32, now: Timestamp) -> (Decided<Freelancer>, Option<Decided<Past>>) {
    let mut profile = if number.is_multiple_of(2) { designer() } else { programmer() };
    let skills = ["logo", "branding", "rust", "dynamodb", "kotlin", "packaging"];
    // Some have one skill, others two.
    let (first, second) = (number as usize % 6, number as usize / 6 % 6);
    profile["skills"] =
        skills.iter().enumerate().filter(|(skill, _)| [first, second].contains(skill)).map(|it| *it.1).collect();
    profile["headline"] = json!(format!("{} {}", profile["headline"].as_str().expect("a headline"), number / 4));
    let profile = read(&profile).expect("a profile that the market takes");
    let id = AccountId::new(Ulid::from_parts(1_700_000_000_000, u128::from(number) * 0x9e37_79b9));
    let name = format!("No. {number}").parse().expect("a name");
    let introduced = Freelancer::introduce(id, name, profile, now);
    let past = (!number.is_multiple_of(3)).then(|| {
        let number = number as f32;
        let as_of = now - SignedDuration::from_hours(number as i64 * 7);
        let record = json!({
            "rating": 3.0 + (number % 20.0) / 10.0, "rated_jobs": number as u32, "proposals": 5 + number as u32 * 2,
            "completed_jobs": 1 + number as u32 % 9, "response_minutes": 10.0 * number, "last_active_at": as_of,
        });
        let history = json!({
            "skill_jobs": {"logo": number as u32 % 5, "rust": number as u32 % 7},
            "activity": {"week": number / 33.0, "month": number / 11.0, "half_year": number / 3.0, "as_of": as_of},
        });
        let record = serde_json::from_value(record).expect("a track record");
        introduced.state.replace_past(record, serde_json::from_value(history).expect("a work history"), now)
    });
    (introduced, past)
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir(&target).expect("a new folder");
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file that can be copied");
        }
    }
}

/// Asserts that both markets answer the same to the last digit. Returns the answer with the undivided market's cursor.
async fn same([whole, divided]: &[Person<'_>; 2], path: &str) -> Value {
    // Activity decays every second, and scores with it. If the first market answers the same before and after the
    // second one, the time between did not matter.
    for _ in 0..100 {
        let before = whole.get(path).await.expect(StatusCode::OK).body;
        let between = divided.get(path).await.expect(StatusCode::OK).body;
        let after = whole.get(path).await.expect(StatusCode::OK).body;
        if without_cursor(path, &before) == without_cursor(path, &after) {
            assert_eq!(without_cursor(path, &between), without_cursor(path, &before), "{path}");
            return after;
        }
    }
    panic!("the undivided market never gave the same answer twice: {path}")
}

/// An answer without the cursor of a first page, which holds the time in milliseconds.
fn without_cursor(path: &str, body: &Value) -> Value {
    let mut body = body.clone();
    if !path.contains("cursor=") && body["next_cursor"].is_string() {
        body["next_cursor"] = json!("more");
    }
    body
}

/// Compares all pages of a ranking. Returns the number of matches, and of newcomers among them.
async fn same_pages(both: &[Person<'_>; 2], path: &str) -> (usize, usize) {
    let (mut seen, mut newcomers, mut next) = (0, 0, path.to_owned());
    loop {
        let page = same(both, &next).await;
        let items = page["items"].as_array().expect("items");
        seen += items.len();
        newcomers += items.iter().filter(|item| item["newcomer"] == true).count();
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("{path}&cursor={cursor}");
    }
    (seen, newcomers)
}

/// The share of the wanted skills of each freelancer in a project's matches, by id.
async fn overlaps(client: &Person<'_>, project: &str) -> Vec<(String, f64)> {
    let (mut overlaps, mut next) = (Vec::new(), format!("/projects/{project}/matches?limit=100"));
    loop {
        let page = client.get(&next).await.expect(StatusCode::OK);
        for item in page.items() {
            let reasons = item["reasons"].as_array().expect("reasons");
            let overlap = reasons.iter().find(|reason| reason["feature"] == "skill_overlap").expect("a skill overlap");
            let id = item["freelancer"]["id"].as_str().expect("an id").to_owned();
            overlaps.push((id, overlap["value"].as_f64().unwrap_or_default()));
        }
        let Some(cursor) = page.body["next_cursor"].as_str() else { return overlaps };
        next = format!("/projects/{project}/matches?limit=100&cursor={cursor}");
    }
}

/// Saves a profile in both markets within one second, because the time of the last visit counts. Returns the id.
async fn save_at_once([whole, divided]: &[Person<'_>; 2], profile: &mut Value) -> String {
    for attempt in 0..100 {
        profile["bio"] = json!(format!("Logos that last, version {attempt}."));
        let path = "/freelancers/me";
        let (one, other) = tokio::join!(whole.put(path, profile), divided.put(path, profile));
        let (one, other) = (one.expect(StatusCode::OK), other.expect(StatusCode::OK));
        let second = |reply: &ApiResponse| reply.text("/updated_at")[..19].to_owned();
        if second(&one) == second(&other) {
            return one.text("/id");
        }
    }
    panic!("two requests were never answered within one second")
}

#[tokio::test(flavor = "multi_thread")]
async fn four_shards_answer_as_one_pool() {
    let twins = Twins::start().await;
    let client = twins.person(CLIENT).await;
    let mut talents = Vec::new();
    for email in TALENTS {
        talents.push(twins.person(email).await);
    }
    let compare = async || {
        for project in PROJECTS {
            let path = format!("/projects/{project}/matches?limit=15");
            let (all, newcomers) = same_pages(&client, &path).await;
            assert!(newcomers > 9 && all > newcomers + 15, "{newcomers} newcomers of {all}");
            assert_eq!(same_pages(&client, &format!("{path}&newcomers=0.3")).await, (all, newcomers));
            let skilled = overlaps(&client[0], project).await.iter().filter(|(_, overlap)| *overlap >= 0.5).count();
            assert!(skilled > 0 && skilled < all, "{skilled} of {all}");
            for path in [format!("{path}&min_skill_overlap=0.5"), format!("{path}&newcomers=0.3&min_skill_overlap=.5")]
            {
                assert_eq!(same_pages(&client, &path).await.0, skilled, "{path}");
            }
            same(&talents[0], &format!("/freelancers/me/matches/{project}/advice")).await;
            same(&talents[1], &format!("/freelancers/me/matches/{project}/advice")).await;
        }
        assert!(same_pages(&talents[0], "/freelancers/me/matches?limit=1").await.0 > 0);
    };
    compare().await;

    // Five freelancers in several shards add the wanted skills. Then all but one stop taking work.
    let mut profile = designer();
    profile["skills"] = json!(["Logo", "Branding"]);
    for weekly_hours in [20, 0] {
        profile["weekly_hours"] = json!(weekly_hours);
        let mut changed = Vec::new();
        for talent in talents.iter().skip(usize::from(weekly_hours == 0)) {
            changed.push(save_at_once(talent, &mut profile).await);
        }
        for market in &client {
            let until = Instant::now() + PATIENCE;
            loop {
                let overlaps = overlaps(market, PROJECTS[0]).await;
                let is_skilled = |id: &String| overlaps.iter().any(|(other, overlap)| other == id && *overlap == 1.0);
                let is_there = |id: &String| overlaps.iter().any(|(other, _)| other == id);
                let shown =
                    if weekly_hours > 0 { changed.iter().all(is_skilled) } else { !changed.iter().any(is_there) };
                if shown {
                    break;
                }
                assert!(Instant::now() < until, "the changes do not show after {PATIENCE:?}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        compare().await;
    }
}

#[tokio::test]
async fn a_shard_that_hangs_or_dies_costs_no_more_than_its_request() {
    let market = Market::start_with(&["--pool-shards", "4"]).await;
    let client = market.person("카페").await;
    for number in 0..8 {
        let person = market.person(&format!("designer {number}")).await;
        person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    }
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let path = format!("/projects/{project}/matches");
    let page = client.matches(&path, 8).await.body;

    assert!(market.signal_shard("3/4", "-STOP").await > 0);
    let busy = client.get(&path).await.expect_problem(StatusCode::SERVICE_UNAVAILABLE, "busy");
    assert_eq!(busy.header("retry-after"), "1");
    assert!(market.signal_shard("3/4", "-CONT").await > 0);
    assert_eq!(client.get(&path).await.expect(StatusCode::OK).body, page);

    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        assert!(market.signal_shard(shard, "-KILL").await > 0);
        assert_eq!(client.get(&path).await.expect(StatusCode::OK).body, page, "after the end of {shard}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shard_answers_matches_alone_and_only_as_the_shard_it_is() {
    let options = Options { program: runner(), pool_shards: 2, ..Options::default() };
    let market = LocalMarket::start(options).await.expect("the market starts");
    market.fill_samples().await.expect("the sample market fits");

    let routed: Vec<_> = market.template().functions.iter().filter(|function| !function.routes.is_empty()).collect();
    assert!(routed.iter().all(|function| !function.environment.contains_key("PAIRWORK_POOL_SHARD")));
    let mut asked = 0;
    for (name, _) in in_order(&requests()) {
        let Some(("matches", _)) = name.split_once('/') else { continue };
        let event = std::fs::read(repository().join("events").join(format!("{name}.json"))).expect("a readable event");
        if asked == 0 {
            let refused = market.invoke("PoolShard1Function", event.clone().into()).await;
            assert!(matches!(refused, Ok(Outcome::Failed(_))), "{name}: {refused:?}");
        }
        let outcome = market.invoke("matches", event.into()).await.expect("there is such a function");
        let Outcome::Answered(reply) = outcome else { panic!("{name}: {outcome:?}") };
        let reply: Value = serde_json::from_slice(&reply).expect("a reply is JSON");
        assert!(reply["statusCode"].as_u64().is_some_and(|status| status < 500), "{name}: {reply:#}");
        asked += 1;
    }
    assert!(asked > 5, "{asked} events");

    let question = |shard: &str, model: &str| json!({"shard": shard, "model": model, "question": ""});
    for (call, message) in [
        (question("2/2", "any"), "this is shard 1/2, and shard 2/2 was asked"),
        (question("1/2", "any"), ", and not by any"),
    ] {
        let outcome =
            market.invoke("PoolShard1Function", call.to_string().into()).await.expect("there is such a function");
        let Outcome::Failed(error) = outcome else { panic!("{call}: {outcome:?}") };
        let error: Value = serde_json::from_slice(&error).expect("an error is JSON");
        assert!(error["errorMessage"].as_str().is_some_and(|text| text.ends_with(message)), "{error}");
    }

    let (granted, used) = (market.granted_permissions(), market.used_permissions());
    let beyond: Vec<_> = used.difference(&granted).collect();
    assert!(beyond.is_empty(), "more was done than allowed: {beyond:#?}");
    let of_shards = |permission: &&Permission| {
        permission.function.starts_with("PoolShard") || permission.action == "lambda:InvokeFunction"
    };
    let unused: Vec<_> = granted.difference(&used).filter(of_shards).collect();
    assert!(unused.is_empty(), "the roles allow what no shard does: {unused:#?}");
    market.shutdown().await.expect("the market stops");
}
