//! Calibrates the net's probabilities on real decisions.
//!
//! Training also shows made-up pairs, so the net's probabilities of real pairs are too high or too low. Platt scaling
//! (1999) replaces each of its two log-odds z by a·z + b. Both numbers are merged into the last layer, so the net
//! keeps its shape and its speed.
//!
//! *Interest*: the shift b is fitted to the validation questions, which show the market as it is now. The slope a is
//! fitted to the training and the validation questions together, because a hundred questions alone give a noisy
//! slope. The training questions do not bias it: a bounded and averaged net is no more confident about them than
//! about others.
//!
//! *Choice*: both numbers are fitted to the validation questions, because the net has memorised the hires of the
//! training questions. There are few such hires, so a is shrunk by (χ² − 1) / χ², the share expected to hold on other
//! decisions. χ² is the gain of the slope over a constant (Copas 1983, *Regression, prediction and shrinkage*; Van
//! Houwelingen, Le Cessie 1990). Without a gain, the choice becomes one probability for all.

use super::course::FitError;
use crate::data::Pairs;
use crate::data::Split;
use crate::probability::{cross_entropy, sigmoid};
use matching::{CandleNet, Layer, ModelParts, NET_WIDTHS as WIDTHS};

/// The weight of the prior on a and b, as the information of one observation; it equals a few decisions. It keeps
/// both finite where one outcome always happened. A stronger prior would leave probabilities too high: fifty hires
/// have an information of about thirty.
const PRIOR_INFORMATION: f64 = 1.0;
/// The Newton steps of a fit; each step squares the error.
const NEWTON_STEPS: usize = 25;
/// The largest shift of log-odds.
const FURTHEST_SHIFT: f64 = 64.0;
/// The bisection steps of a shift, which reach the precision of an f64.
const BISECTIONS: usize = 60;

/// Returns the net with both log-odds calibrated.
///
/// # Errors
/// Errors of the tensor library.
pub(super) fn calibrated(mut parts: ModelParts, pairs: &Pairs) -> Result<ModelParts, FitError> {
    let reference = CandleNet::new(&parts)?;
    let (mut interest, mut interest_now, mut choice) = (Vec::new(), Vec::new(), Vec::new());
    let queries = [Split::Train, Split::Validation].into_iter().flat_map(|split| pairs.of_split(split));
    for query in queries.filter(|query| !query.rows.is_empty()) {
        let is_now = query.split == Split::Validation;
        let log_odds = reference.heads(&pairs.features[query.rows.clone()])?;
        for (row, [taken, hired]) in query.rows.clone().zip(log_odds) {
            let relevance = pairs.relevance[row];
            let taken = (f64::from(taken), relevance > 0);
            interest.push(taken);
            if is_now {
                interest_now.push(taken);
                if relevance > 0 {
                    choice.push((f64::from(hired), relevance > 1));
                }
            }
        }
    }
    let lines = [steady(&interest, &interest_now), shrunk(&choice)];
    for (head, (slope, shift)) in lines.into_iter().enumerate() {
        let Layer { weights, biases } = &mut parts.layers[2];
        let inputs = WIDTHS[2];
        for weight in &mut weights[head * inputs..(head + 1) * inputs] {
            *weight = (f64::from(*weight) * slope) as f32;
        }
        biases[head] = (f64::from(biases[head]) * slope + shift) as f32;
    }
    Ok(parts)
}

/// The maximum-likelihood slope of all decisions and shift of the current ones. The slope is never negative, so a
/// [monotone](super::monotone) net stays monotone.
fn steady(all: &[(f64, bool)], now: &[(f64, bool)]) -> (f64, f64) {
    let a = fitted_line(all, (1.0, 0.0)).0.max(0.0);
    (a, fitted_shift(now, a, fitted_shift(all, a, 0.0)))
}

