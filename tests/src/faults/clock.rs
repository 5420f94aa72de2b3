//! A clock that jumps ahead and back.

use reqwest::StatusCode;

use super::{injected, market, post, registered_in_peace, titles, world};

#[tokio::test(flavor = "multi_thread")]
async fn while_the_clock_jumps_nothing_is_lost_and_a_key_has_one_effect() {
    let market = market("[clock]\noffsets_s = [-2, 0, 90]\nevery_ms = 50").await;
    let mut world = world(&market);
    let owner = registered_in_peace(&mut world).await;
    let mut expected = Vec::new();
    for number in 0..30 {
        let title = format!("logo {number:02}");
        let request = post(&owner, &format!("key-{number}"), &title);
        let first = world.send(request.clone()).await.expect(StatusCode::CREATED);
        let again = world.send(request).await.expect(StatusCode::CREATED);
        assert_eq!(again.text("/id"), first.text("/id"));
        expected.push(title);
    }
    // A session is used and refreshed meanwhile, too.
    world.sign_in(&owner).await;
    assert!(injected(&market, "clock set") > 10);
    market.faults().pause();
    assert_eq!(titles(&mut world, &owner).await, expected);
    market.shutdown().await.expect("the market stops");
}
