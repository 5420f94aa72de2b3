//! Reproducible random numbers: one seed gives the same numbers on every machine and in every release.

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice for item number `index`. They do not depend on the number of items.
    pub(crate) fn new(seed: u64, index: usize) -> Self {
        let mut dice = Self(seed);
        dice.0 = dice.next() ^ (index as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to just below 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.share() * (high - low + 1) as f64) as i64
    }

    /// True in `percent` of a hundred throws.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.share() * 100.0 < f64::from(percent)
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[(self.share() * choices.len() as f64) as usize]
    }

    /// `count` different elements of `choices`, in their order. All of them, if there are fewer.
    pub(crate) fn pick_some<T: Clone>(&mut self, choices: &[T], count: usize) -> Vec<T> {
        let mut picked = Vec::with_capacity(count);
        for (index, choice) in choices.iter().enumerate() {
            let wanted = count.saturating_sub(picked.len());
            if self.share() * ((choices.len() - index) as f64) < wanted as f64 {
                picked.push(choice.clone());
            }
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_the_published_numbers() {
        // The first outputs of SplitMix64 for the seed 1234567, as in its reference implementation's test vectors.
        let mut dice = Dice(1_234_567);
        assert_eq!([dice.next(), dice.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn picks_as_many_different_ones_as_asked() {
        let choices = ["a", "b", "c", "d"];
        for index in 0..100 {
            let mut dice = Dice::new(1, index);
            assert_eq!(dice.pick_some(&choices, 2).len(), 2);
            assert_eq!(dice.pick_some(&choices, 9), choices);
            assert!((3..=5).contains(&dice.between(3, 5)));
        }
    }
}
