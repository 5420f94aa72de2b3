//! What a commit is remembered by. Written in the same transaction as the state it led to, and never changed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ProjectId};
use crate::project::ProjectStatus;
use crate::version::Version;

/// One thing that happened to one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The record's version after it: events of one record are numbered without a gap.
    pub version: Version,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, to whom.
    #[serde(flatten)]
    pub what: What,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum What {
    /// An account offered its talents for the first time.
    FreelancerIntroduced {
        /// Whose profile.
        freelancer_id: AccountId,
    },
    /// A freelancer's profile changed.
    FreelancerProfileChanged {
        /// Whose profile.
        freelancer_id: AccountId,
        /// The names of the changed fields.
        fields: Vec<String>,
    },
    /// A freelancer's history was replaced, as by an import.
    FreelancerTrackRecordReplaced {
        /// Whose history.
        freelancer_id: AccountId,
    },
    /// A client posted a project.
    ProjectPosted {
        /// The project.
        project_id: ProjectId,
        /// The client.
        owner_id: AccountId,
    },
    /// A project changed.
    ProjectChanged {
        /// The project.
        project_id: ProjectId,
        /// The client.
        owner_id: AccountId,
        /// The names of the changed fields.
        fields: Vec<String>,
        /// The status afterwards.
        status: ProjectStatus,
    },
}

/// What a command comes to: the record's new state and the event that led to it, to be committed together.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a decision has no effect until it is committed"]
pub struct Decided<S> {
    /// The new state.
    pub state: S,
    /// The event.
    pub event: Event,
}

/// The names whose flag is set: the fields that a commit changed.
pub(crate) fn changed_fields<const N: usize>(fields: [(&str, bool); N]) -> Vec<String> {
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}
