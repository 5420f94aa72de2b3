//! Compaction: what it moves, what it deletes, and what readers see meanwhile.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn compacted_feed_items_are_deleted_after_an_hour() {
    let (market, store) = store().await;
    for id in 0..150_u8 {
        pool::append(&store, POOL, &[row(id.into(), 1, b'a')], at(id.into())).await.unwrap();
    }
    let mut compactor = Compactor::new(POOL);
    assert_eq!(compactor.compact(&store, at(SETTLED_MS), MUCH_TIME).await.unwrap(), Compaction::Complete);
    assert_eq!(feed_items(&store).await, 150, "a reader may still want them");
    let later = SETTLED_MS + 3_600_000 + 10_000;
    pool::append(&store, POOL, &[row(200, 1, b'a')], at(later)).await.unwrap();
    // There is too little to compact and no time, but each call deletes some.
    assert_eq!(compactor.compact(&store, at(later), NO_TIME).await.unwrap(), Compaction::Idle);
    let left = feed_items(&store).await;
    assert!(left > 100 && left < 151, "{left} left");
    assert_eq!(compactor.compact(&store, at(later), MUCH_TIME).await.unwrap(), Compaction::Idle);
    assert_eq!(feed_items(&store).await, 1, "an item that is not compacted stays");
    assert_eq!(read_anew(&store, at(later)).await.len(), 151);
    market.shutdown().await.unwrap();
}

