//! The blocks: where each row of a pool rests once it is folded.
//!
//! A row's block follows from its id alone. There are [`BLOCKS`] of them, in [`SEGMENTS`] partitions that are read side by
//! side. A block that has no rows is not stored. One that outgrows an item is stored in two *parts*, then in four, then in
//! eight: 11 GB in all blocks, some thirty million freelancers. Those that change are written in one transaction, each on
//! condition of its generation, and the first part with every change.
//!
//! Which part a row is in follows from its id and their number, and it only ever moves to a later one. A reader takes the parts
//! one after the other, so whatever is written meanwhile is read twice rather than missed. And since a query may see a
//! transaction's writes one by one, a reader who misses a part that another one speaks of reads them again.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::hash::fnv1a_32;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::sleep;
use ulid::Ulid;

use crate::keys::{self, SEGMENTS};
use crate::{Change, MEMORY_OF_REMOVAL_MS, MalformedRows, Row, Shard, row};
use store::bytes::Bytes;
use store::keys::Collection;
use store::{Condition, Slice, Store, StoreError, Transaction};

/// How many blocks a pool has: a power of two, so that a hash picks one evenly.
pub const BLOCKS: u32 = 4_096;

/// DynamoDB takes items of 400 KB.
const LARGEST_PART_BYTES: usize = 350_000;

/// As many as one transaction of 4 MB can write.
const MOST_PARTS: u32 = 8;

/// Two folds that meet at a block try again this often.
const ATTEMPTS: u32 = 5;

/// The label of the write that meets another fold.
const BLOCK: &str = "pool block";

/// How long a transaction that was seen by half may take until it is seen whole.
const SOON: Duration = Duration::from_millis(50);

/// A part of a block as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct BlockItem {
    #[serde(skip_serializing)]
    sk: String,
    /// One more with each write of this part.
    generation: i64,
    /// How many parts the block had when this one was written: the first one is always up to date.
    #[serde(default = "one")]
    parts: u32,
    rows: Bytes,
}

const fn one() -> u32 {
    1
}

/// The block that a row belongs to.
pub(crate) fn block_of(id: Ulid) -> u32 {
    fnv1a_32(&id.to_bytes()) % BLOCKS
}

/// The part of its block that a row is in. Where there are twice as many, it is in the same, or in the one as far behind
/// it as there were.
fn part_of(id: Ulid, parts: u32) -> u32 {
    fnv1a_32(&id.to_bytes()) / BLOCKS % parts
}

/// Reads every block of a shard of a pool, and hands the rows over segment by segment, in no promised order.
///
/// # Errors
/// As [`Store::query`], and [`StoreError::Broken`] for a block that is not one.
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
        let items = store.query::<BlockItem>(&keys::pool_segment(collection, segment), Slice::ALL).await?;
        match missing_part(&items) {
            None => return Ok(items),
            Some(missing) if attempt == ATTEMPTS => return Err(StoreError::broken(missing)),
            Some(_) => sleep(SOON).await,
        }
        attempt += 1;
    }
}

/// Merges changes into one block. Gives by how many bytes the block has grown.
///
/// # Errors
/// As [`Store::commit`], and [`StoreError::Conflict`] if others keep changing the block.
pub(crate) async fn fold_block(
    store: &Store,
    collection: Collection,
    block: u32,
    changes: &[Row],
    now_ms: i64,
) -> Result<i64, StoreError> {
    for attempt in 1.. {
        let stored = parts_of_block(store, collection, block).await?;
        let before: Vec<&[u8]> = stored.iter().map(|item| item.rows.0.as_slice()).collect();
        let after = folded(&before, changes, now_ms).map_err(StoreError::broken)?;
        if after == before {
            return Ok(0);
        }
        let grown = after.iter().map(Vec::len).sum::<usize>() as i64
            - before.iter().map(|rows| rows.len()).sum::<usize>() as i64;
        let mut transaction = Transaction::new();
        for (part, rows) in after.iter().enumerate() {
            let written = stored.get(part);
            // The first always: it says how many there are.
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
            transaction.put(BLOCK, keys::pool_block(collection, block, part as u32), &item, condition)?;
        }
        match store.commit(transaction).await {
            Err(error) if error.is_conflict_on(BLOCK) && attempt < ATTEMPTS => {}
            committed => return committed.map(|()| grown),
        }
    }
    Ok(0)
}

