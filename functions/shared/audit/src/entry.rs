//! An act that is about to be recorded.

use domain::values::{AccountId, SessionId};
use http_api::Origin;
use jiff::Timestamp;

use crate::{Act, Actor};

/// An act on an account, for the account's trail.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) account_id: AccountId,
    pub(crate) actor: Actor,
    pub(crate) act: Act,
    pub(crate) subject: Option<String>,
    pub(crate) origin: Origin,
    pub(crate) session_id: Option<SessionId>,
    pub(crate) at: Timestamp,
}

impl Entry {
    /// An act of an account's owner.
    pub fn of(account_id: AccountId, act: Act, origin: &Origin, at: Timestamp) -> Self {
        let actor = Actor::Account(account_id);
        Self { account_id, actor, act, subject: None, origin: origin.clone(), session_id: None, at }
    }

    /// An act of somebody else: of the market's staff, or of the system.
    pub fn by(self, actor: Actor) -> Self {
        Self { actor, ..self }
    }

    /// In a session of the actor.
    pub fn in_session(self, session_id: SessionId) -> Self {
        Self { session_id: Some(session_id), ..self }
    }

    /// About a thing: a session, a role, factors. It must be no secret and no personal data.
    pub fn about(self, subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }
}
