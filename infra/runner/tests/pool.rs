//! The pools in the store and the function that keeps them, against the local database.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use pairwork::{LocalMarket, Options, Outcome, Program, TEMPLATE};
use pool::{Change, Folded, Folding, Follower, Index, Revision, Revisions, Row};
use serde_json::json;
use store::{Condition, Slice, Store, StoreError, Transaction};
use store::{keys, keys::Collection};
use ulid::Ulid;

const POOL: Collection = Collection::Freelancers;
/// Long enough for a feed item to be folded.
const SETTLED_MS: i64 = 20_000;
const NO_TIME: Duration = Duration::ZERO;
const MUCH_TIME: Duration = Duration::from_secs(60);

/// What a body begins with that the reader does not understand.
const UNREADABLE: u8 = b'?';

/// The rows of a pool, as a reader has them.
#[derive(Debug, Default)]
struct Rows {
    by_id: BTreeMap<u128, Vec<u8>>,
    revisions: Revisions,
    /// What else happens when the blocks have been read, and the feed has not.
    between: Between,
}

type Happens = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Between(Option<Happens>);

impl std::fmt::Debug for Between {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Between").field(&self.0.is_some()).finish()
    }
}

impl Index for Rows {
    fn clear(&mut self) {
        self.by_id.clear();
        self.revisions.clear();
    }

    fn blocks_read(&mut self) {
        if let Some(happens) = self.between.0.take() {
            happens();
        }
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        if matches!(row.change, Change::Put(body) if body[0] == UNREADABLE) {
            return Err(StoreError::Broken("no letter".into()));
        }
        if self.revisions.note(row.id, row.revision) {
            match row.change {
                Change::Put(body) => _ = self.by_id.insert(row.id.0, body.to_vec()),
                Change::Remove(_) => _ = self.by_id.remove(&row.id.0),
            }
        }
        Ok(())
    }
}

/// A market whose functions nobody starts: only its store is used.
async fn store() -> (LocalMarket, Store) {
    let market = LocalMarket::start(Options::default()).await.unwrap();
    let store = market.store().await.unwrap();
    (market, store)
}

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
}

/// 3 KB, so that a few dozen rows are worth a fold.
fn row(id: u128, revision: u64, text: u8) -> Row {
    Row { id: Ulid(id), revision: Revision::from_bits(revision), change: Change::Put(vec![text; 3_000]) }
}

fn removed(id: u128, revision: u64) -> Row {
    Row { id: Ulid(id), revision: Revision::from_bits(revision), change: Change::Remove(at(0)) }
}

/// What somebody reads who knows nothing yet: each id with the first byte of its body.
async fn read_anew(store: &Store, now: Timestamp) -> BTreeMap<u128, u8> {
    let mut rows = Rows::default();
    Follower::new(POOL).follow(store, now, &mut rows).await.unwrap();
    first_bytes(&rows)
}

