//! Limits are exact, however many requests come at once, and a guesser does not lock an owner out.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http_api::limits::AddressPrefix;
use http_api::{Action, Caller, Code, Limits};
use jiff::{SignedDuration, Timestamp};
use pairwork::{LocalMarket, Options, Program};
use reqwest::StatusCode;
use runtime::Config;
use serde_json::json;
use store::buckets::{BucketSize, Taken};
use store::keys;

use crate::support::{ApiResponse, Market, logo_project};

const DEPLOYED: [&str; 2] = ["--parameter-overrides", "AddressLimitFactor=1"];

/// The seconds that a refused caller shall wait. All headers of the refusal agree with it.
fn waits(refusal: &ApiResponse, limit: &str) -> u64 {
    let seconds: u64 = refusal.header("retry-after").parse().expect("a whole number of seconds");
    assert_eq!(refusal.header("ratelimit"), format!("\"{limit}\";r=0;t={seconds}"));
    assert!(refusal.header("ratelimit-policy").starts_with(&format!("\"{limit}\";q=")), "{refusal:?}");
    seconds
}

#[tokio::test]
async fn of_200_requests_at_once_the_burst_is_admitted() {
    let market = Market::start_with(&DEPLOYED).await;
    let body = json!({"project": {"skills": ["Rust"]}, "freelancers": [{"skills": ["Rust"]}]});
    let started = Instant::now();
    let answers = join_all((0..200).map(|_| market.post("/matches/score", &body))).await;
    let (admitted, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|it| it.status == StatusCode::OK);
    // The burst is 40, and one more is admitted each 2 s.
    let most = 40 + usize::try_from(started.elapsed().as_secs()).expect("a short time") / 2;
    assert!((40..=most).contains(&admitted.len()), "{} admitted", admitted.len());
    assert_eq!(admitted.len() + refused.len(), 200);
    for refusal in refused {
        let refusal = refusal.expect_problem(StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        assert!((1..=2).contains(&waits(&refusal, "rank-by-address")), "{refusal:?}");
    }
    // Another address has a bucket of its own, and reads take no token.
    let elsewhere = reqwest::Client::builder().local_address(IpAddr::from(Ipv4Addr::new(127, 0, 0, 2)));
    let elsewhere = elsewhere.build().expect("a client");
    let answer = elsewhere.post(format!("{}/matches/score", market.url())).json(&body).send().await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    market.get("/projects").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_account_that_writes_too_much_waits_and_others_do_not() {
    let market = Market::start().await;
    let (busy, other) = (market.person("바쁜 사람").await, market.person("다른 사람").await);
    let posted = busy.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
    let (path, unchanged) = (format!("/projects/{}", posted.text("/id")), json!({"title": "카페 로고 디자인"}));
    let started = Instant::now();
    let answers = join_all((0..400).map(|_| busy.patch(&path, &unchanged))).await;
    let admitted = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    // The burst is 300, the project took one, and one more is admitted each second.
    let most = 299 + usize::try_from(started.elapsed().as_secs()).expect("a short time") + 1;
    assert!((299..=most).contains(&admitted), "{admitted} admitted");
    let refusal = answers.into_iter().find(|answer| answer.status != StatusCode::OK).expect("a refusal");
    let refusal = refusal.expect_problem(StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    tokio::time::sleep(Duration::from_secs(waits(&refusal, "write-by-account") + 1)).await;
    busy.patch(&path, &unchanged).await.expect(StatusCode::OK);
    other.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
}

async fn local_market() -> LocalMarket {
    let program = Program::Like(env!("CARGO_BIN_EXE_pairwork-under-test").into());
    LocalMarket::start(Options { program, ..Options::default() }).await.expect("the market starts")
}

fn at(address: &str) -> Caller {
    Caller::at(AddressPrefix::read(address))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_fills_up_at_its_speed_and_never_above_its_burst() {
    let market = local_market().await;
    let store = market.store().await.expect("a store");
    let size = BucketSize { burst: 3, refill: Duration::from_secs(10) };
    let key = keys::bucket("test", "hash");
    let start: Timestamp = "2026-12-01T00:00:00Z".parse().expect("a time");
    let after = |seconds: i64| start + SignedDuration::from_secs(seconds);
    let take = async |seconds| store.take_token(&key, size, after(seconds)).await.expect("the store answers");
    let empty = |seconds| Taken::Empty(Duration::from_secs(seconds));
    for (seconds, expected) in [
        (0, Taken::Token),
        (0, Taken::Token),
        (4, Taken::Token),
        (4, empty(6)),
        (10, Taken::Token),
        (10, empty(10)),
        // A clock that is behind gets no more.
        (5, empty(15)),
        (1_000, Taken::Token),
        (1_000, Taken::Token),
        (1_000, Taken::Token),
        (1_000, empty(10)),
    ] {
        assert_eq!(take(seconds).await, expected, "after {seconds} s");
    }
    store.return_token(&key, size, after(1_000)).await.expect("the store answers");
    assert_eq!(take(1_000).await, Taken::Token);
    assert_eq!(take(1_000).await, empty(10));

    let many = keys::bucket("test", "many");
    let takes = (0..200).map(|_| store.take_token(&many, BucketSize { burst: 30, ..size }, start));
    let taken = join_all(takes).await.into_iter().filter(|taken| matches!(taken, Ok(Taken::Token))).count();
    assert_eq!(taken, 30);
    market.shutdown().await.expect("the market stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guesser_is_slowed_down_and_the_owner_still_gets_in() {
    let market = local_market().await;
    let store = market.store().await.expect("a store");
    let limits = Limits::new(store, &Config::read(|_| None).expect("defaults"));
    let now: Timestamp = "2026-12-01T00:00:00Z".parse().expect("a time");
    let attempt = async |caller: Caller, device: Option<&str>, now: Timestamp| {
        let attempt = limits.attempt_sign_in("owner@example.com", &caller, device, now).await;
        attempt.map_err(|error| error.code())
    };
    let home = || at("198.51.100.7");
    attempt(home(), None, now).await.expect("a first sign-in").succeeded().await.expect("the store answers");

    // One machine tries 300 passwords. Ten are checked.
    let tries = join_all((0..300).map(|_| attempt(at("203.0.113.9"), None, now))).await;
    assert_eq!(tries.iter().filter(|tried| tried.is_ok()).count(), 10);
    assert!(tries.iter().all(|tried| tried.as_ref().err().is_none_or(|code| *code == Code::TOO_MANY_REQUESTS)));

    // A hundred machines try on. Together with the first one they get fifty tries.
    let addresses: Vec<String> = (0..100).map(|number| format!("203.0.113.{}", number + 10)).collect();
    let tries = join_all(addresses.iter().map(|address| attempt(at(address), None, now))).await;
    assert_eq!(tries.iter().filter(|tried| tried.is_ok()).count(), 40);

    // The owner gets in from the address of before, and on the way with the session of before, as often as they like.
    for _ in 0..30 {
        attempt(home(), None, now).await.expect("a known address").succeeded().await.expect("the store answers");
        let on_the_way = attempt(at("192.0.2.1"), Some("ses_1"), now).await.expect("a known session");
        on_the_way.succeeded().await.expect("the store answers");
    }
    // A mark that has expired counts no more, swept or not.
    let much_later = now + SignedDuration::from_hours(91 * 24);
    for address in &addresses[..50] {
        assert!(attempt(at(address), None, much_later).await.is_ok(), "{address}");
    }
    assert_eq!(attempt(home(), None, much_later).await.unwrap_err(), Code::TOO_MANY_REQUESTS);

    // Other accounts are not concerned.
    let another = limits.attempt_sign_in("another@example.com", &at("203.0.113.99"), None, now).await;
    assert!(another.is_ok());
    market.shutdown().await.expect("the market stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_action_has_buckets_of_its_own() {
    let market = local_market().await;
    let limits = Limits::new(market.store().await.expect("a store"), &Config::read(|_| None).expect("defaults"));
    let now: Timestamp = "2026-12-01T00:00:00Z".parse().expect("a time");
    let caller = at("2001:db8:1:2::1");
    for _ in 0..20 {
        limits.take(Action::Register, caller.anonymous(), now).await.expect("a token");
    }
    // Another address of the same network is the same caller.
    let neighbour = at("2001:db8:1:2:3:4:5:6");
    let refused = limits.take(Action::Register, neighbour.anonymous(), now).await.unwrap_err();
    assert_eq!(refused.code(), Code::TOO_MANY_REQUESTS);
    limits.take(Action::Register, at("2001:db8:1:3::1").anonymous(), now).await.expect("a token");
    limits.take(Action::Reset, caller.account("a@example.com"), now).await.expect("a token");
    market.shutdown().await.expect("the market stops");
}
