//! The random draws of the simulated market.

use crate::Random;

/// A standard normal variable (Box, Muller 1958).
pub(super) fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - random.uniform()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.uniform()).cos()
}

/// One of `0..count`; each is equally likely.
pub(super) fn pick(random: &mut Random, count: usize) -> usize {
    (random.uniform() * count as f64) as usize
}

/// `count` different numbers of `0..of` in random order, or all of them if there are fewer.
pub(super) fn pick_different(random: &mut Random, count: usize, of: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..of).collect();
    random.shuffle(&mut all);
    all.truncate(count);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_draws_have_the_moments_of_a_normal_variable() {
        let mut random = Random::new(5);
        let draws: Vec<f64> = (0..100_000).map(|_| normal(&mut random)).collect();
        let moment = |power: i32| draws.iter().map(|draw| draw.powi(power)).sum::<f64>() / draws.len() as f64;
        // The tolerance is four standard errors. The moments have variances of 1, 2, 15 and 96 over the number of
        // draws.
        for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let tolerance = 4.0 * f64::sqrt(variance / 100_000.0);
            assert!((moment(power) - expected).abs() < tolerance, "moment {power} is {}", moment(power));
        }
    }

    #[test]
    fn picks_are_different_and_in_range() {
        let mut random = Random::new(1);
        for _ in 0..100 {
            let mut picked = pick_different(&mut random, 3, 5);
            assert!(picked.iter().all(|&picked| picked < 5));
            picked.sort_unstable();
            picked.dedup();
            assert_eq!(picked.len(), 3);
        }
        assert_eq!(pick_different(&mut random, 9, 2).len(), 2);
    }
}
