//! Why a match scores as it does: exact Shapley values of its ten features.
//!
//! A coalition is a set of features that are known; the others are taken for missing, which the net was trained to
//! bear. The value of a coalition is the log-odds of its score. A feature's contribution is its share in the way from
//! nothing known to everything known: what it adds to a coalition, averaged over the orders in which features could
//! become known (Shapley 1953, "A value for n-person games"). All coalitions are scored, 1,024 of a pair of which
//! everything is known, so nothing is sampled and the contributions add up to the whole way.

use crate::error::ScoreError;
use crate::features::{FEATURE_COUNT, Feature, Features};
use crate::model::Model;

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
    ///
    /// # Errors
    /// None for the fused scorer; otherwise what the tensor library refuses.
    pub fn explain(&self, pairs: &[Features]) -> Result<Vec<Explanation>, ScoreError> {
        let explain = |pair: &Features| {
            let known: Vec<Feature> = Feature::ALL.into_iter().filter(|&it| pair.get(it).is_some()).collect();
            Ok(explanation(&self.log_odds_of_coalitions(pair, &known)?, &known))
        };
        pairs.iter().map(explain).collect()
    }
}

/// From the log-odds v of all coalitions of the known features.
///
/// With w(s) for how often a coalition of size s comes just before a given feature, of all orders, the contribution of
/// feature i is Σ w(|S|) (v(S ∪ i) − v(S)) over the coalitions S without it. Summed by coalition instead of by pair of
/// them, that is Σ (w(|T| − 1) + w(|T|)) v(T) over the coalitions T with it, less Σ w(|S|) v(S) over all: two sums for
/// all features together, if the coalitions with and without a feature are added up before the next one is looked at.
fn explanation(values: &[f32], known: &[Feature]) -> Explanation {
    let weights = coalition_weights(known.len());
    let weight_after = |coalition: usize| weights[coalition.count_ones() as usize];
    let weight_before =
        |coalition: usize| (coalition.count_ones() as usize).checked_sub(1).map_or(0.0, |size| weights[size]);
    let values_of_sets = || values.iter().map(|&value| f64::from(value)).enumerate();
    let of_all: f64 = values_of_sets().map(|(coalition, value)| weight_after(coalition) * value).sum();
    let mut shares: Vec<f64> = values_of_sets()
        .map(|(coalition, value)| (weight_before(coalition) + weight_after(coalition)) * value)
        .collect();

    let mut contributions = [0.0; FEATURE_COUNT];
    // The last feature's coalitions are the upper half.
    for &feature in known.iter().rev() {
        let half = shares.len() / 2;
        let (without, with) = shares.split_at_mut(half);
        contributions[feature as usize] = with.iter().sum::<f64>() - of_all;
        for (sum, with) in without.iter_mut().zip(with) {
            *sum += *with;
        }
        shares.truncate(half);
    }
    let [first, last] = [0, values.len() - 1].map(|coalition| f64::from(values[coalition]));
    Explanation { log_odds: last, base_log_odds: first, contributions }
}

/// How often a coalition of each size comes just before a given one of `known` features, of all orders:
/// s! (n − s − 1)! / n!. Never, for that of all.
fn coalition_weights(known: usize) -> [f64; FEATURE_COUNT + 1] {
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    std::array::from_fn(|size| match known.checked_sub(size + 1) {
        Some(after) => factorial(size) * factorial(after) / factorial(known),
        None => 0.0,
    })
}
