//! The talent pool: one row per record, holding what matching reads of it as JSON text. Text, because a row is only ever
//! read whole, and is far quicker to read that way than attribute by attribute.

use domain::pool::{PooledFreelancer, PooledProject};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::task::JoinSet;

use super::{
    Slice, Store, StoreError,
    keys::{self, Collection},
};

/// A pool row as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PoolRow {
    doc: String,
}

impl PoolRow {
    pub(super) fn new<T: Serialize>(record: &T) -> Result<Self, StoreError> {
        serde_json::to_string(record).map(|doc| Self { doc }).map_err(StoreError::broken)
    }
}

impl Store {
    /// Reads every freelancer in the pool, in no promised order.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub async fn pooled_freelancers(&self) -> Result<Vec<PooledFreelancer>, StoreError> {
        self.pool(Collection::Freelancers).await
    }

    /// Reads every open project in the pool, in no promised order.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub async fn pooled_projects(&self) -> Result<Vec<PooledProject>, StoreError> {
        self.pool(Collection::Projects).await
    }

    /// Reads all shards side by side.
    async fn pool<T: DeserializeOwned + Send + 'static>(&self, collection: Collection) -> Result<Vec<T>, StoreError> {
        let mut reads = JoinSet::new();
        for shard in keys::pool(collection) {
            let store = self.clone();
            reads.spawn(async move { store.query::<PoolRow>(&shard, Slice::ALL).await?.iter().map(read).collect() });
        }
        let mut records = Vec::new();
        while let Some(shard) = reads.join_next().await {
            let shard: Result<Vec<T>, StoreError> = shard.map_err(StoreError::broken)?;
            records.extend(shard?);
        }
        Ok(records)
    }
}

fn read<T: DeserializeOwned>(row: &PoolRow) -> Result<T, StoreError> {
    serde_json::from_str(&row.doc).map_err(StoreError::broken)
}
