//! The roles of the template allow what the functions do, and nothing else.
//!
//! The emulator checks every call against the caller's role, as AWS does. Together, the sample events make every kind
//! of call that the functions make.

use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pairwork::{LocalMarket, Options, Outcome, Program};
use pool::{Change, Compaction, Compactor, Revision, Row};
use serde_json::Value;
use store::due::{Due, DueKind};
use store::keys::{self, Collection};
use store::{Condition, Key, Table, Transaction};
use ulid::Ulid;

use crate::golden::repository;
use crate::sample_events::{batches, changes, in_order, requests};

#[tokio::test(flavor = "multi_thread")]
async fn a_role_allows_what_its_function_does_and_nothing_else() {
    let program = Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork-under-test")));
    let market = LocalMarket::start(Options { program, ..Options::default() }).await.expect("the market starts");
    leave_an_old_feed(&market).await;
    market.fill_samples().await.expect("the sample market fits");
    leave_an_early_account(&market).await;

    for (name, _) in in_order(&requests()) {
        let (function, _) = name.split_once('/').expect("a name is function and event");
        let event = std::fs::read(repository().join("events").join(format!("{name}.json"))).expect("a readable event");
        let outcome = market.invoke(function, event.into()).await.expect("there is such a function");
        let Outcome::Answered(reply) = outcome else { panic!("{name}: {outcome:?}") };
        let reply: Value = serde_json::from_slice(&reply).expect("a reply is JSON");
        assert!(reply["statusCode"].as_u64().is_some_and(|status| status < 500), "{name}: {reply:#}");
    }

    close_accounts(&market).await;
    for (name, batch) in batches(&changes()) {
        let (function, _) = name.split_once('/').expect("a name is function and event");
        let event = std::fs::read(repository().join("events").join(format!("{name}.json"))).expect("a readable event");
        batch.expect(&name, &market.invoke(function, event.into()).await.expect("there is such a function"));
    }
    market.caught_up().await.expect("the streams are readable");

    let (granted, used) = (market.granted_permissions(), market.used_permissions());
    let unused: Vec<_> = granted.difference(&used).collect();
    assert!(unused.is_empty(), "the template allows what no function does: {unused:#?}");
    assert_eq!(used, granted, "more was done than allowed");
    market.shutdown().await.expect("the market stops");
}

/// Lets `erase` withdraw a freelancer and a client, and erase another client.
async fn close_accounts(market: &LocalMarket) {
    let store = market.store().await.expect("a store");
    let past = Timestamp::from_second(1_700_000_000).expect("a time");
    let closing = [
        ("usr_01M44SW7R00000000000000005", DueKind::Show),
        ("usr_01M44SW7R00000000000000001", DueKind::Show),
        ("usr_01M485AYT00000000000000002", DueKind::Erase),
    ];
    let mut transaction = Transaction::new();
    for (id, kind) in closing {
        let account_id = id.parse().expect("an id");
        let account = store.account(account_id).await.expect("a store").expect("a sample person");
        let account = domain::account::Account { erased_at: Some(past), ..account };
        transaction.put("account", keys::account(account_id), &account, Condition::Always).expect("an item");
        transaction.add_due(&Due { at: past, kind, account_id }).expect("an item");
    }
    store.commit(transaction).await.expect("a commit");
    let event = std::fs::read(repository().join("events/erase/every-minute.json")).expect("a readable event");
    let outcome = market.invoke("erase", event.into()).await.expect("there is such a function");
    let Outcome::Answered(answer) = outcome else { panic!("{outcome:?}") };
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    // The timer may have done a part of it before.
    assert_eq!(answer["left"], 0, "{answer}");
}

/// Moves the account of the sample person Seoyun to where versions up to 0.1 kept it.
async fn leave_an_early_account(market: &LocalMarket) {
    const SEOYUN: &str = "usr_01M44SW7R00000000000000001";
    let store = market.store().await.expect("a store");
    let account = store.account(SEOYUN.parse().expect("an id")).await.expect("a store").expect("a sample person");
    let early = Key::new(Table::Market, format!("ACCOUNT#{SEOYUN}"), "ACCOUNT");
    let mut transaction = Transaction::new();
    transaction.delete("account", keys::account(SEOYUN), Condition::Present);
    transaction.put("early account", early, &account, Condition::Absent).expect("an item");
    store.commit(transaction).await.expect("a commit");
}

/// Leaves a feed in the pool: one part was compacted long enough ago to be deleted, and the rest is due for compaction.
async fn leave_an_old_feed(market: &LocalMarket) {
    let store = market.store().await.expect("a store");
    let long_ago = Timestamp::now() - SignedDuration::from_hours(2);
    let gone = Row { id: Ulid(1), revision: Revision::from_bits(1), change: Change::Tombstone(long_ago) };
    let rows: Vec<Row> = vec![gone; 4_000];
    pool::append(&store, Collection::Projects, &rows, long_ago).await.expect("a feed");
    let soon = long_ago + SignedDuration::from_mins(1);
    let compaction = Compactor::new(Collection::Projects).compact(&store, soon, Duration::from_secs(60)).await;
    assert_eq!(compaction.expect("a compaction"), Compaction::Complete);
    pool::append(&store, Collection::Projects, &rows, soon).await.expect("a feed");
}