/// However old a change is when it is compacted: a reader that reads the blocks at that moment finds it in the feed.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_the_blocks_misses_nothing_when_a_compaction_completes() {
    let (market, store) = store().await;
    let changes: Vec<Row> = (0..40).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(0)).await.unwrap();
    let now = at(2 * 3_600_000);
    let (other, runtime) = (store.clone(), tokio::runtime::Handle::current());
    let compact = move || {
        let compaction = async move { Compactor::new(POOL).compact(&other, now, MUCH_TIME).await.unwrap() };
        let compaction = std::thread::spawn(move || runtime.block_on(compaction)).join().unwrap();
        assert_eq!(compaction, Compaction::Complete);
    };
    let mut rows = Rows { between: Between(Some(Box::new(compact))), ..Rows::default() };
    Tail::new(POOL).catch_up(&store, now, &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows).len(), 40);
    assert_eq!(read_anew(&store, now).await, first_bytes(&rows));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_outgrows_an_item_is_compacted_like_any_other() {
    let (market, store) = store().await;
    let large = |id: u128, text: u8| Row { change: Change::Put(vec![text; 30_000]), ..row(id, u64::from(text), text) };
    let neighbours: Vec<u128> =
        (0..).filter(|&id| pool::block_of(Ulid(id)) == pool::block_of(Ulid(0))).take(40).collect();
    let mut compactor = Compactor::new(POOL);
    let (mut expected, mut time) = (BTreeMap::new(), 0);
    for (text, ids) in [(1, &neighbours[..10]), (2, &neighbours[..30]), (3, &neighbours[20..])] {
        for &id in ids {
            pool::append(&store, POOL, &[large(id, text)], at(time)).await.unwrap();
            expected.insert(id, text);
        }
        // Two rows of other blocks, one of them behind it.
        pool::append(&store, POOL, &[row(1, u64::from(text), text), row(2, u64::from(text), text)], at(time))
            .await
            .unwrap();
        expected.extend([(1, text), (2, text)]);
        time += SETTLED_MS;
        assert_eq!(compactor.compact(&store, at(time), MUCH_TIME).await.unwrap(), Compaction::Complete);
        // Compacted items leave the feed after an hour.
        let later = at(time + 3_700_000);
        compactor.compact(&store, later, MUCH_TIME).await.unwrap();
        assert_eq!(feed_items(&store).await, 0);
        assert_eq!(read_anew(&store, later).await, expected);
        time += 3_800_000;
    }
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_a_compaction_is_interrupted_every_reader_sees_the_same() {
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Tail::new(POOL), Rows::default());
    let mut expected = BTreeMap::new();
    for batch in 0..6_u8 {
        let changes: Vec<Row> = (0..10).map(|n| row(u128::from(n * 7 + batch), 1, batch)).collect();
        expected.extend(changes.iter().map(|row| (row.id.0, batch)));
        // Each batch changes what the one before brought.
        let later: Vec<Row> =
            changes.iter().map(|row| Row { revision: Revision::from_bits(batch.into()), ..row.clone() }).collect();
        pool::append(&store, POOL, &later, at(i64::from(batch))).await.unwrap();
        reader.catch_up(&store, at(i64::from(batch)), &mut rows).await.unwrap();
    }
    let now = at(SETTLED_MS);
    let (mut cuts, mut compactor) = (0, Compactor::new(POOL));
    loop {
        let compaction = compactor.compact(&store, now, NO_TIME).await.unwrap();
        assert_eq!(read_anew(&store, now).await, expected, "after {cuts} cuts");
        match compaction {
            // Every other time, a process goes on that knows nothing of the compaction.
            Compaction::Partial if cuts % 2 == 0 => compactor = Compactor::new(POOL),
            Compaction::Partial => {}
            Compaction::Complete => break,
            Compaction::Idle => panic!("there was something to compact"),
        }
        cuts += 1;
    }
    assert!(cuts > 10, "{cuts} cuts");
    reader.catch_up(&store, now, &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), expected);
    assert_eq!(compactor.compact(&store, now, MUCH_TIME).await.unwrap(), Compaction::Idle);

    // An hour later the next compaction deletes the feed, and a reader that was away so long reads the pool anew.
    let later = at(SETTLED_MS + 3_700_000);
    let more: Vec<Row> = (100..140).map(|id| row(id, 1, 9)).collect();
    pool::append(&store, POOL, &more, later).await.unwrap();
    expected.extend(more.iter().map(|row| (row.id.0, 9)));
    let now = at(2 * SETTLED_MS + 3_700_000);
    assert_eq!(compactor.compact(&store, now, MUCH_TIME).await.unwrap(), Compaction::Complete);
    assert_eq!(read_anew(&store, now).await, expected);
    reader.catch_up(&store, now, &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), expected);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn young_or_few_changes_and_a_running_compaction_are_left_alone() {
    let (market, store) = store().await;
    let rows: Vec<Row> = (0..40).map(|id| row(id, 1, 1)).collect();
    pool::append(&store, POOL, &rows, at(0)).await.unwrap();
    let (mut one, mut other) = (Compactor::new(POOL), Compactor::new(POOL));
    assert_eq!(one.compact(&store, at(1_000), MUCH_TIME).await.unwrap(), Compaction::Idle, "young");
    let (first, second) =
        tokio::join!(one.compact(&store, at(SETTLED_MS), MUCH_TIME), other.compact(&store, at(SETTLED_MS), MUCH_TIME));
    let compactions = [first.unwrap(), second.unwrap()];
    assert!(compactions.contains(&Compaction::Complete), "{compactions:?}");
    pool::append(&store, POOL, &rows[..3], at(SETTLED_MS)).await.unwrap();
    assert_eq!(one.compact(&store, at(3 * SETTLED_MS), MUCH_TIME).await.unwrap(), Compaction::Idle, "little");
    assert_eq!(read_anew(&store, at(3 * SETTLED_MS)).await.len(), 40);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_feed_is_compacted_in_parts() {
    let (market, store) = store().await;
    // 3 MB, which the store does not give in one reply.
    let rows: Vec<Row> = (0..1_000).map(|id| row(id, 1, 1)).collect();
    for (time, rows) in rows.chunks(50).enumerate() {
        pool::append(&store, POOL, rows, at(time as i64)).await.unwrap();
    }
    let mut compactor = Compactor::new(POOL).at_most(1_300_000);
    // Interrupted, and continued by a process that would have chosen another target, when there is more to compact.
    assert_eq!(compactor.compact(&store, at(SETTLED_MS), NO_TIME).await.unwrap(), Compaction::Partial);
    pool::append(&store, POOL, &[row(5, 2, 2)], at(20)).await.unwrap();
    compactor = Compactor::new(POOL).at_most(200_000);
    // Each part is one item, although that is less than an eighth of the blocks.
    let mut parts = 0;
    while compactor.compact(&store, at(SETTLED_MS + 20), MUCH_TIME).await.unwrap() == Compaction::Complete {
        parts += 1;
        let read = read_anew(&store, at(SETTLED_MS + 20)).await;
        assert_eq!((read.len(), read[&5]), (rows.len(), 2), "after part {parts}");
    }
    assert_eq!(parts, 1 + 11, "the rest of the first target, and all but the last of twelve items");
    market.shutdown().await.unwrap();
}
