//! A [`Talent`] as a pool keeps it: a small state, a few skills and the strongest words.
//!
//! What is rounded or cut off here is rounded in training too, because [`Features::of`] takes nothing else. Nothing in
//! it depends on other freelancers: how rare a word or a skill is, is the need's business, so that a newcomer changes no
//! row but the own one.

use std::collections::BTreeMap;

use crate::activity::{self, Activity, HALF_LIVES};
use crate::features::{FEATURE_COUNT, Feature, Features};
use crate::numbers::ln_1p;
use crate::pair::{self, PreparedNeed, Talent};
use crate::text::{TermVector, fold, term_hash};

/// Words kept of a freelancer's profile and past work.
pub const PACKED_TERMS: usize = 64;

/// Skills kept: those of most jobs.
pub const PACKED_SKILLS: usize = 32;

/// The greatest weight of a word and count of jobs.
const MOST: u8 = u8::MAX;

/// A time that is not known. Times are seconds since 1970 in 32 bits, good until 2106.
pub(crate) const NEVER: u32 = u32::MAX;

/// A talent, reduced.
#[derive(Debug, Clone, PartialEq)]
pub struct PackedTalent {
    /// (skill hash, 1 + jobs that asked for it up to 254), by hash.
    pub(crate) skills: Box<[(u32, u8)]>,
    /// (term hash, weight relative to the greatest), by hash; weights are above 0.
    pub(crate) terms: Box<[(u32, u8)]>,
    pub(crate) state: State,
}

/// What of a freelancer has a fixed size: 36 bytes. A NaN is "not known".
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) rating: f32,
    /// Known of whoever has a history, and of nobody else.
    pub(crate) hire_rate: f32,
    pub(crate) response_time: f32,
    /// Seconds since 1970, or [`NEVER`].
    pub(crate) last_active_at: u32,
    /// Zero or more, as of `activity_as_of`.
    pub(crate) activity: [f32; HALF_LIVES],
    /// Seconds since 1970, or [`NEVER`] where the activity is not known.
    pub(crate) activity_as_of: u32,
    /// One over the Euclidean length of the terms' weights.
    pub(crate) term_scale: f32,
}

impl PartialEq for State {
    /// The same to the last bit: what is not known equals itself.
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl State {
    fn bits(&self) -> [u32; 9] {
        let [week, month, half_year] = self.activity.map(f32::to_bits);
        [
            self.rating.to_bits(),
            self.hire_rate.to_bits(),
            self.response_time.to_bits(),
            self.last_active_at,
            week,
            month,
            half_year,
            self.activity_as_of,
            self.term_scale.to_bits(),
        ]
    }

    /// The activity, for the pool's pace.
    pub(crate) fn activity(&self) -> Option<Activity> {
        let [week, month, half_year] = self.activity;
        let as_of = i64::from(self.activity_as_of);
        (self.activity_as_of != NEVER).then_some(Activity { week, month, half_year, as_of })
    }
}

impl PackedTalent {
    /// Reduces a talent.
    pub fn of(talent: &Talent) -> Self {
        let terms = packed_terms(&talent.terms);
        let activity = talent.activity.map(|Activity { week, month, half_year, .. }| {
            [week, month, half_year].map(|sum| if sum > 0.0 && sum.is_finite() { sum } else { 0.0 })
        });
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let state = State {
            rating: finite(talent.rating)
                .map_or(f32::NAN, |stars| positive(pair::rating(stars, talent.rated_jobs)).min(5.0)),
            hire_rate: if talent.has_history() {
                pair::hire_rate(talent.completed_jobs, talent.proposals)
            } else {
                f32::NAN
            },
            response_time: finite(talent.response_minutes)
                .map_or(f32::NAN, |minutes| positive(pair::response_time(minutes))),
            last_active_at: talent.last_active_at.map_or(NEVER, seconds),
            activity: activity.unwrap_or_default(),
            activity_as_of: talent.activity.map_or(NEVER, |activity| seconds(activity.as_of)),
            term_scale: term_scale(&terms),
        };
        Self { skills: packed_skills(talent), terms, state }
    }

    /// The same freelancer naming one more skill: for telling somebody what it would change.
    #[must_use]
    pub fn with_skill(&self, skill: &str) -> Self {
        let hash = term_hash(&fold(skill));
        let mut skills = self.skills.to_vec();
        if let Err(place) = skills.binary_search_by_key(&hash, |&(skill, _)| skill) {
            skills.insert(place, (hash, 1));
        }
        Self { skills: skills.into(), ..self.clone() }
    }

