//! Tailing a pool: a reader takes all of it once, and then only what has changed.

use std::collections::HashMap;

use jiff::Timestamp;
use store::keys::Collection;
use store::{Store, StoreError};
use ulid::Ulid;

use crate::blocks::read_blocks;
use crate::checkpoint::Checkpoint;
use crate::feed::{feed_after, place, time_ms};
use crate::{FEED_RETENTION_MS, OVERLAP_MS, Revision, Row, Shard, row};

/// What a reader keeps of a pool.
pub trait Index {
    /// Drops every row: the pool is about to be read anew.
    fn clear(&mut self);

    /// Every row of the blocks has been applied. Each id came once, except those of a block that was divided meanwhile.
    /// The rows that follow are changes.
    fn blocks_read(&mut self) {}

    /// Takes in a row. Rows come in any order, and some come twice or after a newer one: the index ignores a row if it
    /// has a newer one of the same id.
    ///
    /// # Errors
    /// A body that cannot be read. The index leaves the row out and keeps what it had of the id.
    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError>;
}

/// A reader's place in a pool.
#[derive(Debug)]
pub struct Tail {
    collection: Collection,
    shard: Shard,
    position: Option<Position>,
}

#[derive(Debug)]
struct Position {
    /// When the feed was last read, in milliseconds since 1970.
    read_at_ms: i64,
    /// The sort keys near the end of the feed that were read already, with their times. They are read again, and must
    /// not be applied again.
    seen: HashMap<String, i64>,
}

impl Position {
    /// No older item can have become visible since the feed was last read.
    fn overlap_ms(&self) -> i64 {
        self.read_at_ms - OVERLAP_MS
    }
}

impl Tail {
    /// A reader of a whole pool, nothing read yet.
    pub fn new(collection: Collection) -> Self {
        Self::of_shard(collection, Shard::WHOLE)
    }

    /// A reader of one shard. It reads only the shard's blocks, and applies only the shard's rows of the feed, which
    /// all shards share.
    pub fn of_shard(collection: Collection, shard: Shard) -> Self {
        Self { collection, shard, position: None }
    }

    /// Brings an index up to date: with every row the first time, after a long absence and after a failure, otherwise
    /// with what has changed. Says whether anything was applied.
    ///
    /// A row that the index cannot read is left out and logged as an error: one broken row must not keep everybody from
    /// being ranked. If most of a pool cannot be read, this fails instead.
    ///
    /// # Errors
    /// The store's, and [`StoreError::Broken`] for a pool of which the index cannot read most rows. Then the index may
    /// be incomplete until this succeeds.
    pub async fn catch_up(
        &mut self,
        store: &Store,
        now: Timestamp,
        index: &mut impl Index,
    ) -> Result<bool, StoreError> {
        let now_ms = now.as_millisecond();
        // Half of what the feed keeps, since a clock may be wrong. If a fast clock was set back, the position is in the
        // future and items were missed: then the pool is read anew.
        let fresh =
            |position: &Position| (-OVERLAP_MS..FEED_RETENTION_MS / 2).contains(&(now_ms - position.read_at_ms));
        let known = self.position.take().filter(fresh);
        let (is_new, mut unreadable) = (known.is_none(), Unreadable::default());
        let (mut position, items, mut changed) = match known {
            Some(position) => match feed_after(store, self.collection, &place(position.overlap_ms())).await {
                Ok(items) => (position, items, false),
                Err(error) => {
                    // Nothing was applied: the next attempt may go on here.
                    self.position = Some(position);
                    return Err(error);
                }
            },
            None => {
                index.clear();
                // The checkpoint comes first: what is compacted while the blocks are read is then read twice, and
                // nothing is missed.
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
    /// How many rows the index was given.
    rows: usize,
    count: usize,
    /// The first unreadable row, and why.
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

/// The newest revision known of each record. An [`Index`] tells late rows from new ones by it.
#[derive(Debug, Default)]
pub struct Revisions(HashMap<Ulid, Revision>);

impl Revisions {
    /// Drops all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Notes a revision. `false` if a newer one is known: then the row is to be ignored.
    pub fn note(&mut self, id: Ulid, revision: Revision) -> bool {
        let known = self.0.entry(id).or_insert(revision);
        if *known > revision {
            return false;
        }
        *known = revision;
        true
    }
}