fn first_bytes(rows: &Rows) -> BTreeMap<u128, u8> {
    rows.by_id.iter().map(|(id, body)| (*id, body[0])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_changes_and_only_them() {
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Follower::new(POOL), Rows::default());
    assert!(reader.follow(&store, at(0), &mut rows).await.unwrap(), "the first reading is of everything");
    assert!(!reader.follow(&store, at(1), &mut rows).await.unwrap());
    pool::append(&store, POOL, &[row(1, 1, b'a'), row(2, 1, b'b')], at(2)).await.unwrap();
    assert!(reader.follow(&store, at(3), &mut rows).await.unwrap());
    assert!(!reader.follow(&store, at(4), &mut rows).await.unwrap(), "what is read again is not applied again");
    assert_eq!(first_bytes(&rows), BTreeMap::from([(1, b'a'), (2, b'b')]));

    // One that was written before, and shows itself only now.
    pool::append(&store, POOL, &[row(3, 1, b'c')], at(2 - 10_000)).await.unwrap();
    pool::append(&store, POOL, &[removed(2, 2)], at(5)).await.unwrap();
    reader.follow(&store, at(6), &mut rows).await.unwrap();
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
    let (mut reader, mut rows) = (Follower::new(POOL), Rows::default());
    pool::append(&store, POOL, &[row(1, 1, b'a'), row(2, 1, UNREADABLE), row(3, 1, b'c')], at(0)).await.unwrap();
    reader.follow(&store, at(1), &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), BTreeMap::from([(1, b'a'), (3, b'c')]));
    // Who was understood before stays as they were. The reader goes on where it was, and does not begin anew.
    pool::append(&store, POOL, &[row(3, 2, UNREADABLE), row(4, 1, b'd')], at(2)).await.unwrap();
    reader.follow(&store, at(3), &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), BTreeMap::from([(1, b'a'), (3, b'c'), (4, b'd')]));
    assert!(!reader.follow(&store, at(4), &mut rows).await.unwrap());
    pool::append(&store, POOL, &[row(2, 2, b'b')], at(5)).await.unwrap();
    reader.follow(&store, at(6), &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows)[&2], b'b', "readable again");
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_cannot_be_read_is_not_an_empty_one() {
    let (market, store) = store().await;
    let body = |id: u128| if id < 30 { UNREADABLE } else { b'a' };
    let changes: Vec<Row> = (0..50).map(|id| row(id, 1, body(id))).collect();
    pool::append(&store, POOL, &changes, at(0)).await.unwrap();
    let (now, mut reader, mut rows) = (at(SETTLED_MS), Follower::new(POOL), Rows::default());
    // In the feed, and then in the blocks.
    for folded in [Folded::All, Folded::Nothing] {
        let refused = reader.follow(&store, now, &mut rows).await.unwrap_err();
        assert!(matches!(refused, StoreError::Broken(_)), "{refused:?}");
        assert_eq!(Folding::new(POOL).fold(&store, now, MUCH_TIME).await.unwrap(), folded);
    }
    // Once a few of them are packed anew.
    let changes: Vec<Row> = (0..10).map(|id| row(id, 2, b'a')).collect();
    pool::append(&store, POOL, &changes, at(SETTLED_MS)).await.unwrap();
    let changes: Vec<Row> = (50..80).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(SETTLED_MS)).await.unwrap();
    let now = at(3 * SETTLED_MS);
    assert_eq!(Folding::new(POOL).fold(&store, now, MUCH_TIME).await.unwrap(), Folded::All);
    reader.follow(&store, now, &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 60);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_folded_is_forgotten_after_an_hour_however_much_it_is() {
    let (market, store) = store().await;
    for id in 0..150_u8 {
        pool::append(&store, POOL, &[row(id.into(), 1, b'a')], at(id.into())).await.unwrap();
    }
    let mut folding = Folding::new(POOL);
    assert_eq!(folding.fold(&store, at(SETTLED_MS), MUCH_TIME).await.unwrap(), Folded::All);
    assert_eq!(feed_items(&store).await, 150, "a reader may still want them");
    let later = SETTLED_MS + 3_600_000 + 10_000;
    pool::append(&store, POOL, &[row(200, 1, b'a')], at(later)).await.unwrap();
    // Too little to fold, and no time: yet each look deletes some.
    assert_eq!(folding.fold(&store, at(later), NO_TIME).await.unwrap(), Folded::Nothing);
    let left = feed_items(&store).await;
    assert!(left > 100 && left < 151, "{left} left");
    assert_eq!(folding.fold(&store, at(later), MUCH_TIME).await.unwrap(), Folded::Nothing);
    assert_eq!(feed_items(&store).await, 1, "what is not folded stays");
    assert_eq!(read_anew(&store, at(later)).await.len(), 151);
    market.shutdown().await.unwrap();
}

