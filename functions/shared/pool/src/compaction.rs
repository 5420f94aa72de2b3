//! Compaction: `stream` moves the older part of a feed into the blocks.
//!
//! A compaction has a target, which is a sort key of the feed. It works through the blocks for as long as its time
//! allows, and the next call continues. After the last block, new readers of the whole pool begin after the target. An
//! interrupted compaction can be repeated: rows never replace newer ones, and compacted changes stay in the feed for an
//! hour.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use store::keys::Collection;
use store::{Condition, Slice, Store, StoreError, StoreFuture, Transaction};
use tokio::task::JoinSet;

use crate::blocks::{BLOCKS, block_of, compact_block};
use crate::checkpoint::{CHECKPOINT, Checkpoint};
use crate::feed::{FeedItem, feed_page, place};
use crate::{OVERLAP_MS, Row, keys, row};

/// A feed is compacted when it outweighs this share of the blocks. So each row is rewritten a bounded number of times,
/// and a reader of the whole pool reads few bytes twice.
pub const BLOCKS_PER_FEED: u64 = 8;
/// A feed of fewer bytes is not compacted, because a written block costs a request, whatever its size.
const MIN_BYTES: u64 = 64 * 1024;
/// The most bytes of a feed that one compaction takes, unless [`Compactor::at_most`] allows more.
pub const MAX_COMPACTED_BYTES: usize = 32 * 1024 * 1024;
/// The time for which other processes leave a running compaction alone, in milliseconds. It exceeds the run time of a
/// function.
const LEASE_MS: i64 = 60_000;
/// Blocks that are written at the same time.
const CONCURRENT_WRITES: usize = 16;
/// Feed items that are read at once when old ones are deleted.
const DELETION_PAGE: usize = 64;

/// The progress of a call to the compactor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compaction {
    /// There was too little to compact, or another process compacts.
    Idle,
    /// The time ran out before the target was reached. The next call continues.
    Partial,
    /// The target is reached.
    Complete,
}

/// Compacts one pool. It remembers between calls what it has read, so that it reads no feed item twice.
#[derive(Debug)]
pub struct Compactor {
    collection: Collection,
    /// The most bytes of a feed that one compaction takes.
    max_bytes: usize,
    /// The bytes that this process has appended since it last looked for something to compact.
    appended_bytes: usize,
    looked_at: Option<Timestamp>,
    /// The beginning of the next compaction, which is still too small.
    pending: Pending,
    /// The changes of the running compaction.
    running: Option<Running>,
}

/// Feed items after a sort key, without gaps.
#[derive(Debug, Default)]
struct Pending {
    from: String,
    items: Vec<FeedItem>,
    bytes: usize,
    /// The items reach the most bytes of one compaction, so they are compacted however large the blocks are.
    is_full: bool,
}

/// The part of a feed that a compaction moves into the blocks.
#[derive(Debug)]
struct Running {
    from: String,
    target: String,
    by_block: BTreeMap<u32, Vec<Row>>,
}

/// A process looks for something to compact after it has appended this much, or after this much time.
const LOOK_AFTER_BYTES: usize = 32 * 1024;
const LOOK_AFTER_MS: i64 = 60_000;

impl Compactor {
    /// A compactor that has read nothing of the pool.
    pub fn new(collection: Collection) -> Self {
        let pending = Pending::default();
        Self { collection, max_bytes: MAX_COMPACTED_BYTES, appended_bytes: 0, looked_at: None, pending, running: None }
    }

    /// Raises the number of bytes that one compaction takes. All blocks are rewritten for each compaction. The rows
    /// take about three times as much memory, also in another process that continues an interrupted compaction.
    #[must_use]
    pub fn at_most(self, bytes: usize) -> Self {
        Self { max_bytes: bytes, ..self }
    }

    /// Records that this process has appended some bytes to the feed.
    pub fn appended(&mut self, bytes: usize) {
        self.appended_bytes += bytes;
    }

