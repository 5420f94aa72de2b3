//! The `stream` function: it maintains the pools that `matches` ranks.
//!
//! It receives the changes of the table `market` at least once, in the order of each record's commits. It packs each
//! changed freelancer or project as a row and appends the rows to the feed of their pool. From time to time, it
//! compacts a feed into its pool's blocks. It writes nothing to the market. All its effects may happen twice.
//!
//! An unreadable record does not block the others for long. The function processes the records before it and reports it
//! as failed. When Lambda sends the batch again, that record is the first, and the function fails as a whole, because
//! only then does Lambda halve the batch. In the end the record is alone in a batch. After a few attempts Lambda moves
//! it to the dead-letter queue. `repack` packs every record again, and so repairs all missed changes.

mod change;
mod event;
#[cfg(test)]
mod fuzz;
mod repack;

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::values::AccountId;
use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use pool::{Compactor, Row};
use runtime::{BoxFuture, Config, Serving, clock, telemetry};
use store::keys::Collection;
use store::{Store, StoreError};
use tokio::{sync::Mutex, time::sleep};

use crate::change::{Effect, Rows, Unreadable};
use crate::event::{Answer, BatchAnswer, Event, StreamEvent};
use crate::repack::{Repack, RepackError, Repacked};

/// The longest compaction during one event, so that the next changes do not wait.
const COMPACTION_BUDGET: Duration = Duration::from_millis(300);

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub fn run() -> Serving {
    Box::pin(live())
}

async fn live() -> Result<(), lambda_runtime::Error> {
    let config = Config::from_env()?;
    telemetry::init(&config);
    let pools = Arc::new(Pools::new(Store::connect(&config).await));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Event>| answer(Arc::clone(&pools), event.payload))).await
}

/// Boxed, because the compiler refuses a future whose type names everything below it.
fn answer(pools: Arc<Pools>, event: Event) -> BoxFuture<'static, Result<Answer, lambda_runtime::Error>> {
    Box::pin(async move {
        match event {
            Event::Changes(changes) => Ok(Answer::Batch(pools.take_in(changes, clock::now()).await?)),
            Event::Repack(repack) => Ok(Answer::Repacked(pools.pack_anew(repack).await?)),
        }
    })
}

/// The store of the pools, and their compactors.
struct Pools {
    store: Store,
    compactors: Mutex<[Compactor; 2]>,
}

impl Pools {
    fn new(store: Store) -> Self {
        let compactors = [Collection::Freelancers, Collection::Projects].map(Compactor::new);
        Self { store, compactors: Mutex::new(compactors) }
    }

    /// Processes the changes before the first unreadable one, and tells Lambda from which record to retry.
    ///
    /// # Errors
    /// The first change of the batch is unreadable. No change is processed then.
    async fn take_in(&self, event: StreamEvent, now: Timestamp) -> Result<BatchAnswer, Unreadable> {
        let first = event.records.first().map(|record| record.dynamodb.sequence_number.clone()).unwrap_or_default();
        let effects: Vec<(String, Result<Effect, Unreadable>)> = event
            .records
            .into_iter()
            .map(|record| (record.dynamodb.sequence_number.clone(), Effect::of(record.dynamodb, now)))
            .collect();
        let ids: Vec<AccountId> = effects.iter().filter_map(|(_, effect)| packs(effect)).collect();
        let mut talents = match self.store.talents(&ids).await {
            Ok(talents) => talents,
            Err(error) => {
                tracing::error!(error = telemetry::chain(&error), "freelancers were not read");
                return Ok(BatchAnswer::failed_from(&first));
            }
        };
        let (mut rows, mut answer) = (Rows::default(), BatchAnswer::default());
        for (sequence_number, effect) in effects {
            let Err(unreadable) = effect.and_then(|effect| rows.add(effect, &mut talents, now)) else { continue };
            // Its source may quote the record, so the log has its own text alone.
            tracing::error!(sequence_number, error = &unreadable as &dyn std::error::Error, "unreadable change");
            if sequence_number == first {
                return Err(unreadable);
            }
            answer = BatchAnswer::failed_from(&sequence_number);
            break;
        }
        let changes = [(Collection::Freelancers, rows.freelancers), (Collection::Projects, rows.projects)];
        for (collection, rows) in &changes {
            if let Err(error) = self.append(*collection, rows).await {
                tracing::error!(error = telemetry::chain(&error), "changes were not taken in");
                return Ok(BatchAnswer::failed_from(&first));
            }
        }
        // Compaction runs last, when no change waits.
        for (collection, _) in changes.iter().filter(|(_, rows)| !rows.is_empty()) {
            self.compact(*collection).await;
        }
        Ok(answer)
    }

    /// Packs records again, for as long as one call may take.
    async fn pack_anew(&self, repack: Repack) -> Result<Repacked, RepackError> {
        let (started, collection, mut after) = (Instant::now(), repack.collection(), repack.after()?);
        let mut packed = 0;
        loop {
            let (rows, next) = repack.page(&self.store, after, clock::now()).await?;
            self.append(collection, &rows).await?;
            packed += rows.len();
            if next.is_none() || started.elapsed() >= repack::BUDGET {
                self.compact(collection).await;
                return Ok(Repacked { packed, next: next.map(|next| next.to_string()) });
            }
            after = next;
            sleep(repack::pace(packed).saturating_sub(started.elapsed())).await;
        }
    }

    async fn append(&self, collection: Collection, rows: &[Row]) -> Result<(), StoreError> {
        let bytes = pool::append(&self.store, collection, rows, clock::now()).await?;
        self.compactors.lock().await[collection as usize].appended(bytes);
        Ok(())
    }

    /// Compacts the pool if that is due. The changes are safe: after a failure the next compaction continues.
    async fn compact(&self, collection: Collection) {
        let compactor = &mut self.compactors.lock().await[collection as usize];
        match compactor.compact_if_due(&self.store, clock::now(), COMPACTION_BUDGET).await {
            Ok(_) => {}
            Err(error @ StoreError::Broken(_)) => {
                tracing::error!(error = telemetry::chain(&error), "a pool cannot be compacted");
            }
            Err(error) => tracing::warn!(error = telemetry::chain(&error), "a pool was not compacted"),
        }
    }
}

/// The freelancer whom an effect packs.
fn packs(effect: &Result<Effect, Unreadable>) -> Option<AccountId> {
    match effect {
        Ok(Effect::PackFreelancer(id)) => Some(*id),
        _ => None,
    }
}
