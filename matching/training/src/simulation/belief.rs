//! The posterior distribution of a hidden effect, given the decisions that depended on it.
//!
//! A hidden effect z is a standard normal variable. It shows only in decisions with known log-odds a + b·z. Bayes' rule
//! updates its distribution on a grid, where an integral is a sum. A probability that depends on z is its expectation
//! over this distribution. Without any decision, that is the expectation over everybody.

use super::truth::probability;

/// Points of the grid.
const POINTS: usize = 33;
/// Standard deviations that the grid covers on each side; one person in 16,000 lies outside.
const REACH: f64 = 4.0;

/// The distribution of one person's hidden effect.
#[derive(Debug, Clone)]
pub(super) struct Belief {
    /// Probability of each point of the grid; they sum to one.
    weights: [f64; POINTS],
}

/// The log-odds of a decision as a line in the hidden effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) log_odds: f64,
    pub(super) slope: f64,
}

impl Belief {
    /// The distribution for a person without any decision.
    pub(super) fn prior() -> Self {
        let mut belief = Self { weights: std::array::from_fn(|point| (-0.5 * effect_at(point).powi(2)).exp()) };
        belief.normalise();
        belief
    }

    /// Updates the distribution by one decision.
    pub(super) fn observe(&mut self, line: Line, happened: bool) {
        for (point, weight) in self.weights.iter_mut().enumerate() {
            let log_odds = line.at(effect_at(point));
            *weight *= probability(if happened { log_odds } else { -log_odds });
        }
        self.normalise();
    }

    /// The expected probability of a decision over the distribution.
    pub(super) fn expect(&self, line: Line) -> f64 {
        self.weights.iter().enumerate().map(|(point, weight)| weight * probability(line.at(effect_at(point)))).sum()
    }

    fn normalise(&mut self) {
        let sum: f64 = self.weights.iter().sum();
        for weight in &mut self.weights {
            *weight /= sum;
        }
    }
}

impl Line {
    /// The log-odds with the hidden effect at `effect`.
    pub(super) fn at(self, effect: f64) -> f64 {
        self.log_odds + self.slope * effect
    }
}

fn effect_at(point: usize) -> f64 {
    REACH * (2.0 * point as f64 / (POINTS - 1) as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::chance::normal;
    use super::*;
    use crate::Random;

    const SLOPE: f64 = 0.8;

    #[test]
    fn the_prior_expects_the_mean_over_everybody() {
        let mut random = Random::new(3);
        let everybody: Vec<f64> = (0..200_000).map(|_| normal(&mut random)).collect();
        for log_odds in [-6.0, -2.0, 0.0, 1.5] {
            let line = Line { log_odds, slope: SLOPE };
            let mean = everybody.iter().map(|&effect| probability(line.at(effect))).sum::<f64>() / 200_000.0;
            let expected = Belief::prior().expect(line);
            assert!((expected / mean - 1.0).abs() < 0.01, "{log_odds}: the prior gives {expected}, the mean is {mean}");
        }
    }

    #[test]
    fn the_expectation_is_the_mean_over_people_with_the_same_past() {
        // People with unknown effects decide five times. Those who agreed equally often agree once more as often as
        // expected.
        let mut random = Random::new(4);
        let line = Line { log_odds: -0.5, slope: SLOPE };
        let mut agreed_again = [(0.0, 0.0); 6];
        for _ in 0..200_000 {
            let effect = normal(&mut random);
            let mut decide = || random.chance(probability(line.at(effect)));
            let agreed = (0..5).filter(|_| decide()).count();
            agreed_again[agreed].0 += 1.0;
            agreed_again[agreed].1 += f64::from(u8::from(decide()));
        }
        for (agreed, (people, again)) in agreed_again.into_iter().enumerate() {
            let mut belief = Belief::prior();
            for decision in 0..5 {
                belief.observe(line, decision < agreed);
            }
            let expected = belief.expect(line);
            let tolerance = 4.0 * (expected * (1.0 - expected) / people).sqrt();
            assert!((again / people - expected).abs() < tolerance, "{agreed}: {} or {expected}", again / people);
        }
    }

    #[test]
    fn the_order_of_decisions_does_not_matter() {
        let lines = [(Line { log_odds: -3.0, slope: 0.8 }, true), (Line { log_odds: 1.0, slope: 1.5 }, false)];
        let mut forward = Belief::prior();
        let mut backward = Belief::prior();
        for ((line, happened), (other, other_happened)) in lines.into_iter().zip(lines.into_iter().rev()) {
            forward.observe(line, happened);
            backward.observe(other, other_happened);
        }
        let line = Line { log_odds: 0.3, slope: 1.0 };
        assert!((forward.expect(line) - backward.expect(line)).abs() < 1e-12);
    }
}
