//! The loss of a batch of questions, and its gradient by every pair's two log-odds.
//!
//! A pair has two log-odds, interest z₀ and choice z₁, and is ranked by ln score = ln σ(z₀) + ln σ(z₁). The gradients
//! are written out here in f64 without tensors, because questions have different numbers of candidates. candle
//! computes the gradient of the net itself.

use std::ops::Range;

use crate::probability::{cross_entropy, sigmoid, softplus};

/// The target of one pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wanted {
    /// Its target share of its question's ranking. The shares of a question sum to one.
    pub(super) share: f64,
    /// The number of pairs it represents: above one where only a share of the irrelevant pairs is drawn.
    pub(super) stands_for: f64,
    /// Whether the freelancer would take it, from 0 to 1.
    pub(super) interest: f64,
    /// Whether the client would hire, given a bid, from 0 to 1; `None` without a bid.
    pub(super) choice: Option<f64>,
}

/// One question: the range of its pairs in the batch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) rows: Range<usize>,
    /// Its weight in the loss.
    pub(super) weight: f64,
}

/// The weight of each part of the loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weights {
    pub(super) ranking: f64,
    pub(super) interest: f64,
    pub(super) choice: f64,
}

/// The loss of a batch and its gradient by every pair's two log-odds.
///
/// - *ranking*: the cross-entropy of the target shares and the softmax of ln score over a question's candidates
///   (ListNet's top-one loss; Cao, Qin, Liu, Tsai, Li 2007), as a mean over the weighted questions;
/// - *interest*, *choice*: the binary cross-entropy per expected taker and per bid. A batch of many candidates would
///   otherwise drown its few bids.
pub(super) fn loss(
    log_odds: &[[f64; 2]],
    wanted: &[Wanted],
    groups: &[Group],
    weights: &Weights,
) -> (f64, Vec<[f64; 2]>) {
    let mut gradient = vec![[0.0; 2]; log_odds.len()];
    let questions: f64 = groups.iter().map(|group| group.weight).sum();
    let mut takers = 0.0;
    let mut bids = 0.0;
    for group in groups {
        for wanted in &wanted[group.rows.clone()] {
            takers += group.weight * wanted.stands_for * wanted.interest;
            bids += group.weight * f64::from(u8::from(wanted.choice.is_some()));
        }
    }
    let (per_question, per_taker, per_bid) = (
        weights.ranking / questions.max(f64::MIN_POSITIVE),
        weights.interest / takers.max(1.0),
        weights.choice / bids.max(1.0),
    );

    let mut total = 0.0;
    for group in groups {
        let rows = group.rows.clone();
        let predicted: Vec<f64> =
            rows.clone().map(|row| ln_score(log_odds[row]) + wanted[row].stands_for.ln()).collect();
        let normaliser = ln_sum_exp(&predicted);
        for (row, predicted) in rows.zip(predicted) {
            let [interest, choice] = log_odds[row];
            let wanted = wanted[row];
            let share = (predicted - normaliser).exp();
            if wanted.share > 0.0 {
                total += group.weight * per_question * wanted.share * (normaliser - predicted);
            }
            // The derivative of ln score by z is 1 − σ(z).
            let by_score = group.weight * per_question * (share - wanted.share);
            gradient[row][0] += by_score * sigmoid(-interest);
            gradient[row][1] += by_score * sigmoid(-choice);

            let weight = group.weight * per_taker * wanted.stands_for;
            total += weight * cross_entropy(interest, wanted.interest);
            gradient[row][0] += weight * (sigmoid(interest) - wanted.interest);
            if let Some(hired) = wanted.choice {
                let weight = group.weight * per_bid;
                total += weight * cross_entropy(choice, hired);
                gradient[row][1] += weight * (sigmoid(choice) - hired);
            }
        }
    }
    (total, gradient)
}

/// ln(σ(interest) · σ(choice)).
fn ln_score([interest, choice]: [f64; 2]) -> f64 {
    -softplus(-interest) - softplus(-choice)
}

fn ln_sum_exp(values: &[f64]) -> f64 {
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    greatest + values.iter().map(|value| (value - greatest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: Weights = Weights { ranking: 1.0, interest: 0.3, choice: 0.2 };

    fn batch() -> (Vec<[f64; 2]>, Vec<Wanted>, Vec<Group>) {
        let log_odds = vec![[-2.0, 0.3], [0.5, -1.0], [-4.0, 0.0], [1.5, 0.2], [-0.2, -0.4]];
        let nobody = Wanted { share: 0.0, stands_for: 3.0, interest: 0.0, choice: None };
        let wanted = vec![
            Wanted { share: 0.75, stands_for: 1.0, interest: 1.0, choice: Some(1.0) },
            Wanted { share: 0.25, stands_for: 1.0, interest: 1.0, choice: Some(0.0) },
            nobody,
            nobody,
            Wanted { share: 1.0, stands_for: 1.0, interest: 1.0, choice: Some(1.0) },
        ];
        let groups = vec![Group { rows: 0..3, weight: 1.0 }, Group { rows: 3..5, weight: 0.4 }];
        (log_odds, wanted, groups)
    }

    #[test]
    fn the_gradient_is_the_numeric_one() {
        let (log_odds, wanted, groups) = batch();
        let (_, gradient) = loss(&log_odds, &wanted, &groups, &WEIGHTS);
        for row in 0..log_odds.len() {
            for head in 0..2 {
                let moved = |by: f64| {
                    let mut log_odds = log_odds.clone();
                    log_odds[row][head] += by;
                    loss(&log_odds, &wanted, &groups, &WEIGHTS).0
                };
                let numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                assert!((gradient[row][head] - numeric).abs() < 1e-8, "{row}, {head}: {numeric}");
            }
        }
    }

    #[test]
    fn ranking_alone_is_the_cross_entropy_of_shares() {
        let (log_odds, wanted, groups) = batch();
        let (loss, _) = loss(&log_odds, &wanted, &groups[..1], &Weights { interest: 0.0, choice: 0.0, ..WEIGHTS });
        let odds: Vec<f64> = (0..3).map(|row| ln_score(log_odds[row]).exp() * wanted[row].stands_for).collect();
        let sum: f64 = odds.iter().sum();
        let expected = -0.75 * (odds[0] / sum).ln() - 0.25 * (odds[1] / sum).ln();
        assert!((loss - expected).abs() < 1e-12);
    }

    #[test]
    fn extreme_log_odds_give_a_finite_loss() {
        let wanted = [Wanted { share: 1.0, stands_for: 1.0, interest: 1.0, choice: Some(0.0) }; 1];
        let (loss, gradient) = loss(&[[-800.0, 800.0]], &wanted, &[Group { rows: 0..1, weight: 1.0 }], &WEIGHTS);
        assert!(loss.is_finite() && gradient[0].iter().all(|value| value.is_finite()));
    }
}
