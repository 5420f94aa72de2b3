//! Tailing a pool: a reader reads all of it once, and afterwards only the changes.

use std::collections::HashMap;

use jiff::Timestamp;
use store::keys::Collection;
use store::{Store, StoreError};
use ulid::Ulid;

use crate::blocks::read_blocks;
use crate::checkpoint::Checkpoint;
use crate::feed::{feed_after, place, time_ms};
use crate::{FEED_RETENTION_MS, OVERLAP_MS, Revision, Row, Shard, row};

/// A reader's own form of a pool.
pub trait Index {
    /// Drops every row, because the whole pool is about to be read again.
    fn clear(&mut self);

    /// Every row of the blocks has been applied. Each id came once, except for ids of a block that was divided
    /// meanwhile. The rows that follow are changes.
    fn blocks_read(&mut self) {}

    /// Applies a row. Rows come in any order, and some come twice or after a newer one. The index ignores a row if it
    /// has a newer one with the same id.
    ///
    /// # Errors
    /// The body cannot be read. The index skips the row and keeps its previous row of the id.
    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError>;
}

/// A reader's position in a pool.
#[derive(Debug)]
pub struct Tail {
    collection: Collection,
    shard: Shard,
    position: Option<Position>,
}

#[derive(Debug)]
struct Position {
    /// The time when the feed was last read, in milliseconds since 1970.
    read_at_ms: i64,
    /// The sort keys near the end of the feed that were already read, with their times. They are read again, and must
    /// not be applied again.
    seen: HashMap<String, i64>,
}

impl Position {
    /// The time from which items may have become visible since the feed was last read, in milliseconds since 1970.
    fn overlap_ms(&self) -> i64 {
        self.read_at_ms - OVERLAP_MS
    }
}

impl Tail {
    /// A reader of a whole pool that has read nothing.
    pub fn new(collection: Collection) -> Self {
        Self::of_shard(collection, Shard::WHOLE)
    }

    /// A reader of one shard. It reads only the shard's blocks, and applies only the shard's rows of the feed, which
    /// all shards share.
    pub fn of_shard(collection: Collection, shard: Shard) -> Self {
        Self { collection, shard, position: None }
    }

    /// Brings an index up to date. It applies every row the first time, after a long absence and after a failure;
    /// otherwise it applies the changes. Returns whether it applied anything.
    ///
    /// A row that the index cannot read is skipped and logged as an error, so that one broken row does not prevent all
    /// rankings. If most rows of a pool cannot be read, this fails instead.
    ///
    /// # Errors
    /// The store's, and [`StoreError::Broken`] if the index cannot read most rows of the pool. The index may then be
    /// incomplete until this succeeds.
    pub async fn catch_up(
        &mut self,
        store: &Store,
        now: Timestamp,
        index: &mut impl Index,
    ) -> Result<bool, StoreError> {
        let now_ms = now.as_millisecond();
        // Half of the time that the feed keeps changes, because a clock may be wrong. If a fast clock was set back, the
        // position is in the future and items were missed. Then the whole pool is read again.
        let fresh =
            |position: &Position| (-OVERLAP_MS..FEED_RETENTION_MS / 2).contains(&(now_ms - position.read_at_ms));
        let known = self.position.take().filter(fresh);
        let (is_new, mut unreadable) = (known.is_none(), Unreadable::default());
        let (mut position, items, mut changed) = match known {
            Some(position) => match feed_after(store, self.collection, &place(position.overlap_ms())).await {
                Ok(items) => (position, items, false),
                Err(error) => {
                    // Nothing was applied, so the next attempt may continue from here.
                    self.position = Some(position);
                    return Err(error);
                }
            },
            None => {
                index.clear();
                // The checkpoint is read first. Changes that are compacted while the blocks are read are then read
                // twice, and none is missed.
                let checkpoint = Checkpoint::load(store, self.collection).await?;
                read_blocks(store, self.collection, self.shard, |row| unreadable.unless_applied(row, index)).await?;
                index.blocks_read();
                let items = feed_after(store, self.collection, checkpoint.compacted_to(now_ms)).await?;
                (Position { read_at_ms: now_ms, seen: HashMap::new() }, items, true)
            }
        };
        for item in items {
            let at_ms = time_ms(&item.sk).unwrap_or_default();
            if position.seen.insert(item.sk, at_ms).is_some() {
                continue;
            }
            for row in row::read(&item.rows.0) {
                let row = row.map_err(StoreError::broken)?;
                if self.shard.holds(row.id) {
                    unreadable.unless_applied(row, index);
                }
            }
            changed = true;
        }
        if is_new && unreadable.are_most() {
            return Err(StoreError::broken(unreadable));
        }
        position.read_at_ms = now_ms;
        let overlap_ms = position.overlap_ms();
        position.seen.retain(|_, at_ms| *at_ms >= overlap_ms);
        self.position = Some(position);
        if unreadable.count > 0 {
            let Unreadable { count, first, .. } = &unreadable;
            let collection = self.collection;
            tracing::error!(?collection, count, first, "rows of a pool cannot be read and are left out");
        }
        Ok(changed)
    }
}

/// Rows whose bodies an index could not read.
#[derive(Debug, Default, thiserror::Error)]
#[error("{count} of {rows} rows cannot be read; {first}")]
struct Unreadable {
    /// The number of rows that were given to the index.
    rows: usize,
    count: usize,
    /// The first unreadable row and its error.
    first: String,
}

impl Unreadable {
    fn unless_applied(&mut self, row: Row<&[u8]>, index: &mut impl Index) {
        self.rows += 1;
        let id = row.id;
        if let Err(error) = index.apply(row) {
            if self.count == 0 {
                self.first = format!("{id}: {error}");
            }
            self.count += 1;
        }
    }

    fn are_most(&self) -> bool {
        self.count * 2 > self.rows
    }
}

/// The newest known revision of each record. An [`Index`] uses it to detect late rows.
#[derive(Debug, Default)]
pub struct Revisions(HashMap<Ulid, Revision>);

impl Revisions {
    /// Drops all revisions.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Records a revision. Returns `false` if a newer one is known; the row must then be ignored.
    pub fn note(&mut self, id: Ulid, revision: Revision) -> bool {
        let known = self.0.entry(id).or_insert(revision);
        if *known > revision {
            return false;
        }
        *known = revision;
        true
    }
}
