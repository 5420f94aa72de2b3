//! A [`Talent`] as a pool keeps it: a small state, a few skills and the strongest words.
//!
//! [`Features::of`] takes only packed talents, so training sees the same rounding and truncation as serving. A packed
//! talent does not depend on other freelancers. Words are weighed by a [`Background`] that ships with the net, and the
//! need holds the rarity of skills. So a new freelancer changes no other row.

use std::collections::BTreeMap;

use crate::activity::{self, Activity, HALF_LIVES};
use crate::background::Background;
use crate::features::{FEATURE_COUNT, Feature, Features};
use crate::need::PreparedNeed;
use crate::numbers::{NEVER, ln_1p, seconds};
use crate::talent::{self, Talent};
use crate::text::{TermVector, length_of, skill_hash};
use crate::wanted::Wanted;

/// The most words kept of a freelancer's profile and past work: those with the greatest weight × rarity.
pub const PACKED_TERMS: usize = 44;

/// The most skills kept: first those that the profile lists, then those with the most jobs.
pub const PACKED_SKILLS: usize = 64;

/// The volume of an empty text.
pub(crate) const NO_VOLUME: u8 = VOLUME_STEPS as u8;

/// Steps of a [volume](PackedTalent::volume) from 0 to 1.
const VOLUME_STEPS: f32 = 32.0;

/// The highest weight of a word, and the highest count of jobs.
const MOST: u8 = u8::MAX;

/// A talent in packed form.
#[derive(Debug, Clone, PartialEq)]
pub struct PackedTalent {
    /// (skill hash, 1 + number of jobs that asked for it, counted to 254), by hash.
    pub(crate) skills: Box<[(u32, u8)]>,
    /// (term hash, weight × rarity relative to the greatest, above 0), by hash.
    pub(crate) terms: Box<[(u32, u8)]>,
    /// The amount of text: the fourth root of the length of the vector of all words, in 32nds, above 0. A profile alone
    /// has 32.
    pub(crate) volume: u8,
    pub(crate) state: State,
}

/// The part of a packed talent with a fixed size: 20 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct State {
    /// Seconds since 1970, or [`NEVER`].
    pub(crate) last_active_at: u32,
    /// Seconds since 1970, or [`NEVER`] if the activity is unknown.
    pub(crate) activity_as_of: u32,
    /// The activity at `activity_as_of`.
    pub(crate) activity: [Rounded; HALF_LIVES],
    /// The factor that turns a sum of products over the terms into a similarity: [`term_scale`].
    pub(crate) term_scale: Rounded,
    /// The features of [`STANDING`] in this order, each as a [`share`] of its range. The hire rate is known exactly for
    /// freelancers with a history.
    pub(crate) standing: [u8; STANDING.len()],
}

/// The features that summarise past work.
pub(crate) const STANDING: [Feature; 3] = [Feature::Rating, Feature::HireRate, Feature::ResponseTime];

/// The index of the hire rate in [`STANDING`]. It is known for every freelancer with a history.
const HIRE_RATE: usize = 1;
const _: () = assert!(matches!(STANDING[HIRE_RATE], Feature::HireRate));

/// Steps of a feature's range in a byte. One step is a fiftieth of a star.
const SHARES: u8 = 250;
/// The byte of an unknown feature.
pub(crate) const UNKNOWN: u8 = u8::MAX;

/// A feature's value in 250ths of its range, clamped to it. A value that is not finite gives [`UNKNOWN`].
fn share(feature: Feature, value: Option<f32>) -> u8 {
    let (low, high) = feature.range();
    let Some(value) = value.filter(|value| value.is_finite()) else { return UNKNOWN };
    ((value.clamp(low, high) - low) / (high - low) * f32::from(SHARES)).round() as u8
}

/// Whether a byte is a share or [`UNKNOWN`].
pub(crate) fn is_share(byte: u8) -> bool {
    byte <= SHARES || byte == UNKNOWN
}

/// The value of a share; NaN if it is unknown. All three ranges begin with 0.
#[inline(always)]
fn of_share(feature: Feature, share: u8) -> f32 {
    let (_, high) = feature.range();
    known(share != UNKNOWN, f32::from(share) * (high / f32::from(SHARES)))
}

/// The value, or NaN if it is unknown.
#[inline(always)]
fn known(is_known: bool, value: f32) -> f32 {
    if is_known { value } else { f32::NAN }
}

/// A number of zero or more in two bytes: the upper half of an f32, with 8 significant bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rounded(u16);

impl Rounded {
    /// The nearest such number; zero for a value that is negative or not finite.
    fn of(value: f32) -> Self {
        const GREATEST: u32 = 0x7f7f;
        let value = if value > 0.0 && value.is_finite() { value } else { 0.0 };
        Self(((value.to_bits() + 0x8000) >> 16).min(GREATEST) as u16)
    }

    #[inline(always)]
    pub(crate) fn get(self) -> f32 {
        f32::from_bits(u32::from(self.0) << 16)
    }

