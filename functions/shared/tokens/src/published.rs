//! The public signing keys in the store. Every function may read them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use store::{Condition, Slice, Store, StoreError, Transaction, keys};

use crate::Jwk;

/// The label of a published key's write.
pub const PUBLISHED_KEY: &str = "published key";

/// A published key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    /// The key.
    pub jwk: Jwk,
    /// The end of its publication.
    pub not_after: Timestamp,
}

/// Reads every published key, including expired ones. There are only a handful of them in a year.
///
/// # Errors
/// As [`Store::query`].
pub async fn published_keys(store: &Store) -> Result<Vec<PublishedKey>, StoreError> {
    store.query(&keys::jwks(), Slice::ALL).await
}

impl PublishedKey {
    /// Adds the publication of this key to a transaction.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn publish(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        self.put(transaction, Condition::Absent)
    }

    /// Adds another end of the publication of a published key. An end in the past withdraws the key.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn publish_until(self, not_after: Timestamp, transaction: &mut Transaction) -> Result<(), StoreError> {
        Self { not_after, ..self }.put(transaction, Condition::Present)
    }

    fn put(&self, transaction: &mut Transaction, condition: Condition) -> Result<(), StoreError> {
        let kid = self.jwk.kid.clone().unwrap_or_default();
        transaction.put(PUBLISHED_KEY, keys::jwks().item(kid), self, condition)?;
        Ok(())
    }
}
