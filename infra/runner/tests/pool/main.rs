//! The stored pools and the function that keeps them, against the local database.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

mod clocks;
mod compaction;
mod reading;
mod stream;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use pairwork::{LocalMarket, Options, Outcome, Program, TEMPLATE};
use pool::{Change, Compaction, Compactor, Index, Revision, Revisions, Row, Tail};
use serde_json::json;
use store::{Condition, Slice, Store, StoreError, Transaction};
use store::{keys, keys::Collection};
use ulid::Ulid;

const POOL: Collection = Collection::Freelancers;
/// Long enough that a feed item can be compacted.
const SETTLED_MS: i64 = 20_000;
const NO_TIME: Duration = Duration::ZERO;
const MUCH_TIME: Duration = Duration::from_secs(60);

/// The first byte of a body that the reader cannot read.
const UNREADABLE: u8 = b'?';

/// The rows that a reader has of a pool.
#[derive(Debug, Default)]
struct Rows {
    by_id: BTreeMap<u128, Vec<u8>>,
    revisions: Revisions,
    /// A hook that runs when the blocks have been read and the feed has not.
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
                Change::Tombstone(_) => _ = self.by_id.remove(&row.id.0),
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

/// 3 KB, so that a few dozen rows are worth a compaction.
fn row(id: u128, revision: u64, text: u8) -> Row {
    Row { id: Ulid(id), revision: Revision::from_bits(revision), change: Change::Put(vec![text; 3_000]) }
}

fn removed(id: u128, revision: u64) -> Row {
    Row { id: Ulid(id), revision: Revision::from_bits(revision), change: Change::Tombstone(at(0)) }
}

/// The rows that a new reader has: each id with the first byte of its body.
async fn read_anew(store: &Store, now: Timestamp) -> BTreeMap<u128, u8> {
    let mut rows = Rows::default();
    Tail::new(POOL).catch_up(store, now, &mut rows).await.unwrap();
    first_bytes(&rows)
}

fn first_bytes(rows: &Rows) -> BTreeMap<u128, u8> {
    rows.by_id.iter().map(|(id, body)| (*id, body[0])).collect()
}

async fn feed_items(store: &Store) -> usize {
    store.query_sort_keys(&pool::keys::feed(POOL), Slice::ALL).await.unwrap().len()
}

async fn read_now(store: &Store) -> usize {
    read_bodies(store).await.len()
}

async fn read_bodies(store: &Store) -> BTreeMap<u128, Vec<u8>> {
    let mut rows = Rows::default();
    Tail::new(POOL).catch_up(store, Timestamp::now(), &mut rows).await.unwrap();
    rows.by_id
}

/// The accounts of the sample freelancers.
fn market_people() -> Vec<String> {
    let sample: serde_json::Value =
        serde_yaml_ng::from_str(include_str!("../../src/sample/market.yaml")).expect("the sample market is YAML");
    let people = sample["people"].as_array().unwrap().iter();
    people.filter(|person| person["freelancer"].is_object()).map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}
