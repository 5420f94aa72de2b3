//! The pools as they are ranked: read whole once, then kept up to date.
//!
//! A ranking needs all of a pool, so a process keeps it, and reads only what has changed since it last looked, at most once in
//! [`KEPT`].

mod projects;
mod talents;

use std::ops::Deref;

use jiff::{SignedDuration, Timestamp};
use platform::{
    Store, StoreError,
    store::{
        keys::Collection,
        pool::{Follower, Index},
    },
};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) use self::{projects::ProjectPool, talents::TalentPool};

/// How long a pool is ranked as it is before changes are looked for.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_millis(250);

/// Both pools, as this process knows them.
#[derive(Debug)]
pub(crate) struct Pools {
    store: Store,
    freelancers: Followed<TalentPool>,
    projects: Followed<ProjectPool>,
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
    pub(crate) async fn freelancers(&self, now: Timestamp) -> Result<impl Deref<Target = TalentPool> + '_, StoreError> {
        self.freelancers.get(&self.store, now).await
    }

    /// Every open project, as of at most [`KEPT`] before `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn projects(&self, now: Timestamp) -> Result<impl Deref<Target = ProjectPool> + '_, StoreError> {
        self.projects.get(&self.store, now).await
    }
}

/// A pool that is kept up to date. One request looks for changes, others wait for it; all may rank at the same time.
#[derive(Debug)]
struct Followed<P>(RwLock<State<P>>);

#[derive(Debug)]
struct State<P> {
    follower: Follower,
    pool: P,
    /// When changes were last looked for.
    at: Option<Timestamp>,
}

impl<P: Index + Default> Followed<P> {
    fn new(collection: Collection) -> Self {
        Self(RwLock::new(State { follower: Follower::new(collection), pool: P::default(), at: None }))
    }

    async fn get(&self, store: &Store, now: Timestamp) -> Result<RwLockReadGuard<'_, P>, StoreError> {
        let kept = self.0.read().await;
        if kept.is_fresh(now) {
            return Ok(RwLockReadGuard::map(kept, |state| &state.pool));
        }
        drop(kept);
        let mut state = self.0.write().await;
        if !state.is_fresh(now) {
            let State { follower, pool, at } = &mut *state;
            *at = None;
            follower.follow(store, now, pool).await?;
            *at = Some(now);
        }
        Ok(RwLockReadGuard::map(RwLockWriteGuard::downgrade(state), |state| &state.pool))
    }
}

impl<P> State<P> {
    fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back does not make old news fresh.
        self.at.is_some_and(|at| now.duration_since(at).abs() < KEPT)
    }
}
