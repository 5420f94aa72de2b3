//! Folding: bringing the older part of a feed into the blocks.
//!
//! A fold aims at a place of the feed and works through the blocks, as far as its time allows; the next one goes on. When
//! the last block is done, readers who begin anew may begin behind that place. Whatever interrupts a fold, it is only ever
//! repeated: rows never replace newer ones, and the feed keeps what is folded for an hour.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::blocks::{BLOCKS, block_of, fold_block};
use crate::feed::{FeedItem, feed_page, place, time_ms};
use crate::keys;
use crate::{Change, OVERLAP_MS, RETENTION_MS, Row, row};
use store::keys::Collection;
use store::{Condition, Reply, Slice, Store, StoreError, Transaction};

/// A feed is folded when it outweighs this share of the blocks: so each row is rewritten a bounded number of times, and
/// whoever begins anew reads little twice.
pub const BLOCKS_PER_FEED: u64 = 8;
/// But not before it holds this many bytes: a block written is a request, whatever its size.
const LEAST_BYTES: u64 = 64 * 1024;
/// No more than this many bytes of a feed at once, unless somebody has the memory for more.
pub const MOST_FOLDED_BYTES: usize = 32 * 1024 * 1024;
/// How long others leave a fold alone, in milliseconds. Longer than a function may run.
const LEASE_MS: i64 = 60_000;
/// Blocks that are written at the same time.
const SIDE_BY_SIDE: usize = 16;
/// Feed items whose age is looked at together, to delete the old ones.
const LOOKED_AT_TOGETHER: usize = 64;

/// The label of the write that meets another fold.
const FOLD: &str = "pool fold";

/// How far folding is, as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct FoldState {
    /// One more with each write.
    version: u64,
    /// Everything in the feed up to this sort key is in the blocks.
    pub(crate) folded_to: String,
    /// Where the running fold aims; empty if none runs.
    aim: String,
    /// The blocks below this one have reached the aim.
    next_block: u32,
    /// Until when the running fold is somebody's, in milliseconds since 1970.
    leased_until: i64,
    /// The size of all blocks.
    block_bytes: i64,
    /// Where the last fold of each minute ended, oldest first: those of the last hour, and one before.
    #[serde(default)]
    ended: Vec<Ended>,
}

/// The end of a fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Ended {
    /// When, in milliseconds since 1970.
    at_ms: i64,
    folded_to: String,
}

/// Of folds that end within this time, one is remembered.
const REMEMBERED_EVERY_MS: i64 = 60_000;

impl FoldState {
    /// Behind which place of the feed a reader goes on who has read the blocks. A place in time to come is none: it was
    /// written by a clock that has been set back since, and what was appended since lies before it. Rows that are read
    /// twice do no harm.
    pub(crate) fn folded_to(&self, now_ms: i64) -> &str {
        if self.is_of_time_to_come(now_ms) { "" } else { &self.folded_to }
    }

    fn is_of_time_to_come(&self, now_ms: i64) -> bool {
        [&self.folded_to, &self.aim].into_iter().filter_map(|sk| time_ms(sk)).any(|at| at > now_ms + OVERLAP_MS)
    }

    /// The running fold has reached its aim.
    fn end(&mut self, at_ms: i64) {
        self.folded_to = std::mem::take(&mut self.aim);
        self.next_block = 0;
        let minute = |at_ms: i64| at_ms.div_euclid(REMEMBERED_EVERY_MS);
        self.ended.retain(|ended| minute(ended.at_ms) != minute(at_ms));
        self.ended.push(Ended { at_ms, folded_to: self.folded_to.clone() });
        let forgettable = self.ended.iter().rposition(|ended| ended.at_ms < at_ms - RETENTION_MS);
        self.ended.drain(..forgettable.unwrap_or(0));
    }

    /// Up to where everything has been in the blocks for so long that no reader needs it in the feed: not even one who
    /// began to read the blocks before it was there.
    fn forgettable(&self, now_ms: i64) -> Option<&str> {
        let ended = self.ended.iter().rfind(|ended| ended.at_ms < now_ms - RETENTION_MS)?;
        Some(&ended.folded_to)
    }
}

/// What a fold did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded {
    /// There was too little to fold, or somebody else folds.
    Nothing,
    /// The time is up; the rest is left for the next fold.
    Some,
    /// Everything it aimed at.
    All,
}

/// What a process remembers between folds, so that looking for one to do reads what is new in the feed, and nothing twice.
#[derive(Debug)]
pub struct Folding {
    collection: Collection,
    /// As much of a feed is folded at once.
    most_bytes: usize,
    /// What this process has appended since it last looked.
    appended_bytes: usize,
    looked_at: Option<Timestamp>,
    /// What the next fold will begin with: so far too little to be worth one.
    gathered: Gathered,
    /// The changes of the running fold, by block.
    slice: Option<Slices>,
}

/// Feed items behind a place, one after the other, none left out.
#[derive(Debug, Default)]
struct Gathered {
    from: String,
    items: Vec<FeedItem>,
    bytes: usize,
    /// As much as is folded at once: worth it, however large the blocks are.
    is_full: bool,
}