    /// Compacts for at most `budget`, if it is time to look for something to compact.
    ///
    /// # Errors
    /// As [`Compactor::compact`].
    pub async fn compact_if_due(
        &mut self,
        store: &Store,
        now: Timestamp,
        budget: Duration,
    ) -> Result<Compaction, StoreError> {
        let long_ago = |at: Timestamp| now.as_millisecond() - at.as_millisecond() >= LOOK_AFTER_MS;
        if self.appended_bytes < LOOK_AFTER_BYTES && !self.looked_at.is_none_or(long_ago) {
            return Ok(Compaction::Idle);
        }
        let compaction = self.compact(store, now, budget).await?;
        // The rest of a partial compaction is due at once.
        self.looked_at = (compaction != Compaction::Partial).then_some(now);
        self.appended_bytes = 0;
        Ok(compaction)
    }

    /// Compacts the feed if it is large enough, one group of blocks after the other, and deletes feed items that no
    /// reader needs any more. It stops when `budget` is used up.
    ///
    /// # Errors
    /// The store's. Completed work stays done, and the next call continues.
    pub fn compact<'a>(
        &'a mut self,
        store: &'a Store,
        now: Timestamp,
        budget: Duration,
    ) -> StoreFuture<'a, Compaction> {
        Box::pin(self.run(store, now, budget))
    }

    async fn run(&mut self, store: &Store, now: Timestamp, budget: Duration) -> Result<Compaction, StoreError> {
        let started = Instant::now();
        let is_over = || started.elapsed() >= budget;
        let now_ms = now.as_millisecond();
        let mut checkpoint = Checkpoint::load(store, self.collection).await?;
        // A longer lease was written by a clock that has been set back since.
        if (now_ms + 1..=now_ms + LEASE_MS + OVERLAP_MS).contains(&checkpoint.leased_until) {
            return Ok(Compaction::Idle);
        }
        if checkpoint.is_in_the_future(now_ms) {
            // The whole feed is compacted again, and all of it stays for another hour. The checkpoint is written at
            // once: after that future time, no process could notice the wrong clock any more.
            checkpoint = checkpoint.restarted();
            match checkpoint.save(store, self.collection).await {
                Err(error) if error.is_conflict_on(CHECKPOINT) => return Ok(Compaction::Idle),
                saved => saved?,
            }
        }
        let Some(running) = self.next(store, &checkpoint, now_ms).await? else {
            delete_expired(store, self.collection, &checkpoint, now_ms, is_over).await?;
            return Ok(Compaction::Idle);
        };
        checkpoint.target.clone_from(&running.target);
        checkpoint.leased_until = now_ms + LEASE_MS;
        match checkpoint.save(store, self.collection).await {
            Err(error) if error.is_conflict_on(CHECKPOINT) => return Ok(Compaction::Idle),
            saved => saved?,
        }
        while checkpoint.next_block < BLOCKS {
            let group = checkpoint.next_block..(checkpoint.next_block + CONCURRENT_WRITES as u32).min(BLOCKS);
            checkpoint.next_block = group.end;
            checkpoint.block_bytes += compact_group(store, self.collection, &running.by_block, group, now_ms).await?;
            if is_over() {
                break;
            }
        }
        checkpoint.leased_until = 0;
        if checkpoint.next_block < BLOCKS {
            self.running = Some(running);
            checkpoint.save(store, self.collection).await?;
            return Ok(Compaction::Partial);
        }
        checkpoint.complete(now_ms + started.elapsed().as_millis() as i64);
        checkpoint.save(store, self.collection).await?;
        delete_expired(store, self.collection, &checkpoint, now_ms, is_over).await?;
        Ok(Compaction::Complete)
    }

    /// The changes to compact: those of the running compaction, or otherwise all that are old enough, if they are
    /// enough.
    async fn next(
        &mut self,
        store: &Store,
        checkpoint: &Checkpoint,
        now_ms: i64,
    ) -> Result<Option<Running>, StoreError> {
        let Checkpoint { compacted_to, target, block_bytes, .. } = checkpoint;
        let known = self.running.take().filter(|running| running.from == *compacted_to && running.target == *target);
        if known.is_some() {
            return Ok(known);
        }
        if self.pending.from != *compacted_to {
            self.pending = Pending { from: compacted_to.clone(), ..Pending::default() };
        }
        let max_bytes = self.max_bytes;
        let pending = &mut self.pending;
        if target.is_empty() {
            let settled = place(now_ms - OVERLAP_MS - 1);
            pending.read_on(store, self.collection, |sk| sk < settled.as_str(), max_bytes).await?;
            let worth_it = MIN_BYTES.max(block_bytes.unsigned_abs() / BLOCKS_PER_FEED);
            if !pending.is_full && (pending.bytes as u64) < worth_it {
                return Ok(None);
            }
        } else {
            pending.read_on(store, self.collection, |sk| sk <= target.as_str(), usize::MAX).await?;
        }
        let Pending { from, mut items, .. } = std::mem::take(pending);
        if !target.is_empty() {
            // Another process may have chosen a target before some of these items.
            items.retain(|item| item.sk <= *target);
        }
        let Some(last) = items.last() else { return Ok(None) };
        let target = last.sk.clone();
        let mut by_block = BTreeMap::<u32, Vec<Row>>::new();
        for row in items.iter().flat_map(|item| row::read(&item.rows.0)) {
            let row = row.map_err(StoreError::broken)?.into_owned();
            by_block.entry(block_of(row.id)).or_default().push(row);
        }
        Ok(Some(Running { from, target, by_block }))
    }
}

