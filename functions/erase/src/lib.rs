//! The `erase` function: once a minute, it does what is due with accounts that are closing.
//!
//! `accounts` writes what is due in the transaction that closes or keeps an account. This function does it in steps
//! that may be repeated, and deletes the due item last. So a run that ends early is continued by the next one, and a
//! late run changes no outcome: sign-in and sessions look at the time themselves.
//!
//! A due item that fails stays where it is, and the next run tries it again. So nothing needs a dead-letter queue: the
//! logged error raises an alarm.

mod erasure;
mod visibility;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use runtime::{BoxFuture, Config, Serving, clock, telemetry};
use serde::Serialize;
use serde_json::Value;
use store::due::{Due, DueKind, SHARDS};
use store::{Store, StoreError};

/// The longest that a run begins something new. Lambda ends it after a minute.
const BUDGET: Duration = Duration::from_secs(30);
/// The most due items of one shard that a run looks at.
const AT_ONCE: usize = 100;

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
    let store = Arc::new(Store::connect(&config).await);
    lambda_runtime::run(service_fn(move |_: LambdaEvent<Value>| answer(Arc::clone(&store)))).await
}

/// Boxed, because the compiler refuses a future whose type names everything below it.
fn answer(store: Arc<Store>) -> BoxFuture<'static, Result<Answer, lambda_runtime::Error>> {
    Box::pin(async move { Ok(run_due(&store, clock::now()).await?) })
}

/// The result of a run, for an operator who invokes the function by hand.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Answer {
    /// The number of due items that are done.
    done: usize,
    /// The number of due items that are left for the next run.
    left: usize,
}

/// The outcome of one due item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    /// Another request changed something meanwhile. The next run continues.
    Continue,
}

/// Does what is due.
///
/// # Errors
/// The due items cannot be read. One that fails is logged and stays.
async fn run_due(store: &Store, now: Timestamp) -> Result<Answer, StoreError> {
    let (began, mut answer) = (Instant::now(), Answer::default());
    for shard in 0..SHARDS {
        for due in store.due(shard, now, AT_ONCE).await? {
            let outcome = match began.elapsed() < BUDGET {
                true => run_one(store, &due, now).await,
                false => Ok(Outcome::Continue),
            };
            let Due { kind, .. } = due;
            match outcome {
                Ok(Outcome::Done) => answer.done += 1,
                Ok(Outcome::Continue) => answer.left += 1,
                Err(error) => {
                    tracing::error!(?kind, error = telemetry::chain(&error), "something due failed");
                    answer.left += 1;
                }
            }
        }
    }
    if answer != Answer::default() {
        tracing::info!(done = answer.done, left = answer.left, "did what was due");
    }
    Ok(answer)
}

async fn run_one(store: &Store, due: &Due, now: Timestamp) -> Result<Outcome, StoreError> {
    let outcome = match due.kind {
        DueKind::Show => visibility::show_or_withdraw(store, due.account_id, now).await?,
        DueKind::Erase => erasure::erase(store, due).await?,
    };
    if outcome == Outcome::Done {
        let mut transaction = store::Transaction::new();
        transaction.remove_due(due);
        store.commit(transaction).await?;
    }
    Ok(outcome)
}
