//! Explains a match's score with exact Shapley values of its ten features.
//!
//! A coalition is a set of known features; the other features count as missing, which the net was trained to handle.
//! The value of a coalition is the log-odds of its score. A feature's contribution is the change it makes to a
//! coalition's value, averaged over all orders in which features could become known (Shapley 1953, "A value for
//! n-person games"). All coalitions are scored (1,024 if every feature is known), so nothing is sampled. The
//! contributions add up to the difference between everything known and nothing known.

use crate::error::ScoreError;
use crate::features::{FEATURE_COUNT, Feature, Features};
use crate::model::Model;

/// The explanation of a match's score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explanation {
    /// ln(score / (1 − score)).
    pub log_odds: f64,
    /// The same for a pair without any known feature.
    pub base_log_odds: f64,
    /// The contribution of each feature, in the order of [`FEATURE_NAMES`](crate::FEATURE_NAMES). They add up to
    /// `log_odds` − `base_log_odds`. A missing feature contributes zero.
    pub contributions: [f64; FEATURE_COUNT],
}

impl Model {
    /// Explains some pairs. The result has the same order.
    ///
    /// # Errors
    /// None for the fused scorer; otherwise errors of the tensor library.
    pub fn explain(&self, pairs: &[Features]) -> Result<Vec<Explanation>, ScoreError> {
        let explain = |pair: &Features| {
            let known: Vec<Feature> = Feature::ALL.into_iter().filter(|&it| pair.get(it).is_some()).collect();
            Ok(explanation(&self.log_odds_of_coalitions(pair, &known)?, &known))
        };
        pairs.iter().map(explain).collect()
    }
}

/// Computes the explanation from the log-odds v of all coalitions of the known features.
///
/// Let w(s) be the share of all orders in which a coalition of size s comes just before a given feature. The
/// contribution of feature i is Σ w(|S|) (v(S ∪ i) − v(S)) over the coalitions S without i. Summed by single coalition,
/// this is Σ (w(|T| − 1) + w(|T|)) v(T) over the coalitions T with i, minus Σ w(|S|) v(S) over all coalitions. The
/// coalitions with and without a feature are added up before the next feature is processed, so two sums serve all
/// features.
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
    // The coalitions with the last feature are the upper half.
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

/// For each size, the share of all orders of `known` features in which a coalition of that size comes just before a
/// given feature: s! (n − s − 1)! / n!. It is zero for the coalition of all features.
fn coalition_weights(known: usize) -> [f64; FEATURE_COUNT + 1] {
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    std::array::from_fn(|size| match known.checked_sub(size + 1) {
        Some(after) => factorial(size) * factorial(after) / factorial(known),
        None => 0.0,
    })
}