/// The maximum-likelihood line with its slope shrunk by the share expected to hold on other decisions. The slope is
/// never negative: a few hires do not reverse the order learned from all training hires.
fn shrunk(observed: &[(f64, bool)]) -> (f64, f64) {
    if observed.is_empty() {
        return (1.0, 0.0);
    }
    // The prior is one probability for all bids: the net knows how often somebody is hired, but not whom.
    let mean = observed.iter().map(|(z, _)| z).sum::<f64>() / observed.len() as f64;
    let (a, b) = fitted_line(observed, (0.0, mean));
    let shift = |a: f64| fitted_shift(observed, a, (1.0 - a) * mean);
    let cost = |a: f64, b: f64| -> f64 { observed.iter().map(|one| cost_of(*one, a, b)).sum() };
    let gained = 2.0 * (cost(0.0, shift(0.0)) - cost(a, b));
    let a = a.max(0.0) * (1.0 - gained.max(1.0).recip());
    (a, shift(a))
}

fn cost_of((z, happened): (f64, bool), a: f64, b: f64) -> f64 {
    cross_entropy(a * z + b, f64::from(u8::from(happened)))
}

/// The maximum-likelihood b of σ(a·z + b) for a given a, with a prior at `before`. The expected number of events then
/// equals the observed one, apart from the prior. By bisection.
fn fitted_shift(observed: &[(f64, bool)], a: f64, before: f64) -> f64 {
    let too_many = |b: f64| {
        let excess = |&(z, happened): &(f64, bool)| sigmoid(a * z + b) - f64::from(u8::from(happened));
        observed.iter().map(excess).sum::<f64>() + PRIOR_INFORMATION * (b - before) > 0.0
    };
    let (mut low, mut high) = (-FURTHEST_SHIFT, FURTHEST_SHIFT);
    for _ in 0..BISECTIONS {
        let middle = f64::midpoint(low, high);
        if too_many(middle) { high = middle } else { low = middle }
    }
    low
}

