//! Following a pool: all of it once, then only what has changed.

use std::collections::HashMap;

use jiff::Timestamp;
use ulid::Ulid;

use crate::blocks::read_blocks;
use crate::feed::{feed_after, place, time_ms};
use crate::fold::fold_state;
use crate::{OVERLAP_MS, RETENTION_MS, Revision, Row, Shard, row};
use store::keys::Collection;
use store::{Store, StoreError};

/// Who keeps the rows of a pool.
pub trait Index {
    /// Forgets every row: the pool is about to be read anew.
    fn clear(&mut self);

    /// Everything in the blocks has been applied: each id once, but for those of a block that was just then divided. What follows
    /// are changes.
    fn blocks_read(&mut self) {}

    /// Takes in a row. Rows come in any order, now and then twice or after a newer one: whoever has a newer one ignores it.
    ///
    /// # Errors
    /// A body that can't be read. The row is left out then, and what was known of its id stays.
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
    /// The items near the end of the feed that were seen already: they are read again, and need not be applied again.
    seen: Seen,
}

type Seen = HashMap<String, i64>;

impl Read {
    /// Nothing older than this can have appeared since the feed was last read.
    fn again_from_ms(&self) -> i64 {
        self.at_ms - OVERLAP_MS
    }
}

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
    /// A row that the index can't read is left out, and an error is logged: one broken row is no reason to rank nobody. But if
    /// most of a pool can't be read, it isn't the rows that are broken.
    ///
    /// # Errors
    /// The store's, and [`StoreError::Broken`] for a pool of which the index can't read most. The index may be incomplete then,
    /// until this succeeds.
    pub async fn follow(&mut self, store: &Store, now: Timestamp, index: &mut impl Index) -> Result<bool, StoreError> {
        let now_ms = now.as_millisecond();
        // Half of what the feed keeps: a clock may be wrong. One that was fast, and has been set back, has made this reader look
        // for what is yet to come, and over what came meanwhile.
        let known = self.read.take().filter(|read| (-OVERLAP_MS..RETENTION_MS / 2).contains(&(now_ms - read.at_ms)));
        let (is_new, mut unreadable) = (known.is_none(), Unreadable::default());
        let (mut read, items, mut changed) = match known {
            Some(read) => {
                let items = feed_after(store, self.collection, &place(read.again_from_ms())).await;
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
                let state = fold_state(store, self.collection).await?;
                read_blocks(store, self.collection, self.shard, |row| unreadable.unless_applied(row, index)).await?;
                index.blocks_read();
                let items = feed_after(store, self.collection, state.folded_to(now_ms)).await?;
                (Read { at_ms: now_ms, seen: Seen::new() }, items, true)
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
                    unreadable.unless_applied(row, index);
                }
            }
            changed = true;
        }
        if is_new && unreadable.are_most() {
            return Err(StoreError::broken(unreadable));
        }
        read.at_ms = now_ms;
        let again_from_ms = read.again_from_ms();
        read.seen.retain(|_, at_ms| *at_ms >= again_from_ms);
        self.read = Some(read);
        if unreadable.count > 0 {
            let Unreadable { count, first, .. } = &unreadable;
            tracing::error!(collection = ?self.collection, count, first, "rows of a pool can't be read, and are left out");
        }
        Ok(changed)
    }
}

/// Rows whose bodies an index could not read.
#[derive(Debug, Default, thiserror::Error)]
#[error("{count} of {rows} rows can't be read; {first}")]
struct Unreadable {
    /// Of all that it was given.
    rows: usize,
    count: usize,
    /// One of them, and why.
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
