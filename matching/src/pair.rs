//! Talents and needs, and the ten features of a pair of them: the one implementation, for training and serving.
//!
//! Every formula is bounded for any input, so a pair can be strange but never unscorable.

use std::collections::BTreeMap;

use crate::activity::Activity;
use crate::features::Features;
use crate::statistics::TextStatistics;
use crate::text::{TermVector, dot, fold, length_of, term_hash};

/// Until a freelancer has worked, their first ratings count together with this many of [`PRIOR_STARS`].
const PRIOR_RATED_JOBS: f64 = 3.0;
/// What an unrated job is presumed to be worth.
const PRIOR_STARS: f64 = 4.0;
/// Hire rate starts as if two proposals had led to 0.6 hires.
const PRIOR_PROPOSALS: f64 = 2.0;
const PRIOR_HIRES: f64 = 0.6;
const SECONDS_PER_HOUR: f64 = 3_600.0;

/// What a market knows of a freelancer. `Talent::default()` is somebody of whom nothing is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Talent {
    /// Skills the freelancer names.
    pub skills: Vec<String>,
    /// Jobs done per skill they asked for.
    pub skill_jobs: BTreeMap<String, u32>,
    /// Mean stars of the rated jobs, 0 to 5.
    pub rating: Option<f64>,
    /// Jobs that were rated.
    pub rated_jobs: u32,
    /// Proposals made.
    pub proposals: u32,
    /// Jobs hired for.
    pub completed_jobs: u32,
    /// Median minutes from a project's posting to this freelancer's proposal.
    pub response_minutes: Option<f64>,
    /// When last seen at work, in seconds since 1970.
    pub last_active_at: Option<i64>,
    /// Proposals of late; unknown of somebody who never made one.
    pub activity: Option<Activity>,
    /// Profile and past work: [`TermVector::of_profile`], with the stored terms of past work
    /// [added](TermVector::add).
    pub terms: TermVector,
}

impl Talent {
    /// Whether anything is known of work here: of a freelancer who has none, zero would be a verdict.
    pub(crate) fn has_history(&self) -> bool {
        self.proposals > 0 || self.completed_jobs > 0
    }
}

/// What a project asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Need {
    /// Skills wanted.
    pub skills: Vec<String>,
    /// [`TermVector::of_project`].
    pub terms: TermVector,
    /// When it is ranked, in seconds since 1970: what a freelancer did of late is as of then.
    pub ranked_at: i64,
}

/// A [`Talent`] seen through a pool's statistics: everything that does not depend on the need, computed once.
#[derive(Debug, Clone)]
pub struct PreparedTalent {
    /// (skill hash, jobs that asked for it), by hash. A skill that is only named has no jobs.
    skills: Box<[(u32, u32)]>,
    /// (term hash, weight × rarity), by hash, of length one.
    terms: Box<[(u32, f32)]>,
    rating: Option<f32>,
    hire_rate: Option<f32>,
    response_time: Option<f32>,
    has_history: bool,
    last_active_at: Option<i64>,
    activity: Option<Activity>,
}

/// A [`Need`] seen through a pool's statistics.
#[derive(Debug, Clone)]
pub struct PreparedNeed {
    /// (skill hash, share of all the wanted skills' rarity), each skill once.
    skills: Box<[(u32, f32)]>,
    /// (term hash, weight × rarity), by hash, of length one.
    terms: Box<[(u32, f32)]>,
    ranked_at: i64,
    /// The pool's factors for activity, by half-life.
    pace: [f32; 3],
}

impl PreparedTalent {
    pub(crate) fn new(talent: &Talent, statistics: &TextStatistics) -> Self {
        let mut skills = BTreeMap::<u32, u32>::new();
        for (skill, &jobs) in talent.skill_jobs.iter().filter(|&(_, &jobs)| jobs > 0) {
            let total = skills.entry(term_hash(&fold(skill))).or_default();
            *total = total.saturating_add(jobs);
        }
        for skill in &talent.skills {
            skills.entry(term_hash(&fold(skill))).or_default();
        }

        Self {
            skills: skills.into_iter().collect(),
            terms: of_length_one(rarefied(&talent.terms, statistics)),
            rating: talent.rating.filter(|stars| stars.is_finite()).map(|stars| rating(stars, talent.rated_jobs)),
            hire_rate: talent.has_history().then(|| hire_rate(talent.completed_jobs, talent.proposals)),
            response_time: talent.response_minutes.filter(|minutes| minutes.is_finite()).map(response_time),
            has_history: talent.has_history(),
            last_active_at: talent.last_active_at,
            activity: talent.activity,
        }
    }

