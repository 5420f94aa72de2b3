//! The blocks: the compacted rows of a pool.
//!
//! The id of a row determines its block. A pool has [`BLOCKS`] blocks in [`SEGMENTS`] partitions, which are read in
//! parallel. A block without rows is not stored. A block that outgrows an item is stored in two *parts*, then in four,
//! then in eight. So all blocks together hold 11 GB, some thirty million freelancers. One transaction writes all
//! changed parts of a block and always its first part, each on condition of its generation.
//!
//! The id and the number of parts determine a row's part, and a row only ever moves to a later part. A reader takes the
//! parts in order. So it reads a row that moves meanwhile twice rather than never. A query may see the writes of a
//! transaction one by one. If a part names more parts than were found, the reader reads the segment again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::sleep;
use ulid::Ulid;
use vocabulary::fnv1a_32;

use crate::keys::{self, SEGMENTS};
use crate::{Change, MalformedRows, Row, Shard, TOMBSTONE_RETENTION_MS, row};
use store::bytes::Bytes;
use store::keys::Collection;
use store::{Condition, Slice, Store, StoreError, Transaction};

/// The number of blocks of a pool: a power of two, so that a hash picks one evenly.
pub const BLOCKS: u32 = 4_096;

/// DynamoDB accepts items of at most 400 KB; the rest is a margin.
const MAX_PART_BYTES: usize = 350_000;

/// The most parts of a block: as many as one transaction of 4 MB can write.
const MAX_PARTS: u32 = 8;

/// Attempts to write a block that another process writes at the same time.
const ATTEMPTS: u32 = 5;

/// The label of the write that fails if another process compacts the block at the same time.
const BLOCK: &str = "pool block";

/// The pause of a reader that saw half of a transaction, before it reads again.
const HALF_SEEN_DELAY: Duration = Duration::from_millis(50);

/// A part of a block as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct BlockItem {
    #[serde(skip_serializing)]
    sk: String,
    /// Incremented with each write of this part.
    generation: i64,
    /// The number of parts that the block had when this one was written. The first part is always up to date.
    #[serde(default = "one")]
    parts: u32,
    rows: Bytes,
}

const fn one() -> u32 {
    1
}

/// The block that a row belongs to.
pub fn block_of(id: Ulid) -> u32 {
    fnv1a_32(&id.to_bytes()) % BLOCKS
}

/// The part of its block that a row is in. When the number of parts doubles from n, a row of part p stays there or
/// moves to part p + n.
fn part_of(id: Ulid, parts: u32) -> u32 {
    fnv1a_32(&id.to_bytes()) / BLOCKS % parts
}

/// Reads every block of a shard of a pool and passes on the rows segment by segment, in no particular order.
///
/// # Errors
/// As [`Store::query`], and [`StoreError::Broken`] for a malformed block.
pub(crate) async fn read_blocks(
    store: &Store,
    collection: Collection,
    shard: Shard,
    mut take: impl FnMut(Row<&[u8]>),
) -> Result<(), StoreError> {
    let mut reads = JoinSet::new();
    for segment in (0..SEGMENTS).filter(|segment| shard.holds_segment(*segment)) {
        let store = store.clone();
        reads.spawn(async move { read_segment(&store, collection, segment).await });
    }
    while let Some(segment) = reads.join_next().await {
        for block in segment.map_err(StoreError::broken)?? {
            for row in row::read(&block.rows.0) {
                take(row.map_err(StoreError::broken)?);
            }
        }
    }
    Ok(())
}

/// The blocks of one segment, each with all of its parts.
async fn read_segment(store: &Store, collection: Collection, segment: u32) -> Result<Vec<BlockItem>, StoreError> {
    let mut attempt = 1;
    loop {
        let items = store.query::<BlockItem>(&keys::segment(collection, segment), Slice::ALL).await?;
        match missing_part(&items) {
            None => return Ok(items),
            Some(missing) if attempt == ATTEMPTS => return Err(StoreError::broken(missing)),
            Some(_) => sleep(HALF_SEEN_DELAY).await,
        }
        attempt += 1;
    }
}

