//! Learns which of several bids is hired.

use super::contests::{Contest, Contests};
use super::fit::FitError;
use super::pairs::Split;
use crate::award::{AWARD_INPUTS, AwardParts, Bid};
use crate::features::{Better, FEATURE_VERSION};
use crate::model::hexadecimal;

/// Half of this times the squared length of the weights is added to the loss. Of 1, 3, 10, 20, 30, 50 and 100 it told
/// the hired best, both in five-fold cross-validation and when learned from the past and judged on what followed, within
/// the training and validation time.
const PENALTY: f64 = 10.0;
/// More than Newton's method ever needed.
const MOST_STEPS: usize = 50;
/// The greatest change of a weight by which a fit is done.
const TOLERANCE: f64 = 1e-9;

type Row = [f64; AWARD_INPUTS];
type Matrix = [Row; AWARD_INPUTS];

/// Fits the weights to the training projects: the least cross-entropy of who was hired, over the bids of each project,
/// with the [`PENALTY`], among those weights that hold nothing [better](Bid::better) against a bid. The loss has one minimum
/// there and nothing is drawn, so there is no seed: equal projects give equal weights.
///
/// # Errors
/// [`FitError::NothingToLearn`] without training projects.
pub fn fit_award(contests: &Contests) -> Result<AwardParts, FitError> {
    let training: Vec<&Contest> = contests.of_split(Split::Train).collect();
    if training.is_empty() {
        return Err(FitError::NothingToLearn("training"));
    }
    let bids = training.iter().flat_map(|contest| &contests.bids[contest.rows.clone()]);
    let mut parts = unweighted(bids, contests.background().fingerprint());
    let projects: Vec<Vec<(Row, bool)>> = training
        .iter()
        .map(|contest| {
            let rows = contests.bids[contest.rows.clone()].iter().map(|bid| parts.apply(bid).map(f64::from));
            rows.zip(contests.is_hired[contest.rows.clone()].iter().copied()).collect()
        })
        .collect();
    let mut weights = [0.0; AWARD_INPUTS];
    for _ in 0..MOST_STEPS {
        let next = within_bounds(newton_step(&projects, &weights));
        let change = next.iter().zip(weights).map(|(next, weight)| (next - weight).abs()).fold(0.0, f64::max);
        weights = next;
        if change < TOLERANCE {
            break;
        }
    }
    parts.weights = weights.map(|weight| weight as f32).to_vec();
    Ok(parts)
}

/// What compares bids where there was nothing to learn from: to it all are equally likely.
pub fn indifferent_award(contests: &Contests) -> AwardParts {
    let parts = unweighted(std::iter::empty(), contests.background().fingerprint());
    AwardParts { weights: vec![0.0; AWARD_INPUTS], ..parts }
}

/// -1, 0 or 1 by which way a weight may not go: where it may not, it stays at nothing.
fn bounds() -> Row {
    Bid::better().map(|better| match better {
        Some(Better::More) => 1.0,
        Some(Better::Less) => -1.0,
        None => 0.0,
    })
}

/// The nearest weights that hold nothing better against a bid.
fn within_bounds(weights: Row) -> Row {
    let bounds = bounds();
    std::array::from_fn(|i| if weights[i] * bounds[i] < 0.0 { 0.0 } else { weights[i] })
}

/// Where the loss's second-order approximation at `weights` has its minimum, but for the weights that are at their bound
/// and would go beyond it: they stay (Bertsekas 1982, *Projected Newton methods for optimization problems with simple
/// constraints*).
fn newton_step(projects: &[Vec<(Row, bool)>], weights: &Row) -> Row {
    let mut gradient = weights.map(|weight| PENALTY * weight);
    let mut curvature: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| if i == j { PENALTY } else { 0.0 }));
    for bids in projects {
        let shares = shares(bids, weights);
        // Of the bids' inputs, as often as each would be hired.
        let mut mean = [0.0; AWARD_INPUTS];
        for ((row, _), share) in bids.iter().zip(&shares) {
            for (mean, value) in mean.iter_mut().zip(row) {
                *mean += share * value;
            }
        }
        for ((row, is_hired), share) in bids.iter().zip(&shares) {
            let surplus = share - f64::from(u8::from(*is_hired));
            let centred: Row = std::array::from_fn(|i| row[i] - mean[i]);
            for (i, curvature) in curvature.iter_mut().enumerate() {
                gradient[i] += surplus * row[i];
                for (curvature, other) in curvature.iter_mut().zip(centred) {
                    *curvature += share * centred[i] * other;
                }
            }
        }
    }
    for (i, bound) in bounds().into_iter().enumerate() {
        if weights[i] == 0.0 && gradient[i] * bound > 0.0 {
            curvature[i] = [0.0; AWARD_INPUTS];
            for row in &mut curvature {
                row[i] = 0.0;
            }
            (curvature[i][i], gradient[i]) = (1.0, 0.0);
        }
    }
    let step = solve(curvature, gradient);
    std::array::from_fn(|i| weights[i] - step[i])
}