/// The maximum-likelihood a and b of σ(a·z + b), with a prior at `before`; (1, 0) assumes that the net is calibrated.
/// Newton's method starts there and takes no step that raises the loss.
fn fitted_line(observed: &[(f64, bool)], before: (f64, f64)) -> (f64, f64) {
    let cost = |a: f64, b: f64| {
        let prior = PRIOR_INFORMATION / 2.0 * ((a - before.0).powi(2) + (b - before.1).powi(2));
        observed.iter().map(|one| cost_of(*one, a, b)).sum::<f64>() + prior
    };
    let (mut a, mut b) = before;
    for _ in 0..NEWTON_STEPS {
        let (mut by_a, mut by_b) = (PRIOR_INFORMATION * (a - before.0), PRIOR_INFORMATION * (b - before.1));
        let (mut aa, mut ab, mut bb) = (PRIOR_INFORMATION, 0.0, PRIOR_INFORMATION);
        for &(z, happened) in observed {
            let p = sigmoid(a * z + b);
            let error = p - f64::from(u8::from(happened));
            let curvature = p * (1.0 - p);
            by_a += error * z;
            by_b += error;
            aa += curvature * z * z;
            ab += curvature * z;
            bb += curvature;
        }
        let determinant = aa * bb - ab * ab;
        let (step_a, step_b) = ((bb * by_a - ab * by_b) / determinant, (aa * by_b - ab * by_a) / determinant);
        let here = cost(a, b);
        let size = (0..20)
            .map(|halvings| 0.5f64.powi(halvings))
            .find(|size| cost(a - size * step_a, b - size * step_b) <= here);
        let Some(size) = size else { break };
        (a, b) = (a - size * step_a, b - size * step_b);
    }
    (a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn the_fitted_line_is_the_one_that_drew_the_decisions() {
        let mut random = Random::new(3);
        let observed: Vec<(f64, bool)> = (0..40_000)
            .map(|_| {
                let z = random.uniform() * 8.0 - 6.0;
                (z, random.chance(sigmoid(0.7 * z - 0.4)))
            })
            .collect();
        let (a, b) = fitted_line(&observed, (1.0, 0.0));
        assert!((a - 0.7).abs() < 0.03 && (b + 0.4).abs() < 0.05, "{a}, {b}");
    }

    #[test]
    fn the_slope_fits_all_decisions_and_the_shift_the_current_ones() {
        let mut random = Random::new(4);
        let mut observed = |count: usize, slope: f64, shift: f64| -> Vec<(f64, bool)> {
            let z = (0..count).map(|_| random.uniform() * 8.0 - 6.0).collect::<Vec<_>>();
            z.into_iter().map(|z| (z, random.chance(sigmoid(slope * z + shift)))).collect()
        };
        let (all, now) = (observed(40_000, 0.7, 0.0), observed(4_000, 0.3, -1.0));
        let (a, b) = steady(&all, &now);
        assert!((a - 0.7).abs() < 0.03, "{a}");
        let promised: f64 = now.iter().map(|(z, _)| sigmoid(a * z + b)).sum();
        let happened = now.iter().filter(|(_, happened)| *happened).count() as f64;
        assert!((promised - happened).abs() < 2.0, "{promised} promised, {happened} happened");
    }

    #[test]
    fn no_decisions_change_nothing() {
        let (a, b) = steady(&[], &[]);
        assert!(a == 1.0 && b.abs() < 1e-9, "{a}, {b}");
        assert_eq!(fitted_line(&[], (1.0, 0.0)), (1.0, 0.0));
        assert_eq!(shrunk(&[]), (1.0, 0.0));
    }

    #[test]
    fn many_decisions_keep_their_slope_and_few_lose_most_of_it() {
        let mut random = Random::new(5);
        let mut observed = |count: usize, slope: f64| -> Vec<(f64, bool)> {
            let z = (0..count).map(|_| random.uniform() * 4.0 - 2.0).collect::<Vec<_>>();
            z.into_iter().map(|z| (z, random.chance(sigmoid(slope * z - 0.5)))).collect()
        };
        let many = observed(20_000, 0.8);
        let (a, b) = shrunk(&many);
        assert!((a - 0.8).abs() < 0.05 && (b + 0.5).abs() < 0.05, "{a}, {b}");

        // These decisions do not depend on z. Over a hundred fits, shrinking removes more than half of the slopes.
        let (mut fitted, mut kept) = (0.0, 0.0);
        for _ in 0..100 {
            let luck = observed(60, 0.0);
            let (a, b) = shrunk(&luck);
            let promised: f64 = luck.iter().map(|(z, _)| sigmoid(a * z + b)).sum();
            let happened = luck.iter().filter(|(_, happened)| *happened).count() as f64;
            assert!((promised - happened).abs() < 2.0, "{promised} promised, {happened} happened");
            fitted += fitted_line(&luck, (0.0, 0.0)).0.abs();
            kept += a.abs();
        }
        assert!(kept < fitted / 2.0, "{kept} of {fitted}");
    }

    #[test]
    fn the_order_is_never_reversed() {
        let against: Vec<(f64, bool)> = (0..200).map(|n| (f64::from(n % 20) - 10.0, n % 20 < 8)).collect();
        for (a, b) in [steady(&against, &against), shrunk(&against)] {
            assert!(a == 0.0 && (sigmoid(b) - 0.4).abs() < 0.02, "{a}, {b}");
        }
    }

    #[test]
    fn one_sided_decisions_give_finite_numbers() {
        let always = [(5.0, true), (9.0, true), (40.0, true)];
        for (a, b) in [fitted_line(&always, (1.0, 0.0)), shrunk(&always), shrunk(&[(2.0, true), (2.0, false)])] {
            assert!(a.is_finite() && b.is_finite(), "{a}, {b}");
        }
    }
}
