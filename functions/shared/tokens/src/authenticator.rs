//! Checks access tokens in this process, with the published keys and the live sessions.
//!
//! The authenticator reads the keys from the store at the start, every few minutes, and when a token names an unknown
//! key. It remembers ids without a published key, and looks up only a few of them. So forged ids put no load on the
//! store.
//!
//! A request that changes something reads its session from the store. Other requests may use a session that was read a
//! moment ago, so an ended session reads for half a minute more at most.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::values::{AccountId, SessionId};
use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError};

use crate::{Claims, PublicKey, Terms, TokenError, key_id, published::published_keys, session::Session, verify};

/// How long keys are used before they are read again. A withdrawn key stays trusted for as long.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// How long an unknown key id is remembered as unknown.
const MISSED: SignedDuration = SignedDuration::from_secs(2);
/// The most unknown key ids that are looked up in that time.
const MISSES: usize = 8;

/// How long a session may be used for reading before it is read again.
const SESSION_FRESH: SignedDuration = SignedDuration::from_secs(30);
/// The most sessions that this process remembers.
const SESSIONS: usize = 10_000;

/// How recent the look at a session must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// The request changes something: read the session now.
    Now,
    /// The request reads: half a minute is recent enough.
    Recent,
}

/// The sender of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub account_id: AccountId,
    /// Its session.
    pub session_id: SessionId,
    /// The session as it is stored.
    pub session: Session,
}

/// Why a request is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// The token is not valid.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The published keys can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A checker of tokens. Clones are cheap and share their keys.
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
    sessions: HashMap<SessionId, (Option<Session>, Timestamp)>,
}

impl Authenticator {
    /// An authenticator that has read no key yet.
    pub fn new(store: Store, terms: Terms) -> Self {
        Self { store, terms: Arc::new(terms), known: Arc::default() }
    }

    /// Reads the published keys before the first request needs them. This also opens the connection to the store.
    ///
    /// # Errors
    /// The store's. The caller may ignore them: the first request tries again.
    pub async fn warm(&self, now: Timestamp) -> Result<(), StoreError> {
        let published = published_keys(&self.store).await?;
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

    /// Checks a token and its session, and returns whom it was issued to.
    ///
    /// # Errors
    /// The token is not valid, its session has ended, or the store can't be read.
    pub async fn authenticate(
        &self,
        token: &str,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Identity, AuthenticationError> {
        let key = match self.key(&key_id(token)?, now).await? {
            Some(key) => key,
            None => return Err(TokenError::Forged.into()),
        };
        let Claims { sub: account_id, sid: session_id, .. } = verify(token, &key, &self.terms, now)?;
        let session = self.session(account_id, session_id, freshness, now).await?.ok_or(TokenError::Ended)?;
        Ok(Identity { account_id, session_id, session })
    }

    async fn session(
        &self,
        account_id: AccountId,
        session_id: SessionId,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        if freshness == Freshness::Recent
            && let Some(session) = self.known().session(session_id, now)
        {
            return Ok(session);
        }
        let session = Session::read(&self.store, account_id, session_id, now).await?;
        self.known().remember(session_id, session, now);
        Ok(session)
    }

    async fn key(&self, kid: &str, now: Timestamp) -> Result<Option<PublicKey>, StoreError> {
        let found = self.known().find(kid, now);
        let stale = match found {
            Found::Fresh(key) => return Ok(Some(key)),
            Found::Missed => return Ok(None),
            Found::Stale(key) => Some(key),
            Found::Unknown => None,
        };
        match (self.warm(now).await, stale) {
            // While the store is busy, a key that was read a while ago is better than no sign-in.
            (Err(StoreError::Busy(_)), Some(key)) => Ok(Some(key)),
            (Err(error), _) => Err(error),
            (Ok(()), _) => Ok(self.known().find_again(kid, now)),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of a key id in this process.
#[derive(Debug)]
enum Found {
    Fresh(PublicKey),
    /// A key that must be read again.
    Stale(PublicKey),
    /// An id to look up in the store.
    Unknown,
    /// An id that had no published key a moment ago, or one of too many such ids.
    Missed,
}

impl Known {
    fn find(&mut self, kid: &str, now: Timestamp) -> Found {
        let fresh = self.read_at.is_some_and(|read_at| now.duration_since(read_at) < FRESH);
        match self.get(kid, now) {
            Some(key) if fresh => Found::Fresh(key),
            Some(key) => Found::Stale(key),
            None => {
                self.missed.retain(|(_, at)| now.duration_since(*at) < MISSED);
                let is_missed = self.missed.len() >= MISSES || self.missed.iter().any(|(missed, _)| missed == kid);
                if is_missed { Found::Missed } else { Found::Unknown }
            }
        }
    }

    /// Looks the key up after the keys were read again. An id that is still unknown is remembered.
    fn find_again(&mut self, kid: &str, now: Timestamp) -> Option<PublicKey> {
        let key = self.get(kid, now);
        if key.is_none() {
            self.missed.push((kid.to_owned(), now));
        }
        key
    }

    /// The session as it was read a moment ago. `Some(None)`: it had ended.
    fn session(&self, id: SessionId, now: Timestamp) -> Option<Option<Session>> {
        let (session, read_at) = self.sessions.get(&id)?;
        let fresh = now.duration_since(*read_at) < SESSION_FRESH;
        fresh.then(|| session.filter(|session| now.as_second() < session.expires_at))
    }

    fn remember(&mut self, id: SessionId, session: Option<Session>, now: Timestamp) {
        if self.sessions.len() >= SESSIONS {
            self.sessions.retain(|_, (_, read_at)| now.duration_since(*read_at) < SESSION_FRESH);
        }
        if self.sessions.len() >= SESSIONS {
            self.sessions.clear();
        }
        self.sessions.insert(id, (session, now));
    }

    fn get(&self, kid: &str, now: Timestamp) -> Option<PublicKey> {
        self.keys.get(kid).filter(|(_, not_after)| now < *not_after).map(|(key, _)| key.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SigningKey;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_key_is_known_until_it_must_be_read_again() {
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
    fn a_new_key_is_looked_up_at_once_and_a_forged_one_not_again() {
        let mut known = Known { read_at: Some(at(0)), ..Known::default() };
        assert!(matches!(known.find("new", at(0)), Found::Unknown));
        assert!(known.find_again("made up", at(0)).is_none());
        assert!(matches!(known.find("made up", at(1)), Found::Missed));
        assert!(matches!(known.find("new", at(1)), Found::Unknown));
        assert!(matches!(known.find("made up", at(2)), Found::Unknown));
    }

    #[test]
    fn many_forged_keys_are_not_looked_up() {
        let mut known = Known::default();
        for n in 0..MISSES {
            known.find_again(&n.to_string(), at(0));
        }
        assert!(matches!(known.find("one more", at(1)), Found::Missed));
        assert!(matches!(known.find("one more", at(2)), Found::Unknown));
    }
}
