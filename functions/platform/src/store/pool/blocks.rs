//! The blocks: where each row of a pool rests once it is folded.
//!
//! A row's block follows from its id alone. There are [`BLOCKS`] of them, in [`SEGMENTS`] partitions that are read side by
//! side; at 390 KB a block, the most that is stored, that is 1.6 GB: some five million freelancers. A block that has no rows is
//! not stored.

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use ulid::Ulid;

use super::{Change, MEMORY_OF_REMOVAL_MS, MalformedRows, Row, Shard, row};
use crate::store::bytes::Bytes;
use crate::store::keys::{self, Collection, SEGMENTS, fnv1a};
use crate::store::{Condition, Slice, Store, StoreError, Transaction};

/// How many blocks a pool has: a power of two, so that a hash picks one evenly.
pub const BLOCKS: u32 = 4_096;

/// Two folds that meet at a block try again this often.
const ATTEMPTS: u32 = 5;

/// The label of the write that meets another fold.
const BLOCK: &str = "pool block";

/// A block as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct BlockItem {
    /// One more with each fold.
    generation: i64,
    rows: Bytes,
}

/// The block that a row belongs to.
pub(super) fn block_of(id: Ulid) -> u32 {
    fnv1a(&id.to_bytes()) % BLOCKS
}

impl Store {
    /// Reads every block of a shard of a pool, and hands the rows over segment by segment, in no promised order.
    ///
    /// # Errors
    /// As [`Store::query`], and [`StoreError::Broken`] for a block that is not one.
    pub(super) async fn read_blocks(
        &self,
        collection: Collection,
        shard: Shard,
        mut take: impl FnMut(Row<&[u8]>),
    ) -> Result<(), StoreError> {
        let mut reads = JoinSet::new();
        for segment in (0..SEGMENTS).filter(|segment| shard.holds_segment(*segment)) {
            let store = self.clone();
            reads.spawn(
                async move { store.query::<BlockItem>(&keys::pool_segment(collection, segment), Slice::ALL).await },
            );
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

    /// Merges changes into one block. Gives by how many bytes the block has grown.
    ///
    /// # Errors
    /// As [`Store::commit`], and [`StoreError::Conflict`] if others keep changing the block.
    pub(super) async fn fold_block(
        &self,
        collection: Collection,
        block: u32,
        changes: &[Row],
        now_ms: i64,
    ) -> Result<i64, StoreError> {
        let key = keys::pool_block(collection, block);
        for attempt in 1.. {
            let stored: Option<BlockItem> = self.get(&key).await?;
            let (generation, before) = stored.map_or((0, Vec::new()), |item| (item.generation, item.rows.0));
            let after = merged(&before, changes, now_ms).map_err(StoreError::broken)?;
            if after == before {
                return Ok(0);
            }
            let grown = after.len() as i64 - before.len() as i64;
            let condition =
                if generation == 0 { Condition::Absent } else { Condition::number("generation", generation) };
            let mut transaction = Transaction::new();
            let item = BlockItem { generation: generation + 1, rows: Bytes(after) };
            transaction.put(BLOCK, key.clone(), &item, condition)?;
            match self.commit(transaction).await {
                Err(error) if error.is_conflict_on(BLOCK) && attempt < ATTEMPTS => {}
                committed => return committed.map(|()| grown),
            }
        }
        Ok(0)
    }
}

/// The rows of a block after some changes, by id, without removals that can be forgotten.
fn merged(block: &[u8], changes: &[Row], now_ms: i64) -> Result<Vec<u8>, MalformedRows> {
    let mut rows = std::collections::BTreeMap::<Ulid, Row<&[u8]>>::new();
    if !block.is_empty() {
        for row in row::read(block) {
            let row = row?;
            rows.insert(row.id, row);
        }
    }
    for change in changes {
        let row = change.borrowed();
        let place = rows.entry(row.id).or_insert(row);
        if row.supersedes(place) {
            *place = row;
        }
    }
    let mut bytes = row::begin();
    for row in rows.values() {
        let forgotten = matches!(row.change, Change::Remove(at) if at.as_millisecond() < now_ms - MEMORY_OF_REMOVAL_MS);
        if !forgotten {
            row.append_to(&mut bytes);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::store::pool::Revision;

    fn row(id: u8, revision: u64, body: Option<u8>) -> Row {
        let change = body.map_or(Change::Remove(Timestamp::UNIX_EPOCH), |body| Change::Put(vec![body]));
        Row { id: Ulid(id.into()), revision: Revision::from_bits(revision), change }
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
                block = merged(&block, now, 0).unwrap();
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            let mut expected = row::begin();
            newest(&changes).values().for_each(|row| row.append_to(&mut expected));
            prop_assert_eq!(block, expected);
        }
    }

    #[test]
    fn a_removal_is_remembered_for_a_month_and_an_old_change_does_not_undo_it() {
        let block = merged(&[], &[row(1, 5, Some(5)), row(1, 6, None)], 0).unwrap();
        let late = merged(&block, &[row(1, 5, Some(5))], MEMORY_OF_REMOVAL_MS).unwrap();
        assert_eq!(late, block);
        assert_eq!(merged(&block, &[], MEMORY_OF_REMOVAL_MS + 1).unwrap(), row::begin());
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
