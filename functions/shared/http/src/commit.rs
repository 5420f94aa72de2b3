//! Commits a decision, and decides again after a lost race.

use store::{Store, StoreError, Transaction};

use crate::ApiError;

/// The number of decisions. After the last one, the client gets a conflict.
const ATTEMPTS: u32 = 3;

/// A handler's decision about the record that it has loaded.
#[derive(Debug)]
pub enum Decision<R> {
    /// There is nothing to write.
    Unchanged(R),
    /// Commit the transaction. It must hold a write with the label of the record, on the condition that the record is
    /// unchanged.
    Commit(Transaction, R),
}

/// Commits a decision about one record. `decide` loads the record and decides. It is called again if another request
/// changed the record meanwhile, so it must have no effect of its own. `record` is the label of the write with the
/// condition, such as `project`.
///
/// # Errors
/// The error of `decide` or of the store; 409 `conflict` if every attempt loses.
pub async fn commit_with_retries<R, D>(
    store: &Store,
    record: &'static str,
    decide: impl Fn() -> D,
) -> Result<R, ApiError>
where
    D: Future<Output = Result<Decision<R>, ApiError>>,
{
    retry(record, |transaction| store.commit(transaction), decide).await
}

async fn retry<R, D, C>(
    record: &'static str,
    commit: impl Fn(Transaction) -> C,
    decide: impl Fn() -> D,
) -> Result<R, ApiError>
where
    D: Future<Output = Result<Decision<R>, ApiError>>,
    C: Future<Output = Result<(), StoreError>>,
{
    for _ in 0..ATTEMPTS {
        let (transaction, result) = match decide().await? {
            Decision::Unchanged(result) => return Ok(result),
            Decision::Commit(transaction, result) => (transaction, result),
        };
        match commit(transaction).await {
            Ok(()) => return Ok(result),
            Err(lost) if lost.is_conflict_on(record) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let detail = format!("The {record} keeps changing. Read it again and repeat the change on it.");
    Err(ApiError::conflict(detail))
}

#[cfg(test)]
mod tests {
    use std::{
        cell::{Cell, RefCell},
        future::{Ready, ready},
    };

    use super::*;
    use crate::Code;

    /// Decides to write, but loses with these outcomes before it commits. Returns the outcome and the number of
    /// decisions.
    async fn changed(outcomes: Vec<StoreError>) -> (Result<u32, Code>, u32) {
        let (outcomes, decided) = (RefCell::new(outcomes.into_iter()), Cell::new(0));
        let commit = |_| ready(outcomes.borrow_mut().next().map_or(Ok(()), Err));
        let decide = || {
            decided.set(decided.get() + 1);
            ready(Ok(Decision::Commit(Transaction::new(), decided.get())))
        };
        let result = retry("project", commit, decide).await.map_err(|error| error.code());
        (result, decided.get())
    }

    fn lost() -> StoreError {
        StoreError::Conflict { item: "project" }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_lost_race_is_decided_again() {
        assert_eq!(changed(vec![]).await, (Ok(1), 1));
        assert_eq!(changed(vec![lost(), lost()]).await, (Ok(3), 3));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_race_that_is_always_lost_is_a_conflict() {
        assert_eq!(changed(vec![lost(), lost(), lost(), lost()]).await, (Err(Code::CONFLICT), 3));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn another_failure_is_not_repeated() {
        let elsewhere = StoreError::Conflict { item: "idempotency record" };
        assert_eq!(changed(vec![elsewhere]).await, (Err(Code::REQUEST_IN_PROGRESS), 1));
        assert_eq!(changed(vec![StoreError::Busy("slow".into())]).await, (Err(Code::BUSY), 1));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_unchanged_record_is_not_committed() {
        let commit = |_| -> Ready<Result<(), StoreError>> { panic!("nothing is to be written") };
        let result = retry("project", commit, || ready(Ok(Decision::Unchanged(7)))).await;
        assert_eq!(result.unwrap(), 7);
    }
}