/// Merges changes into one block. Returns the number of bytes by which the block has grown.
///
/// # Errors
/// As [`Store::commit`], and [`StoreError::Conflict`] if other processes keep changing the block.
pub(crate) async fn compact_block(
    store: &Store,
    collection: Collection,
    block: u32,
    changes: &[Row],
    now_ms: i64,
) -> Result<i64, StoreError> {
    for attempt in 1.. {
        let stored = parts_of_block(store, collection, block).await?;
        let before: Vec<&[u8]> = stored.iter().map(|item| item.rows.0.as_slice()).collect();
        let after = merged(&before, changes, now_ms).map_err(StoreError::broken)?;
        if after == before {
            return Ok(0);
        }
        let grown = after.iter().map(Vec::len).sum::<usize>() as i64
            - before.iter().map(|rows| rows.len()).sum::<usize>() as i64;
        let mut transaction = Transaction::new();
        for (part, rows) in after.iter().enumerate() {
            let written = stored.get(part);
            // The first part is always written, because it holds the number of parts.
            if part > 0 && written.is_some_and(|written| written.rows.0 == *rows) {
                continue;
            }
            let generation = written.map_or(0, |written| written.generation);
            let condition =
                if generation == 0 { Condition::Absent } else { Condition::number("generation", generation) };
            let item = BlockItem {
                sk: String::new(),
                generation: generation + 1,
                parts: after.len() as u32,
                rows: Bytes(rows.clone()),
            };
            transaction.put(BLOCK, keys::block(collection, block, part as u32), &item, condition)?;
        }
        match store.commit(transaction).await {
            Err(error) if error.is_conflict_on(BLOCK) && attempt < ATTEMPTS => {}
            committed => return committed.map(|()| grown),
        }
    }
    Ok(0)
}

/// The parts of a block; empty if it is not stored. If another process is writing the block, the parts may be of
/// different times. The write that follows then fails, because the first part has changed.
async fn parts_of_block(store: &Store, collection: Collection, block: u32) -> Result<Vec<BlockItem>, StoreError> {
    let Some(first) = store.get::<BlockItem>(&keys::block(collection, block, 0)).await? else {
        return Ok(Vec::new());
    };
    let mut parts = Vec::from([first]);
    for part in 1..parts[0].parts {
        let key = keys::block(collection, block, part);
        // A transaction wrote this part with the first one, and a read of a single item sees whole transactions.
        let next = store.get(&key).await?.ok_or_else(|| StoreError::broken(MissingPart { sk: key.sk.clone() }))?;
        parts.push(next);
    }
    Ok(parts)
}

/// The first missing part: another part of its block names a higher number of parts. Items are in the order of sort
/// keys.
fn missing_part(items: &[BlockItem]) -> Option<MissingPart> {
    let block_of = |item: &BlockItem| item.sk.split('.').next().map(str::to_owned);
    items.chunk_by(|one, next| block_of(one) == block_of(next)).find_map(|parts| {
        let count = parts.iter().map(|part| part.parts).max().unwrap_or(1);
        let first = block_of(&parts[0])?;
        let missing = (1..count).map(|part| format!("{first}.{part}"));
        missing.map(|sk| MissingPart { sk }).find(|missing| parts.iter().all(|part| part.sk != missing.sk))
    })
}

#[derive(Debug, thiserror::Error)]
#[error("part {sk} of a block is missing")]
struct MissingPart {
    sk: String,
}

