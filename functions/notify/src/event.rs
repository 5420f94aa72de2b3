//! The events of this function and its answer: batches of new letters.
//!
//! They hold the fields of <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html> that this function reads.

use serde::{Deserialize, Serialize};
use serde_dynamo::Item;

/// New letters, in the order of their commits.
#[derive(Debug, Deserialize)]
pub(crate) struct StreamEvent {
    #[serde(rename = "Records")]
    pub(crate) records: Vec<StreamRecord>,
}

/// One item's change.
#[derive(Debug, Deserialize)]
pub(crate) struct StreamRecord {
    pub(crate) dynamodb: Image,
}

/// The item after the change.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Image {
    pub(crate) keys: Item,
    /// `None` if the item was removed.
    pub(crate) new_image: Option<Item>,
    pub(crate) sequence_number: String,
}

/// Hides the letter.
impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Image").field("sequence_number", &self.sequence_number).finish_non_exhaustive()
    }
}

/// The first record to send again. Lambda sends it and all records after it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchAnswer {
    pub(crate) batch_item_failures: Vec<ItemFailure>,
}

/// One record that failed.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemFailure {
    /// Its sequence number.
    pub(crate) item_identifier: String,
}

impl BatchAnswer {
    /// All records from this sequence number on have failed.
    pub(crate) fn failed_from(sequence_number: &str) -> Self {
        Self { batch_item_failures: vec![ItemFailure { item_identifier: sequence_number.to_owned() }] }
    }
}
