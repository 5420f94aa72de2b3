//! Live sessions in the store. Every function may read them, and only `accounts` writes them.
//!
//! A session that is not there has ended. So ending it is one deletion, and its access tokens die with it.

use domain::{
    account::Role,
    values::{AccountId, SessionId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Condition, Store, StoreError, Transaction, keys};

/// The label of a session's write.
pub const SESSION: &str = "session";

/// The part of a live session that every function may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The role of the account.
    #[serde(default)]
    pub role: Role,
    /// When the person last proved who they are, Unix seconds. Sensitive acts ask for a recent proof.
    pub proved_at: i64,
    /// Whether the proof included a second factor.
    #[serde(default)]
    pub second_factor: bool,
    /// The end of the session, Unix seconds. DynamoDB deletes the item some time after it.
    pub expires_at: i64,
    /// When the account is erased, Unix seconds, if it is closing. Nothing new can be posted until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<i64>,
}

impl Session {
    /// Reads a session. `None`: it has ended.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn read(
        store: &Store,
        account_id: AccountId,
        session_id: SessionId,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let session: Option<Self> = store.get(&keys::session(account_id, session_id)).await?;
        // An expired item may stay for days before it is deleted, and the erasure of an account may be late.
        let end =
            |session: &Self| session.erased_at.map_or(session.expires_at, |erased| erased.min(session.expires_at));
        Ok(session.filter(|session| now.as_second() < end(session)))
    }

    /// Adds a new session.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn open(
        &self,
        transaction: &mut Transaction,
        account_id: AccountId,
        session_id: SessionId,
    ) -> Result<(), StoreError> {
        transaction.put(SESSION, keys::session(account_id, session_id), self, Condition::Absent)?;
        Ok(())
    }

    /// Moves the end of a session.
    ///
    /// # Errors
    /// As [`Transaction::set`].
    pub fn extend(
        transaction: &mut Transaction,
        (account_id, session_id): (AccountId, SessionId),
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct End {
            expires_at: i64,
        }
        change(transaction, (account_id, session_id), &End { expires_at: expires_at.as_second() })
    }

    /// Notes when the account is erased; `None`: it is kept.
    ///
    /// # Errors
    /// As [`Transaction::set`].
    pub fn close(
        transaction: &mut Transaction,
        (account_id, session_id): (AccountId, SessionId),
        erased_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct Closing {
            erased_at: Option<i64>,
        }
        change(transaction, (account_id, session_id), &Closing { erased_at: erased_at.map(Timestamp::as_second) })
    }
}

impl Session {
    /// Gives a live session another role.
    ///
    /// # Errors
    /// As [`Transaction::set`].
    pub fn give_role(
        transaction: &mut Transaction,
        session: (AccountId, SessionId),
        role: Role,
    ) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct Given {
            role: Role,
        }
        change(transaction, session, &Given { role })
    }
}

/// Sets attributes of a live session. The commit reports a conflict on [`SESSION`] if it has ended. Other requests may
/// change its other attributes meanwhile.
fn change<T: Serialize>(
    transaction: &mut Transaction,
    (account_id, session_id): (AccountId, SessionId),
    attributes: &T,
) -> Result<(), StoreError> {
    transaction.set(SESSION, keys::session(account_id, session_id), attributes, Condition::Present)?;
    Ok(())
}

/// Adds the end of a session that counts now. The commit reports a conflict on [`SESSION`] if it has ended.
pub fn end_present(transaction: &mut Transaction, account_id: AccountId, session_id: SessionId) {
    transaction.delete(SESSION, keys::session(account_id, session_id), Condition::Present);
}

/// Adds the end of a session.
pub fn end(transaction: &mut Transaction, account_id: AccountId, session_id: SessionId) {
    transaction.delete(SESSION, keys::session(account_id, session_id), Condition::Always);
}
