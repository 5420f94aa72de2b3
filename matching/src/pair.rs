//! Talents and needs, and the ten features of a pair of them: the one implementation, for training and serving.
//!
//! Every formula is bounded for any input, so a pair can be strange but never unscorable.

use std::collections::BTreeMap;

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
/// Hour fit starts as if three jobs had been done at no particular hour.
const PRIOR_ACTIVE_HOURS: f64 = 3.0;
/// Days after which being away has cut availability to 1/e.
const AVAILABILITY_DAYS: f64 = 30.0;
const SECONDS_PER_HOUR: i64 = 3_600;
const SECONDS_PER_DAY: f64 = 86_400.0;
/// How much work at −2, −1, 0, +1, +2 hours around a given hour says about it.
const HOUR_WINDOW: [(usize, f64); 5] = [(22, 0.25), (23, 0.6), (0, 1.0), (1, 0.6), (2, 0.25)];

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
    /// Pieces of work per hour of the day, UTC.
    pub active_hours: [u32; 24],
    /// Profile and past work: [`TermVector::of_profile`], with the stored terms of past work
    /// [added](TermVector::add).
    pub terms: TermVector,
}

/// What a project asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Need {
    /// Skills wanted.
    pub skills: Vec<String>,
    /// [`TermVector::of_project`].
    pub terms: TermVector,
    /// When it was posted, in seconds since 1970: its hour of the day is compared.
    pub posted_at: i64,
    /// When it is ranked, in seconds since 1970: a freelancer's availability is as of then.
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
    completed_jobs: Option<f32>,
    hire_rate: Option<f32>,
    response_time: Option<f32>,
    experience: Option<f32>,
    last_active_at: Option<i64>,
    /// Hour fit by the need's hour.
    hour_fit: Option<[f32; 24]>,
}

/// A [`Need`] seen through a pool's statistics.
#[derive(Debug, Clone)]
pub struct PreparedNeed {
    /// (skill hash, share of all the wanted skills' rarity), each skill once.
    skills: Box<[(u32, f32)]>,
    /// (term hash, weight × rarity), by hash, of length one.
    terms: Box<[(u32, f32)]>,
    posted_hour: usize,
    ranked_at: i64,
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

        let has_history = talent.proposals > 0 || talent.completed_jobs > 0;
        let proposals = talent.proposals.max(talent.completed_jobs);
        let count = |jobs: u32| has_history.then(|| (jobs as f32).ln_1p());
        Self {
            skills: skills.into_iter().collect(),
            terms: of_length_one(rarefied(&talent.terms, statistics)),
            rating: talent.rating.filter(|stars| stars.is_finite()).map(|stars| {
                let rated = f64::from(talent.rated_jobs.max(1));
                ((stars * rated + PRIOR_STARS * PRIOR_RATED_JOBS) / (rated + PRIOR_RATED_JOBS)) as f32
            }),
            completed_jobs: count(talent.completed_jobs),
            hire_rate: has_history.then(|| {
                ((f64::from(talent.completed_jobs) + PRIOR_HIRES) / (f64::from(proposals) + PRIOR_PROPOSALS)) as f32
            }),
            response_time: talent
                .response_minutes
                .filter(|minutes| minutes.is_finite())
                .map(|minutes| minutes.max(0.0).ln_1p() as f32),
            experience: count(proposals),
            last_active_at: talent.last_active_at,
            hour_fit: hour_fit(&talent.active_hours),
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
            posted_hour: need.posted_at.div_euclid(SECONDS_PER_HOUR).rem_euclid(24) as usize,
            ranked_at: need.ranked_at,
        }
    }
}

impl Features {
    /// The ten features of a pair. Both sides must be prepared by the same statistics.
    pub fn of(need: &PreparedNeed, talent: &PreparedTalent) -> Self {
        Self::clamped([
            (!need.skills.is_empty()).then(|| talent.having(&need.skills).map(|(share, _)| share).sum()),
            talent.experience.map(|_| {
                let jobs: u64 = talent.having(&need.skills).map(|(_, jobs)| u64::from(jobs)).sum();
                (jobs as f32).ln_1p()
            }),
            talent.rating,
            talent.completed_jobs,
            talent.hire_rate,
            talent.response_time,
            talent.last_active_at.map(|last| {
                let away_days = need.ranked_at.saturating_sub(last).max(0) as f64 / SECONDS_PER_DAY;
                (-away_days / AVAILABILITY_DAYS).exp() as f32
            }),
            talent.hour_fit.map(|by_hour| by_hour[need.posted_hour]),
            (!need.terms.is_empty()).then(|| dot(&need.terms, &talent.terms)),
            talent.experience,
        ])
    }
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

fn hour_fit(active_hours: &[u32; 24]) -> Option<[f32; 24]> {
    let total: f64 = active_hours.iter().copied().map(f64::from).sum();
    (total > 0.0).then(|| {
        std::array::from_fn(|hour| {
            let near: f64 =
                HOUR_WINDOW.iter().map(|&(shift, weight)| f64::from(active_hours[(hour + shift) % 24]) * weight).sum();
            (near / (total + PRIOR_ACTIVE_HOURS)) as f32
        })
    })
}
