//! The acts of people in the market.

mod accounts;
mod freelancers;
mod matches;
mod projects;

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use pool::{Change, Index, Revision, Revisions, Row};
use store::StoreError;
use store::keys::Collection;

use super::World;

/// The skills that profiles and projects take from.
const SKILLS: [&str; 5] = ["logo", "branding", "rust", "aws", "translation"];

/// Acts of people with one part of the market, and the conditions that must hold afterwards.
pub(crate) trait Workload: Send {
    /// Prepares the market, once.
    fn begin<'a>(&'a mut self, _world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }

    /// Takes one random step, and remembers what the market has acknowledged.
    fn step<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()>;

    /// Compares the market with what it has acknowledged. No faults are injected any more, and the streams are drained.
    fn check<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()>;
}

/// Every workload. The first one makes the people.
pub(super) fn all() -> Vec<Box<dyn Workload>> {
    vec![
        Box::new(accounts::Accounts),
        Box::<projects::Projects>::default(),
        Box::<freelancers::Freelancers>::default(),
        Box::new(matches::Matches),
    ]
}

/// The rows of a pool: ids without their prefix, and revisions.
#[derive(Debug, Default)]
struct PoolRows {
    rows: BTreeMap<String, Revision>,
    revisions: Revisions,
}

impl Index for PoolRows {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        if self.revisions.note(row.id, row.revision) {
            match row.change {
                Change::Put(_) => _ = self.rows.insert(row.id.to_string(), row.revision),
                Change::Tombstone(_) => _ = self.rows.remove(&row.id.to_string()),
            }
        }
        Ok(())
    }
}

/// Reads a pool as `matches` does.
pub(crate) async fn pool_rows(world: &World<'_>, collection: Collection) -> BTreeMap<String, Revision> {
    let (store, mut rows) = (world.market.store().await.expect("a store"), PoolRows::default());
    let mut tail = pool::Tail::new(collection);
    tail.catch_up(&store, jiff::Timestamp::now(), &mut rows).await.expect("a readable pool");
    rows.rows
}
