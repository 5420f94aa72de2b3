//! Sign-in: the account and the session behind a bearer token, which [`Authenticator`] checks.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use domain::values::{AccountId, SessionId};
use jiff::Timestamp;
use tokens::{AuthenticationError, Authenticator, Freshness, Identity, TokenError, session::Session};

use crate::{ApiError, Code};

/// The signed-in account, as an extractor. Without a valid token the answer is 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account_id: AccountId,
    /// Its session.
    pub session_id: SessionId,
    /// The session as it is stored.
    pub session: Session,
}

/// The token of an `Authorization: Bearer …` header (RFC 6750, section 2.1). The case of the scheme does not matter.
fn bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    let header = headers
        .get(header::AUTHORIZATION)
        .ok_or_else(|| ApiError::unauthorized("Send an access token: Authorization: Bearer <token>."))?;
    header
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| ApiError::unauthorized("The Authorization header is not a bearer token."))
}

impl From<AuthenticationError> for ApiError {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::Token(error) => error.into(),
            AuthenticationError::Store(error) => error.into(),
        }
    }
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Unsigned => Self::internal(error),
            TokenError::Ended => Self::unauthorized("This session has ended. Sign in again."),
            TokenError::Expired => Self::unauthorized("The access token has expired. Sign in again."),
            _ => Self::unauthorized("The access token is not valid. Sign in again."),
        }
        .because(error)
    }
}

impl SignedIn {
    /// Refuses an account that is closing.
    ///
    /// # Errors
    /// 409 `account_closing`.
    pub fn require_open(&self) -> Result<(), ApiError> {
        if self.session.erased_at.is_none() {
            return Ok(());
        }
        let detail = "You asked to delete this account. Keep it first: POST /accounts/me/restore. Then repeat this.";
        Err(ApiError::new(Code::ACCOUNT_CLOSING, detail))
    }

    /// The sender of a request, by its access token.
    ///
    /// # Errors
    /// 401 without a valid token of a live session, or the store's.
    pub(crate) async fn of(
        freshness: Freshness,
        headers: &HeaderMap,
        authenticator: &Authenticator,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let identity = authenticator.authenticate(bearer(headers)?, freshness, now).await?;
        let Identity { account_id, session_id, session } = identity;
        Ok(Self { account_id, session_id, session })
    }
}

/// The access table decided that the operation needs a caller, and [`crate::access::guard`] found it.
impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let found = parts.extensions.get().copied();
        found.ok_or_else(|| ApiError::internal("the access table asks for no access token here"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token_in(header: &str) -> Result<String, Code> {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, header.parse().unwrap())]);
        bearer(&headers).map(str::to_owned).map_err(|error| error.code())
    }

    #[test]
    fn a_bearer_token_is_found_in_any_case() {
        assert_eq!(token_in("Bearer a.b.c"), Ok("a.b.c".to_owned()));
        assert_eq!(token_in("bearer a.b.c"), Ok("a.b.c".to_owned()));
    }

    #[test]
    fn anything_else_is_unauthorized() {
        for header in ["", "Bearer", "Basic dXNlcjpwYXNz", "a.b.c"] {
            assert_eq!(token_in(header), Err(Code::UNAUTHORIZED), "{header}");
        }
        assert_eq!(bearer(&HeaderMap::new()).unwrap_err().code(), Code::UNAUTHORIZED);
    }
}