/// The parts of a block, none if it is not stored. If another fold is at it just then, they may be of different times: then what is
/// made of them is not written, because the first one has changed.
async fn parts_of_block(store: &Store, collection: Collection, block: u32) -> Result<Vec<BlockItem>, StoreError> {
    let Some(first) = store.get::<BlockItem>(&keys::pool_block(collection, block, 0)).await? else {
        return Ok(Vec::new());
    };
    let mut parts = Vec::from([first]);
    for part in 1..parts[0].parts {
        let key = keys::pool_block(collection, block, part);
        // Written with the first one, and a single item is read as it is after a transaction.
        let next = store.get(&key).await?.ok_or_else(|| StoreError::broken(MissingPart { sk: key.sk.clone() }))?;
        parts.push(next);
    }
    Ok(parts)
}

/// A part that another part of its block speaks of and that is not there, of items in the order of their sort keys.
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

/// The parts of a block after some changes, without removals that can be forgotten: more than before, if one of them would
/// outgrow an item.
fn folded(before: &[&[u8]], changes: &[Row], now_ms: i64) -> Result<Vec<Vec<u8>>, MalformedRows> {
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
        |_, row| !matches!(row.change, Change::Remove(at) if at.as_millisecond() < now_ms - MEMORY_OF_REMOVAL_MS),
    );
    let mut count = before.len().max(1) as u32;
    loop {
        let mut parts = vec![row::begin(); count as usize];
        for row in rows.values() {
            row.append_to(&mut parts[part_of(row.id, count) as usize]);
        }
        if count >= MOST_PARTS || parts.iter().all(|part| part.len() <= LARGEST_PART_BYTES) {
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
        let change = body.map_or(Change::Remove(Timestamp::UNIX_EPOCH), |body| Change::Put(vec![body]));
        Row { id: Ulid(id.into()), revision: Revision::from_bits(revision), change }
    }

    fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
        parts.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn a_part_that_is_not_seen_is_missed() {
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
        // The first part is from before, the second from after.
        assert_eq!(missing(&[("0017", 1), ("0017.1", 2)]), None);
        assert_eq!(missing(&[("0017", 2), ("0017.1", 4), ("0017.2", 4), ("0033", 1)]), Some("0017.3".to_owned()));
    }

    /// Each record has one state per revision, whoever says so.
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
        fn order_repetition_and_the_cuts_between_folds_do_not_matter(
            changes in prop::collection::vec(change(), 0..40),
            again in prop::collection::vec(0..40_usize, 0..20),
            cuts in prop::collection::vec(1..10_usize, 1..10),
        ) {
            let mut stream = changes.clone();
            stream.extend(again.iter().filter_map(|place| changes.get(*place).cloned()));
            let (mut block, mut rest) = (Vec::new(), stream.as_slice());
            for cut in cuts.iter().cycle() {
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                block = folded(&slices(&block), now, 0).unwrap();
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
    fn a_removal_is_remembered_for_a_month_and_an_old_change_does_not_undo_it() {
        let block = folded(&[], &[row(1, 5, Some(5)), row(1, 6, None)], 0).unwrap();
        let late = folded(&slices(&block), &[row(1, 5, Some(5))], MEMORY_OF_REMOVAL_MS).unwrap();
        assert_eq!(late, block);
        assert_eq!(folded(&slices(&block), &[], MEMORY_OF_REMOVAL_MS + 1).unwrap(), [row::begin()]);
    }

    /// A reader takes a part, then the block is folded and has more parts, then the reader takes the rest: whoever was in
    /// the block is still there.
    #[test]
    fn rows_move_to_later_parts_alone() {
        let large = |id: u32| Row {
            id: Ulid(u128::from(id)),
            revision: Revision::from_bits(1),
            change: Change::Put(vec![7; 30_000]),
        };
        let ids = |part: &Vec<u8>| row::read(part).map(|row| row.unwrap().id.0).collect::<Vec<_>>();
        let mut blocks: Vec<Vec<Vec<u8>>> = vec![Vec::new()];
        for batch in 0..6 {
            let rows: Vec<Row> = (batch * 9..batch * 9 + 9).map(large).collect();
            let after = folded(&slices(&blocks[batch as usize]), &rows, 0).unwrap();
            assert!(after.iter().all(|part| part.len() <= LARGEST_PART_BYTES));
            blocks.push(after);
        }
        let counts: Vec<usize> = blocks.iter().map(Vec::len).collect();
        assert!(counts.is_sorted() && counts.ends_with(&[MOST_PARTS as usize]), "{counts:?}");
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
        // Ids made one after the other, as ULIDs of one moment are.
        (0..800_000_u128).for_each(|id| counts[block_of(Ulid((1 << 90) + id * 0x9e37_79b9)) as usize] += 1);
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        assert!(*least > 100 && *most < 300, "{least} to {most} rows, 195 on average");
    }
}
