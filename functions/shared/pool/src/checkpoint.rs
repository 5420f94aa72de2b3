//! The checkpoint: the position up to which the feed of a pool is compacted into its blocks.

use serde::{Deserialize, Serialize};
use store::keys::{Collection, Key, Table};
use store::{Condition, Store, StoreError, Transaction};

use crate::feed::time_ms;
use crate::{FEED_RETENTION_MS, OVERLAP_MS, keys};

/// The label of the write that fails if another process compacts at the same time.
pub(crate) const CHECKPOINT: &str = "pool checkpoint";

/// Of the compactions that complete within this time, only the last is kept.
const REMEMBERED_EVERY_MS: i64 = 60_000;

/// The checkpoint as it is stored. The aliases are the field names of versions up to 0.1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    /// Incremented with each write; 0 if the item does not exist yet.
    pub(crate) version: u64,
    /// The blocks hold every feed item up to this sort key.
    #[serde(alias = "folded_to")]
    pub(crate) compacted_to: String,
    /// The sort key that the running compaction will reach; empty if no compaction runs.
    #[serde(alias = "aim")]
    pub(crate) target: String,
    /// The blocks below this one have reached the target.
    pub(crate) next_block: u32,
    /// The end of the time in which the running compaction belongs to one process, in milliseconds since 1970.
    pub(crate) leased_until: i64,
    /// The size of all blocks.
    pub(crate) block_bytes: i64,
    /// The last compaction of each minute, oldest first: those of the last hour, and one before it.
    #[serde(default, alias = "ended")]
    completed: Vec<Completed>,
}

/// A completed compaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Completed {
    /// The time of completion, in milliseconds since 1970.
    at_ms: i64,
    #[serde(alias = "folded_to")]
    compacted_to: String,
}

/// The key of the checkpoint in versions up to 0.1.
fn legacy_key(collection: Collection) -> Key {
    Key::new(Table::Pool, format!("{}#FOLD", collection.name()), "FOLD")
}

impl Checkpoint {
    /// Loads the checkpoint of a pool. It is empty if the pool was never compacted.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub(crate) async fn load(store: &Store, collection: Collection) -> Result<Self, StoreError> {
        if let Some(checkpoint) = store.get(&keys::checkpoint(collection)).await? {
            return Ok(checkpoint);
        }
        let legacy: Option<Self> = store.get(&legacy_key(collection)).await?;
        Ok(Self { version: 0, ..legacy.unwrap_or_default() })
    }

    /// Writes the checkpoint, on condition that no other process has written it since it was loaded.
    ///
    /// # Errors
    /// As [`Store::commit`]; a lost race is a conflict on [`CHECKPOINT`].
    pub(crate) async fn save(&mut self, store: &Store, collection: Collection) -> Result<(), StoreError> {
        let condition = if self.version == 0 { Condition::Absent } else { Condition::version(self.version) };
        self.version += 1;
        let mut transaction = Transaction::new();
        transaction.put(CHECKPOINT, keys::checkpoint(collection), self, condition)?;
        store.commit(transaction).await
    }

    /// The sort key after which a reader of the blocks continues in the feed. A checkpoint in the future means that a
    /// clock has been set back since it was written, and newer items have smaller sort keys. The reader then takes the
    /// whole feed. Reading rows twice does no harm.
    pub(crate) fn compacted_to(&self, now_ms: i64) -> &str {
        if self.is_in_the_future(now_ms) { "" } else { &self.compacted_to }
    }

    /// Whether the checkpoint was written by a clock that has been set back since.
    pub(crate) fn is_in_the_future(&self, now_ms: i64) -> bool {
        [&self.compacted_to, &self.target].into_iter().filter_map(|sk| time_ms(sk)).any(|at| at > now_ms + OVERLAP_MS)
    }

    /// A checkpoint of the same pool with nothing compacted.
    pub(crate) fn restarted(self) -> Self {
        Self { version: self.version, block_bytes: self.block_bytes, ..Self::default() }
    }

    /// Records that the running compaction has reached its target.
    pub(crate) fn complete(&mut self, at_ms: i64) {
        self.compacted_to = std::mem::take(&mut self.target);
        self.next_block = 0;
        let minute = |at_ms: i64| at_ms.div_euclid(REMEMBERED_EVERY_MS);
        self.completed.retain(|completed| minute(completed.at_ms) != minute(at_ms));
        self.completed.push(Completed { at_ms, compacted_to: self.compacted_to.clone() });
        let expired = self.completed.iter().rposition(|completed| completed.at_ms < at_ms - FEED_RETENTION_MS);
        self.completed.drain(..expired.unwrap_or(0));
    }

    /// The sort key up to which feed items can be deleted. They have been in the blocks for so long that no reader
    /// needs them, not even one that began to read the blocks before the compaction.
    pub(crate) fn deletable_to(&self, now_ms: i64) -> Option<&str> {
        let expired = self.completed.iter().rfind(|completed| completed.at_ms < now_ms - FEED_RETENTION_MS)?;
        Some(&expired.compacted_to)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_checkpoint_of_an_earlier_version_is_read() {
        let stored = json!({
            "version": 7, "folded_to": "0000000000009#a", "aim": "0000000000012#b", "next_block": 3,
            "leased_until": 0, "block_bytes": 500, "ended": [{"at_ms": 10, "folded_to": "0000000000009#a"}],
        });
        let read: Checkpoint = serde_json::from_value(stored).unwrap();
        assert_eq!(
            (read.compacted_to(20), read.target.as_str(), read.block_bytes),
            ("0000000000009#a", "0000000000012#b", 500)
        );
        assert_eq!(read.deletable_to(20 + FEED_RETENTION_MS), Some("0000000000009#a"));
        let written = serde_json::to_value(&read).unwrap();
        assert_eq!(serde_json::from_value::<Checkpoint>(written).unwrap(), read);
    }
}
