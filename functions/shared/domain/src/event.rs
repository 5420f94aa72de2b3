//! Events: the record of each commit. An event is written in one transaction with the state it led to, and never changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::values::Version;

/// A kind of record that commands change, one version at a time.
pub trait Aggregate {
    /// What can happen to such a record.
    type Change;
}

/// One thing that happened to one record. `C` is the aggregate's [`Change`](Aggregate::Change).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<C> {
    /// The record's version afterwards. The events of one record are numbered without a gap.
    pub version: Version,
    /// When it happened.
    pub at: Timestamp,
    /// What happened to which record.
    #[serde(flatten)]
    pub change: C,
}

/// The outcome of a command: the record's new state and the event that led to it, to be committed together.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a decision has no effect until it is committed"]
pub struct Decided<S: Aggregate> {
    /// The new state.
    pub state: S,
    /// The event.
    pub event: Event<S::Change>,
}

/// The names whose flag is set: the fields that a commit changed.
pub(crate) fn changed_fields<const N: usize>(fields: [(&str, bool); N]) -> Vec<String> {
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}
