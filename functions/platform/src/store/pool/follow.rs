//! Following a pool: all of it once, then only what has changed.

use std::collections::HashMap;

use jiff::Timestamp;
use ulid::Ulid;

use super::feed::{place, time_ms};
use super::{OVERLAP_MS, RETENTION_MS, Revision, Row, Shard, row};
use crate::store::keys::Collection;
use crate::store::{Store, StoreError};

/// Who keeps the rows of a pool.
pub trait Index {
    /// Forgets every row: the pool is about to be read anew.
    fn clear(&mut self);

    /// Everything in the blocks has been applied: each id once. What follows are changes.
    fn blocks_read(&mut self) {}

    /// Takes in a row. Rows come in any order, now and then twice or after a newer one: whoever has a newer one ignores it.
    ///
    /// # Errors
    /// A body that can't be read. The pool counts as unread then.
    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError>;
}

/// A reader's place in a pool.
#[derive(Debug)]
pub struct Follower {
    collection: Collection,
    shard: Shard,
    read: Option<Read>,
}

#[derive(Debug)]
struct Read {
    /// When the feed was last read, in milliseconds since 1970.
    at_ms: i64,
    /// The time of the newest feed item seen.
    newest_ms: i64,
    /// The items near the end of the feed that were seen already: they are read again, and need not be applied again.
    seen: Seen,
}

type Seen = HashMap<String, i64>;

impl Follower {
    /// Nothing read yet.
    pub fn new(collection: Collection) -> Self {
        Self::of(collection, Shard::WHOLE)
    }

    /// The same for one shard: only its blocks are read, and of the feed, which all shards share, only its rows are
    /// applied.
    pub fn of(collection: Collection, shard: Shard) -> Self {
        Self { collection, shard, read: None }
    }

    /// Brings an index up to date: with every row the first time, after long absence and after a failure, else with what has
    /// changed. Says whether anything was applied.
    ///
    /// # Errors
    /// The store's and the index's. The index may be incomplete then, until this succeeds.
    pub async fn follow(&mut self, store: &Store, now: Timestamp, index: &mut impl Index) -> Result<bool, StoreError> {
        let now_ms = now.as_millisecond();
        // Half of what the feed keeps: a clock may be wrong.
        let known = self.read.take().filter(|read| (now_ms - read.at_ms).abs() < RETENTION_MS / 2);
        let (mut read, items, mut changed) = match known {
            Some(read) => {
                let items = store.pool_feed(self.collection, &place(read.newest_ms - OVERLAP_MS)).await;
                match items {
                    Ok(items) => (read, items, false),
                    Err(error) => {
                        // Nothing was applied: the next attempt may go on here.
                        self.read = Some(read);
                        return Err(error);
                    }
                }
            }
            None => {
                index.clear();
                // Before the blocks: what is folded meanwhile is read twice, and nothing is missed.
                let folded_to = store.fold_state(self.collection).await?.folded_to;
                store.read_blocks(self.collection, self.shard, |row| index.apply(row)).await?;
                index.blocks_read();
                let newest_ms = time_ms(&folded_to).unwrap_or_default();
                let items = store.pool_feed(self.collection, &folded_to).await?;
                (Read { at_ms: now_ms, newest_ms, seen: Seen::new() }, items, true)
            }
        };
        for item in items {
            let at_ms = time_ms(&item.sk).unwrap_or_default();
            if read.seen.insert(item.sk, at_ms).is_some() {
                continue;
            }
            for row in row::read(&item.rows.0) {
                let row = row.map_err(StoreError::broken)?;
                if self.shard.holds(row.id) {
                    index.apply(row)?;
                }
            }
            read.newest_ms = read.newest_ms.max(at_ms);
            changed = true;
        }
        read.at_ms = now_ms;
        let oldest_read_again = read.newest_ms - OVERLAP_MS;
        read.seen.retain(|_, at_ms| *at_ms >= oldest_read_again);
        self.read = Some(read);
        Ok(changed)
    }
}

/// The newest revision known of each record, for an [`Index`] to tell late rows from new ones.
#[derive(Debug, Default)]
pub struct Revisions(HashMap<Ulid, Revision>);

impl Revisions {
    /// Forgets all.
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
