//! Sealed fields in a running market: what is stored, and what another role, place or data folder opens.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::path::PathBuf;

use pairwork::{LocalMarket, Options, Outcome, Program, TEMPLATE};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use store::{Condition, Slice, Store, Transaction, keys};

const PASSWORD: &str = "correct horse battery staple";

async fn start(options: Options) -> (LocalMarket, Store) {
    let program = Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork")));
    let market = LocalMarket::start(Options { program, ..options }).await.unwrap();
    let store = market.store().await.unwrap();
    (market, store)
}

/// The status of a sign-in.
async fn sign_in(market: &LocalMarket, email: &str) -> StatusCode {
    let body = json!({"email": email, "password": PASSWORD});
    Client::new().post(format!("{}/sessions", market.base_url)).json(&body).send().await.unwrap().status()
}

async fn register(market: &LocalMarket, email: &str) {
    let body = json!({"email": email, "password": PASSWORD, "display_name": "Mina"});
    let reply = Client::new().post(format!("{}/accounts", market.base_url)).json(&body).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::CREATED, "{:?}", reply.text().await);
}

async fn stored_keys(store: &Store) -> Vec<Value> {
    store.query(&keys::signing_keys(), Slice::ALL).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signing_key_is_stored_sealed_and_opens_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(data.path().to_owned()), ..Options::default() };
    let (market, store) = start(options()).await;
    register(&market, "mina@example.com").await;
    assert_eq!(sign_in(&market, "mina@example.com").await, StatusCode::OK);
    let [key] = &stored_keys(&store).await[..] else { panic!() };
    assert!(key["sealed"].is_string() && key.get("secret").is_none(), "{:?}", key.as_object().unwrap().keys());
    market.shutdown().await.unwrap();

    let (market, store) = start(options()).await;
    assert_eq!(sign_in(&market, "mina@example.com").await, StatusCode::OK);
    assert_eq!(stored_keys(&store).await.len(), 1, "the same key signs");
    market.shutdown().await.unwrap();

    // With other secrets of KMS the key does not open, and nobody signs in.
    std::fs::remove_file(data.path().join("kms.json")).unwrap();
    let (market, _) = start(options()).await;
    assert_eq!(sign_in(&market, "mina@example.com").await, StatusCode::INTERNAL_SERVER_ERROR);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_key_opens_in_its_place_alone() {
    let data = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(data.path().to_owned()), ..Options::default() };
    let (market, store) = start(options()).await;
    register(&market, "mina@example.com").await;
    assert_eq!(sign_in(&market, "mina@example.com").await, StatusCode::OK);
    // Somebody who writes to the table moves the key to another generation.
    let mut moved = stored_keys(&store).await.remove(0);
    moved["generation"] = json!(2);
    moved.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "pk" | "sk"));
    let mut transaction = Transaction::new();
    transaction.put("moved", keys::signing_key(2), &moved, Condition::Absent).unwrap();
    store.commit(transaction).await.unwrap();
    market.shutdown().await.unwrap();

    // It does not open there. The key in its own place signs on.
    let (market, store) = start(options()).await;
    assert_eq!(sign_in(&market, "mina@example.com").await, StatusCode::OK);
    let mut transaction = Transaction::new();
    transaction.delete("moved", keys::signing_key(0), Condition::Present);
    store.commit(transaction).await.unwrap();
    market.shutdown().await.unwrap();

    // With the moved key alone, nobody signs in.
    let (market, _) = start(options()).await;
    assert_eq!(sign_in(&market, "mina@example.com").await, StatusCode::INTERNAL_SERVER_ERROR);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_seals_for_its_own_table_alone() {
    // The role names another table, so KMS refuses, and no unsealed key is stored instead.
    let template =
        TEMPLATE.replace("\"kms:EncryptionContext:table\": credentials", "\"kms:EncryptionContext:table\": market");
    assert_ne!(template, TEMPLATE);
    let (market, store) = start(Options { template, ..Options::default() }).await;
    register(&market, "mina@example.com").await;
    assert_eq!(sign_in(&market, "mina@example.com").await, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(stored_keys(&store).await, [Value::Null; 0]);
    let outcome = market.invoke("notify", r#"{"Records": []}"#.into()).await.unwrap();
    assert!(matches!(outcome, Outcome::Answered(_)), "another function is not concerned");
    market.shutdown().await.unwrap();
}
