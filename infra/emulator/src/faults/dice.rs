//! Decisions that depend on the seed alone: the n-th decision of a kind is the same in every run.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Decisions by seed, and a count of the decisions of each kind.
#[derive(Debug)]
pub(super) struct Dice {
    seed: u64,
    counts: Mutex<HashMap<String, u64>>,
}

/// One decision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Throw {
    /// How many decisions of this kind came before.
    pub(super) number: u64,
    bits: u64,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, counts: Mutex::default() }
    }

    /// The next decision of a kind. Calls of one function do not change the decisions for another, if the kind names
    /// the function.
    pub(super) fn throw(&self, kind: &str) -> Throw {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(kind.to_owned()).or_default();
        let number = *count;
        *count += 1;
        // FNV-1a: the name's bits must be the same in every build.
        let name = kind.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Throw { number, bits: mixed(mixed(self.seed ^ name).wrapping_add(number)) }
    }
}

impl Throw {
    /// Whether a fault of this share happens.
    pub(super) fn is_within(self, share: f64) -> bool {
        // 53 bits fill the mantissa.
        ((self.bits >> 11) as f64) < share * (1_u64 << 53) as f64
    }

    /// A number below `end`; 0 if `end` is 0. Its bits are independent of [`Self::is_within`].
    pub(super) fn below(self, end: u64) -> u64 {
        mixed(self.bits).checked_rem(end).unwrap_or(0)
    }

    /// Orders `items` at random.
    pub(super) fn shuffle<T>(self, items: &mut [T]) {
        let mut bits = self.bits;
        for end in (1..items.len()).rev() {
            bits = mixed(bits);
            items.swap(end, (bits % (end as u64 + 1)) as usize);
        }
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): each input bit changes about half of the output bits.
fn mixed(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_decides_in_the_same_way_and_kinds_are_independent() {
        let decisions = |seed: u64, kind: &str| {
            let dice = Dice::new(seed);
            dice.throw("another kind");
            (0..64).map(|_| dice.throw(kind).is_within(0.5)).collect::<Vec<_>>()
        };
        assert_eq!(decisions(1, "a"), decisions(1, "a"));
        assert_ne!(decisions(1, "a"), decisions(2, "a"));
        assert_ne!(decisions(1, "a"), decisions(1, "b"));
    }

    #[test]
    fn a_share_is_kept() {
        let dice = Dice::new(7);
        for (share, expected) in [(0.0, 0..=0), (0.1, 900..=1_100), (1.0, 10_000..=10_000)] {
            let within = (0..10_000).filter(|_| dice.throw("kind").is_within(share)).count();
            assert!(expected.contains(&within), "{share}: {within}");
        }
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..20).collect();
        Dice::new(3).throw("kind").shuffle(&mut items);
        assert_ne!(items, (0..20).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..20).collect::<Vec<_>>());
    }
}
