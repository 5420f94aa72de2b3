//! Track records: the history of a freelancer, as the market knows it. The profile is what the freelancer says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::values::TagKey;

/// The most terms that are kept of past work: the strongest ones.
pub const MAX_WORK_TERMS: usize = 256;

/// The history of a freelancer. The default is the history of a new freelancer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrackRecord {
    /// The mean of all ratings, 0 to 5 stars; `None` before the first.
    pub rating: Option<f64>,
    /// The number of rated jobs.
    pub rated_jobs: u32,
    /// The number of bids.
    pub proposals: u32,
    /// The number of jobs that the freelancer won and completed.
    pub completed_jobs: u32,
    /// The median time from a question to the freelancer's answer, in minutes.
    pub response_minutes: Option<f64>,
    /// When the freelancer was last active here.
    pub last_active_at: Option<Timestamp>,
    /// The number of jobs that used each skill.
    pub skill_jobs: BTreeMap<TagKey, u32>,
    /// Recent bids; `None` before the first.
    pub activity: Option<Activity>,
    /// The strongest terms of past work: hash of the term and its weight, at most [`MAX_WORK_TERMS`].
    pub work_terms: Vec<(u32, f32)>,
}

/// Decaying counts of bids. A bid counts one when it is made, and half as much after each half-life.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// With a half-life of seven days.
    pub week: f32,
    /// With a half-life of thirty days.
    pub month: f32,
    /// With a half-life of 180 days.
    pub half_year: f32,
    /// The time of the three counts.
    pub as_of: Timestamp,
}

impl TrackRecord {
    /// The share of bids that were won, 0 to 1; `None` before the first bid.
    pub fn hire_rate(&self) -> Option<f64> {
        // A job can be won without a bid, so the quotient may be above 1.
        (self.proposals > 0).then(|| (f64::from(self.completed_jobs) / f64::from(self.proposals)).min(1.0))
    }

    /// Notes that the freelancer did something at `now`.
    pub(crate) fn touch(&mut self, now: Timestamp) {
        self.last_active_at = self.last_active_at.max(Some(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hire_rate_is_a_share_of_bids() {
        assert_eq!(TrackRecord::default().hire_rate(), None);
        let record = TrackRecord { proposals: 4, completed_jobs: 1, ..TrackRecord::default() };
        assert_eq!(record.hire_rate(), Some(0.25));
        let invited = TrackRecord { proposals: 1, completed_jobs: 3, ..TrackRecord::default() };
        assert_eq!(invited.hire_rate(), Some(1.0));
    }

    #[test]
    fn a_stored_record_of_fewer_fields_still_reads() {
        let record: TrackRecord = serde_json::from_str(r#"{"completed_jobs": 2}"#).unwrap();
        assert_eq!(record, TrackRecord { completed_jobs: 2, ..TrackRecord::default() });
    }
}
