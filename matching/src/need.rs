//! Needs: what a project asks for, packed once, and as a pool sees it. [`Features::of`](crate::Features::of) puts a
//! need and a talent together: the one implementation, for training and serving.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::activity::{HALF_LIVES, Pace};
use crate::background::Background;
use crate::features::{Feature, Features};
use crate::message;
use crate::numbers::seconds;
use crate::text::{TermVector, length_of, skill_hash};
use crate::wanted::Wanted;

/// So many of a project's words are looked for, the ones that say most: about those of four pages of English, or of a
/// page and a half of Korean. It bounds what a project takes of memory and a match of time, whatever somebody writes.
pub const NEED_TERMS: usize = 1_024;

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

impl Need {
    /// The wanted skills' hashes, rising, each once.
    pub fn skill_hashes(&self) -> Vec<u32> {
        hashes_of(self.skills.iter().map(String::as_str))
    }

    pub(crate) fn packed(&self, background: &Background) -> PackedNeed {
        PackedNeed::weighed(self.skills.iter().map(String::as_str), &self.terms, background)
    }
}

/// Skills' hashes, rising, each once.
fn hashes_of<'a>(skills: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
    let mut hashes: Vec<u32> = skills.into_iter().map(skill_hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// What a project asks for, without a time: folded, hashed and weighed once, so that it can be kept and
/// [prepared](crate::PoolStatistics::prepare_packed) for any pool at any time.
///
/// It takes 184 bytes, 8 more for each distinct word, of which at most [`NEED_TERMS`] are kept, and 4 for each skill.
#[derive(Debug, Clone)]
pub struct PackedNeed {
    /// Hashes, rising, each once.
    pub(crate) skills: Box<[u32]>,
    /// As [`PreparedNeed`] has them: no pool changes what a word is worth.
    pub(crate) terms: Arc<Wanted>,
}

impl PackedNeed {
    /// Packs the wanted skills and the text, [`TermVector::of_project`].
    pub fn of<'a>(skills: impl IntoIterator<Item = &'a str>, terms: &TermVector) -> Self {
        Self::weighed(skills, terms, Background::shipped())
    }

    fn weighed<'a>(skills: impl IntoIterator<Item = &'a str>, terms: &TermVector, background: &Background) -> Self {
        let terms = Arc::new(of_length_one(&terms.by_rarity(background).strongest(NEED_TERMS)));
        Self { skills: hashes_of(skills).into(), terms }
    }

    /// The wanted skills' hashes, rising, each once.
    pub fn skill_hashes(&self) -> &[u32] {
        &self.skills
    }
}

/// A [`Need`] as a pool sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreparedNeed {
    /// (skill hash, share of all the wanted skills' rarity), by hash, each skill once.
    pub(crate) skills: Wanted,
    /// (term hash, weight × rarity), by hash, of length one. Shared with the [`PackedNeed`].
    #[serde(with = "shared")]
    pub(crate) terms: Arc<Wanted>,
    /// Seconds since 1970.
    pub(crate) ranked_at: u32,
    /// The pool's factors for activity, by half-life.
    #[serde(deserialize_with = "message::all_finite")]
    pub(crate) pace: [f32; HALF_LIVES],
    /// Of the wanted skills, by their shares: who has less is not ranked. 0 to 1, rounding taken off.
    #[serde(deserialize_with = "message::share")]
    pub(crate) least_overlap: f32,
}

/// What is shared in memory is sent as if it were not.
mod shared {
    use super::{Arc, Deserialize, Serialize, Wanted};

    pub(super) fn serialize<S: serde::Serializer>(terms: &Wanted, serializer: S) -> Result<S::Ok, S::Error> {
        terms.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arc<Wanted>, D::Error> {
        Wanted::deserialize(deserializer).map(Arc::new)
    }
}

/// Shares are rounded, and who has all of the skills must have all of their shares.
const OVERLAP_ROUNDING: f32 = 1e-5;

impl PreparedNeed {
    /// A need as a pool sees it in which skills are so rare, and this much activity is usual.
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

    /// The same need, for which only those are ranked who have at least this share of the wanted skills: a
    /// [`SkillOverlap`](crate::Feature::SkillOverlap) of 0 to 1, other numbers being brought there. However small a
    /// share above 0 is asked for, who has none of the skills has too few. For a need without skills, nobody has too
    /// few.
    #[must_use]
    pub fn with_least_overlap(self, share: f32) -> Self {
        let least_overlap = if share > 0.0 { (share.min(1.0) - OVERLAP_ROUNDING).max(f32::MIN_POSITIVE) } else { 0.0 };
        Self { least_overlap, ..self }
    }

    /// The same need, for which everybody is ranked who has at least one of the wanted skills.
    #[must_use]
    pub fn for_any_skill(self) -> Self {
        self.with_least_overlap(f32::MIN_POSITIVE)
    }

    /// Whether a pair with this need has enough of the wanted skills to be ranked.
    pub fn takes(&self, pair: &Features) -> bool {
        self.takes_overlap(pair.get(Feature::SkillOverlap).unwrap_or_default())
    }

    /// Whether such a share of the wanted skills is enough.
    #[inline]
    pub(crate) fn takes_overlap(&self, share: f32) -> bool {
        self.skills.is_empty() || share >= self.least_overlap
    }

    /// The same need at another time, in a pool of this pace.
    pub(crate) fn as_of(&self, ranked_at: i64, pace: &Pace) -> Self {
        Self { ranked_at: seconds(ranked_at), pace: pace.factors(ranked_at), ..self.clone() }
    }
}

fn of_length_one(terms: &TermVector) -> Wanted {
    let mut weights = terms.terms().to_vec();
    // Divided by the greatest first: no weight is so large or so small that its square is lost.
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
    fn of_a_long_text_the_words_that_say_most_are_kept() {
        let text: Vec<String> = (0..5_000).map(|number| format!("word{number}")).collect();
        // What is said often weighs more than what is said once, and is as rare.
        let text = format!("{} {}", text.join(" "), "wanted ".repeat(50));
        let need = PackedNeed::of([], &TermVector::of_text(&text));
        assert_eq!(need.terms.len(), NEED_TERMS);
        assert!(need.terms.get(crate::text::term_hash("wanted")).is_some());
        let squares: f32 = need.terms.iter().map(|(_, weight)| weight * weight).sum();
        assert!((squares - 1.0).abs() < 1e-4, "{squares}");
    }
}
