//! Who is asking: the bearer token of a request, checked against the published keys.
//!
//! Checking happens in this process. The keys are read from the store once, again every few minutes, and at once (though
//! at most every few seconds) when a token names a key that is not known yet.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use domain::id::AccountId;
use jiff::{SignedDuration, Timestamp};

use super::ApiError;
use crate::{
    Store, StoreError, clock,
    tokens::{self, PublicKey, Terms, TokenError},
};

/// How long keys are used before they are read again: the longest that a withdrawn key is still believed.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// How often an unknown key may cause a read, so that made-up key ids do not become load on the store.
const UNKNOWN_KEY_PAUSE: SignedDuration = SignedDuration::from_secs(2);

/// The account that a request is made for. As a handler's argument it demands sign-in: without a sound token the answer
/// is 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// Who signed in.
    pub account_id: AccountId,
}

/// Checks tokens. Cheap to clone: clones share the keys they know.
#[derive(Debug, Clone)]
pub struct Authenticator {
    store: Store,
    terms: Arc<Terms>,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    keys: HashMap<String, (PublicKey, Timestamp)>,
    read_at: Option<Timestamp>,
}

impl Authenticator {
    /// Knows no key yet.
    pub fn new(store: Store, terms: Terms) -> Self {
        Self { store, terms: Arc::new(terms), known: Arc::default() }
    }

    /// Reads the published keys, and so opens the connection to the store, before the first request needs either.
    ///
    /// # Errors
    /// The store's. They may be ignored: the first request tries again.
    pub async fn warm(&self, now: Timestamp) -> Result<(), StoreError> {
        let published = self.store.published_keys().await?;
        let keys = published.into_iter().filter_map(|published| {
            let key = PublicKey::try_from(published.jwk).ok()?;
            Some((key.kid().to_owned(), (key, published.not_after)))
        });
        *self.known() = Known { keys: keys.collect(), read_at: Some(now) };
        Ok(())
    }

    /// Checks the token of a request.
    ///
    /// # Errors
    /// 401 if there is none or it is not believed; the store's if the keys can't be read.
    pub async fn authenticate(&self, headers: &HeaderMap, now: Timestamp) -> Result<SignedIn, ApiError> {
        let token = bearer(headers)?;
        let key = match self.key(&tokens::key_id(token)?, now).await? {
            Some(key) => key,
            None => return Err(TokenError::Forged.into()),
        };
        let claims = tokens::verify(token, &key, &self.terms, now)?;
        let account_id = claims.sub.parse().map_err(|_| TokenError::Foreign)?;
        Ok(SignedIn { account_id })
    }

    async fn key(&self, kid: &str, now: Timestamp) -> Result<Option<PublicKey>, StoreError> {
        let (key, read_at) = self.known().get(kid, now);
        let patience = if key.is_some() { FRESH } else { UNKNOWN_KEY_PAUSE };
        if read_at.is_some_and(|read_at| now.duration_since(read_at) < patience) {
            return Ok(key);
        }
        match self.warm(now).await {
            // A key that was known a while ago is better than no sign-in while the store is busy.
            Err(StoreError::Busy(_)) if key.is_some() => Ok(key),
            Err(error) => Err(error),
            Ok(()) => Ok(self.known().get(kid, now).0),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn get(&self, kid: &str, now: Timestamp) -> (Option<PublicKey>, Option<Timestamp>) {
        let key = self.keys.get(kid).filter(|(_, not_after)| now < *not_after).map(|(key, _)| key.clone());
        (key, self.read_at)
    }
}

/// The token of an `Authorization: Bearer …` header (RFC 6750, section 2.1). The scheme's case does not matter.
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

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Unsigned => Self::internal(error),
            TokenError::Expired => Self::unauthorized("The access token has expired. Sign in again."),
            _ => Self::unauthorized("The access token is not valid. Sign in again."),
        }
        .because(error)
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Authenticator: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Authenticator::from_ref(state).authenticate(&parts.headers, clock::now()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Code;

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
            assert_eq!(token_in(header), Err(Code::Unauthorized), "{header}");
        }
        assert_eq!(bearer(&HeaderMap::new()).unwrap_err().code(), Code::Unauthorized);
    }
}
