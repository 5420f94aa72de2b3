//! Why a match scores as it does: exact Shapley values of its ten features.
//!
//! A coalition is a set of features that are known; the others are taken for missing, which the net was trained to bear.
//! The value of a coalition is the log-odds of its score. A feature's contribution is its share in the way from nothing
//! known to everything known: what it adds to a coalition, averaged over the orders in which features could become known
//! (Shapley 1953, "A value for n-person games"). All 1,024 coalitions are scored, so nothing is sampled and the
//! contributions add up to the whole way.

use crate::features::{FEATURE_COUNT, Features};
use crate::model::Model;
use crate::scorer::{COALITIONS, HEAD_COUNT};

/// Why a match scores as it does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explanation {
    /// ln(score / (1 − score)).
    pub log_odds: f64,
    /// The same for a pair of which nothing is known.
    pub base_log_odds: f64,
    /// What each feature contributes, in the order of [`FEATURE_NAMES`](crate::FEATURE_NAMES). They add up to
    /// `log_odds` − `base_log_odds`. A missing feature contributes nothing.
    pub contributions: [f64; FEATURE_COUNT],
}

impl Model {
    /// Explains some pairs, in their order.
    pub fn explain(&self, pairs: &[Features]) -> Vec<Explanation> {
        let weights = coalition_weights();
        pairs.iter().map(|pair| explanation(&self.scorer().log_odds_of_coalitions(pair), &weights)).collect()
    }

    /// The probability of each of the net's answers about a pair, in their order; their product is its score.
    pub fn sides(&self, pair: &Features) -> [f32; HEAD_COUNT] {
        self.scorer().heads(pair).map(|log_odds| 1.0 / (1.0 + (-log_odds).exp()))
    }
}

/// How often a coalition of each size comes before a given feature, of all orders: s! (n − s − 1)! / n!.
fn coalition_weights() -> [f64; FEATURE_COUNT] {
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    std::array::from_fn(|size| factorial(size) * factorial(FEATURE_COUNT - size - 1) / factorial(FEATURE_COUNT))
}

/// From the log-odds of each coalition.
fn explanation(values: &[f32], weights: &[f64; FEATURE_COUNT]) -> Explanation {
    let mut contributions = [0.0; FEATURE_COUNT];
    for (feature, contribution) in contributions.iter_mut().enumerate() {
        for coalition in (0..COALITIONS).filter(|coalition| coalition >> feature & 1 == 0) {
            let gain = f64::from(values[coalition | 1 << feature]) - f64::from(values[coalition]);
            *contribution += weights[coalition.count_ones() as usize] * gain;
        }
    }
    Explanation { log_odds: f64::from(values[COALITIONS - 1]), base_log_odds: f64::from(values[0]), contributions }
}