/// The parts of a block after some changes, without expired tombstones. There are more parts than before if one of them
/// would outgrow an item.
fn merged(before: &[&[u8]], changes: &[Row], now_ms: i64) -> Result<Vec<Vec<u8>>, MalformedRows> {
    let mut rows = BTreeMap::<Ulid, Row<&[u8]>>::new();
    for row in before.iter().flat_map(|part| row::read(part)) {
        let row = row?;
        rows.insert(row.id, row);
    }
    for change in changes {
        let row = change.borrowed();
        let place = rows.entry(row.id).or_insert(row);
        if row.supersedes(place) {
            *place = row;
        }
    }
    rows.retain(
        |_, row| !matches!(row.change, Change::Tombstone(at) if at.as_millisecond() < now_ms - TOMBSTONE_RETENTION_MS),
    );
    let mut count = before.len().max(1) as u32;
    loop {
        let mut parts = vec![row::begin(); count as usize];
        for row in rows.values() {
            row.append_to(&mut parts[part_of(row.id, count) as usize]);
        }
        if count >= MAX_PARTS || parts.iter().all(|part| part.len() <= MAX_PART_BYTES) {
            return Ok(parts);
        }
        count *= 2;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::Revision;

    fn row(id: u8, revision: u64, body: Option<u8>) -> Row {
        let change = body.map_or(Change::Tombstone(Timestamp::UNIX_EPOCH), |body| Change::Put(vec![body]));
        Row { id: Ulid(id.into()), revision: Revision::from_bits(revision), change }
    }

    fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
        parts.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn a_missing_part_is_noticed() {
        let items = |sort_keys: &[(&str, u32)]| -> Vec<BlockItem> {
            let item = |&(sk, parts): &(&str, u32)| BlockItem {
                sk: sk.to_owned(),
                generation: 1,
                parts,
                rows: Bytes(row::begin()),
            };
            sort_keys.iter().map(item).collect()
        };
        let missing = |sort_keys: &[(&str, u32)]| missing_part(&items(sort_keys)).map(|missing| missing.sk);
        assert_eq!(missing(&[("0001", 1), ("0017", 2), ("0017.1", 2), ("0033", 1)]), None);
        assert_eq!(missing(&[("0001", 1), ("0017", 2), ("0033", 1)]), Some("0017.1".to_owned()));
        assert_eq!(missing(&[("0017", 4), ("0017.1", 2)]), Some("0017.2".to_owned()));
        // The first part is from before the transaction, the second from after it.
        assert_eq!(missing(&[("0017", 1), ("0017.1", 2)]), None);
        assert_eq!(missing(&[("0017", 2), ("0017.1", 4), ("0017.2", 4), ("0033", 1)]), Some("0017.3".to_owned()));
    }

    /// Each record has one state per revision.
    fn change() -> impl Strategy<Value = Row> {
        (0..6_u8, 0..8_u64).prop_map(|(id, revision)| {
            let body = (revision % 3 != 0).then_some(id * 16 + revision as u8);
            row(id, revision, body)
        })
    }

    fn newest(changes: &[Row]) -> BTreeMap<Ulid, Row> {
        let mut newest = BTreeMap::<Ulid, Row>::new();
        for change in changes {
            let known = newest.entry(change.id).or_insert_with(|| change.clone());
            if change.revision > known.revision {
                *known = change.clone();
            }
        }
        newest
    }

    proptest! {
        #[test]
        fn order_repetition_and_batches_do_not_matter(
            changes in prop::collection::vec(change(), 0..40),
            again in prop::collection::vec(0..40_usize, 0..20),
            cuts in prop::collection::vec(1..10_usize, 1..10),
        ) {
            let mut stream = changes.clone();
            stream.extend(again.iter().filter_map(|place| changes.get(*place).cloned()));
            let (mut block, mut rest) = (Vec::new(), stream.as_slice());
            for cut in cuts.iter().cycle() {
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                block = merged(&slices(&block), now, 0).unwrap();
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            let mut expected = row::begin();
            newest(&changes).values().for_each(|row| row.append_to(&mut expected));
            prop_assert_eq!(block, vec![expected]);
        }
    }

    #[test]
    fn a_tombstone_is_kept_for_a_month_and_an_old_change_does_not_undo_it() {
        let block = merged(&[], &[row(1, 5, Some(5)), row(1, 6, None)], 0).unwrap();
        let late = merged(&slices(&block), &[row(1, 5, Some(5))], TOMBSTONE_RETENTION_MS).unwrap();
        assert_eq!(late, block);
        assert_eq!(merged(&slices(&block), &[], TOMBSTONE_RETENTION_MS + 1).unwrap(), [row::begin()]);
    }

    /// A reader takes a part, then a compaction divides the block into more parts, then the reader takes the rest. The
    /// reader sees every row that was in the block.
    #[test]
    fn rows_move_only_to_later_parts() {
        let large = |id: u32| Row {
            id: Ulid(u128::from(id)),
            revision: Revision::from_bits(1),
            change: Change::Put(vec![7; 30_000]),
        };
        let ids = |part: &Vec<u8>| row::read(part).map(|row| row.unwrap().id.0).collect::<Vec<_>>();
        let mut blocks: Vec<Vec<Vec<u8>>> = vec![Vec::new()];
        for batch in 0..6 {
            let rows: Vec<Row> = (batch * 9..batch * 9 + 9).map(large).collect();
            let after = merged(&slices(&blocks[batch as usize]), &rows, 0).unwrap();
            assert!(after.iter().all(|part| part.len() <= MAX_PART_BYTES));
            blocks.push(after);
        }
        let counts: Vec<usize> = blocks.iter().map(Vec::len).collect();
        assert!(counts.is_sorted() && counts.ends_with(&[MAX_PARTS as usize]), "{counts:?}");
        for (earlier, before) in blocks.iter().enumerate().skip(1) {
            let there: Vec<u128> = before.iter().flat_map(ids).collect();
            for after in &blocks[earlier..] {
                for taken in 0..=before.len() {
                    let seen: Vec<u128> = before[..taken].iter().chain(&after[taken..]).flat_map(ids).collect();
                    assert!(there.iter().all(|id| seen.contains(id)), "{counts:?}, {taken} parts were read before");
                }
            }
        }
    }

    #[test]
    fn ids_spread_over_all_blocks() {
        let mut counts = vec![0_u32; BLOCKS as usize];
        // Ids made one after the other, like ULIDs of one moment.
        (0..800_000_u128).for_each(|id| counts[block_of(Ulid((1 << 90) + id * 0x9e37_79b9)) as usize] += 1);
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        assert!(*least > 100 && *most < 300, "{least} to {most} rows, 195 on average");
    }
}
