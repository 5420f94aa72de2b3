//! The events of a freelancer.

use serde::{Deserialize, Serialize};

use crate::values::AccountId;

/// The events of a freelancer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FreelancerChange {
    /// An account saved its first profile.
    FreelancerIntroduced {
        /// The account.
        freelancer_id: AccountId,
    },
    /// The profile changed.
    FreelancerProfileChanged {
        /// The account.
        freelancer_id: AccountId,
        /// The names of the changed fields.
        fields: Vec<String>,
    },
    /// The account deleted its profile, and its past with it.
    FreelancerLeft {
        /// The account.
        freelancer_id: AccountId,
    },
    /// The track record was replaced, for example by an import.
    FreelancerTrackRecordReplaced {
        /// The account.
        freelancer_id: AccountId,
    },
}