    pub(crate) fn to_bytes(self) -> [u8; 2] {
        self.0.to_le_bytes()
    }

    /// `None` for bytes that [`to_bytes`](Self::to_bytes) never returns: infinities, NaN and negative numbers.
    pub(crate) fn from_bytes(bytes: [u8; 2]) -> Option<Self> {
        let bits = u16::from_le_bytes(bytes);
        (bits < 0x7f80).then_some(Self(bits))
    }
}

impl State {
    /// The activity, for the pool's pace.
    pub(crate) fn activity(&self) -> Option<Activity> {
        let [week, month, half_year] = self.activity.map(Rounded::get);
        let as_of = i64::from(self.activity_as_of);
        (self.activity_as_of != NEVER).then_some(Activity { week, month, half_year, as_of })
    }
}

impl PackedTalent {
    /// Packs a talent.
    pub fn of(talent: &Talent) -> Self {
        Self::weighed(talent, Background::shipped())
    }

    /// Packs a talent with the word rarities of another background.
    pub fn weighed(talent: &Talent, background: &Background) -> Self {
        let terms = packed_terms(&talent.terms.by_rarity(background));
        let volume = (length_of(talent.terms.terms()).powf(0.25) * VOLUME_STEPS).round().max(1.0) as u8; // saturates
        let hire_rate = talent.has_history().then(|| talent::hire_rate(talent.completed_jobs, talent.proposals));
        let standing = [
            talent.rating.map(|stars| talent::rating(stars, talent.rated_jobs)),
            hire_rate,
            talent.response_minutes.map(talent::response_time),
        ];
        // A newcomer's `last_active_at` is the time when the profile was saved. It is ignored: the public training data
        // show nobody before a first proposal, so the net never learned its meaning.
        let last_active_at = talent.last_active_at.filter(|_| talent.has_history());
        let state = State {
            last_active_at: last_active_at.map_or(NEVER, seconds),
            activity_as_of: talent.activity.map_or(NEVER, |activity| seconds(activity.as_of)),
            activity: talent
                .activity
                .map_or([Rounded::default(); HALF_LIVES], |Activity { week, month, half_year, .. }| {
                    [week, month, half_year].map(Rounded::of)
                }),
            term_scale: term_scale(&terms, volume),
            standing: std::array::from_fn(|i| share(STANDING[i], standing[i])),
        };
        Self { skills: packed_skills(talent), terms, volume, state }
    }
}

/// Volume divided by the length of the kept weights.
///
/// Dividing by the full length alone would make similarity a cosine, and a long history would be worth no more than a
/// short one: added texts also bring words that are foreign to a need. So the divisor is smaller, as in pivoted length
/// normalization (Singhal, Buckley, Mitra 1996, *Pivoted document length normalization*): the length to the power of ¾.
/// This power ranked best among those that let a newcomer compete.
pub(crate) fn term_scale(terms: &[(u32, u8)], volume: u8) -> Rounded {
    let squares: u32 = terms.iter().map(|&(_, weight)| u32::from(weight) * u32::from(weight)).sum();
    Rounded::of(f32::from(volume) / VOLUME_STEPS / (squares.max(1) as f32).sqrt())
}

fn packed_terms(terms: &TermVector) -> Box<[(u32, u8)]> {
    let strongest = terms.strongest(PACKED_TERMS);
    let greatest = strongest.terms().iter().map(|&(_, weight)| weight).fold(f32::MIN_POSITIVE, f32::max);
    let pack = |&(hash, weight): &(u32, f32)| (hash, ((weight / greatest * f32::from(MOST)).round() as u8).max(1));
    strongest.terms().iter().map(pack).collect()
}

fn packed_skills(talent: &Talent) -> Box<[(u32, u8)]> {
    // By hash: whether the profile lists the skill, and its jobs.
    let mut by_skill = BTreeMap::<u32, (bool, u32)>::new();
    for (skill, &jobs) in talent.skill_jobs.iter().filter(|&(_, &jobs)| jobs > 0) {
        let (_, total) = by_skill.entry(skill_hash(skill)).or_default();
        *total = total.saturating_add(jobs);
    }
    for skill in &talent.skills {
        let (is_named, _) = by_skill.entry(skill_hash(skill)).or_default();
        *is_named = true;
    }
    let mut skills: Vec<(u32, (bool, u32))> = by_skill.into_iter().collect();
    // Skills of the profile stay first, so that old jobs do not displace a new skill. Among skills with equal jobs, the
    // smaller hash stays.
    skills.sort_by_key(|&(hash, rank)| (std::cmp::Reverse(rank), hash));
    skills.truncate(PACKED_SKILLS);
    skills.sort_unstable_by_key(|&(hash, _)| hash);
    skills.into_iter().map(|(hash, (_, jobs))| (hash, jobs.min(u32::from(MOST) - 1) as u8 + 1)).collect()
}

