//! A need's hashes with weights. Lookups of hashes that are not wanted are fast, because most freelancers have none of
//! them.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// Bits of the filter. A need of sixty words lets six of a hundred other hashes pass.
const BITS: usize = 1_024;

/// Hashes and their weights, sorted by hash. A filter in front has one bit for each value of a hash's low digits, so
/// one bit rejects most hashes that are not wanted (Bloom 1970, *Space/time trade-offs in hash coding with allowable
/// errors*, with one hash).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u32, f32)>", into = "Vec<(u32, f32)>")]
pub(crate) struct Wanted {
    list: Box<[(u32, f32)]>,
    sieve: [u64; BITS / 64],
}

impl Wanted {
    /// The weight of a hash, if it is wanted.
    #[inline]
    pub(crate) fn get(&self, hash: u32) -> Option<f32> {
        let bit = hash as usize % BITS;
        if self.sieve[bit / 64] >> (bit % 64) & 1 == 0 {
            return None;
        }
        let place = self.list.binary_search_by_key(&hash, |&(wanted, _)| wanted).ok()?;
        Some(self.list[place].1)
    }
}

impl FromIterator<(u32, f32)> for Wanted {
    /// The hashes must ascend.
    fn from_iter<I: IntoIterator<Item = (u32, f32)>>(hashes: I) -> Self {
        let list: Box<[(u32, f32)]> = hashes.into_iter().collect();
        let mut sieve = [0; BITS / 64];
        for &(hash, _) in &list {
            let bit = hash as usize % BITS;
            sieve[bit / 64] |= 1 << (bit % 64);
        }
        Self { list, sieve }
    }
}

impl From<Wanted> for Vec<(u32, f32)> {
    fn from(wanted: Wanted) -> Self {
        wanted.list.into_vec()
    }
}

/// Accepts only ascending hashes with finite weights, because lookups rely on both.
impl TryFrom<Vec<(u32, f32)>> for Wanted {
    type Error = &'static str;

    fn try_from(hashes: Vec<(u32, f32)>) -> Result<Self, &'static str> {
        let rises = hashes.is_sorted_by(|(before, _), (after, _)| before < after);
        let is_sound = rises && hashes.iter().all(|(_, weight)| weight.is_finite());
        if is_sound { Ok(hashes.into_iter().collect()) } else { Err("no list of rising hashes with finite weights") }
    }
}

impl Deref for Wanted {
    type Target = [(u32, f32)];

    fn deref(&self) -> &[(u32, f32)] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_wanted_is_found_and_nothing_else(
            wanted in prop::collection::btree_map(any::<u32>(), 0.0..1.0_f32, 0..80),
            asked in prop::collection::vec(any::<u32>(), 0..200),
        ) {
            let wanted: BTreeMap<u32, f32> = wanted;
            let found = Wanted::from_iter(wanted.clone());
            for hash in asked.iter().chain(wanted.keys()) {
                prop_assert_eq!(found.get(*hash), wanted.get(hash).copied());
                // The same low digits.
                let other = hash ^ 1 << 20;
                prop_assert_eq!(found.get(other), wanted.get(&other).copied());
            }
        }
    }
}
