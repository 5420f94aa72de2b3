//! Permits: the one action that a letter's link allows, once within an hour or a day.
//!
//! The store knows a permit by the hash of its secret. So a reader of the table cannot use it.

use domain::values::{AccountId, DisplayName, Email};
use http_api::ApiError;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Condition, StoreError, Transaction, keys};

use crate::{Accounts, registration::Login};

/// How long a new address may be confirmed.
pub(crate) const CONFIRMABLE: SignedDuration = mail::KEPT;

/// The label of a permit's write. A conflict on it means that the permit was used.
pub(crate) const PERMIT: &str = "permit";

/// Marks a login: its address and its password. After a change of either, the letters that were sent before it allow
/// nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct LoginMark(String);

impl LoginMark {
    /// The mark of a login under this address.
    pub(crate) fn of(email: &Email, login: &Login) -> Self {
        Self(crate::hash(format!("{}\0{}", email.key(), login.password_hash).as_bytes()))
    }
}

/// An action that a letter allows.
#[derive(Serialize, Deserialize)]
#[serde(tag = "allows", rename_all = "snake_case")]
pub(crate) enum Permit {
    /// Open the account that was asked for.
    OpenAccount { email: Email, password_hash: String, display_name: DisplayName },
    /// Sign in with this address from now on. The login must be the one of the request.
    ChangeEmail { account_id: AccountId, email: Email, login: LoginMark },
    /// Choose a new password. The login must be the one of the request.
    ResetPassword { account_id: AccountId, login: LoginMark },
    /// Nothing: the address of the letter has no account. Such a permit takes as long to write as another.
    Nothing,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    permit: Permit,
    /// Unix seconds. DynamoDB deletes the item some time after it.
    expires_at: i64,
}

impl Permit {
    /// Adds the permit to a transaction and returns the secret for its letter.
    ///
    /// # Errors
    /// As [`Transaction::put`], or there is no randomness.
    pub(crate) fn issue(
        self,
        transaction: &mut Transaction,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<String, ApiError> {
        let secret = crate::random_text::<32>()?;
        self.write(transaction, &secret, now + lifetime)?;
        Ok(secret)
    }

    /// Adds the permit under a known secret.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub(crate) fn write(
        self,
        transaction: &mut Transaction,
        secret: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let stored = Stored { permit: self, expires_at: expires_at.as_second() };
        transaction.put(PERMIT, keys::permit(&crate::hash(secret.as_bytes())), &stored, Condition::Absent)?;
        Ok(())
    }

    /// Reads a permit by its secret. `None`: there is none, or its time is over.
    ///
    /// # Errors
    /// As [`store::Store::get`].
    pub(crate) async fn read(accounts: &Accounts, secret: &str, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let stored: Option<Stored> = accounts.store.get(&keys::permit(&crate::hash(secret.as_bytes()))).await?;
        Ok(stored.filter(|stored| now.as_second() < stored.expires_at).map(|stored| stored.permit))
    }

    /// Adds the end of a permit. The commit reports a conflict on [`PERMIT`] if it was used before.
    pub(crate) fn use_up(transaction: &mut Transaction, secret: &str) {
        transaction.delete(PERMIT, keys::permit(&crate::hash(secret.as_bytes())), Condition::Present);
    }
}
