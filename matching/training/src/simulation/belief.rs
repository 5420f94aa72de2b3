//! What can be known of a hidden effect from decisions it had a part in.
//!
//! A hidden effect z is a normal variable that shows only in decisions of known log-odds a + b·z. Its distribution given all
//! decisions so far is kept on a grid (Bayes' rule, the integral a sum), and a probability that depends on z is its
//! expectation over that. With nothing seen yet that is the expectation over everybody.

use super::truth::probability;

/// Points of the grid.
const POINTS: usize = 33;
/// The grid goes from minus to plus so many deviations: one person in 16,000 is beyond.
const REACH: f64 = 4.0;

/// The distribution of one person's hidden effect.
#[derive(Debug, Clone)]
pub(super) struct Belief {
    /// Probability of each point of the grid; they sum to one.
    weights: [f64; POINTS],
}

/// A decision's log-odds as a line in the hidden effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) log_odds: f64,
    pub(super) slope: f64,
}

impl Belief {
    /// Of somebody of whom nothing has been seen.
    pub(super) fn prior() -> Self {
        let mut belief = Self { weights: std::array::from_fn(|point| (-0.5 * effect_at(point).powi(2)).exp()) };
        belief.normalise();
        belief
    }

    /// Takes note of a decision.
    pub(super) fn observe(&mut self, line: Line, happened: bool) {
        for (point, weight) in self.weights.iter_mut().enumerate() {
            let log_odds = line.at(effect_at(point));
            *weight *= probability(if happened { log_odds } else { -log_odds });
        }
        self.normalise();
    }

    /// The probability of a decision, over all that the hidden effect may be.
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
    fn of_nobody_known_it_expects_the_mean_over_everybody() {
        let mut random = Random::new(3);
        let everybody: Vec<f64> = (0..200_000).map(|_| normal(&mut random)).collect();
        for log_odds in [-6.0, -2.0, 0.0, 1.5] {
            let line = Line { log_odds, slope: SLOPE };
            let mean = everybody.iter().map(|&effect| probability(line.at(effect))).sum::<f64>() / 200_000.0;
            let expected = Belief::prior().expect(line);
            assert!((expected / mean - 1.0).abs() < 0.01, "{log_odds}: {expected} instead of {mean}");
        }
    }

    #[test]
    fn what_it_expects_is_what_happens_to_those_with_the_same_past() {
        // People of unknown effect decide five times. Of those who agreed equally often, as many agree once more.
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
