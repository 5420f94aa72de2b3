//! The pools as they are ranked: read, parsed and prepared, and kept for a moment.
//!
//! A ranking needs all of a pool, so the first one's cost grows with the pool: each row is read from the store, parsed and
//! prepared, and that outweighs scoring by far. What was read is used again for [`KEPT`] by the same process, which makes a
//! burst of requests cost one reading. The price: a change may take that long to show in a ranking.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::pool::{PooledFreelancer, PooledProject};
use jiff::{SignedDuration, Timestamp};
use matching::{PreparedTalent, Talent, TextStatistics};
use platform::{Store, StoreError};

use crate::mapping;

/// How long a pool that was read is used again.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_secs(1);

/// Every freelancer that may be matched.
#[derive(Debug)]
pub(crate) struct FreelancerPool {
    /// How rare words and skills are among them. Pairs are compared by it in both directions, so that a freelancer sees the
    /// score that a project's owner sees.
    pub(crate) statistics: TextStatistics,
    /// In no particular order.
    pub(crate) members: Vec<(PooledFreelancer, PreparedTalent)>,
}

impl FreelancerPool {
    /// Prepares what was read.
    pub(crate) fn new(freelancers: Vec<PooledFreelancer>) -> Self {
        let talents: Vec<Talent> = freelancers.iter().map(mapping::talent).collect();
        let statistics = TextStatistics::of_pool(&talents);
        let prepared = talents.iter().map(|talent| statistics.prepare_talent(talent)).collect::<Vec<_>>();
        Self { members: freelancers.into_iter().zip(prepared).collect(), statistics }
    }
}

/// Both pools, as this process last read them.
#[derive(Debug)]
pub(crate) struct Pools {
    store: Store,
    freelancers: Kept<FreelancerPool>,
    projects: Kept<Vec<PooledProject>>,
}

impl Pools {
    /// Nothing read yet.
    pub(crate) fn new(store: Store) -> Self {
        Self { store, freelancers: Kept::default(), projects: Kept::default() }
    }

    /// Every freelancer, as of at most [`KEPT`] before `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn freelancers(&self, now: Timestamp) -> Result<Arc<FreelancerPool>, StoreError> {
        self.freelancers.get(now, async { Ok(FreelancerPool::new(self.store.pooled_freelancers().await?)) }).await
    }

    /// Every open project, as of at most [`KEPT`] before `now`.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn projects(&self, now: Timestamp) -> Result<Arc<Vec<PooledProject>>, StoreError> {
        self.projects.get(now, self.store.pooled_projects()).await
    }
}

/// A value and when it was asked for.
#[derive(Debug)]
struct Kept<T>(Mutex<Option<(Timestamp, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Kept<T> {
    /// The value, if it is fresh; else what `read` gives, which is then kept.
    async fn get(
        &self,
        now: Timestamp,
        read: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<Arc<T>, StoreError> {
        let fresh = |at: Timestamp| now.duration_since(at).abs() < KEPT;
        let kept = self.lock().as_ref().filter(|(at, _)| fresh(*at)).map(|(_, value)| Arc::clone(value));
        if let Some(value) = kept {
            return Ok(value);
        }
        let value = Arc::new(read.await?);
        *self.lock() = Some((now, Arc::clone(&value)));
        Ok(value)
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Timestamp, Arc<T>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_was_read_is_kept_for_a_second() {
        let kept = Kept::default();
        let get = async |now, value| *kept.get(at(now), async { Ok(value) }).await.unwrap();
        assert_eq!(get(0, 1).await, 1);
        assert_eq!(get(999, 2).await, 1);
        assert_eq!(get(1000, 3).await, 3);
        // A clock that was set back does not make old news fresh.
        assert_eq!(get(-1, 4).await, 4);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_failed_read_keeps_nothing() {
        let kept = Kept::default();
        let busy = async { Err(StoreError::Busy("throttled".into())) };
        assert!(kept.get(at(0), busy).await.is_err());
        assert_eq!(*kept.get(at(1), async { Ok(5) }).await.unwrap(), 5);
    }
}
