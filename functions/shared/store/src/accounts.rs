//! Accounts: their public part.

use domain::{account::Account, values::AccountId};

use crate::{Condition, Store, StoreError, Transaction, keys};

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
