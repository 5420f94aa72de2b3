//! The stored forms of versions up to 0.1.

use std::collections::BTreeMap;

use domain::{
    freelancer::{Activity, TrackRecord, WorkHistory},
    values::TagKey,
};
use jiff::Timestamp;
use serde::Deserialize;

/// The track record within a freelancer's item.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LegacyTrackRecord {
    rating: Option<f64>,
    rated_jobs: u32,
    proposals: u32,
    completed_jobs: u32,
    response_minutes: Option<f64>,
    last_active_at: Option<Timestamp>,
    skill_jobs: BTreeMap<TagKey, u32>,
    activity: Option<Activity>,
    work_terms: Vec<(u32, f32)>,
}

impl LegacyTrackRecord {
    /// Splits the record into today's two parts. The item was last committed at `updated_at`, and its version counts
    /// every commit. A record that holds only the time of the profile counts as no record.
    pub(crate) fn split(self, updated_at: Timestamp) -> (TrackRecord, WorkHistory) {
        let Self { skill_jobs, activity, work_terms, .. } = self;
        let history = WorkHistory { skill_jobs, activity, work_terms };
        let record = TrackRecord {
            rating: self.rating,
            rated_jobs: self.rated_jobs,
            proposals: self.proposals,
            completed_jobs: self.completed_jobs,
            response_minutes: self.response_minutes,
            last_active_at: self.last_active_at,
            updated_at: None,
            version: 0,
        };
        let newcomer = TrackRecord { last_active_at: Some(updated_at), ..TrackRecord::default() };
        if record == newcomer && history == WorkHistory::default() {
            return (TrackRecord::default(), history);
        }
        (TrackRecord { updated_at: Some(updated_at), ..record }, history)
    }
}
