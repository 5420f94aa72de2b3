//! Accounts: their public part.

use domain::{account::Account, values::AccountId};

use crate::{Condition, Store, StoreError, Transaction, keys};

impl Store {
    /// Reads an account.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        match self.get(&keys::account(id)).await? {
            None => self.get(&keys::legacy_account(id)).await,
            account => Ok(account),
        }
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
