//! Faults of the store.

use jiff::Timestamp;
use pairwork::{ItemsWanted, LocalMarket};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Condition, Key, Table, Transaction};

use super::{assert_same, injected, market, post, registered_in_peace, send_once, titles, world};
use crate::simulation::world::Request;

#[tokio::test(flavor = "multi_thread")]
async fn under_throttling_nothing_is_lost_nothing_happens_twice_and_nothing_answers_500() {
    let market = market("[store]\nthrottled = 0.1\ncancelled = 0.1\nunprocessed = 0.3\n").await;
    let mut world = world(&market);
    let owner = world.register().await;
    let names: Vec<String> = (0..40).map(|number| format!("project {number:02}")).collect();
    for name in &names {
        world.send(post(&owner, &name.replace(' ', "-"), name)).await.expect(StatusCode::CREATED);
    }
    assert_eq!(titles(&mut world, &owner).await, names);
    for fault in ["throttled", "cancelled", "left unprocessed"] {
        assert!(injected(&market, fault) > 0, "{fault} was never injected");
    }
    market.shutdown().await.expect("the market stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_throttles_everything_gives_503_with_retry_after_and_no_effect() {
    let market = market("[store]\nthrottled = 1.0\n").await;
    let mut world = world(&market);
    let owner = registered_in_peace(&mut world).await;
    let (status, retry_after, problem) = send_once(&market, &post(&owner, "key", "logo")).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("busy")));
    assert_eq!(retry_after, "1");
    market.faults().pause();
    assert!(titles(&mut world, &owner).await.is_empty());
    world.send(post(&owner, "key", "logo")).await.expect(StatusCode::CREATED);
    assert_eq!(titles(&mut world, &owner).await, ["logo"]);
    market.shutdown().await.expect("the market stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_reply_the_same_key_gives_the_stored_reply() {
    let market = market("[store]\nlost_replies = 0.2\n").await;
    let mut world = world(&market);
    let owner = world.register().await;
    for number in 0..40 {
        let request = post(&owner, &format!("key-{number}"), &format!("project {number:02}"));
        let first = world.send(request.clone()).await.expect(StatusCode::CREATED);
        let again = world.send(request).await;
        assert_same(&first, &again);
    }
    assert!(injected(&market, "reply lost") > 10);
    market.faults().pause();
    assert_eq!(titles(&mut world, &owner).await.len(), 40);
    market.shutdown().await.expect("the market stops");
}

/// No attempt of any write hears of its success.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_every_reply_is_lost_is_answered_all_the_same() {
    let market = market("[store]\nlost_replies = 1.0\n").await;
    let mut world = world(&market);
    let owner = registered_in_peace(&mut world).await;
    let first = world.send(post(&owner, "key", "logo")).await.expect(StatusCode::CREATED);
    market.faults().pause();
    let again = world.send(post(&owner, "key", "logo")).await;
    assert_same(&first, &again);
    assert_eq!(titles(&mut world, &owner).await, ["logo"]);
    market.shutdown().await.expect("the market stops");
}

/// DynamoDB knows a transaction's token for ten minutes. Here it forgets each token at once, so a repeated transaction
/// meets its own effect, and only the idempotency record tells.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_window_of_tokens_a_request_still_has_one_effect() {
    let market = market("[store]\nlost_replies = 0.5\nforget_tokens = true\n").await;
    let mut world = world(&market);
    // Registering meets its own address, and posting its own project.
    let owner = world.register().await;
    for number in 0..20 {
        let request = post(&owner, &format!("key-{number}"), &format!("project {number:02}"));
        let first = world.send(request.clone()).await.expect(StatusCode::CREATED);
        let again = world.send(request).await;
        assert_same(&first, &again);
    }
    assert!(injected(&market, "reply lost") > 10);
    market.faults().pause();
    assert_eq!(titles(&mut world, &owner).await.len(), 20);
    market.shutdown().await.expect("the market stops");
}

/// Lets every item of a table that can expire expire a second ago. Returns how many there were.
async fn expire(market: &LocalMarket, logical_id: &str, table: Table) -> usize {
    let wanted = ItemsWanted { limit: 100, ..ItemsWanted::default() };
    let page = market.inspector().items(logical_id, wanted).await.expect("a readable table");
    let store = market.store().await.expect("a store");
    let mut expired = 0;
    for item in page.items {
        let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
        let key = Key::new(table, text("pk"), text("sk"));
        let record: Option<Value> = store.get(&key).await.expect("a readable store");
        let Some(mut record) = record.filter(|record| record["expires_at"].is_i64()) else { continue };
        record["expires_at"] = json!(Timestamp::now().as_second() - 1);
        let mut write = Transaction::new();
        write.put("record", key, &record, Condition::Always).expect("a record");
        store.commit(write).await.expect("a writable store");
        expired += 1;
    }
    expired
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_item_that_is_not_swept_yet_is_never_honoured() {
    let market = market("").await;
    let mut world = world(&market);
    let owner = world.register().await;
    let first = world.send(post(&owner, "key", "logo")).await.expect(StatusCode::CREATED);
    assert!(expire(&market, "LiveTable", Table::Live).await >= 2, "the keys of the account and of the project");
    // Neither the reply nor the fingerprint of the body counts any more.
    let other = world.send(post(&owner, "key", "another logo")).await.expect(StatusCode::CREATED);
    assert_ne!(other.text("/id"), first.text("/id"));
    assert_eq!(titles(&mut world, &owner).await, ["another logo", "logo"]);

    assert!(expire(&market, "TrustTable", Table::Trust).await >= 1, "the session");
    let (status, _, _) = send_once(&market, &post(&owner, "other key", "third logo")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let refresh = json!({"refresh_token": owner.refresh_token});
    let (status, _, _) = send_once(&market, &Request::new(Method::POST, "/sessions/refresh").json(refresh)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    market.shutdown().await.expect("the market stops");
}