/// The part of a feed that a fold brings into the blocks.
#[derive(Debug)]
struct Slices {
    from: String,
    aim: String,
    by_block: BTreeMap<u32, Vec<Row>>,
}

/// A process looks for a fold to do after having appended this much, or when it last looked this long ago.
const LOOK_AFTER_BYTES: usize = 32 * 1024;
const LOOK_AFTER_MS: i64 = 60_000;

impl Folding {
    /// Nothing known of the pool yet.
    pub fn new(collection: Collection) -> Self {
        let gathered = Gathered::default();
        Self { collection, most_bytes: MOST_FOLDED_BYTES, appended_bytes: 0, looked_at: None, gathered, slice: None }
    }

    /// Folds up to so many bytes of a feed at once: each time, all blocks are written anew. Rows take about three times as
    /// much memory, also of whoever goes on with a fold that was cut off.
    #[must_use]
    pub fn at_most(self, bytes: usize) -> Self {
        Self { most_bytes: bytes, ..self }
    }

    /// Notes that this process has appended some bytes to the feed.
    pub fn appended(&mut self, bytes: usize) {
        self.appended_bytes += bytes;
    }

    /// Folds, if it is time to look for something to fold, for `budget` at most.
    ///
    /// # Errors
    /// As [`Folding::fold`].
    pub async fn fold_if_due(&mut self, store: &Store, now: Timestamp, budget: Duration) -> Result<Folded, StoreError> {
        let long_ago = |at: Timestamp| now.as_millisecond() - at.as_millisecond() >= LOOK_AFTER_MS;
        if self.appended_bytes < LOOK_AFTER_BYTES && !self.looked_at.is_none_or(long_ago) {
            return Ok(Folded::Nothing);
        }
        let folded = self.fold(store, now, budget).await?;
        // Work that is left is due at once.
        self.looked_at = (folded != Folded::Some).then_some(now);
        self.appended_bytes = 0;
        Ok(folded)
    }

    /// Folds what is worth it, one group of blocks after the other, and deletes what no reader needs any more, until
    /// `budget` is used up.
    ///
    /// # Errors
    /// The store's. What was done stays done, and the next fold goes on.
    pub fn fold<'a>(&'a mut self, store: &'a Store, now: Timestamp, budget: Duration) -> Reply<'a, Folded> {
        Box::pin(self.folded(store, now, budget))
    }

    async fn folded(&mut self, store: &Store, now: Timestamp, budget: Duration) -> Result<Folded, StoreError> {
        let started = Instant::now();
        let is_over = || started.elapsed() >= budget;
        let now_ms = now.as_millisecond();
        let mut state: FoldState = store.get(&keys::pool_fold(self.collection)).await?.unwrap_or_default();
        // A lease of longer is of a clock that has been set back since.
        if (now_ms + 1..=now_ms + LEASE_MS + OVERLAP_MS).contains(&state.leased_until) {
            return Ok(Folded::Nothing);
        }
        if state.is_of_time_to_come(now_ms) {
            // What is in the feed is folded again, and all of it stays for another hour. Written at once: soon that time has
            // come, and nobody could tell any more.
            let (version, block_bytes) = (state.version, state.block_bytes);
            state = FoldState { version, block_bytes, ..FoldState::default() };
            match save_fold(store, self.collection, &mut state).await {
                Err(error) if error.is_conflict_on(FOLD) => return Ok(Folded::Nothing),
                saved => saved?,
            }
        }
        let Some(slice) = self.slice(store, &state, now_ms).await? else {
            forget_folded(store, self.collection, &state, now_ms, is_over).await?;
            return Ok(Folded::Nothing);
        };
        state.aim.clone_from(&slice.aim);
        state.leased_until = now_ms + LEASE_MS;
        match save_fold(store, self.collection, &mut state).await {
            Err(error) if error.is_conflict_on(FOLD) => return Ok(Folded::Nothing),
            saved => saved?,
        }
        while state.next_block < BLOCKS {
            let group = state.next_block..(state.next_block + SIDE_BY_SIDE as u32).min(BLOCKS);
            state.next_block = group.end;
            state.block_bytes += fold_group(store, self.collection, &slice.by_block, group, now_ms).await?;
            if is_over() {
                break;
            }
        }
        state.leased_until = 0;
        if state.next_block < BLOCKS {
            self.slice = Some(slice);
            save_fold(store, self.collection, &mut state).await?;
            return Ok(Folded::Some);
        }
        state.end(now_ms + started.elapsed().as_millis() as i64);
        save_fold(store, self.collection, &mut state).await?;
        forget_folded(store, self.collection, &state, now_ms, is_over).await?;
        Ok(Folded::All)
    }

