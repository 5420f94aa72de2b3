//! Failures of sealing, as answers.

use http_api::ApiError;
use sealing::SealError;
use store::StoreError;

/// 503 while KMS is busy, 500 otherwise.
pub(crate) fn failed(error: SealError) -> ApiError {
    match error {
        busy @ SealError::Busy(_) => StoreError::Busy(Box::new(busy)).into(),
        error => ApiError::internal(error),
    }
}
