//! The errors of the store, in the three kinds that a caller can act on.

use std::error::Error;

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

type Cause = Box<dyn Error + Send + Sync>;

/// Why the store did not do what was asked. Nothing was written.
///
/// The exception is [`StoreError::Busy`] after a timeout. It is then unknown whether the write arrived, so effects
/// carry an idempotency record or a condition.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition did not hold, because another write came first. `item` is the label given to that write.
    #[error("the condition on `{item}` did not hold")]
    Conflict {
        /// The label of the write whose condition failed.
        item: &'static str,
    },
    /// The store is throttled, contended, slow or unreachable. The same request may succeed a moment later.
    #[error("the store is busy")]
    Busy(#[source] Cause),
    /// The store is misconfigured or inconsistent: a table or permission is missing, or a record cannot be read.
    /// Waiting does not help.
    #[error("the store is broken")]
    Broken(#[source] Cause),
}

impl StoreError {
    /// Whether the failed condition is the one on the write labelled `label`.
    pub fn is_conflict_on(&self, label: &str) -> bool {
        matches!(self, Self::Conflict { item } if *item == label)
    }

    /// The error of a record that cannot be read or written, with its cause.
    pub fn broken(cause: impl Into<Cause>) -> Self {
        Self::Broken(cause.into())
    }

    /// Classifies a failed call as busy or broken. The caller must check for a failed condition first.
    pub(crate) fn from_sdk<E>(error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let passing = match &error {
            SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
            // A connection that breaks in the middle of a reply is of kind `other`, and transient.
            SdkError::DispatchFailure(failure) => {
                failure.is_io() || failure.is_timeout() || failure.as_other().is_some()
            }
            SdkError::ServiceError(service) => {
                service.raw().status().is_server_error() || service.err().code().is_some_and(is_passing)
            }
            _ => false,
        };
        if passing { Self::Busy(error.into()) } else { Self::Broken(error.into()) }
    }
}

/// Whether an error code of DynamoDB, or a cancellation reason of a transaction, means load or contention.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>
pub(crate) fn is_passing(code: &str) -> bool {
    matches!(
        code,
        "InternalServerError"
            | "LimitExceededException"
            | "ProvisionedThroughputExceeded"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "ReplicatedWriteConflictException"
            | "ServiceUnavailable"
            | "ThrottlingError"
            | "ThrottlingException"
            | "TransactionConflict"
            | "TransactionConflictException"
            | "TransactionInProgressException"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccessKey, Condition, Slice, Store, Transaction, keys};
    use runtime::Config;

    /// The address of a port without a listener: it is bound once and released.
    fn nowhere() -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_request_to_an_absent_store_is_busy() {
        let anybody = AccessKey { id: "anybody".to_owned(), secret: "anything".to_owned() };
        let store = Store::at(&nowhere(), &anybody, &Config::read(|_| None).unwrap()).await;
        let busy = |error: StoreError| assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
        busy(store.get::<String>(&keys::project("prj_1")).await.unwrap_err());
        busy(store.get_many::<String>(&[keys::project("prj_1")]).await.unwrap_err());
        busy(store.query::<String>(&keys::jwks(), Slice::ALL).await.unwrap_err());
        let mut transaction = Transaction::new();
        transaction.put("one", keys::project("prj_1"), &serde_json::json!({}), Condition::Absent).unwrap();
        transaction.put("other", keys::project("prj_2"), &serde_json::json!({}), Condition::Absent).unwrap();
        busy(store.commit(transaction).await.unwrap_err());
    }

    /// A store that breaks every connection after it has read the request.
    #[tokio::test(flavor = "current_thread")]
    async fn a_store_that_breaks_its_connections_is_busy() {
        use std::io::Read;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                // The whole request fits into the first read.
                let _ = connection.unwrap().read(&mut [0; 65_536]).unwrap();
            }
        });
        let anybody = AccessKey { id: "anybody".to_owned(), secret: "anything".to_owned() };
        let store = Store::at(&endpoint, &anybody, &Config::read(|_| None).unwrap()).await;
        let error = store.get::<String>(&keys::project("prj_1")).await.unwrap_err();
        assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    }

    #[test]
    fn load_and_contention_are_busy_and_mistakes_are_not() {
        assert!(is_passing("ProvisionedThroughputExceededException"));
        assert!(is_passing("TransactionConflict"));
        for mistake in ["ResourceNotFoundException", "ValidationException", "AccessDeniedException", ""] {
            assert!(!is_passing(mistake), "{mistake}");
        }
    }
}
