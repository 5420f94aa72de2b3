//! The function that keeps the pools.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_read_is_given_up_alone() {
    let program = Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork")));
    let template = TEMPLATE.replace("MaximumRetryAttempts: 8", "MaximumRetryAttempts: 1");
    // Time enough that all changes come in one batch.
    let template = template.replace("MaximumBatchingWindowInSeconds: 0", "MaximumBatchingWindowInSeconds: 3");
    assert_eq!(template.matches("MaximumBatchingWindowInSeconds: 3").count(), 1);
    let market = LocalMarket::start(Options { program, template, ..Options::default() }).await.unwrap();
    let store = market.store().await.unwrap();
    market.fill_samples().await.unwrap();
    market.caught_up().await.unwrap();
    let before = read_now(&store).await;
    assert!(before > 0);
    let nobody = "usr_00000000000000000000000000";
    let mut transaction = Transaction::new();
    transaction.put("nonsense", keys::freelancer(nobody), &json!({"id": "nobody"}), Condition::Always).unwrap();
    store.commit(transaction).await.unwrap();
    // Behind it, a sample person leaves.
    let mut transaction = Transaction::new();
    let leaving = market_people().into_iter().next().unwrap();
    transaction.delete("leaving", keys::freelancer(&leaving), Condition::Present);
    store.commit(transaction).await.unwrap();

    market.caught_up().await.unwrap();
    assert_eq!(read_now(&store).await, before - 1, "who left is gone");
    let letters = market.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].queue, "StreamDeadLetters");
    assert_eq!(letters[0].records.len(), 1);
    assert_eq!(letters[0].records[0]["dynamodb"]["NewImage"]["id"], json!({"S": "nobody"}));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_was_lost_is_packed_anew() {
    let program = Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork")));
    let market = LocalMarket::start(Options { program, ..Options::default() }).await.unwrap();
    let store = market.store().await.unwrap();
    market.fill_samples().await.unwrap();
    let before = read_bodies(&store).await;
    assert!(!before.is_empty());
    for sk in store.query_sort_keys(&pool::keys::feed(POOL), Slice::ALL).await.unwrap() {
        let mut transaction = Transaction::new();
        transaction.delete("feed item", pool::keys::feed(POOL).item(sk), Condition::Present);
        store.commit(transaction).await.unwrap();
    }
    assert!(read_bodies(&store).await.is_empty());

    let repack = |event: serde_json::Value| {
        let market = &market;
        async move {
            match market.invoke("stream", event.to_string().into()).await.unwrap() {
                Outcome::Answered(answer) => serde_json::from_slice::<serde_json::Value>(&answer).unwrap(),
                failed => panic!("{failed:?}"),
            }
        }
    };
    let everybody = json!({"packed": before.len(), "next": null});
    assert_eq!(repack(json!({"repack": "freelancers"})).await, everybody);
    assert_eq!(read_bodies(&store).await, before);
    // Again, and behind everybody.
    assert_eq!(repack(json!({"repack": "freelancers", "after": null})).await, everybody);
    let first = "00000000000000000000000000";
    assert_eq!(repack(json!({"repack": "freelancers", "after": first})).await, json!({"packed": 0, "next": null}));
    assert_eq!(read_bodies(&store).await, before);
    let nonsense = market.invoke("stream", r#"{"repack": "everything"}"#.into()).await.unwrap();
    assert!(!matches!(nonsense, Outcome::Answered(_)), "{nonsense:?}");
    market.shutdown().await.unwrap();
}
