//! The needs of projects: packed once, and prepared for a pool. [`Features::of`](crate::Features::of) combines a need
//! with a talent; training and serving both use it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::activity::{HALF_LIVES, Pace};
use crate::background::Background;
use crate::features::{Feature, Features};
use crate::message;
use crate::numbers::seconds;
use crate::text::{TermVector, length_of, skill_hash};
use crate::wanted::Wanted;

/// The most words of a project that are compared; the strongest are kept. That is about four pages of English, or a
/// page and a half of Korean. It bounds the memory of a project and the time of a match, however long the text is.
pub const NEED_TERMS: usize = 1_024;

/// The requirements of a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Need {
    /// Skills wanted.
    pub skills: Vec<String>,
    /// [`TermVector::of_project`].
    pub terms: TermVector,
    /// The time of the ranking, in seconds since 1970. Recent activity is computed for this time.
    pub ranked_at: i64,
}

impl Need {
    /// The hashes of the wanted skills, ascending and distinct.
    pub fn skill_hashes(&self) -> Vec<u32> {
        hashes_of(self.skills.iter().map(String::as_str))
    }

    pub(crate) fn packed(&self, background: &Background) -> PackedNeed {
        PackedNeed::weighed(self.skills.iter().map(String::as_str), &self.terms, background)
    }
}

/// The hashes of skills, ascending and distinct.
fn hashes_of<'a>(skills: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
    let mut hashes: Vec<u32> = skills.into_iter().map(skill_hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// A need without a time: folded, hashed and weighed once. It can be kept, and
/// [prepared](crate::PoolStatistics::prepare_packed) for any pool at any time.
///
/// It takes 184 bytes, plus 8 for each distinct word (at most [`NEED_TERMS`]) and 4 for each skill.
#[derive(Debug, Clone)]
pub struct PackedNeed {
    /// Hashes, ascending and distinct.
    pub(crate) skills: Box<[u32]>,
    /// The same terms as in [`PreparedNeed`], because word weights do not depend on a pool.
    pub(crate) terms: Arc<Wanted>,
}

impl PackedNeed {
    /// Packs the wanted skills and the text (from [`TermVector::of_project`]).
    pub fn of<'a>(skills: impl IntoIterator<Item = &'a str>, terms: &TermVector) -> Self {
        Self::weighed(skills, terms, Background::shipped())
    }

    fn weighed<'a>(skills: impl IntoIterator<Item = &'a str>, terms: &TermVector, background: &Background) -> Self {
        let terms = Arc::new(of_length_one(&terms.by_rarity(background).strongest(NEED_TERMS)));
        Self { skills: hashes_of(skills).into(), terms }
    }

    /// The hashes of the wanted skills, ascending and distinct.
    pub fn skill_hashes(&self) -> &[u32] {
        &self.skills
    }
}

/// A need prepared for one pool.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreparedNeed {
    /// (skill hash, its share of the total rarity of the wanted skills), by hash, distinct.
    pub(crate) skills: Wanted,
    /// (term hash, weight × rarity), by hash; the vector has length one. Shared with the [`PackedNeed`].
    #[serde(with = "shared")]
    pub(crate) terms: Arc<Wanted>,
    /// Seconds since 1970.
    pub(crate) ranked_at: u32,
    /// The pool's factors for activity, by half-life.
    #[serde(deserialize_with = "message::all_finite")]
    pub(crate) pace: [f32; HALF_LIVES],
    /// The smallest share of the wanted skills that a freelancer must have to be ranked, less the rounding. 0 to 1.
    #[serde(deserialize_with = "message::share")]
    pub(crate) least_overlap: f32,
}

/// Serializes a shared list by value.
mod shared {
    use super::{Arc, Deserialize, Serialize, Wanted};

    pub(super) fn serialize<S: serde::Serializer>(terms: &Wanted, serializer: S) -> Result<S::Ok, S::Error> {
        terms.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arc<Wanted>, D::Error> {
        Wanted::deserialize(deserializer).map(Arc::new)
    }
}

/// Shares are rounded. A freelancer with all of the skills must still reach the sum of all shares.
const OVERLAP_ROUNDING: f32 = 1e-5;

impl PreparedNeed {
    /// Prepares a need for a pool with these skill rarities and this usual activity.
    pub(crate) fn new(need: &PackedNeed, rarity: impl Fn(u32) -> f32, pace: &Pace, ranked_at: i64) -> Self {
        let rarities = || need.skills.iter().map(|&hash| (hash, rarity(hash)));
        let sum: f32 = rarities().map(|(_, rarity)| rarity).sum();
        Self {
            skills: rarities().map(|(hash, one)| (hash, one / sum)).collect(),
            terms: Arc::clone(&need.terms),
            ranked_at: seconds(ranked_at),
            pace: pace.factors(ranked_at),
            least_overlap: 0.0,
        }
    }

    /// The same need, but only freelancers with at least this share of the wanted skills are ranked. The share is that
    /// of [`SkillOverlap`](crate::Feature::SkillOverlap), clamped to 0 to 1. With any share above 0, freelancers
    /// without a wanted skill are not ranked. A need without skills ranks everybody.
    #[must_use]
    pub fn with_least_overlap(self, share: f32) -> Self {
        let least_overlap = if share > 0.0 { (share.min(1.0) - OVERLAP_ROUNDING).max(f32::MIN_POSITIVE) } else { 0.0 };
        Self { least_overlap, ..self }
    }

    /// The same need, but only freelancers with at least one of the wanted skills are ranked.
    #[must_use]
    pub fn for_any_skill(self) -> Self {
        self.with_least_overlap(f32::MIN_POSITIVE)
    }

    /// Whether the freelancer of this pair has enough of the wanted skills to be ranked.
    pub fn takes(&self, pair: &Features) -> bool {
        self.takes_overlap(pair.get(Feature::SkillOverlap).unwrap_or_default())
    }

    /// Whether this share of the wanted skills is enough.
    #[inline]
    pub(crate) fn takes_overlap(&self, share: f32) -> bool {
        self.skills.is_empty() || share >= self.least_overlap
    }

    /// The same need at another time, for a pool with this pace.
    pub(crate) fn as_of(&self, ranked_at: i64, pace: &Pace) -> Self {
        Self { ranked_at: seconds(ranked_at), pace: pace.factors(ranked_at), ..self.clone() }
    }
}

fn of_length_one(terms: &TermVector) -> Wanted {
    let mut weights = terms.terms().to_vec();
    // Divides by the greatest weight first, so that no square overflows or underflows.
    let greatest = weights.iter().map(|&(_, weight)| weight).fold(f32::MIN_POSITIVE, f32::max);
    for (_, weight) in &mut weights {
        *weight /= greatest;
    }
    let length = length_of(&weights);
    for (_, weight) in &mut weights {
        *weight /= length;
    }
    weights.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_its_strongest_words() {
        let text: Vec<String> = (0..5_000).map(|number| format!("word{number}")).collect();
        // A word that occurs often weighs more than one that occurs once; both are equally rare.
        let text = format!("{} {}", text.join(" "), "wanted ".repeat(50));
        let need = PackedNeed::of([], &TermVector::of_text(&text));
        assert_eq!(need.terms.len(), NEED_TERMS);
        assert!(need.terms.get(crate::text::term_hash("wanted")).is_some());
        let squares: f32 = need.terms.iter().map(|(_, weight)| weight * weight).sum();
        assert!((squares - 1.0).abs() < 1e-4, "{squares}");
    }
}
