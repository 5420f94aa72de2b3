//! The credentials that calls to the local services are signed with. They are made for each run and each process.
//!
//! The owner of the run has one long-lived key, which [`crate::Emulator::environment`] gives to programs outside. Each
//! process of a function has temporary credentials, as an execution environment has on AWS. They end with the process.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The owner's access key id. The hyphen tells it from every function's, since logical ids have none.
pub(crate) const OWNER: &str = "local-owner";

/// Every key that is valid now.
pub(crate) struct Credentials {
    owner_secret: String,
    /// By session token.
    sessions: RwLock<HashMap<String, Key>>,
}

/// An access key and its secret.
#[derive(Clone)]
pub(crate) struct Key {
    /// The id, which is also the name that permissions are judged by.
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

/// The temporary credentials of one process. They end when this is dropped.
pub(crate) struct Session {
    credentials: Arc<Credentials>,
    pub(crate) key: Key,
    /// The value of `AWS_SESSION_TOKEN`.
    pub(crate) token: String,
}

impl Credentials {
    /// Fresh credentials of the owner, and no sessions.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn new() -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self { owner_secret: random_text()?, sessions: RwLock::default() }))
    }

    /// The owner's key.
    pub(crate) fn owner(&self) -> Key {
        Key { access_key_id: OWNER.to_owned(), secret_access_key: self.owner_secret.clone() }
    }

    /// Temporary credentials for a process that calls in the name of `access_key_id`.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn begin(self: &Arc<Self>, access_key_id: &str) -> anyhow::Result<Session> {
        let key = Key { access_key_id: access_key_id.to_owned(), secret_access_key: random_text()? };
        let token = random_text()?;
        let mut sessions = self.sessions.write().unwrap_or_else(PoisonError::into_inner);
        sessions.insert(token.clone(), key.clone());
        drop(sessions);
        Ok(Session { credentials: Arc::clone(self), key, token })
    }

    /// The valid key with this id, or the session's key with this id if there is a token.
    pub(crate) fn find(&self, access_key_id: &str, token: Option<&str>) -> Option<Key> {
        let key = match token {
            None => self.owner(),
            Some(token) => self.sessions.read().unwrap_or_else(PoisonError::into_inner).get(token)?.clone(),
        };
        (key.access_key_id == access_key_id).then_some(key)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut sessions = self.credentials.sessions.write().unwrap_or_else(PoisonError::into_inner);
        sessions.remove(&self.token);
    }
}

/// 256 unguessable bits as text of 43 characters that a URL takes as they are.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn random_text() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

// Secrets never reach a log.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("key", &self.key).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, OWNER};

    #[test]
    fn a_session_ends_with_its_process() {
        let credentials = Credentials::new().unwrap();
        let session = credentials.begin("Things").unwrap();
        let token = session.token.clone();
        let found = credentials.find("Things", Some(&token)).unwrap();
        assert_eq!(found.secret_access_key, session.key.secret_access_key);
        assert!(credentials.find("Things", None).is_none(), "the token belongs to the key");
        assert!(credentials.find(OWNER, Some(&token)).is_none());
        drop(session);
        assert!(credentials.find("Things", Some(&token)).is_none());
    }

    #[test]
    fn each_run_and_each_process_has_secrets_of_its_own() {
        let credentials = Credentials::new().unwrap();
        let [one, other] = [(); 2].map(|()| credentials.begin("Things").unwrap());
        assert_ne!(one.key.secret_access_key, other.key.secret_access_key);
        assert_ne!(one.token, other.token);
        let next_run = Credentials::new().unwrap();
        assert_ne!(credentials.owner().secret_access_key, next_run.owner().secret_access_key);
        assert!(!format!("{credentials:?} {one:?}").contains(&one.key.secret_access_key));
    }
}
