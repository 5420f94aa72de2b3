//! The public signing keys, where every function may read them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Condition, Slice, Store, StoreError, Transaction, keys};
use crate::tokens::Jwk;

/// A published key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    /// The key as the world reads it.
    pub jwk: Jwk,
    /// From when it no longer counts.
    pub not_after: Timestamp,
}

impl Store {
    /// Every key that has been published, also those that no longer count. There are a handful in a year.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub async fn published_keys(&self) -> Result<Vec<PublishedKey>, StoreError> {
        self.query(&keys::jwks(), Slice::ALL).await
    }
}

impl PublishedKey {
    /// Adds the publication of this key to a transaction.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn publish(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let kid = self.jwk.kid.clone().unwrap_or_default();
        transaction.put("published key", keys::jwks().item(kid), self, Condition::Absent)?;
        Ok(())
    }
}