/// However old a change is when it is folded at last: who is reading the blocks just then finds it in the feed.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_the_blocks_while_a_fold_ends_misses_nothing() {
    let (market, store) = store().await;
    let changes: Vec<Row> = (0..40).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(0)).await.unwrap();
    let now = at(2 * 3_600_000);
    let (folder, runtime) = (store.clone(), tokio::runtime::Handle::current());
    let fold = move || {
        let folded = async move { Folding::new(POOL).fold(&folder, now, MUCH_TIME).await.unwrap() };
        let folded = std::thread::spawn(move || runtime.block_on(folded)).join().unwrap();
        assert_eq!(folded, Folded::All);
    };
    let mut rows = Rows { between: Between(Some(Box::new(fold))), ..Rows::default() };
    Follower::new(POOL).follow(&store, now, &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows).len(), 40);
    assert_eq!(read_anew(&store, now).await, first_bytes(&rows));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_fast_hides_nothing_when_it_is_set_back() {
    const FAST_MS: i64 = 3_600_000;
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Follower::new(POOL), Rows::default());
    reader.follow(&store, at(0), &mut rows).await.unwrap();
    let changes: Vec<Row> = (0..40).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(FAST_MS)).await.unwrap();
    let mut folding = Folding::new(POOL);
    assert_eq!(folding.fold(&store, at(FAST_MS + SETTLED_MS), MUCH_TIME).await.unwrap(), Folded::All);
    reader.follow(&store, at(1_000), &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 40);

    pool::append(&store, POOL, &[row(50, 1, b'b')], at(2_000)).await.unwrap();
    reader.follow(&store, at(3_000), &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 41, "who follows");
    assert_eq!(read_anew(&store, at(3_000)).await, first_bytes(&rows), "who begins anew");

    let more: Vec<Row> = (100..140).map(|id| row(id, 1, b'c')).collect();
    pool::append(&store, POOL, &more, at(4_000)).await.unwrap();
    assert_eq!(folding.fold(&store, at(4_000 + SETTLED_MS), MUCH_TIME).await.unwrap(), Folded::All);
    // The clock catches up with the changes of time to come, and what is folded is forgotten.
    for hours in [1, 3, 5] {
        let now = at(hours * 3_600_000 + 30_000);
        let more: Vec<Row> = (200..240).map(|id| row(id, hours as u64, b'd')).collect();
        pool::append(&store, POOL, &more, now).await.unwrap();
        let now = at(hours * 3_600_000 + 30_000 + SETTLED_MS);
        assert_eq!(folding.fold(&store, now, MUCH_TIME).await.unwrap(), Folded::All);
        assert_eq!(read_anew(&store, now).await.len(), 40 + 1 + 40 + 40, "after {hours} hours");
    }
    assert!(feed_items(&store).await < 4, "most is forgotten");
    market.shutdown().await.unwrap();
}

