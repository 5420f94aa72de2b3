//! A pool's view of a need at one time, to continue a ranking while the pool changes.
//!
//! The weight of a skill and the usual activity depend on everybody in the pool. So every score changes slightly when
//! somebody joins or leaves, and the last candidate of one page could become the first of the next. A ranking that
//! continues with its first view moves only the freelancers who changed themselves.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use vocabulary::fnv1a_32;

use crate::activity::HALF_LIVES;
use crate::need::{PackedNeed, PreparedNeed};
use crate::numbers::seconds;

/// The shares add up to one, except for rounding.
const MOST_SHARES: f32 = 1.001;
/// No market has a greater factor: its usual activity would be too small for an f32.
const GREATEST_PACE: f32 = 1e15;

/// The values that a pool adds to a need: the share of each wanted skill, and the factors for activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PoolView {
    /// The fingerprint of the need, so that the view is not applied to another need.
    need: u32,
    #[serde(deserialize_with = "pace")]
    pace: [f32; HALF_LIVES],
    /// The shares, in the order of the skills' hashes.
    #[serde(deserialize_with = "shares")]
    shares: Vec<f32>,
}

/// Reads factors within the range of real markets, because a client can forge a cursor.
fn pace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[f32; HALF_LIVES], D::Error> {
    let pace = <[f32; HALF_LIVES]>::deserialize(deserializer)?;
    let is_possible = pace.iter().all(|factor| (0.0..=GREATEST_PACE).contains(factor));
    if is_possible { Ok(pace) } else { Err(D::Error::custom("no market's factors")) }
}

/// Reads shares that add up to at most one.
fn shares<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f32>, D::Error> {
    let shares = Vec::<f32>::deserialize(deserializer)?;
    let is_possible = shares.iter().all(|share| *share >= 0.0) && shares.iter().sum::<f32>() <= MOST_SHARES;
    if is_possible { Ok(shares) } else { Err(D::Error::custom("no shares of one whole")) }
}

impl PreparedNeed {
    /// The pool's view of this need.
    pub fn view(&self) -> PoolView {
        let shares = self.skills.iter().map(|&(_, share)| share).collect();
        PoolView { need: fingerprint(self.skills.iter().map(|&(hash, _)| hash), &self.terms), pace: self.pace, shares }
    }
}

impl PackedNeed {
    /// Identifies the need's content, apart from its time.
    pub fn fingerprint(&self) -> u32 {
        fingerprint(self.skill_hashes().iter().copied(), &self.terms)
    }

    /// Prepares this need with an earlier view, for the time of that view (seconds since 1970). `None` if the view
    /// belongs to another need, or to this one before a change.
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

/// Identifies a need by the hashes of its skills, and by its words with their weights.
fn fingerprint(skills: impl Iterator<Item = u32>, terms: &[(u32, f32)]) -> u32 {
    let words = skills.chain(terms.iter().flat_map(|&(hash, weight)| [hash, weight.to_bits()]));
    let bytes: Vec<u8> = words.flat_map(u32::to_be_bytes).collect();
    fnv1a_32(&bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::{decode, encode};
    use crate::need::Need;
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
    fn a_view_applies_only_to_the_need_it_was_taken_of() {
        let mut statistics = PoolStatistics::default();
        statistics.count_skills(["Rust"]);
        let seen = statistics.prepare_need(&need("payments in rust"));
        let view = decode(&encode(&seen.view()).unwrap()).unwrap();
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
            pace in prop::array::uniform3(0.0f32..1e9),
            shares in prop::collection::vec(0.0f32..0.2, 0..5),
            changed in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        ) {
            let view = PoolView { need, pace, shares };
            let mut bytes = encode(&view).unwrap();
            prop_assert_eq!(decode::<PoolView>(&bytes), Ok(view));
            prop_assert!(decode::<PoolView>(&bytes[..bytes.len() - 1]).is_err());
            if let Some((place, byte)) = changed {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            if let Ok(view) = decode::<PoolView>(&bytes) {
                prop_assert!(view.pace.iter().all(|factor| (0.0..=GREATEST_PACE).contains(factor)));
                prop_assert!(view.shares.iter().sum::<f32>() <= MOST_SHARES);
            }
        }

        #[test]
        fn numbers_that_no_pool_has_are_refused(
            wrong in prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(-0.5), Just(1e30)],
            place in 0..HALF_LIVES + 2,
        ) {
            let mut floats = [0.1; HALF_LIVES + 2];
            floats[place] = wrong;
            let [a, b, c, shares @ ..] = floats;
            let view = PoolView { need: 7, pace: [a, b, c], shares: shares.to_vec() };
            prop_assert!(decode::<PoolView>(&encode(&view).unwrap()).is_err(), "{:?}", view);
        }
    }
}
