//! The market's knowledge about a freelancer's past work, as opposed to the profile.
//!
//! It has two parts. The [`TrackRecord`] holds the numbers that lists and pages show. The [`WorkHistory`] is large, and
//! only matching reads it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::{Aggregate, Decided, Event};
use crate::freelancer::FreelancerChange;
use crate::values::{AccountId, TagKey, Version};

/// The most terms that are kept of past work: the strongest ones.
pub const MAX_WORK_TERMS: usize = 256;

/// The numbers of a freelancer's history. The default is the history of a new freelancer.
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
    /// The time when the freelancer was last active here, known at `updated_at`.
    pub last_active_at: Option<Timestamp>,
    /// When the record was last committed; `None` if there is none.
    pub updated_at: Option<Timestamp>,
    /// The number of commits of the record, not counting those of the profile.
    pub version: u64,
}

/// The part of a freelancer's past work that matching reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkHistory {
    /// The number of jobs by skill.
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

/// A freelancer's past: the track record and the work history, which are committed together.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The freelancer.
    pub freelancer_id: AccountId,
    /// The numbers of the past.
    pub track_record: TrackRecord,
    /// The past work.
    pub work_history: WorkHistory,
}

impl Aggregate for Past {
    type Change = FreelancerChange;
}

impl Past {
    /// The market replaces the record `before` by a whole history, for example by an import.
    pub fn replace(
        freelancer_id: AccountId,
        before: &TrackRecord,
        track_record: TrackRecord,
        work_history: WorkHistory,
        now: Timestamp,
    ) -> Decided<Self> {
        let version = Version::FIRST.plus(before.version);
        let change = FreelancerChange::FreelancerTrackRecordReplaced { freelancer_id };
        let track_record = TrackRecord { updated_at: Some(now), version: version.get(), ..track_record };
        let state = Self { freelancer_id, track_record, work_history };
        Decided { state, event: Event { version, at: now, change } }
    }
}

impl TrackRecord {
    /// The share of bids that were won, 0 to 1; `None` before the first bid.
    pub fn hire_rate(&self) -> Option<f64> {
        // A job can be won without a bid, so the quotient may be above 1.
        (self.proposals > 0).then(|| (f64::from(self.completed_jobs) / f64::from(self.proposals)).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

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

    #[test]
    fn each_replacement_is_one_version_of_the_record() {
        let (id, now) = (AccountId::new(Ulid(7)), Timestamp::from_second(60).unwrap());
        let numbers = TrackRecord { completed_jobs: 3, ..TrackRecord::default() };
        let first = Past::replace(id, &TrackRecord::default(), numbers.clone(), WorkHistory::default(), now);
        assert_eq!((first.event.version, first.state.track_record.updated_at), (Version::FIRST, Some(now)));
        let second = Past::replace(id, &first.state.track_record, numbers, WorkHistory::default(), now);
        assert_eq!((second.event.version, second.state.track_record.version), (Version::FIRST.next(), 2));
        assert_eq!(second.state.track_record.completed_jobs, 3);
    }
}
