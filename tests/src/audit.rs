//! The audit trail: every act leaves one row, acts at once don't fork the trail, and damage is found.

use std::path::Path;
use std::process::Output;

use futures_util::future::join_all;
use pairwork::{LocalMarket, Options};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use store::{Condition, Store, Transaction, keys};
use tokio::process::Command;

use crate::support::{Market, PASSWORD, Person};

async fn acts(person: &Person<'_>) -> Vec<(String, String)> {
    let page = person.get("/accounts/me/audit?limit=100").await.expect(StatusCode::OK);
    let items = page.body["items"].as_array().expect("acts").clone();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (text(item, "act"), text(item, "subject"))).collect()
}

#[tokio::test]
async fn every_act_leaves_a_row_that_its_owner_reads() {
    let market = Market::start().await;
    let mut person = market.person("서연").await;
    let other = market.person("Other").await;
    let second = market.post("/sessions", &json!({"email": person.email, "password": PASSWORD})).await;
    let second = second.expect(StatusCode::OK);
    let id = second.text("/session_id");
    person.request(Method::DELETE, &format!("/sessions/{id}")).send().await.expect(StatusCode::NO_CONTENT);
    let proved = person.post("/sessions/current/proof", &json!({"password": PASSWORD})).await.expect(StatusCode::OK);
    person.token = proved.text("/access_token");
    // A wrong password is no act of the owner.
    let wrong = person.post("/sessions/current/proof", &json!({"password": "not the password"})).await;
    wrong.expect(StatusCode::UNAUTHORIZED);
    let email = json!({"email": "seoyun.new@example.com"});
    person.put("/accounts/me/email", &email).await.expect(StatusCode::ACCEPTED);
    let password = json!({"current_password": PASSWORD, "password": "seven paper lanterns"});
    person.put("/accounts/me/password", &password).await.expect(StatusCode::NO_CONTENT);

    let expected = [
        ("password_changed", ""),
        ("address_change_requested", ""),
        ("proved", "password"),
        ("session_ended", id.as_str()),
        ("signed_in", "password"),
        ("signed_in", "password"),
        ("registered", ""),
    ];
    assert_eq!(acts(&person).await, expected.map(|(act, subject)| (act.to_owned(), subject.to_owned())));
    assert_eq!(acts(&other).await.len(), 2, "another account's acts are in another trail");

    // Pages of two, newest first.
    let (mut cursor, mut sequences) = (String::new(), Vec::new());
    loop {
        let page = person.get(&format!("/accounts/me/audit?limit=2{cursor}")).await.expect(StatusCode::OK);
        assert!(page.header("cache-control").contains("no-store"));
        for item in page.body["items"].as_array().expect("acts") {
            sequences.push(item["sequence"].as_u64().expect("a number"));
            assert_eq!((&item["by"], &item["is_same_network"]), (&json!("owner"), &json!(true)));
            let network = item["network"].as_str().expect("a pseudonym");
            assert!(network.len() == 16 && !network.contains("127.0.0.1"), "{network}");
        }
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(sequences, [7, 6, 5, 4, 3, 2, 1]);
    let foreign = person.get("/accounts/me/audit?limit=2").await.text("/next_cursor");
    let refused = other.get(&format!("/accounts/me/audit?cursor={foreign}")).await;
    refused.expect_problem(StatusCode::BAD_REQUEST, "invalid_cursor");
}

#[tokio::test]
async fn a_reused_refresh_token_leaves_a_row() {
    let market = Market::start().await;
    let person = market.person("민준").await;
    let session = market.post("/sessions", &json!({"email": person.email, "password": PASSWORD})).await;
    let session = session.expect(StatusCode::OK);
    let first = json!({"refresh_token": session.text("/refresh_token")});
    market.post("/sessions/refresh", &first).await.expect(StatusCode::OK);
    market.post("/sessions/refresh", &first).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_refresh_token");
    let acts = acts(&person).await;
    assert_eq!(acts[0], ("refresh_reused".to_owned(), session.text("/session_id")));
}

#[tokio::test]
async fn twenty_sign_ins_at_once_all_succeed_and_fork_no_trail() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let market = Market::start_with(&["--data", data, "--parameter-overrides", "AccountLimitFactor=10"]).await;
    let person = market.person("Owner").await;
    let body = json!({"email": person.email, "password": PASSWORD});
    join_all((0..20).map(|_| async {
        // The gateway says so without a code when this machine is too busy to start a process in time.
        let mut session = market.post("/sessions", &body).await;
        while session.status == StatusCode::SERVICE_UNAVAILABLE && session.body["code"].is_null() {
            session = market.post("/sessions", &body).await;
        }
        session.expect(StatusCode::OK);
    }))
    .await;
    let rows = acts(&person).await.len();
    assert!(rows >= 22, "a registration and 21 sign-ins left {rows} rows");
    assert_eq!(market.terminate().await, Some(0));
    let verified = audit(&["verify", "--data", data]).await;
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    assert!(text(&verified).contains(&format!("1 trails with {rows} rows: 0 damages")), "{verified:?}");
}

/// `pairwork audit` with these arguments.
async fn audit(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pairwork-under-test"));
    command.arg("audit").args(arguments).output().await.expect("the command runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_finds_damage_and_names_account_and_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let market = Market::start_with(&["--data", data]).await;
    let (edited, cut, whole) = (market.person("A").await, market.person("B").await, market.person("C").await);
    let [edited, cut, whole] = [edited, cut, whole].map(|person| person.id);
    assert_eq!(market.terminate().await, Some(0));

    change(folder.path(), async |store| {
        let row = keys::audit_row(&edited, 1);
        let mut item: Map<String, Value> = store.get(&row).await.expect("a store").expect("a row");
        item.insert("act".to_owned(), json!("password_changed"));
        let mut transaction = Transaction::new();
        transaction.put("row", row, &item, Condition::Present).expect("an item");
        transaction.delete("row", keys::audit_row(&cut, 2), Condition::Present);
        store.commit(transaction).await.expect("a commit");
    })
    .await;
    let verified = audit(&["verify", "--data", data]).await;
    assert_eq!(verified.status.code(), Some(1), "{verified:?}");
    let lines = text(&verified);
    assert!(lines.contains(&format!("{edited}: row 1 was edited")), "{lines}");
    assert!(lines.contains(&format!("{cut}: row 2 is missing")), "{lines}");
    assert!(!lines.contains(&whole) && lines.contains("3 trails with 5 rows: 2 damages"), "{lines}");

    let shown = audit(&["show", "--data", data, &whole]).await;
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    assert!(text(&shown).contains("registered") && text(&shown).contains("signed_in"), "{shown:?}");

    let elsewhere = audit(&["verify", "--data", "/no/such/folder"]).await;
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("no data folder"), "{elsewhere:?}");
}

/// Changes the store of a data folder, as somebody with access to the tables can.
async fn change(folder: &Path, change: impl AsyncFnOnce(&Store)) {
    let options = Options { data: Some(folder.to_owned()), ..Options::default() };
    let market = LocalMarket::start(options).await.expect("the market starts");
    change(&market.store().await.expect("a store")).await;
    market.shutdown().await.expect("the market stops");
}