    /// The changes to fold: those of the fold that runs, or as many as are old enough, if they are worth it.
    async fn slice(&mut self, store: &Store, state: &FoldState, now_ms: i64) -> Result<Option<Slices>, StoreError> {
        let known = self.slice.take().filter(|slice| slice.from == state.folded_to && slice.aim == state.aim);
        if known.is_some() {
            return Ok(known);
        }
        if self.gathered.from != state.folded_to {
            self.gathered = Gathered { from: state.folded_to.clone(), ..Gathered::default() };
        }
        let most_bytes = self.most_bytes;
        let gathered = &mut self.gathered;
        if state.aim.is_empty() {
            let settled = place(now_ms - OVERLAP_MS - 1);
            gathered.read_on(store, self.collection, |sk| sk < settled.as_str(), most_bytes).await?;
            let worth_it = LEAST_BYTES.max(state.block_bytes.unsigned_abs() / BLOCKS_PER_FEED);
            if !gathered.is_full && (gathered.bytes as u64) < worth_it {
                return Ok(None);
            }
        } else {
            gathered.read_on(store, self.collection, |sk| sk <= state.aim.as_str(), usize::MAX).await?;
        }
        let Gathered { from, mut items, .. } = std::mem::take(gathered);
        if !state.aim.is_empty() {
            // Somebody else may aim at less than was gathered here.
            items.retain(|item| item.sk <= state.aim);
        }
        let Some(last) = items.last() else { return Ok(None) };
        let aim = last.sk.clone();
        let mut by_block = BTreeMap::<u32, Vec<Row>>::new();
        for row in items.iter().flat_map(|item| row::read(&item.rows.0)) {
            let row = row.map_err(StoreError::broken)?;
            let change = match row.change {
                Change::Put(body) => Change::Put(body.to_vec()),
                Change::Remove(at) => Change::Remove(at),
            };
            let row = Row { id: row.id, revision: row.revision, change };
            by_block.entry(block_of(row.id)).or_default().push(row);
        }
        Ok(Some(Slices { from, aim, by_block }))
    }
}

impl Gathered {
    /// Reads on where it stopped, as long as items belong and weigh no more than `most_bytes` together: but one at least.
    async fn read_on(
        &mut self,
        store: &Store,
        collection: Collection,
        belongs: impl Fn(&str) -> bool,
        most_bytes: usize,
    ) -> Result<(), StoreError> {
        self.is_full = false;
        loop {
            let behind = self.items.last().map_or(self.from.as_str(), |last| last.sk.as_str());
            let page = feed_page(store, collection, behind).await?;
            if page.is_empty() {
                return Ok(());
            }
            for item in page {
                if !belongs(&item.sk) {
                    return Ok(());
                }
                let grown = self.bytes + item.rows.0.len();
                self.is_full = !self.items.is_empty() && grown > most_bytes;
                if self.is_full {
                    return Ok(());
                }
                self.bytes = grown;
                self.items.push(item);
            }
        }
    }
}

/// How far a pool is folded.
pub(crate) async fn fold_state(store: &Store, collection: Collection) -> Result<FoldState, StoreError> {
    Ok(store.get(&keys::pool_fold(collection)).await?.unwrap_or_default())
}

/// Writes the state on condition that it is still what was read, or written by us.
async fn save_fold(store: &Store, collection: Collection, state: &mut FoldState) -> Result<(), StoreError> {
    let condition = if state.version == 0 { Condition::Absent } else { Condition::version(state.version) };
    state.version += 1;
    let mut transaction = Transaction::new();
    transaction.put(FOLD, keys::pool_fold(collection), state, condition)?;
    store.commit(transaction).await
}

/// Folds the changes of some blocks, all at the same time. Gives by how many bytes they have grown together.
async fn fold_group(
    store: &Store,
    collection: Collection,
    changes: &BTreeMap<u32, Vec<Row>>,
    blocks: std::ops::Range<u32>,
    now_ms: i64,
) -> Result<i64, StoreError> {
    let mut writes = JoinSet::new();
    for (&block, rows) in changes.range(blocks) {
        let (store, rows) = (store.clone(), rows.clone());
        writes.spawn(async move { fold_block(&store, collection, block, &rows, now_ms).await });
    }
    let mut grown = 0;
    while let Some(write) = writes.join_next().await {
        grown += write.map_err(StoreError::broken)??;
    }
    Ok(grown)
}

/// Deletes what has been in the blocks for so long that no reader needs it any more, oldest first, until time `is_over`.
async fn forget_folded(
    store: &Store,
    collection: Collection,
    state: &FoldState,
    now_ms: i64,
    is_over: impl Fn() -> bool,
) -> Result<(), StoreError> {
    let feed = keys::pool_feed(collection);
    let Some(forgettable) = state.forgettable(now_ms) else { return Ok(()) };
    loop {
        let slice = Slice { limit: Some(LOOKED_AT_TOGETHER), ..Slice::ALL };
        let mut keys = store.query_sort_keys(&feed, slice).await?;
        keys.retain(|sk| sk.as_str() <= forgettable);
        for keys in keys.chunks(SIDE_BY_SIDE) {
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
        if keys.len() < LOOKED_AT_TOGETHER {
            return Ok(());
        }
    }
}
