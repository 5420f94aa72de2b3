//! Makes the net's probabilities as true as the decisions tell.
//!
//! Shown made-up pairs as well, the net promises too much or too little of the real ones. Each of its two log-odds z becomes
//! a·z + b (Platt 1999), folded into the last layer: the net stays as it is, and costs nothing more.
//!
//! *Interest*: the shift b is that of the validation questions, the market as it is now. The slope a is that of the training
//! questions and these together: of the last hundred questions alone it would be in part luck, and a net that is bound and
//! averaged promises no more of the questions that it was trained on than of others.
//!
//! *Choice*: both are those of the validation questions, because hires are remembered. They are fewer still, so a is
//! multiplied by the share that is expected to hold on others, (χ² − 1) / χ², where χ² is what the slope gains over a
//! constant (Copas 1983, *Regression, prediction and shrinkage*; Van Houwelingen, Le Cessie 1990). Where nothing is gained,
//! the choice becomes one probability for all.

use super::course::FitError;
use crate::data::Pairs;
use crate::data::Split;
use crate::probability::{cross_entropy, sigmoid};
use matching::{CandleNet, Layer, ModelParts, NET_WIDTHS as WIDTHS};

/// How strongly a and b are drawn towards what is assumed before: as one observation of this much information would, a few
/// decisions' worth. It keeps them finite where one side always won. More would leave a promise above what happens: fifty hires
/// have an information of about thirty.
const PRIOR_INFORMATION: f64 = 1.0;
/// Newton's method squares its error with every step.
const NEWTON_STEPS: usize = 25;
/// No log-odds are shifted further.
const FURTHEST_SHIFT: f64 = 64.0;
/// Halves the range of shifts until it is as narrow as an f64 can tell.
const BISECTIONS: usize = 60;

/// The same net with both log-odds corrected.
///
/// # Errors
/// What the tensor library refuses.
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

/// The likeliest slope of all decisions, and the likeliest shift of those of now. The slope is never negative, so that a
/// [monotone](super::monotone) net stays one.
fn steady(all: &[(f64, bool)], now: &[(f64, bool)]) -> (f64, f64) {
    let a = fitted_line(all, (1.0, 0.0)).0.max(0.0);
    (a, fitted_shift(now, a, fitted_shift(all, a, 0.0)))
}

/// The part of the likeliest line that is expected to hold on other decisions. It never falls: a few hires are no reason to
/// turn round what all the training hires say.
fn shrunk(observed: &[(f64, bool)]) -> (f64, f64) {
    if observed.is_empty() {
        return (1.0, 0.0);
    }
    // What is assumed before any hire: that the net knows how often, and not whom.
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

/// The likeliest b of σ(a·z + b) for a given a: where as many are promised as happened, but for what draws b to what it
/// is assumed to be before. By bisection.
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

/// The likeliest a and b of σ(a·z + b), drawn to those `before` any decision: (1, 0) says that the net promises truly. By
/// Newton's method from there; no step that would make it worse is taken.
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
    fn finds_the_line_that_made_the_decisions() {
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
    fn the_slope_is_of_all_and_the_shift_of_now() {
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
    fn changes_nothing_where_nothing_was_decided() {
        let (a, b) = steady(&[], &[]);
        assert!(a == 1.0 && b.abs() < 1e-9, "{a}, {b}");
        assert_eq!(fitted_line(&[], (1.0, 0.0)), (1.0, 0.0));
        assert_eq!(shrunk(&[]), (1.0, 0.0));
    }

    #[test]
    fn keeps_what_many_decisions_say_and_little_of_what_few_say() {
        let mut random = Random::new(5);
        let mut observed = |count: usize, slope: f64| -> Vec<(f64, bool)> {
            let z = (0..count).map(|_| random.uniform() * 4.0 - 2.0).collect::<Vec<_>>();
            z.into_iter().map(|z| (z, random.chance(sigmoid(slope * z - 0.5)))).collect()
        };
        let many = observed(20_000, 0.8);
        let (a, b) = shrunk(&many);
        assert!((a - 0.8).abs() < 0.05 && (b + 0.5).abs() < 0.05, "{a}, {b}");

        // Nothing to know: of a hundred slopes fitted to luck, those that are kept sum up to less than half.
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
    fn never_turns_the_order_round() {
        let against: Vec<(f64, bool)> = (0..200).map(|n| (f64::from(n % 20) - 10.0, n % 20 < 8)).collect();
        for (a, b) in [steady(&against, &against), shrunk(&against)] {
            assert!(a == 0.0 && (sigmoid(b) - 0.4).abs() < 0.02, "{a}, {b}");
        }
    }

    #[test]
    fn survives_decisions_that_one_side_always_won() {
        let always = [(5.0, true), (9.0, true), (40.0, true)];
        for (a, b) in [fitted_line(&always, (1.0, 0.0)), shrunk(&always), shrunk(&[(2.0, true), (2.0, false)])] {
            assert!(a.is_finite() && b.is_finite(), "{a}, {b}");
        }
    }
}
