//! The events of this function and its answers: what Lambda makes of a table's changes, and what is asked for by hand.
//!
//! As much of <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html> as this function looks at.

use serde::{Deserialize, Serialize};
use serde_dynamo::Item;

use crate::repack::{Repack, Repacked};

/// What this function is sent.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Event {
    Changes(StreamEvent),
    Repack(Repack),
}

/// What it answers, to the one and to the other.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Batch(BatchAnswer),
    Repacked(Repacked),
}

/// Changes, in the order in which they were committed.
#[derive(Debug, Deserialize)]
pub(crate) struct StreamEvent {
    #[serde(rename = "Records")]
    pub(crate) records: Vec<StreamRecord>,
}

/// One item's change.
#[derive(Debug, Deserialize)]
pub(crate) struct StreamRecord {
    pub(crate) dynamodb: Images,
}

/// The item before and after.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Images {
    pub(crate) keys: Item,
    /// `None` where the item was removed.
    pub(crate) new_image: Option<Item>,
    /// `None` where the item is new.
    pub(crate) old_image: Option<Item>,
    pub(crate) sequence_number: String,
}

/// Which records are to be sent again: the first of these and everything behind it.
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
    /// Everything from the record with this sequence number on has failed.
    pub(crate) fn failed_from(sequence_number: &str) -> Self {
        Self { batch_item_failures: vec![ItemFailure { item_identifier: sequence_number.to_owned() }] }
    }
}