    /// When the freelancer was last seen, in seconds since 1970, if known.
    pub fn last_active_at(&self) -> Option<i64> {
        (self.state.last_active_at != NEVER).then_some(i64::from(self.state.last_active_at))
    }
}

/// Zero for what is less, minus zero included: equal values have equal bits.
fn positive(value: f32) -> f32 {
    if value > 0.0 { value } else { 0.0 }
}

/// A time in 32 bits.
pub(crate) fn seconds(at: i64) -> u32 {
    u32::try_from(at.max(0)).unwrap_or(NEVER).min(NEVER - 1)
}

/// One over the length of the weights; 1 for no terms.
pub(crate) fn term_scale(terms: &[(u32, u8)]) -> f32 {
    let squares: u32 = terms.iter().map(|&(_, weight)| u32::from(weight) * u32::from(weight)).sum();
    1.0 / (squares.max(1) as f32).sqrt()
}

fn packed_terms(terms: &TermVector) -> Box<[(u32, u8)]> {
    let strongest = terms.strongest(PACKED_TERMS);
    let greatest = strongest.terms().iter().map(|&(_, weight)| weight).fold(f32::MIN_POSITIVE, f32::max);
    let pack = |&(hash, weight): &(u32, f32)| (hash, ((weight / greatest * f32::from(MOST)).round() as u8).max(1));
    strongest.terms().iter().map(pack).collect()
}

fn packed_skills(talent: &Talent) -> Box<[(u32, u8)]> {
    let mut jobs_by_skill = BTreeMap::<u32, u32>::new();
    for (skill, &jobs) in talent.skill_jobs.iter().filter(|&(_, &jobs)| jobs > 0) {
        let total = jobs_by_skill.entry(term_hash(&fold(skill))).or_default();
        *total = total.saturating_add(jobs);
    }
    for skill in &talent.skills {
        jobs_by_skill.entry(term_hash(&fold(skill))).or_default();
    }
    let mut skills: Vec<(u32, u32)> = jobs_by_skill.into_iter().collect();
    // Of equally many jobs the smaller hash stays.
    skills.sort_by_key(|&(hash, jobs)| (std::cmp::Reverse(jobs), hash));
    skills.truncate(PACKED_SKILLS);
    skills.sort_unstable_by_key(|&(hash, _)| hash);
    skills.into_iter().map(|(hash, jobs)| (hash, jobs.min(u32::from(MOST) - 1) as u8 + 1)).collect()
}

/// What of a pair depends on the need's content: sums over the skills and the words that both have.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shared {
    /// Sum of the shared skills' shares.
    pub(crate) skills: f32,
    /// Jobs that asked for one of them.
    pub(crate) jobs: f32,
    /// Sum of the shared words' products, before the talent's scale.
    pub(crate) terms: f32,
}

impl Shared {
    fn of(need: &PreparedNeed, talent: &PackedTalent) -> Self {
        let mut shared = Self::default();
        for_common(&need.skills, &talent.skills, |share, jobs| {
            shared.skills += share;
            shared.jobs += f32::from(jobs - 1);
        });
        for_common(&need.terms, &talent.terms, |weight, times| shared.terms += weight * f32::from(times));
        shared
    }
}

/// Calls for each hash that both have, in ascending order.
fn for_common(need: &[(u32, f32)], talent: &[(u32, u8)], mut both: impl FnMut(f32, u8)) {
    let mut rest = talent;
    for &(hash, weight) in need {
        let place = rest.partition_point(|&(other, _)| other < hash);
        rest = &rest[place..];
        if let Some(&(other, value)) = rest.first()
            && other == hash
        {
            both(weight, value);
        }
    }
}

/// Numbers of a row before the formulas that are worth computing for many rows at once: the ten features, where
/// [`RAW_JOBS`], [`RAW_AWAY`] and [`RAW_ACTIVITY`] hold what they are computed from, and [`RAW_AGE`].
pub(crate) const RAW_COUNT: usize = FEATURE_COUNT + 1;
/// Jobs with the wanted skills.
const RAW_JOBS: usize = Feature::SkillExperience as usize;
/// Seconds since last seen.
const RAW_AWAY: usize = Feature::LastSeen as usize;
/// The first of three sums.
const RAW_ACTIVITY: usize = Feature::ActivityWeek as usize;
/// Seconds since the three sums were true.
const RAW_AGE: usize = FEATURE_COUNT;

/// A row's raw numbers, NaN where not known.
#[inline(always)]
pub(crate) fn raw(need: &PreparedNeed, state: &State, shared: Shared) -> [f32; RAW_COUNT] {
    let known = |is_known: bool, value: f32| if is_known { value } else { f32::NAN };
    // Both times are below 2³², so the difference fits.
    let since = |at: u32| known(at != NEVER, (i64::from(need.ranked_at) - i64::from(at)).max(0) as f32);
    let [week, month, half_year] = state.activity;
    [
        known(!need.skills.is_empty(), shared.skills.min(1.0)),
        known(!state.hire_rate.is_nan(), shared.jobs),
        known(!need.terms.is_empty(), (shared.terms * state.term_scale).min(1.0)),
        state.rating,
        state.hire_rate,
        state.response_time,
        since(state.last_active_at),
        week,
        month,
        half_year,
        since(state.activity_as_of),
    ]
}

/// Features from raw numbers, column by column: `rows` of each. Plain loops without a branch, which become vectors of
/// whatever instructions the caller is compiled for.
#[inline(always)]
pub(crate) fn finish<const N: usize>(need: &PreparedNeed, raw: &mut [[f32; N]; RAW_COUNT], rows: usize) {
    let (features, rest) = raw.split_at_mut(RAW_AGE);
    let age = &rest[0][..rows];
    for jobs in &mut features[RAW_JOBS][..rows] {
        *jobs = unless_nan(*jobs, ln_1p(*jobs));
    }
    for away in &mut features[RAW_AWAY][..rows] {
        *away = unless_nan(*away, pair::last_seen(*away));
    }
    for half_life in 0..HALF_LIVES {
        let factor = need.pace[half_life];
        for (sum, &age) in features[RAW_ACTIVITY + half_life][..rows].iter_mut().zip(age) {
            *sum = unless_nan(age, activity::feature(half_life, *sum, age, factor));
        }
    }
}

/// The value, unless what it was computed from is not known.
#[inline(always)]
fn unless_nan(source: f32, value: f32) -> f32 {
    if source.is_nan() { f32::NAN } else { value }
}

impl Features {
    /// The ten features of a pair.
    pub fn of(need: &PreparedNeed, talent: &PackedTalent) -> Self {
        let mut column = raw(need, &talent.state, Shared::of(need, talent)).map(|value| [value]);
        finish(need, &mut column, 1);
        Self::computed(std::array::from_fn(|feature| column[feature][0]))
    }
}
