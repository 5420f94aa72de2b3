//! The roles of the template allow what the functions do, and nothing else.
//!
//! The local database holds every call against the caller's role, as AWS does. The sample events take every way through the
//! functions that leads to another kind of call.

use std::path::PathBuf;

use pairwork::{LocalMarket, Options, Outcome, Program};
use serde_json::Value;

use crate::golden::repository;
use crate::sample_events::{in_order, requests};

#[tokio::test(flavor = "multi_thread")]
async fn a_role_allows_what_its_function_does_and_nothing_else() {
    let program = Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork-under-test")));
    let market = LocalMarket::start(Options { program, ..Options::default() }).await.expect("the market starts");
    market.fill_samples().await.expect("the sample market fits");

    for (name, _) in in_order(&requests()) {
        let (function, _) = name.split_once('/').expect("a name is function and event");
        let event = std::fs::read(repository().join("events").join(format!("{name}.json"))).expect("a readable event");
        let outcome = market.invoke(function, event.into()).await.expect("there is such a function");
        let Outcome::Answered(reply) = outcome else { panic!("{name}: {outcome:?}") };
        let reply: Value = serde_json::from_slice(&reply).expect("a reply is JSON");
        assert!(reply["statusCode"].as_u64().is_some_and(|status| status < 500), "{name}: {reply:#}");
    }

    let (granted, used) = (market.granted_permissions(), market.used_permissions());
    let unused: Vec<_> = granted.difference(&used).collect();
    assert!(unused.is_empty(), "the template allows what no function does: {unused:#?}");
    assert_eq!(used, granted, "more was done than allowed");
    market.shutdown().await.expect("the market stops");
}
