//! The origin of a request, as the audit trail keeps it.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

/// The network and the id of a request, as an extractor. The frame puts one into every request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The pseudonym of the caller's network address. The log has the same one, so that an operator finds a request
    /// by its row. The address itself would be personal data in rows that nobody can delete.
    pub network: String,
    /// The id of the request, which the log and problem documents name.
    pub request_id: String,
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}