/// The softmax over one project's bids.
fn shares(bids: &[(Row, bool)], weights: &Row) -> Vec<f64> {
    let worth = |row: &Row| row.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>();
    let worth: Vec<f64> = bids.iter().map(|(row, _)| worth(row)).collect();
    let greatest = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let odds: Vec<f64> = worth.iter().map(|worth| (worth - greatest).exp()).collect();
    let all: f64 = odds.iter().sum();
    odds.into_iter().map(|odds| odds / all).collect()
}

/// x of `matrix` x = `right`, by Cholesky's decomposition. The matrix is symmetric and, thanks to the penalty,
/// positive.
fn solve(matrix: Matrix, right: Row) -> Row {
    let mut lower: Matrix = [[0.0; AWARD_INPUTS]; AWARD_INPUTS];
    let mut forward = [0.0; AWARD_INPUTS];
    for i in 0..AWARD_INPUTS {
        for j in 0..=i {
            let rest = matrix[i][j] - (0..j).map(|k| lower[i][k] * lower[j][k]).sum::<f64>();
            lower[i][j] = if i == j { rest.sqrt() } else { rest / lower[j][j] };
        }
        forward[i] = (right[i] - (0..i).map(|k| lower[i][k] * forward[k]).sum::<f64>()) / lower[i][i];
    }
    let mut solution = [0.0; AWARD_INPUTS];
    for i in (0..AWARD_INPUTS).rev() {
        let rest = forward[i] - (i + 1..AWARD_INPUTS).map(|k| lower[k][i] * solution[k]).sum::<f64>();
        solution[i] = rest / lower[i][i];
    }
    solution
}

/// Means and deviations of the inputs where they are known; no weights yet.
fn unweighted<'a>(bids: impl Iterator<Item = &'a Bid>, background: u32) -> AwardParts {
    let mut sums = [(0.0f64, 0.0f64, 0.0f64); AWARD_INPUTS];
    for bid in bids {
        for (sum, value) in sums.iter_mut().zip(bid.values()) {
            if let Some(value) = value.map(f64::from) {
                *sum = (sum.0 + 1.0, sum.1 + value, sum.2 + value * value);
            }
        }
    }
    let mean = sums.map(|(known, sum, _)| sum / known.max(1.0));
    let deviation = sums.iter().zip(mean).map(|(&(known, _, squares), mean)| {
        let variance = squares / known.max(1.0) - mean * mean;
        if variance > 1e-12 { variance.sqrt() as f32 } else { 1.0 }
    });
    AwardParts {
        feature_version: FEATURE_VERSION,
        background: hexadecimal(background),
        inputs: Bid::names().map(str::to_owned).to_vec(),
        deviation: deviation.collect(),
        mean: mean.iter().map(|&mean| mean as f32).collect(),
        weights: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_it_is_given() {
        // Symmetric and positive: more on the diagonal than beside it. The right side is the matrix times 0, 1, … 13.
        let matrix: Matrix = std::array::from_fn(|i| {
            std::array::from_fn(|j| if i == j { 40.0 } else { 1.0 / (1.0 + i.abs_diff(j) as f64) })
        });
        let expected: Row = std::array::from_fn(|i| i as f64);
        let right = matrix.map(|row| row.iter().zip(expected).map(|(value, x)| value * x).sum());
        for (found, expected) in solve(matrix, right).into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
        }
    }
}
