//! The pools in memory, for ranking.
//!
//! A ranking needs a whole pool. So a process reads the pool once and keeps it. From then on it reads only the changes,
//! at most once in [`MAX_AGE`]. A talent pool that is too large for one process is divided among several, which answer
//! the same questions.

mod message;
mod projects;
mod question;
mod shards;
mod talents;

use std::{ops::Deref, sync::Arc};

use http_api::ApiError;
use jiff::{SignedDuration, Timestamp};
use matching::{Model, PackedNeed, PreparedNeed};
use pool::{Index, Shard, Tail};
use runtime::Functions;
use store::{Store, StoreError, keys::Collection};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) use self::{
    message::{from_text, to_text},
    projects::ProjectPool,
    question::{AnyQuestion, Best, BestOfBoth, Counts, Places, Question, Wanted},
    shards::{Call, Shards},
    talents::TalentPool,
};

/// The greatest age of a pool that is used for ranking. After that, the process reads the changes.
pub(crate) const MAX_AGE: SignedDuration = SignedDuration::from_millis(250);

/// Both pools of this process.
#[derive(Debug)]
pub(crate) struct Pools {
    store: Store,
    model: Arc<Model>,
    freelancers: Freelancers,
    projects: Live<ProjectPool>,
}

/// The location of the talent pool.
#[derive(Debug)]
enum Freelancers {
    Here(Box<Live<TalentPool>>),
    InShards(Shards),
}

/// The talent pool for one request.
pub(crate) enum Talents<'p> {
    /// The whole pool, in one state.
    Whole(RwLockReadGuard<'p, TalentPool>, &'p Model),
    /// A shard of the pool in each of several functions. Each shard answers in its state at that moment.
    Divided(&'p Shards),
}

impl Talents<'_> {
    /// Asks the whole pool.
    ///
    /// # Errors
    /// 503 `busy` if a shard does not answer.
    pub(crate) async fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, ApiError> {
        match self {
            Self::Whole(pool, model) => question.answer(pool, model).map_err(ApiError::internal),
            Self::Divided(shards) => shards.ask(question).await,
        }
    }

    /// Prepares a need for the whole pool: the weight of a skill depends on how many freelancers have it.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub(crate) async fn prepare(&self, need: &PackedNeed, ranked_at: Timestamp) -> Result<PreparedNeed, ApiError> {
        let statistics = self.ask(&Counts::of(need.skill_hashes().iter().copied())).await?;
        Ok(statistics.prepare_packed(need, ranked_at.as_second()))
    }
}

/// One shard of the freelancers, with nothing read.
pub(crate) fn freelancers(shard: Shard) -> Live<TalentPool> {
    Live::new(Tail::of_shard(Collection::Freelancers, shard))
}

impl Pools {
    /// Pools with nothing read. The functions named in `shards` hold the freelancers; without any, this process does.
    pub(crate) async fn new(store: Store, model: Arc<Model>, shards: Vec<String>) -> Self {
        let freelancers = if shards.is_empty() {
            Freelancers::Here(Box::new(freelancers(Shard::WHOLE)))
        } else {
            Freelancers::InShards(Shards::new(Functions::connect().await, shards, Arc::clone(&model)))
        };
        Self { store, model, freelancers, projects: Live::new(Tail::new(Collection::Projects)) }
    }

    /// Every freelancer, in a state at most [`MAX_AGE`] older than `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn freelancers(&self, now: Timestamp) -> Result<Talents<'_>, StoreError> {
        match &self.freelancers {
            Freelancers::Here(live) => Ok(Talents::Whole(live.get(&self.store, now).await?, &self.model)),
            Freelancers::InShards(shards) => Ok(Talents::Divided(shards)),
        }
    }

    /// Every open project, in a state at most [`MAX_AGE`] older than `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn projects(&self, now: Timestamp) -> Result<impl Deref<Target = ProjectPool> + '_, StoreError> {
        self.projects.get(&self.store, now).await
    }
}

/// A pool that is kept up to date. One request reads the changes while others wait; all may rank at the same time.
#[derive(Debug)]
pub(crate) struct Live<P>(RwLock<State<P>>);

#[derive(Debug)]
struct State<P> {
    tail: Tail,
    pool: P,
    /// The time when the changes were last read.
    at: Option<Timestamp>,
}

impl<P: Index + Default> Live<P> {
    fn new(tail: Tail) -> Self {
        Self(RwLock::new(State { tail, pool: P::default(), at: None }))
    }

    /// The pool in a state at most [`MAX_AGE`] older than `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn get(&self, store: &Store, now: Timestamp) -> Result<RwLockReadGuard<'_, P>, StoreError> {
        let kept = self.0.read().await;
        if kept.is_fresh(now) {
            return Ok(RwLockReadGuard::map(kept, |state| &state.pool));
        }
        drop(kept);
        let mut state = self.0.write().await;
        if !state.is_fresh(now) {
            let State { tail, pool, at } = &mut *state;
            *at = None;
            tail.catch_up(store, now, pool).await?;
            *at = Some(now);
        }
        Ok(RwLockReadGuard::map(RwLockWriteGuard::downgrade(state), |state| &state.pool))
    }
}

impl<P> State<P> {
    fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back must not make an old pool look fresh.
        self.at.is_some_and(|at| now.duration_since(at).abs() < MAX_AGE)
    }
}