/// The part of a pair's features that depends on the need's content: sums over common skills and words.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shared {
    /// The sum of the common skills' shares.
    pub(crate) skills: f32,
    /// Jobs that asked for one of these skills.
    pub(crate) jobs: f32,
    /// The sum of the common words' products, before the talent's scale is applied.
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

/// Calls `both` for each common hash, in ascending order.
fn for_common(wanted: &Wanted, talent: &[(u32, u8)], mut both: impl FnMut(f32, u8)) {
    for &(hash, value) in talent {
        if let Some(weight) = wanted.get(hash) {
            both(weight, value);
        }
    }
}

/// The inputs of the features of up to `N` rows, by column: [`State`] and [`Shared`].
#[derive(Debug, Clone)]
pub(crate) struct Ingredients<const N: usize> {
    last_active_at: [u32; N],
    activity_as_of: [u32; N],
    activity: [[Rounded; N]; HALF_LIVES],
    term_scale: [Rounded; N],
    standing: [[u8; N]; STANDING.len()],
    skills: [f32; N],
    jobs: [f32; N],
    terms: [f32; N],
}

impl<const N: usize> Ingredients<N> {
    /// No rows: all columns hold unknown values.
    pub(crate) fn none() -> Self {
        Self {
            last_active_at: [NEVER; N],
            activity_as_of: [NEVER; N],
            activity: [[Rounded::default(); N]; HALF_LIVES],
            term_scale: [Rounded::default(); N],
            standing: [[UNKNOWN; N]; STANDING.len()],
            skills: [0.0; N],
            jobs: [0.0; N],
            terms: [0.0; N],
        }
    }

    /// Sets one row.
    #[inline(always)]
    pub(crate) fn set(&mut self, place: usize, state: &State, shared: Shared) {
        self.last_active_at[place] = state.last_active_at;
        self.activity_as_of[place] = state.activity_as_of;
        for (column, value) in self.activity.iter_mut().zip(state.activity) {
            column[place] = value;
        }
        self.term_scale[place] = state.term_scale;
        for (column, value) in self.standing.iter_mut().zip(state.standing) {
            column[place] = value;
        }
        self.skills[place] = shared.skills;
        self.jobs[place] = shared.jobs;
        self.terms[place] = shared.terms;
    }
}

/// Computes the features of the first `rows` rows, column by column; NaN means unknown. The plain loops have no
/// branches, so the compiler turns them into vectors of the caller's instruction set. Branches would also be slow,
/// because a processor cannot predict which features of a row are known.
#[inline(always)]
pub(crate) fn finish<const N: usize>(
    need: &PreparedNeed,
    ingredients: &Ingredients<N>,
    rows: usize,
    features: &mut [[f32; N]; FEATURE_COUNT],
) {
    // In the order of `Feature::ALL`.
    let [overlap, experience, similarity, rating, hire_rate, response_time, last_seen, activity @ ..] = features;
    let has_skills = !need.skills.is_empty();
    for (out, shared) in overlap[..rows].iter_mut().zip(&ingredients.skills) {
        *out = known(has_skills, shared.min(1.0));
    }
    for ((out, &jobs), &share) in
        experience[..rows].iter_mut().zip(&ingredients.jobs).zip(&ingredients.standing[HIRE_RATE])
    {
        *out = known(share != UNKNOWN, ln_1p(jobs));
    }
    let has_terms = !need.terms.is_empty();
    for ((out, shared), scale) in similarity[..rows].iter_mut().zip(&ingredients.terms).zip(&ingredients.term_scale) {
        *out = known(has_terms, (shared * scale.get()).min(1.0));
    }
    for (standing, column) in [rating, hire_rate, response_time].into_iter().enumerate() {
        for (out, &share) in column[..rows].iter_mut().zip(&ingredients.standing[standing]) {
            *out = of_share(STANDING[standing], share);
        }
    }
    let since = |at: u32| need.ranked_at.saturating_sub(at) as f32;
    for (out, &at) in last_seen[..rows].iter_mut().zip(&ingredients.last_active_at) {
        *out = known(at != NEVER, talent::last_seen(since(at)));
    }
    for (half_life, column) in activity.iter_mut().enumerate() {
        let factor = need.pace[half_life];
        let sums = ingredients.activity[half_life].iter().zip(&ingredients.activity_as_of);
        for (out, (sum, &as_of)) in column[..rows].iter_mut().zip(sums) {
            *out = known(as_of != NEVER, activity::feature(half_life, sum.get(), since(as_of), factor));
        }
    }
}

impl Features {
    /// The ten features of a pair.
    pub fn of(need: &PreparedNeed, talent: &PackedTalent) -> Self {
        let mut ingredients = Ingredients::<1>::none();
        ingredients.set(0, &talent.state, Shared::of(need, talent));
        let mut features = [[f32::NAN]; FEATURE_COUNT];
        finish(need, &ingredients, 1, &mut features);
        Self::computed(features.map(|[value]| value))
    }
}
