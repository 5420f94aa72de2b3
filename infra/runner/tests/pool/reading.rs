//! Readers: what a reader of a pool sees.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_changes_and_only_them() {
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Tail::new(POOL), Rows::default());
    assert!(reader.catch_up(&store, at(0), &mut rows).await.unwrap(), "the first reading is of everything");
    assert!(!reader.catch_up(&store, at(1), &mut rows).await.unwrap());
    pool::append(&store, POOL, &[row(1, 1, b'a'), row(2, 1, b'b')], at(2)).await.unwrap();
    assert!(reader.catch_up(&store, at(3), &mut rows).await.unwrap());
    assert!(
        !reader.catch_up(&store, at(4), &mut rows).await.unwrap(),
        "an item that is read again is not applied again"
    );
    assert_eq!(first_bytes(&rows), BTreeMap::from([(1, b'a'), (2, b'b')]));

    // An item of an earlier time that becomes visible only now.
    pool::append(&store, POOL, &[row(3, 1, b'c')], at(2 - 10_000)).await.unwrap();
    pool::append(&store, POOL, &[removed(2, 2)], at(5)).await.unwrap();
    reader.catch_up(&store, at(6), &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), BTreeMap::from([(1, b'a'), (3, b'c')]));
    assert_eq!(read_anew(&store, at(7)).await, first_bytes(&rows));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn replays_and_late_changes_change_nothing() {
    let (market, store) = store().await;
    for (time, change) in
        [row(1, 1, b'a'), row(1, 2, b'b'), row(1, 1, b'a'), removed(2, 5), row(2, 4, b'x')].into_iter().enumerate()
    {
        pool::append(&store, POOL, &[change], at(time as i64)).await.unwrap();
    }
    assert_eq!(read_anew(&store, at(10)).await, BTreeMap::from([(1, b'b')]));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_is_left_out_alone() {
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Tail::new(POOL), Rows::default());
    pool::append(&store, POOL, &[row(1, 1, b'a'), row(2, 1, UNREADABLE), row(3, 1, b'c')], at(0)).await.unwrap();
    reader.catch_up(&store, at(1), &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), BTreeMap::from([(1, b'a'), (3, b'c')]));
    // A row that was readable before stays as it was. The reader goes on where it was and does not begin anew.
    pool::append(&store, POOL, &[row(3, 2, UNREADABLE), row(4, 1, b'd')], at(2)).await.unwrap();
    reader.catch_up(&store, at(3), &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), BTreeMap::from([(1, b'a'), (3, b'c'), (4, b'd')]));
    assert!(!reader.catch_up(&store, at(4), &mut rows).await.unwrap());
    pool::append(&store, POOL, &[row(2, 2, b'b')], at(5)).await.unwrap();
    reader.catch_up(&store, at(6), &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows)[&2], b'b', "readable again");
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_cannot_be_read_is_not_an_empty_one() {
    let (market, store) = store().await;
    let body = |id: u128| if id < 30 { UNREADABLE } else { b'a' };
    let changes: Vec<Row> = (0..50).map(|id| row(id, 1, body(id))).collect();
    pool::append(&store, POOL, &changes, at(0)).await.unwrap();
    let (now, mut reader, mut rows) = (at(SETTLED_MS), Tail::new(POOL), Rows::default());
    // In the feed, and then in the blocks.
    for expected in [Compaction::Complete, Compaction::Idle] {
        let refused = reader.catch_up(&store, now, &mut rows).await.unwrap_err();
        assert!(matches!(refused, StoreError::Broken(_)), "{refused:?}");
        assert_eq!(Compactor::new(POOL).compact(&store, now, MUCH_TIME).await.unwrap(), expected);
    }
    // Once a few of them are packed anew.
    let changes: Vec<Row> = (0..10).map(|id| row(id, 2, b'a')).collect();
    pool::append(&store, POOL, &changes, at(SETTLED_MS)).await.unwrap();
    let changes: Vec<Row> = (50..80).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(SETTLED_MS)).await.unwrap();
    let now = at(3 * SETTLED_MS);
    assert_eq!(Compactor::new(POOL).compact(&store, now, MUCH_TIME).await.unwrap(), Compaction::Complete);
    reader.catch_up(&store, now, &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 60);
    market.shutdown().await.unwrap();
}
