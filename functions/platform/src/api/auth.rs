//! Who is asking: the bearer token of a request, checked against the published keys.
//!
//! Checking happens in this process. The keys are read from the store once, again every few minutes, and at once when a
//! token names a key that is not known yet. A key id that turned out to be nobody's is not looked for again for a moment,
//! nor are more than a few of them, so that made-up ids do not become load on the store.

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
/// How long a key id that is nobody's is not looked for again.
const MISSED: SignedDuration = SignedDuration::from_secs(2);
/// How many different ids that are nobody's are looked for in that time.
const MISSES: usize = 8;

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
    missed: Vec<(String, Timestamp)>,
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
        let keys = keys.collect();
        let mut known = self.known();
        known.keys = keys;
        known.read_at = Some(now);
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
        let found = self.known().find(kid, now);
        let stale = match found {
            Found::Fresh(key) => return Ok(Some(key)),
            Found::Nobodys => return Ok(None),
            Found::Stale(key) => Some(key),
            Found::Unknown => None,
        };
        match (self.warm(now).await, stale) {
            // A key that was known a while ago is better than no sign-in while the store is busy.
            (Err(StoreError::Busy(_)), Some(key)) => Ok(Some(key)),
            (Err(error), _) => Err(error),
            (Ok(()), _) => Ok(self.known().find_again(kid, now)),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of a key without asking the store.
#[derive(Debug)]
enum Found {
    Fresh(PublicKey),
    /// Known for long enough to ask whether it still counts.
    Stale(PublicKey),
    /// Worth asking the store.
    Unknown,
    /// Not worth asking.
    Nobodys,
}

impl Known {
    fn find(&mut self, kid: &str, now: Timestamp) -> Found {
        let fresh = self.read_at.is_some_and(|read_at| now.duration_since(read_at) < FRESH);
        match self.get(kid, now) {
            Some(key) if fresh => Found::Fresh(key),
            Some(key) => Found::Stale(key),
            None => {
                self.missed.retain(|(_, at)| now.duration_since(*at) < MISSED);
                let nobodys = self.missed.len() >= MISSES || self.missed.iter().any(|(missed, _)| missed == kid);
                if nobodys { Found::Nobodys } else { Found::Unknown }
            }
        }
    }

    /// The key after the store was asked. One that is still not there is remembered as nobody's.
    fn find_again(&mut self, kid: &str, now: Timestamp) -> Option<PublicKey> {
        let key = self.get(kid, now);
        if key.is_none() {
            self.missed.push((kid.to_owned(), now));
        }
        key
    }

    fn get(&self, kid: &str, now: Timestamp) -> Option<PublicKey> {
        self.keys.get(kid).filter(|(_, not_after)| now < *not_after).map(|(key, _)| key.clone())
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
    use crate::{api::Code, tokens::SigningKey};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_key_is_known_until_it_should_be_asked_for_again() {
        let key = SigningKey::generate().unwrap().public().clone();
        let kid = key.kid().to_owned();
        let mut known = Known::default();
        assert!(matches!(known.find(&kid, at(0)), Found::Unknown));
        known.keys.insert(kid.clone(), (key, at(1000)));
        known.read_at = Some(at(0));
        assert!(matches!(known.find(&kid, at(299)), Found::Fresh(_)));
        assert!(matches!(known.find(&kid, at(300)), Found::Stale(_)));
        assert!(matches!(known.find(&kid, at(1000)), Found::Unknown));
    }

    #[test]
    fn a_new_key_is_asked_for_at_once_and_a_made_up_one_not_again() {
        let mut known = Known { read_at: Some(at(0)), ..Known::default() };
        assert!(matches!(known.find("new", at(0)), Found::Unknown));
        assert!(known.find_again("made up", at(0)).is_none());
        assert!(matches!(known.find("made up", at(1)), Found::Nobodys));
        assert!(matches!(known.find("new", at(1)), Found::Unknown));
        assert!(matches!(known.find("made up", at(2)), Found::Unknown));
    }

    #[test]
    fn many_made_up_keys_are_not_asked_for() {
        let mut known = Known::default();
        for n in 0..MISSES {
            known.find_again(&n.to_string(), at(0));
        }
        assert!(matches!(known.find("one more", at(1)), Found::Nobodys));
        assert!(matches!(known.find("one more", at(2)), Found::Unknown));
    }

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
