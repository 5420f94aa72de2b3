//! Events: the record of each commit. An event is written in one transaction with the state that it leads to, and never
//! changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::values::Version;

/// A kind of record that commands change, one version at a time.
pub trait Aggregate {
    /// The changes of such a record.
    type Change;
}

/// One event of one record. `C` is the aggregate's [`Change`](Aggregate::Change).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<C> {
    /// The record's version after the event. It rises with each event of a record.
    pub version: Version,
    /// The time of the event.
    pub at: Timestamp,
    /// The change and the record that it belongs to.
    #[serde(flatten)]
    pub change: C,
}

/// The outcome of a command: the record's new state and the event that leads to it. Both are committed together.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a decision has no effect until it is committed"]
pub struct Decided<S: Aggregate> {
    /// The new state.
    pub state: S,
    /// The event.
    pub event: Event<S::Change>,
}

/// The names of the fields in which two states of a record differ: the fields that a commit changed.
pub(crate) fn changed_fields<T: Serialize>(before: &T, after: &T) -> Vec<String> {
    let (before, after) = (fields(before), fields(after));
    after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name).collect()
}

/// The fields of a record as they are stored.
pub(crate) fn fields<T: Serialize>(record: &T) -> Map<String, Value> {
    match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
