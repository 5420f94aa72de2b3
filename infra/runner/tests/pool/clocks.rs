//! Clocks that are wrong and are set back.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_fast_hides_nothing_when_it_is_set_back() {
    const FAST_MS: i64 = 3_600_000;
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Tail::new(POOL), Rows::default());
    reader.catch_up(&store, at(0), &mut rows).await.unwrap();
    let changes: Vec<Row> = (0..40).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(FAST_MS)).await.unwrap();
    let mut compactor = Compactor::new(POOL);
    assert_eq!(compactor.compact(&store, at(FAST_MS + SETTLED_MS), MUCH_TIME).await.unwrap(), Compaction::Complete);
    reader.catch_up(&store, at(1_000), &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 40);

    pool::append(&store, POOL, &[row(50, 1, b'b')], at(2_000)).await.unwrap();
    reader.catch_up(&store, at(3_000), &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 41, "a reader that tails the feed");
    assert_eq!(read_anew(&store, at(3_000)).await, first_bytes(&rows), "a reader of the whole pool");

    let more: Vec<Row> = (100..140).map(|id| row(id, 1, b'c')).collect();
    pool::append(&store, POOL, &more, at(4_000)).await.unwrap();
    assert_eq!(compactor.compact(&store, at(4_000 + SETTLED_MS), MUCH_TIME).await.unwrap(), Compaction::Complete);
    // The clock catches up with the changes that came from the future, and compacted items are deleted.
    for hours in [1, 3, 5] {
        let now = at(hours * 3_600_000 + 30_000);
        let more: Vec<Row> = (200..240).map(|id| row(id, hours as u64, b'd')).collect();
        pool::append(&store, POOL, &more, now).await.unwrap();
        let now = at(hours * 3_600_000 + 30_000 + SETTLED_MS);
        assert_eq!(compactor.compact(&store, now, MUCH_TIME).await.unwrap(), Compaction::Complete);
        assert_eq!(read_anew(&store, now).await.len(), 40 + 1 + 40 + 40, "after {hours} hours");
    }
    assert!(feed_items(&store).await < 4, "most items are deleted");
    market.shutdown().await.unwrap();
}

/// There is too little to compact until the clock has caught up with the checkpoint.
#[tokio::test(flavor = "multi_thread")]
async fn a_small_change_behind_a_fast_clock_is_not_lost_either() {
    const FAST_MS: i64 = 3_600_000;
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Tail::new(POOL), Rows::default());
    let changes: Vec<Row> = (0..40).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(FAST_MS)).await.unwrap();
    let mut compactor = Compactor::new(POOL);
    assert_eq!(compactor.compact(&store, at(FAST_MS + SETTLED_MS), MUCH_TIME).await.unwrap(), Compaction::Complete);
    // A reader whose clock is as fast.
    reader.catch_up(&store, at(FAST_MS), &mut rows).await.unwrap();
    pool::append(&store, POOL, &[row(50, 1, b'b')], at(1_000)).await.unwrap();
    reader.catch_up(&store, at(FAST_MS + 1_000), &mut rows).await.unwrap();
    assert_eq!(compactor.compact(&store, at(1_000 + SETTLED_MS), MUCH_TIME).await.unwrap(), Compaction::Idle);

    reader.catch_up(&store, at(2_000 + SETTLED_MS), &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 41, "a reader whose clock is set back reads the pool anew");
    for now in [FAST_MS + 60_000, 4 * FAST_MS] {
        compactor.compact(&store, at(now), MUCH_TIME).await.unwrap();
        assert_eq!(read_anew(&store, at(now)).await.len(), 41);
    }
    let more: Vec<Row> = (100..140).map(|id| row(id, 1, b'c')).collect();
    pool::append(&store, POOL, &more, at(4 * FAST_MS)).await.unwrap();
    assert_eq!(compactor.compact(&store, at(4 * FAST_MS + SETTLED_MS), MUCH_TIME).await.unwrap(), Compaction::Complete);
    compactor.compact(&store, at(6 * FAST_MS), MUCH_TIME).await.unwrap();
    assert_eq!(read_anew(&store, at(6 * FAST_MS)).await.len(), 81);
    market.shutdown().await.unwrap();
}
