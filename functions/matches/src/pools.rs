//! The pools as they are ranked: read whole once, then kept up to date.
//!
//! A ranking needs all of a pool, so a process keeps it, and reads only what has changed since it last looked, at most once in
//! [`KEPT`]. What was read is prepared once for all rankings until the next change.

use std::{collections::HashMap, ops::Deref};

use domain::pool::{PooledFreelancer, PooledProject};
use jiff::{SignedDuration, Timestamp};
use matching::{PackedTalent, Talent, TextStatistics};
use platform::{
    Store, StoreError,
    store::{
        keys::Collection,
        pool::{Change, Follower, Index, Revisions, Row, unpack},
    },
};
use serde::de::DeserializeOwned;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use ulid::Ulid;

use crate::mapping;

/// How long a pool is ranked as it is before changes are looked for.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_millis(250);

/// Every freelancer that may be matched.
#[derive(Debug)]
pub(crate) struct FreelancerPool {
    /// How rare words and skills are among them. Pairs are compared by it in both directions, so that a freelancer sees the
    /// score that a project's owner sees.
    pub(crate) statistics: TextStatistics,
    /// In no particular order.
    pub(crate) members: Vec<(PooledFreelancer, PackedTalent)>,
}

impl Prepared for FreelancerPool {
    type Row = PooledFreelancer;

    fn prepare<'a>(rows: impl Iterator<Item = &'a PooledFreelancer>) -> Self {
        let freelancers: Vec<PooledFreelancer> = rows.cloned().collect();
        let talents: Vec<Talent> = freelancers.iter().map(mapping::talent).collect();
        let statistics = TextStatistics::of_pool(&talents);
        let prepared = talents.iter().map(PackedTalent::of).collect::<Vec<_>>();
        Self { members: freelancers.into_iter().zip(prepared).collect(), statistics }
    }
}

impl Prepared for Vec<PooledProject> {
    type Row = PooledProject;

    fn prepare<'a>(rows: impl Iterator<Item = &'a PooledProject>) -> Self {
        rows.cloned().collect()
    }
}

/// Both pools, as this process knows them.
#[derive(Debug)]
pub(crate) struct Pools {
    store: Store,
    freelancers: Followed<FreelancerPool>,
    projects: Followed<Vec<PooledProject>>,
}

impl Pools {
    /// Nothing read yet.
    pub(crate) fn new(store: Store) -> Self {
        let (freelancers, projects) = (Followed::new(Collection::Freelancers), Followed::new(Collection::Projects));
        Self { store, freelancers, projects }
    }

    /// Every freelancer, as of at most [`KEPT`] before `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn freelancers(
        &self,
        now: Timestamp,
    ) -> Result<impl Deref<Target = FreelancerPool> + '_, StoreError> {
        self.freelancers.get(&self.store, now).await
    }

    /// Every open project, as of at most [`KEPT`] before `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn projects(
        &self,
        now: Timestamp,
    ) -> Result<impl Deref<Target = Vec<PooledProject>> + '_, StoreError> {
        self.projects.get(&self.store, now).await
    }
}

/// A pool made ready to be ranked.
trait Prepared {
    /// What a row of it holds.
    type Row: DeserializeOwned + std::fmt::Debug;

    fn prepare<'a>(rows: impl Iterator<Item = &'a Self::Row>) -> Self
    where
        Self::Row: 'a;
}

/// A pool that is kept up to date. One request looks for changes, others wait for it; all may rank at the same time.
#[derive(Debug)]
struct Followed<P: Prepared>(RwLock<State<P>>);

#[derive(Debug)]
struct State<P: Prepared> {
    follower: Follower,
    rows: Rows<P::Row>,
    prepared: P,
    /// When changes were last looked for.
    at: Option<Timestamp>,
}

impl<P: Prepared> Followed<P> {
    fn new(collection: Collection) -> Self {
        let prepared = P::prepare(std::iter::empty());
        Self(RwLock::new(State { follower: Follower::new(collection), rows: Rows::default(), prepared, at: None }))
    }

    async fn get(&self, store: &Store, now: Timestamp) -> Result<RwLockReadGuard<'_, P>, StoreError> {
        let kept = self.0.read().await;
        if kept.is_fresh(now) {
            return Ok(RwLockReadGuard::map(kept, |state| &state.prepared));
        }
        drop(kept);
        let mut state = self.0.write().await;
        if !state.is_fresh(now) {
            let State { follower, rows, prepared, at } = &mut *state;
            *at = None;
            if follower.follow(store, now, rows).await? {
                *prepared = P::prepare(rows.by_id.values());
            }
            *at = Some(now);
        }
        Ok(RwLockReadGuard::map(RwLockWriteGuard::downgrade(state), |state| &state.prepared))
    }
}

impl<P: Prepared> State<P> {
    fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back does not make old news fresh.
        self.at.is_some_and(|at| now.duration_since(at).abs() < KEPT)
    }
}

/// The rows of a pool by id.
#[derive(Debug)]
struct Rows<R> {
    by_id: HashMap<Ulid, R>,
    revisions: Revisions,
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self { by_id: HashMap::new(), revisions: Revisions::default() }
    }
}

impl<R: DeserializeOwned> Index for Rows<R> {
    fn clear(&mut self) {
        self.by_id.clear();
        self.revisions.clear();
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        if !self.revisions.note(row.id, row.revision) {
            return Ok(());
        }
        match row.change {
            Change::Put(body) => {
                self.by_id.insert(row.id, unpack(body)?);
            }
            Change::Remove(_) => {
                self.by_id.remove(&row.id);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use platform::store::pool::{Revision, pack};

    use super::*;

    fn row(id: u128, revision: u64, change: Change<&[u8]>) -> Row<&[u8]> {
        Row { id: Ulid(id), revision: Revision::from_bits(revision), change }
    }

    #[test]
    fn late_and_repeated_rows_change_nothing() {
        let mut rows = Rows::<String>::default();
        let [old, new] = ["old", "new"].map(|text| pack(&text).unwrap());
        rows.apply(row(1, 2, Change::Put(&new))).unwrap();
        rows.apply(row(1, 1, Change::Put(&old))).unwrap();
        rows.apply(row(1, 2, Change::Put(&new))).unwrap();
        assert_eq!(rows.by_id[&Ulid(1)], "new");
        rows.apply(row(1, 3, Change::Remove(Timestamp::UNIX_EPOCH))).unwrap();
        rows.apply(row(1, 2, Change::Put(&new))).unwrap();
        assert!(rows.by_id.is_empty());
        assert!(rows.apply(row(2, 1, Change::Put(b"no JSON"))).is_err());
    }
}
