//! A clock that jumps ahead and back.

use std::time::Duration;

use pairwork::LocalMarket;
use reqwest::StatusCode;
use serde_json::Value;

use super::{injected, market, post, registered_in_peace, send_once, titles, world};
use crate::simulation::world::Request;

/// Sends a request until it is accepted. A token that was issued more than 5 s ahead of the present time is refused,
/// and the refusal has no effect.
async fn accepted(market: &LocalMarket, request: &Request) -> Value {
    for _ in 0..1_000 {
        match send_once(market, request).await {
            (StatusCode::CREATED, _, body) => return body,
            (StatusCode::UNAUTHORIZED, _, _) => tokio::time::sleep(Duration::from_millis(20)).await,
            (status, _, body) => panic!("{status}: {body:#}"),
        }
    }
    panic!("the request was never accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_clock_jumps_nothing_is_lost_and_a_key_has_one_effect() {
    let market = market("[clock]\noffsets_s = [-2, 0, 90]\nevery_ms = 50").await;
    let mut world = world(&market);
    let owner = registered_in_peace(&mut world).await;
    let mut expected = Vec::new();
    for number in 0..20 {
        let title = format!("logo {number:02}");
        let request = post(&owner, &format!("key-{number}"), &title);
        let first = accepted(&market, &request).await;
        let again = accepted(&market, &request).await;
        assert_eq!(again["id"], first["id"]);
        expected.push(title);
    }
    assert!(injected(&market, "clock set") > 10);
    market.faults().pause();
    // The clock is right again within one tick, and then accepts the token, which was issued in peace.
    accepted(&market, &post(&owner, "last-key", "logo 20")).await;
    expected.push("logo 20".to_owned());
    assert_eq!(titles(&mut world, &owner).await, expected);
    market.shutdown().await.expect("the market stops");
}