impl Pending {
    /// Reads the next items. It takes items up to the target and up to `max_bytes` together, but at least one.
    async fn read_on(
        &mut self,
        store: &Store,
        collection: Collection,
        belongs: impl Fn(&str) -> bool,
        max_bytes: usize,
    ) -> Result<(), StoreError> {
        self.is_full = false;
        loop {
            let after = self.items.last().map_or(self.from.as_str(), |last| last.sk.as_str());
            let page = feed_page(store, collection, after).await?;
            if page.is_empty() {
                return Ok(());
            }
            for item in page {
                if !belongs(&item.sk) {
                    return Ok(());
                }
                let grown = self.bytes + item.rows.0.len();
                self.is_full = !self.items.is_empty() && grown > max_bytes;
                if self.is_full {
                    return Ok(());
                }
                self.bytes = grown;
                self.items.push(item);
            }
        }
    }
}

/// Merges the changes of some blocks at the same time. Returns the number of bytes by which the blocks have grown.
async fn compact_group(
    store: &Store,
    collection: Collection,
    changes: &BTreeMap<u32, Vec<Row>>,
    blocks: std::ops::Range<u32>,
    now_ms: i64,
) -> Result<i64, StoreError> {
    let mut writes = JoinSet::new();
    for (&block, rows) in changes.range(blocks) {
        let (store, rows) = (store.clone(), rows.clone());
        writes.spawn(async move { compact_block(&store, collection, block, &rows, now_ms).await });
    }
    let mut grown = 0;
    while let Some(write) = writes.join_next().await {
        grown += write.map_err(StoreError::broken)??;
    }
    Ok(grown)
}

/// Deletes feed items that no reader needs any more, oldest first, until time `is_over`.
async fn delete_expired(
    store: &Store,
    collection: Collection,
    checkpoint: &Checkpoint,
    now_ms: i64,
    is_over: impl Fn() -> bool,
) -> Result<(), StoreError> {
    let feed = keys::feed(collection);
    let Some(deletable_to) = checkpoint.deletable_to(now_ms) else { return Ok(()) };
    loop {
        let slice = Slice { limit: Some(DELETION_PAGE), ..Slice::ALL };
        let mut keys = store.query_sort_keys(&feed, slice).await?;
        keys.retain(|sk| sk.as_str() <= deletable_to);
        for keys in keys.chunks(CONCURRENT_WRITES) {
            let mut deletes = JoinSet::new();
            for sk in keys {
                let (store, mut transaction) = (store.clone(), Transaction::new());
                transaction.delete("feed item", feed.item(sk.clone()), Condition::Always);
                deletes.spawn(async move { store.commit(transaction).await });
            }
            while let Some(deleted) = deletes.join_next().await {
                deleted.map_err(StoreError::broken)??;
            }
            if is_over() {
                return Ok(());
            }
        }
        if keys.len() < DELETION_PAGE {
            return Ok(());
        }
    }
}
