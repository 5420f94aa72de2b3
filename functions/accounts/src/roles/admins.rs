//! The list of admins, so that the market never loses its last one.

use domain::{account::Role, values::AccountId};
use serde::{Deserialize, Serialize};
use store::{Condition, Store, StoreError, Transaction, keys};

use crate::second_factor::Standing;

/// The label of the list's write. A conflict on it means that another request changed the list.
pub(crate) const ADMINS: &str = "list of admins";

/// The accounts with the role of an admin.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Admins {
    accounts: Vec<AccountId>,
    /// Grows with every write. 0: not written yet.
    version: u64,
}

impl Admins {
    /// Reads the list.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(store.get(&keys::admins()).await?.unwrap_or_default())
    }

    /// Forgets the admins whose accounts were erased.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub(crate) async fn forget_erased(&mut self, store: &Store) -> Result<(), StoreError> {
        let mut present = Vec::with_capacity(self.accounts.len());
        for admin in &self.accounts {
            if Standing::of(store, *admin).await?.role == Role::Admin {
                present.push(*admin);
            }
        }
        self.accounts = present;
        Ok(())
    }

    /// Adds an admin.
    pub(crate) fn add(&mut self, account_id: AccountId) {
        if !self.accounts.contains(&account_id) {
            self.accounts.push(account_id);
        }
    }

    /// Removes an admin. `false`: it is the last one, and stays.
    pub(crate) fn remove(&mut self, account_id: AccountId) -> bool {
        let has_another = self.accounts.iter().any(|admin| *admin != account_id);
        if has_another {
            self.accounts.retain(|admin| *admin != account_id);
        }
        has_another
    }

    /// Adds the write of a changed list.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub(crate) fn save(mut self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let unchanged = if self.version == 0 { Condition::Absent } else { Condition::version(self.version) };
        self.version += 1;
        transaction.put(ADMINS, keys::admins(), &self, unchanged)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn the_last_admin_stays() {
        let [one, other] = [1, 2].map(|number| AccountId::new(Ulid(number)));
        let mut admins = Admins::default();
        admins.add(one);
        admins.add(one);
        assert!(!admins.remove(one), "the last one");
        admins.add(other);
        assert!(admins.remove(one) && !admins.remove(other));
        assert_eq!(admins.accounts, [other]);
    }
}
