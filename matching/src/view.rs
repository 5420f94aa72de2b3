//! How a pool saw a need once: for going on with a ranking while the pool changes.
//!
//! What a skill is worth depends on how many have it, and what much activity is on everybody's, so with everybody who joins
//! or leaves every score moves by a hair: and whoever was last on a page might be first on the next one. A ranking that goes
//! on by the view that it began with moves nobody but those who have changed themselves.

use std::sync::Arc;

use crate::activity::HALF_LIVES;
use crate::packed::seconds;
use crate::pair::{PackedNeed, PreparedNeed};
use crate::text::fnv1a;

/// Shares sum up to one, but for rounding.
const MOST_SHARES: f32 = 1.001;
/// More than any market's factor can be: its activity would be less than an f32 can tell from nothing.
const GREATEST_PACE: f32 = 1e15;

/// What a pool adds to a need: the share of each wanted skill, and its factors for activity.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolView {
    /// Of what is asked for, so that it is not taken for another need's.
    need: u32,
    pace: [f32; HALF_LIVES],
    /// In the order of the skills' hashes.
    shares: Vec<f32>,
}

impl PoolView {
    /// 16 bytes, and 4 for each skill: big-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let floats = self.pace.iter().chain(&self.shares).map(|float| float.to_bits());
        [self.need].into_iter().chain(floats).flat_map(u32::to_be_bytes).collect()
    }

    /// The view that [`to_bytes`](Self::to_bytes) wrote; `None` for other bytes than a view's.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (words, []) = bytes.as_chunks::<4>() else { return None };
        let (&need, floats) = words.split_first()?;
        let floats: Vec<f32> = floats.iter().map(|&word| f32::from_bits(u32::from_be_bytes(word))).collect();
        let (&pace, shares) = floats.split_first_chunk::<HALF_LIVES>()?;
        let is_view = pace.iter().all(|factor| (0.0..=GREATEST_PACE).contains(factor))
            && shares.iter().all(|share| *share >= 0.0)
            && shares.iter().sum::<f32>() <= MOST_SHARES;
        is_view.then(|| Self { need: u32::from_be_bytes(need), pace, shares: shares.to_vec() })
    }
}

impl PreparedNeed {
    /// How the pool sees this need.
    pub fn view(&self) -> PoolView {
        let shares = self.skills.iter().map(|&(_, share)| share).collect();
        PoolView { need: fingerprint(self.skills.iter().map(|&(hash, _)| hash), &self.terms), pace: self.pace, shares }
    }
}

impl PackedNeed {
    /// Tells what is asked for from anything else that could be.
    pub fn fingerprint(&self) -> u32 {
        fingerprint(self.skill_hashes().iter().copied(), &self.terms)
    }

    /// This need as a pool once saw it, at the time (seconds since 1970) it was seen at. `None` if what was seen is another
    /// need, or this one before it was changed.
    pub fn as_seen(&self, view: &PoolView, ranked_at: i64) -> Option<PreparedNeed> {
        let skills = self.skill_hashes();
        if view.need != self.fingerprint() || view.shares.len() != skills.len() {
            return None;
        }
        Some(PreparedNeed {
            skills: skills.iter().copied().zip(view.shares.iter().copied()).collect(),
            terms: Arc::clone(&self.terms),
            ranked_at: seconds(ranked_at),
            pace: view.pace,
            least_overlap: 0.0,
        })
    }
}

/// Tells needs apart: by the hashes of their skills, and by their words with what each weighs.
fn fingerprint(skills: impl Iterator<Item = u32>, terms: &[(u32, f32)]) -> u32 {
    let words = skills.chain(terms.iter().flat_map(|&(hash, weight)| [hash, weight.to_bits()]));
    let bytes: Vec<u8> = words.flat_map(u32::to_be_bytes).collect();
    fnv1a(&bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pair::Need;
    use crate::statistics::PoolStatistics;
    use crate::text::TermVector;

    fn need(text: &str) -> Need {
        Need {
            skills: vec!["Rust".into(), "결제".into()], terms: TermVector::of_text(text), ranked_at: 1_800_000_000
        }
    }

    fn packed(need: &Need) -> PackedNeed {
        PackedNeed::of(need.skills.iter().map(String::as_str), &need.terms)
    }

    #[test]
    fn a_need_is_seen_again_as_it_was_seen_and_no_other() {
        let mut statistics = PoolStatistics::default();
        statistics.count_skills(["Rust"]);
        let seen = statistics.prepare_need(&need("payments in rust"));
        let view = PoolView::from_bytes(&seen.view().to_bytes()).unwrap();
        statistics.count_skills(["결제", "Rust"]);

        let again = packed(&need("payments in rust")).as_seen(&view, 1_800_000_000).unwrap();
        assert_eq!(format!("{again:?}"), format!("{seen:?}"));
        assert_eq!(packed(&need("payments in go")).as_seen(&view, 1_800_000_000).map(|it| it.ranked_at), None);
        let fewer = Need { skills: vec!["Rust".into()], ..need("payments in rust") };
        assert!(packed(&fewer).as_seen(&view, 1_800_000_000).is_none());
    }

    proptest! {
        #[test]
        fn whatever_bytes_a_view_has_it_can_be_ranked_by(
            need: u32,
            floats in prop::collection::vec(0.0f32..0.2, HALF_LIVES..HALF_LIVES + 5),
            changed in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        ) {
            let words = [need].into_iter().chain(floats.iter().map(|float| float.to_bits()));
            let mut bytes: Vec<u8> = words.flat_map(u32::to_be_bytes).collect();
            prop_assert!(PoolView::from_bytes(&bytes).is_some());
            prop_assert!(PoolView::from_bytes(&bytes[1..]).is_none());
            if let Some((place, byte)) = changed {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            if let Some(view) = PoolView::from_bytes(&bytes) {
                prop_assert_eq!(view.to_bytes(), bytes);
                prop_assert!(view.pace.iter().all(|factor| (0.0..=GREATEST_PACE).contains(factor)));
                prop_assert!(view.shares.iter().sum::<f32>() <= MOST_SHARES);
            }
        }

        #[test]
        fn numbers_that_no_pool_has_are_refused(wrong in prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(-0.5), Just(1e30)]) {
            for place in 0..HALF_LIVES + 2 {
                let mut floats = [0.1; HALF_LIVES + 2];
                floats[place] = wrong;
                let words = [7].into_iter().chain(floats.map(f32::to_bits));
                let bytes: Vec<u8> = words.flat_map(u32::to_be_bytes).collect();
                prop_assert!(PoolView::from_bytes(&bytes).is_none(), "{:?}", floats);
            }
        }
    }
}
