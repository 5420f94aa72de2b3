//! Talents, and the formulas of features that depend on a talent alone. Every formula is bounded for any input, so
//! every pair can be scored.

use std::collections::BTreeMap;

use crate::activity::Activity;
use crate::numbers::ln_1p;
use crate::text::TermVector;

/// The first ratings are averaged with this many jobs of [`PRIOR_STARS`].
const PRIOR_RATED_JOBS: f64 = 3.0;
/// The presumed stars of an unrated job.
const PRIOR_STARS: f64 = 4.0;
/// The hire rate starts as if two proposals had led to 0.6 hires.
const PRIOR_PROPOSALS: f64 = 2.0;
const PRIOR_HIRES: f64 = 0.6;
const SECONDS_PER_HOUR: f32 = 3_600.0;

/// The market's knowledge of a freelancer. `Talent::default()` is a freelancer without any known facts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Talent {
    /// Skills that the profile lists.
    pub skills: Vec<String>,
    /// Completed jobs by the skill they asked for.
    pub skill_jobs: BTreeMap<String, u32>,
    /// Mean stars of the rated jobs, 0 to 5.
    pub rating: Option<f64>,
    /// The number of rated jobs.
    pub rated_jobs: u32,
    /// Proposals made.
    pub proposals: u32,
    /// Jobs hired for.
    pub completed_jobs: u32,
    /// Median minutes from a project's posting to this freelancer's proposal.
    pub response_minutes: Option<f64>,
    /// The time when the freelancer was last seen, in seconds since 1970. It counts only with proposals or jobs.
    pub last_active_at: Option<i64>,
    /// Recent proposals; unknown for a freelancer who never made one.
    pub activity: Option<Activity>,
    /// Terms of the profile and past work: [`TermVector::of_profile`], with the stored terms of past work
    /// [added](TermVector::add).
    pub terms: TermVector,
}

impl Talent {
    /// Whether the freelancer has worked here. Without any work, these features are missing: zero would be an unfair
    /// judgement.
    pub(crate) fn has_history(&self) -> bool {
        self.proposals > 0 || self.completed_jobs > 0
    }
}

/// The [`Feature::Rating`](crate::Feature::Rating) of mean stars over a number of jobs, at least one.
pub(crate) fn rating(stars: f64, rated_jobs: u32) -> f32 {
    let rated = f64::from(rated_jobs.max(1));
    ((stars * rated + PRIOR_STARS * PRIOR_RATED_JOBS) / (rated + PRIOR_RATED_JOBS)) as f32
}

/// The [`Feature::HireRate`](crate::Feature::HireRate). A job that was won without a proposal counts as a proposal too.
pub(crate) fn hire_rate(completed_jobs: u32, proposals: u32) -> f32 {
    let proposals = f64::from(proposals.max(completed_jobs));
    ((f64::from(completed_jobs) + PRIOR_HIRES) / (proposals + PRIOR_PROPOSALS)) as f32
}

/// The [`Feature::ResponseTime`](crate::Feature::ResponseTime) of a median in minutes.
pub(crate) fn response_time(minutes: f64) -> f32 {
    (minutes.max(0.0).ln_1p() as f32).min(23.0)
}

/// The [`Feature::LastSeen`](crate::Feature::LastSeen) of a number of seconds.
#[inline(always)]
pub(crate) fn last_seen(away_seconds: f32) -> f32 {
    ln_1p(away_seconds * (1.0 / SECONDS_PER_HOUR))
}