/// Too little to fold, until the clock has caught up with what was folded.
#[tokio::test(flavor = "multi_thread")]
async fn little_that_came_behind_a_fast_clock_is_not_forgotten_either() {
    const FAST_MS: i64 = 3_600_000;
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Follower::new(POOL), Rows::default());
    let changes: Vec<Row> = (0..40).map(|id| row(id, 1, b'a')).collect();
    pool::append(&store, POOL, &changes, at(FAST_MS)).await.unwrap();
    let mut folding = Folding::new(POOL);
    assert_eq!(folding.fold(&store, at(FAST_MS + SETTLED_MS), MUCH_TIME).await.unwrap(), Folded::All);
    // A reader whose clock is as fast.
    reader.follow(&store, at(FAST_MS), &mut rows).await.unwrap();
    pool::append(&store, POOL, &[row(50, 1, b'b')], at(1_000)).await.unwrap();
    reader.follow(&store, at(FAST_MS + 1_000), &mut rows).await.unwrap();
    assert_eq!(folding.fold(&store, at(1_000 + SETTLED_MS), MUCH_TIME).await.unwrap(), Folded::Nothing);

    reader.follow(&store, at(2_000 + SETTLED_MS), &mut rows).await.unwrap();
    assert_eq!(rows.by_id.len(), 41, "whose clock is set back begins anew");
    for now in [FAST_MS + 60_000, 4 * FAST_MS] {
        folding.fold(&store, at(now), MUCH_TIME).await.unwrap();
        assert_eq!(read_anew(&store, at(now)).await.len(), 41);
    }
    let more: Vec<Row> = (100..140).map(|id| row(id, 1, b'c')).collect();
    pool::append(&store, POOL, &more, at(4 * FAST_MS)).await.unwrap();
    assert_eq!(folding.fold(&store, at(4 * FAST_MS + SETTLED_MS), MUCH_TIME).await.unwrap(), Folded::All);
    folding.fold(&store, at(6 * FAST_MS), MUCH_TIME).await.unwrap();
    assert_eq!(read_anew(&store, at(6 * FAST_MS)).await.len(), 81);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_outgrows_an_item_is_folded_like_any_other() {
    let (market, store) = store().await;
    let large = |id: u128, text: u8| Row { change: Change::Put(vec![text; 30_000]), ..row(id, u64::from(text), text) };
    // Those whose hash has the same lowest twelve bits as the first's.
    let block = |id: u128| {
        let hash = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        Ulid(id).to_bytes().iter().fold(0x811c_9dc5, hash) % 4_096
    };
    let neighbours: Vec<u128> = (0..).filter(|&id| block(id) == block(0)).take(40).collect();
    let mut folding = Folding::new(POOL);
    let (mut expected, mut time) = (BTreeMap::new(), 0);
    for (text, ids) in [(1, &neighbours[..10]), (2, &neighbours[..30]), (3, &neighbours[20..])] {
        for &id in ids {
            pool::append(&store, POOL, &[large(id, text)], at(time)).await.unwrap();
            expected.insert(id, text);
        }
        // Two others, one of a block behind it.
        pool::append(&store, POOL, &[row(1, u64::from(text), text), row(2, u64::from(text), text)], at(time))
            .await
            .unwrap();
        expected.extend([(1, text), (2, text)]);
        time += SETTLED_MS;
        assert_eq!(folding.fold(&store, at(time), MUCH_TIME).await.unwrap(), Folded::All);
        // What has been folded is not in the feed for long.
        let later = at(time + 3_700_000);
        folding.fold(&store, later, MUCH_TIME).await.unwrap();
        assert_eq!(feed_items(&store).await, 0);
        assert_eq!(read_anew(&store, later).await, expected);
        time += 3_800_000;
    }
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whenever_a_fold_is_cut_off_every_reader_sees_the_same() {
    let (market, store) = store().await;
    let (mut reader, mut rows) = (Follower::new(POOL), Rows::default());
    let mut expected = BTreeMap::new();
    for batch in 0..6_u8 {
        let changes: Vec<Row> = (0..10).map(|n| row(u128::from(n * 7 + batch), 1, batch)).collect();
        expected.extend(changes.iter().map(|row| (row.id.0, batch)));
        // Each batch changes what the one before brought.
        let later: Vec<Row> =
            changes.iter().map(|row| Row { revision: Revision::from_bits(batch.into()), ..row.clone() }).collect();
        pool::append(&store, POOL, &later, at(i64::from(batch))).await.unwrap();
        reader.follow(&store, at(i64::from(batch)), &mut rows).await.unwrap();
    }
    let now = at(SETTLED_MS);
    let (mut cuts, mut folding) = (0, Folding::new(POOL));
    loop {
        let folded = folding.fold(&store, now, NO_TIME).await.unwrap();
        assert_eq!(read_anew(&store, now).await, expected, "after {cuts} cuts");
        match folded {
            // Every other time by a process that knows nothing of the fold.
            Folded::Some if cuts % 2 == 0 => folding = Folding::new(POOL),
            Folded::Some => {}
            Folded::All => break,
            Folded::Nothing => panic!("there was something to fold"),
        }
        cuts += 1;
    }
    assert!(cuts > 10, "{cuts} cuts");
    reader.follow(&store, now, &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), expected);
    assert_eq!(folding.fold(&store, now, MUCH_TIME).await.unwrap(), Folded::Nothing);

    // An hour later the feed is forgotten with the next fold, and whoever was away so long reads anew.
    let later = at(SETTLED_MS + 3_700_000);
    let more: Vec<Row> = (100..140).map(|id| row(id, 1, 9)).collect();
    pool::append(&store, POOL, &more, later).await.unwrap();
    expected.extend(more.iter().map(|row| (row.id.0, 9)));
    let now = at(2 * SETTLED_MS + 3_700_000);
    assert_eq!(folding.fold(&store, now, MUCH_TIME).await.unwrap(), Folded::All);
    assert_eq!(read_anew(&store, now).await, expected);
    reader.follow(&store, now, &mut rows).await.unwrap();
    assert_eq!(first_bytes(&rows), expected);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fold_leaves_alone_what_is_young_little_or_somebody_elses() {
    let (market, store) = store().await;
    let rows: Vec<Row> = (0..40).map(|id| row(id, 1, 1)).collect();
    pool::append(&store, POOL, &rows, at(0)).await.unwrap();
    let (mut one, mut other) = (Folding::new(POOL), Folding::new(POOL));
    assert_eq!(one.fold(&store, at(1_000), MUCH_TIME).await.unwrap(), Folded::Nothing, "young");
    let (first, second) =
        tokio::join!(one.fold(&store, at(SETTLED_MS), MUCH_TIME), other.fold(&store, at(SETTLED_MS), MUCH_TIME));
    let folded = [first.unwrap(), second.unwrap()];
    assert!(folded.contains(&Folded::All), "{folded:?}");
    pool::append(&store, POOL, &rows[..3], at(SETTLED_MS)).await.unwrap();
    assert_eq!(one.fold(&store, at(3 * SETTLED_MS), MUCH_TIME).await.unwrap(), Folded::Nothing, "little");
    assert_eq!(read_anew(&store, at(3 * SETTLED_MS)).await.len(), 40);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_feed_is_folded_a_part_at_a_time() {
    let (market, store) = store().await;
    // 3 MB, which the store does not give in one reply.
    let rows: Vec<Row> = (0..1_000).map(|id| row(id, 1, 1)).collect();
    for (time, rows) in rows.chunks(50).enumerate() {
        pool::append(&store, POOL, rows, at(time as i64)).await.unwrap();
    }
    let mut folding = Folding::new(POOL).at_most(1_300_000);
    // Cut off, and gone on with by somebody who would have aimed elsewhere, when there is more to fold.
    assert_eq!(folding.fold(&store, at(SETTLED_MS), NO_TIME).await.unwrap(), Folded::Some);
    pool::append(&store, POOL, &[row(5, 2, 2)], at(20)).await.unwrap();
    folding = Folding::new(POOL).at_most(200_000);
    // Parts of one item, though each is less than an eighth of the blocks that it is folded into.
    let mut parts = 0;
    while folding.fold(&store, at(SETTLED_MS + 20), MUCH_TIME).await.unwrap() == Folded::All {
        parts += 1;
        let read = read_anew(&store, at(SETTLED_MS + 20)).await;
        assert_eq!((read.len(), read[&5]), (rows.len(), 2), "after part {parts}");
    }
    assert_eq!(parts, 1 + 11, "the rest of what was aimed at, and all but the last of twelve items");
    market.shutdown().await.unwrap();
}

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
    for sk in store.query_sort_keys(&pool::keys::pool_feed(POOL), Slice::ALL).await.unwrap() {
        let mut transaction = Transaction::new();
        transaction.delete("feed item", pool::keys::pool_feed(POOL).item(sk), Condition::Present);
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

async fn feed_items(store: &Store) -> usize {
    store.query_sort_keys(&pool::keys::pool_feed(POOL), Slice::ALL).await.unwrap().len()
}

async fn read_now(store: &Store) -> usize {
    read_bodies(store).await.len()
}

async fn read_bodies(store: &Store) -> BTreeMap<u128, Vec<u8>> {
    let mut rows = Rows::default();
    Follower::new(POOL).follow(store, Timestamp::now(), &mut rows).await.unwrap();
    rows.by_id
}

/// The accounts of the sample freelancers.
fn market_people() -> Vec<String> {
    let sample: serde_json::Value =
        serde_yaml_ng::from_str(include_str!("../src/sample/market.yaml")).expect("the sample market is YAML");
    let people = sample["people"].as_array().unwrap().iter();
    people.filter(|person| person["freelancer"].is_object()).map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}