    /// The wanted skills that this talent has, named or worked with: (share of the wanted rarity, jobs) each.
    fn having<'a>(&'a self, wanted: &'a [(u32, f32)]) -> impl Iterator<Item = (f32, u32)> + 'a {
        wanted.iter().filter_map(|&(wanted, share)| {
            let place = self.skills.binary_search_by_key(&wanted, |&(skill, _)| skill).ok()?;
            Some((share, self.skills[place].1))
        })
    }
}

impl PreparedNeed {
    pub(crate) fn new(need: &Need, statistics: &TextStatistics) -> Self {
        let mut hashes: Vec<u32> = need.skills.iter().map(|skill| term_hash(&fold(skill))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let rarity: f32 = hashes.iter().map(|&hash| statistics.skill_rarity(hash)).sum();
        Self {
            skills: hashes.into_iter().map(|hash| (hash, statistics.skill_rarity(hash) / rarity)).collect(),
            terms: of_length_one(rarefied(&need.terms, statistics)),
            ranked_at: need.ranked_at,
            pace: statistics.pace().factors(need.ranked_at),
        }
    }
}

impl Features {
    /// The ten features of a pair. Both sides must be prepared by the same statistics.
    pub fn of(need: &PreparedNeed, talent: &PreparedTalent) -> Self {
        let activity = talent.activity.map(|activity| activity.features(need.ranked_at, need.pace));
        Self::clamped([
            (!need.skills.is_empty()).then(|| talent.having(&need.skills).map(|(share, _)| share).sum()),
            talent
                .has_history
                .then(|| skill_experience(talent.having(&need.skills).map(|(_, jobs)| u64::from(jobs)).sum())),
            (!need.terms.is_empty()).then(|| dot(&need.terms, &talent.terms)),
            talent.rating,
            talent.hire_rate,
            talent.response_time,
            talent.last_active_at.map(|last| last_seen(last, need.ranked_at)),
            activity.map(|[week, _, _]| week),
            activity.map(|[_, month, _]| month),
            activity.map(|[_, _, half_year]| half_year),
        ])
    }
}

/// [`Feature::SkillExperience`](crate::Feature::SkillExperience) of a number of jobs.
pub(crate) fn skill_experience(jobs: u64) -> f32 {
    (jobs as f32).ln_1p()
}

/// [`Feature::Rating`](crate::Feature::Rating) of mean stars over a number of jobs, at least one.
pub(crate) fn rating(stars: f64, rated_jobs: u32) -> f32 {
    let rated = f64::from(rated_jobs.max(1));
    ((stars * rated + PRIOR_STARS * PRIOR_RATED_JOBS) / (rated + PRIOR_RATED_JOBS)) as f32
}

/// [`Feature::HireRate`](crate::Feature::HireRate). A job can be won without a proposal, but counts as one.
pub(crate) fn hire_rate(completed_jobs: u32, proposals: u32) -> f32 {
    let proposals = f64::from(proposals.max(completed_jobs));
    ((f64::from(completed_jobs) + PRIOR_HIRES) / (proposals + PRIOR_PROPOSALS)) as f32
}

/// [`Feature::ResponseTime`](crate::Feature::ResponseTime) of a median in minutes.
pub(crate) fn response_time(minutes: f64) -> f32 {
    minutes.max(0.0).ln_1p() as f32
}

/// [`Feature::LastSeen`](crate::Feature::LastSeen); both times in seconds since 1970.
pub(crate) fn last_seen(last_active_at: i64, ranked_at: i64) -> f32 {
    let away_seconds = ranked_at.saturating_sub(last_active_at).max(0);
    (away_seconds as f64 / SECONDS_PER_HOUR).ln_1p() as f32
}

fn rarefied<'a>(terms: &'a TermVector, statistics: &'a TextStatistics) -> impl Iterator<Item = (u32, f32)> + 'a {
    terms.terms().iter().map(|&(hash, weight)| (hash, weight * statistics.term_rarity(hash)))
}

fn of_length_one(weights: impl Iterator<Item = (u32, f32)>) -> Box<[(u32, f32)]> {
    let mut weights: Vec<(u32, f32)> = weights.collect();
    // Divided by the greatest first: no weight is so large or so small that its square is lost.
    let greatest = weights.iter().map(|&(_, weight)| weight).fold(f32::MIN_POSITIVE, f32::max);
    for (_, weight) in &mut weights {
        *weight /= greatest;
    }
    let length = length_of(&weights);
    for (_, weight) in &mut weights {
        *weight /= length;
    }
    weights.into_boxed_slice()
}
