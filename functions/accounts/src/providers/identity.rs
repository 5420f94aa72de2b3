//! Identities: accounts at providers that an account of the market signs in with.

use domain::values::AccountId;
use http_api::ApiError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Condition, Key, Transaction, keys};

use super::authorization::Identified;
use crate::Accounts;

/// The label of an identity's write. A conflict on it means that the identity was linked or unlinked meanwhile.
pub(super) const IDENTITY: &str = "identity";
/// The label of the write of an account's list.
pub(super) const IDENTITIES: &str = "identities";

#[derive(Serialize, Deserialize)]
struct Owner {
    account_id: AccountId,
}

/// An identity of an account.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Linked {
    /// The provider's id.
    pub(super) provider: String,
    subject: String,
    /// The address at the time of linking.
    pub(super) email: Option<String>,
    pub(super) linked_at: Timestamp,
}

/// The identities of an account, at most one of each provider.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Identities {
    pub(super) linked: Vec<Linked>,
    /// Grows with every write. 0: not written yet.
    version: u64,
}

fn key(provider: &str, identified: &Identified) -> Key {
    keys::identity(provider, &identified.subject)
}

/// The account that an identity belongs to.
///
/// # Errors
/// As [`store::Store::get`].
pub(super) async fn owner(
    accounts: &Accounts,
    provider: &str,
    identified: &Identified,
) -> Result<Option<AccountId>, ApiError> {
    let owner: Option<Owner> = accounts.store.get(&key(provider, identified)).await?;
    Ok(owner.map(|owner| owner.account_id))
}

/// Adds the condition that an identity still belongs to an account.
pub(super) fn still_belongs(
    transaction: &mut Transaction,
    provider: &str,
    identified: &Identified,
    account_id: AccountId,
) {
    let unchanged = Condition::text("account_id", account_id.to_string());
    transaction.check(IDENTITY, key(provider, identified), unchanged);
}

impl Identities {
    /// Reads the identities of an account.
    ///
    /// # Errors
    /// As [`store::Store::get`].
    pub(super) async fn read(accounts: &Accounts, account_id: AccountId) -> Result<Self, ApiError> {
        Ok(accounts.store.get(&keys::identities(account_id)).await?.unwrap_or_default())
    }

    /// The identity at a provider.
    pub(super) fn at(&self, provider: &str) -> Option<&Linked> {
        self.linked.iter().find(|linked| linked.provider == provider)
    }

    /// Adds the writes that link an identity. The commit reports a conflict on [`IDENTITY`] if it has an owner.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub(super) fn link(
        mut self,
        transaction: &mut Transaction,
        account_id: AccountId,
        provider: &str,
        identified: &Identified,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        self.linked.push(Linked {
            provider: provider.to_owned(),
            subject: identified.subject.clone(),
            email: identified.email.clone(),
            linked_at: now,
        });
        transaction.put(IDENTITY, key(provider, identified), &Owner { account_id }, Condition::Absent)?;
        self.save(transaction, account_id)
    }

    /// Adds the writes that unlink the identity at a provider.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub(super) fn unlink(
        mut self,
        transaction: &mut Transaction,
        account_id: AccountId,
        provider: &str,
    ) -> Result<(), ApiError> {
        for linked in self.linked.extract_if(.., |linked| linked.provider == provider) {
            transaction.delete(IDENTITY, keys::identity(provider, &linked.subject), Condition::Always);
        }
        self.save(transaction, account_id)
    }

    fn save(mut self, transaction: &mut Transaction, account_id: AccountId) -> Result<(), ApiError> {
        let unchanged = if self.version == 0 { Condition::Absent } else { Condition::version(self.version) };
        self.version += 1;
        transaction.put(IDENTITIES, keys::identities(account_id), &self, unchanged)?;
        Ok(())
    }
}
