//! The `stream` function: what follows from a committed change.
//!
//! It is sent the changes of `market` in the order of their commits, at least once, and keeps the pools that `matches` ranks:
//! a changed freelancer or project becomes a row in a pool's feed, and now and then it folds a feed into its pool's blocks. It
//! decides nothing about the market and writes nothing to it. Everything it does may be done twice.
//!
//! A record that can't be read holds up nobody for long: the records before it are done, and it is named as failed. Then it
//! is the first of what is sent again, and the function fails, because Lambda halves a batch only then. Alone at last, it is
//! tried a few times and given up to the dead-letter queue. What was missed for good is made good by packing all
//! records anew, which it does when asked to (`repack`).

mod change;
mod event;
mod repack;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use pool::{Folding, Row};
use runtime::{BoxFuture, Config, Serving, clock, telemetry};
use store::keys::Collection;
use store::{Store, StoreError};
use tokio::{sync::Mutex, time::sleep};

use crate::change::{Unreadable, row_of};
use crate::event::{Answer, BatchAnswer, Event, StreamEvent};
use crate::repack::{Repack, RepackError, Repacked};

/// How long one event may fold, so that the changes behind it don't wait.
const FOLD_BUDGET: Duration = Duration::from_millis(300);

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

/// Boxed: with everything below it in its type, the runtime's future is more than the compiler will look into.
fn answer(pools: Arc<Pools>, event: Event) -> BoxFuture<'static, Result<Answer, lambda_runtime::Error>> {
    Box::pin(async move {
        match event {
            Event::Changes(changes) => Ok(Answer::Batch(pools.take_in(changes, clock::now()).await?)),
            Event::Repack(repack) => Ok(Answer::Repacked(pools.pack_anew(repack).await?)),
        }
    })
}

/// The pools, and what this process knows of them.
struct Pools {
    store: Store,
    foldings: Mutex<[Folding; 2]>,
}

impl Pools {
    fn new(store: Store) -> Self {
        let foldings = [Collection::Freelancers, Collection::Projects].map(Folding::new);
        Self { store, foldings: Mutex::new(foldings) }
    }

    /// Takes in the changes up to the first that can't be read, and says where to begin again.
    ///
    /// # Errors
    /// Why the first of them can't be read: then none is taken in.
    async fn take_in(&self, event: StreamEvent, now: Timestamp) -> Result<BatchAnswer, Unreadable> {
        let first = event.records.first().map(|record| record.dynamodb.sequence_number.clone()).unwrap_or_default();
        let (mut freelancers, mut projects) = (Vec::new(), Vec::new());
        let mut answer = BatchAnswer::default();
        for record in event.records {
            let sequence_number = record.dynamodb.sequence_number.clone();
            match row_of(record.dynamodb, now) {
                Ok(Some((Collection::Freelancers, row))) => freelancers.push(row),
                Ok(Some((Collection::Projects, row))) => projects.push(row),
                Ok(None) => {}
                Err(unreadable) => {
                    tracing::error!(
                        sequence_number,
                        error = &unreadable as &dyn std::error::Error,
                        "unreadable change"
                    );
                    if sequence_number == first {
                        return Err(unreadable);
                    }
                    answer = BatchAnswer::failed_from(&sequence_number);
                    break;
                }
            }
        }
        let changes = [(Collection::Freelancers, freelancers), (Collection::Projects, projects)];
        for (collection, rows) in &changes {
            if let Err(error) = self.append(*collection, rows).await {
                tracing::error!(error = &error as &dyn std::error::Error, "changes were not taken in");
                return Ok(BatchAnswer::failed_from(&first));
            }
        }
        // When all changes are in, and none waits.
        for (collection, _) in changes.iter().filter(|(_, rows)| !rows.is_empty()) {
            self.fold(*collection).await;
        }
        Ok(answer)
    }

    /// Packs records anew, as far as one call's time allows.
    async fn pack_anew(&self, repack: Repack) -> Result<Repacked, RepackError> {
        let (started, collection, mut after) = (Instant::now(), repack.collection(), repack.after()?);
        let mut packed = 0;
        loop {
            let (rows, next) = repack.page(&self.store, after, clock::now()).await?;
            self.append(collection, &rows).await?;
            packed += rows.len();
            if next.is_none() || started.elapsed() >= repack::BUDGET {
                self.fold(collection).await;
                return Ok(Repacked { packed, next: next.map(|next| next.to_string()) });
            }
            after = next;
            sleep(repack::pace(packed).saturating_sub(started.elapsed())).await;
        }
    }

    async fn append(&self, collection: Collection, rows: &[Row]) -> Result<(), StoreError> {
        let bytes = pool::append(&self.store, collection, rows, clock::now()).await?;
        self.foldings.lock().await[collection as usize].appended(bytes);
        Ok(())
    }

    /// Folds what is due. The changes are safe: a fold that fails is made good by the next one, unless it fails for good.
    async fn fold(&self, collection: Collection) {
        let folding = &mut self.foldings.lock().await[collection as usize];
        match folding.fold_if_due(&self.store, clock::now(), FOLD_BUDGET).await {
            Ok(_) => {}
            Err(error @ StoreError::Broken(_)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a pool cannot be folded");
            }
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "a pool was not folded"),
        }
    }
}
