//! Accounts: the half of them that is no secret.

use domain::{id::AccountId, text::DisplayName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Condition, Store, StoreError, Transaction, keys};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Who.
    pub id: AccountId,
    /// The name shown to others.
    pub display_name: DisplayName,
    /// Since when.
    pub created_at: Timestamp,
}

impl Store {
    /// Reads an account.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.get(&keys::account(id)).await
    }
}

impl Transaction {
    /// Adds a new account.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn open_account(&mut self, account: &Account) -> Result<&mut Self, StoreError> {
        self.put("account", keys::account(account.id), account, Condition::Absent)
    }
}
