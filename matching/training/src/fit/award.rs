//! Fits the model that predicts which of several bids is hired.

use super::course::FitError;
use crate::data::{Contest, Contests};
use matching::{AWARD_INPUTS, AwardParts, Better, Bid};

/// The strength of the L2 penalty: half of this times the squared length of the weights is added to the loss. 10 was
/// the best of 1, 3, 10, 20, 30, 50 and 100, in five-fold cross-validation and when trained on earlier projects and
/// tested on later ones. Only the training and validation time was used.
const PENALTY: f64 = 10.0;
/// The most Newton steps; a fit needs far fewer.
const MOST_STEPS: usize = 200;
/// The fit stops when no weight changes by more than this.
const TOLERANCE: f64 = 1e-9;

type Row = [f64; AWARD_INPUTS];
type Matrix = [Row; AWARD_INPUTS];

/// Fits the weights to the training projects.
///
/// The loss is the cross-entropy of the hired bid over the bids of each project, plus a penalty on the weights. The
/// sign of each weight is bound so that a [better](Bid::better) value never counts against a bid. The loss has one
/// minimum and nothing is random, so equal projects give equal weights without a seed.
///
/// # Errors
/// [`FitError::NothingToLearn`] without training projects; [`FitError::Unsettled`] if no minimum is found.
pub fn fit_award(contests: &Contests) -> Result<AwardParts, FitError> {
    let training: Vec<&Contest> = contests.to_learn_from().collect();
    if training.is_empty() {
        return Err(FitError::NothingToLearn("contested training"));
    }
    let bids = training.iter().flat_map(|contest| &contests.bids[contest.rows.clone()]);
    let parts = unweighted(bids, contests.background().fingerprint());
    let projects: Vec<Vec<(Row, bool)>> = training
        .iter()
        .map(|contest| {
            let rows = contests.bids[contest.rows.clone()].iter().map(|bid| parts.apply(bid).map(f64::from));
            rows.zip(contests.is_hired[contest.rows.clone()].iter().copied()).collect()
        })
        .collect();
    let weights = least_loss(&projects)?.map(|weight| weight as f32).to_vec();
    Ok(parts.with_weights(weights))
}

/// The weights with the lowest loss, within their bounds.
fn least_loss(projects: &[Vec<(Row, bool)>]) -> Result<Row, FitError> {
    let mut weights = [0.0; AWARD_INPUTS];
    for _ in 0..MOST_STEPS {
        let next = descend(projects, &weights);
        let change = next.iter().zip(weights).map(|(next, weight)| (next - weight).abs()).fold(0.0, f64::max);
        weights = next;
        if change < TOLERANCE {
            return Ok(weights);
        }
    }
    Err(FitError::Unsettled { steps: MOST_STEPS })
}

/// One Newton step with a line search. The step is halved until the loss falls by a part of what the slope predicts
/// (Armijo's rule). Without this, full steps could cycle, because the bounds bend them.
fn descend(projects: &[Vec<(Row, bool)>], weights: &Row) -> Row {
    const PROMISED: f64 = 1e-4;
    const LEAST_SHARE: f64 = 1e-9;
    let (step, gradient) = newton_step(projects, weights);
    let before = loss(projects, weights);
    // Near the minimum, the gain is smaller than the rounding error of the sums.
    let rounding = 1e-12 * before.abs();
    let mut share = 1.0;
    while share > LEAST_SHARE {
        let next = within_bounds(std::array::from_fn(|i| weights[i] - share * step[i]));
        let slope: f64 = gradient.iter().zip(next).zip(weights).map(|((slope, next), now)| slope * (next - now)).sum();
        if loss(projects, &next) <= before + PROMISED * slope + rounding {
            return next;
        }
        share /= 2.0;
    }
    *weights
}

/// The cross-entropy of the hired bids, plus the penalty.
fn loss(projects: &[Vec<(Row, bool)>], weights: &Row) -> f64 {
    let surprise = |bids: &Vec<(Row, bool)>| -> f64 {
        let hired = bids.iter().zip(shares(bids, weights)).filter(|((_, is_hired), _)| *is_hired);
        hired.map(|(_, share)| -share.max(f64::MIN_POSITIVE).ln()).sum()
    };
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    projects.iter().map(surprise).sum::<f64>() + 0.5 * PENALTY * squares
}

/// A model for a market without training projects: all bids are equally likely.
pub fn indifferent_award(contests: &Contests) -> AwardParts {
    unweighted(std::iter::empty(), contests.background().fingerprint())
}

/// The sign that each weight must have: 1, -1, or 0 for any sign. A weight with the wrong sign becomes 0.
fn bounds() -> Row {
    Bid::better().map(|better| match better {
        Some(Better::More) => 1.0,
        Some(Better::Less) => -1.0,
        None => 0.0,
    })
}

/// The nearest weights within the bounds.
fn within_bounds(weights: Row) -> Row {
    let bounds = bounds();
    std::array::from_fn(|i| if weights[i] * bounds[i] < 0.0 { 0.0 } else { weights[i] })
}

/// The Newton step at `weights` (to be subtracted) and the gradient of the loss there. A weight that is at its bound
/// and would cross it stays (Bertsekas 1982, *Projected Newton methods for optimization problems with simple
/// constraints*).
fn newton_step(projects: &[Vec<(Row, bool)>], weights: &Row) -> (Row, Row) {
    let mut gradient = weights.map(|weight| PENALTY * weight);
    let mut curvature: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| if i == j { PENALTY } else { 0.0 }));
    for bids in projects {
        let shares = shares(bids, weights);
        // The mean of the bids' inputs, weighted by each bid's probability.
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
    let slope = gradient;
    for (i, bound) in bounds().into_iter().enumerate() {
        if weights[i] == 0.0 && gradient[i] * bound > 0.0 {
            curvature[i] = [0.0; AWARD_INPUTS];
            for row in &mut curvature {
                row[i] = 0.0;
            }
            (curvature[i][i], gradient[i]) = (1.0, 0.0);
        }
    }
    (solve(curvature, gradient), slope)
}

/// The softmax over one project's bids: the probability that each is hired.
fn shares(bids: &[(Row, bool)], weights: &Row) -> Vec<f64> {
    let worth = |row: &Row| row.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>();
    let worth: Vec<f64> = bids.iter().map(|(row, _)| worth(row)).collect();
    let greatest = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let odds: Vec<f64> = worth.iter().map(|worth| (worth - greatest).exp()).collect();
    let all: f64 = odds.iter().sum();
    odds.into_iter().map(|odds| odds / all).collect()
}

/// Solves `matrix` · x = `right` by Cholesky decomposition. The matrix is symmetric, and positive definite thanks to
/// the penalty.
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

/// Weights of zero, with the mean and standard deviation of each input where it is known.
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
    AwardParts::new(
        background,
        mean.iter().map(|&mean| mean as f32).collect(),
        deviation.collect(),
        vec![0.0; AWARD_INPUTS],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn the_minimum_is_found_for_correlated_inputs_too() {
        let mut random = Random::new(6);
        for problem in 0..60 {
            // The inputs are correlated, and the hires contradict the bounds as often as they agree with them.
            let truth: Row = std::array::from_fn(|_| 4.0 * random.uniform() - 2.0);
            let together = random.uniform();
            let projects: Vec<Vec<(Row, bool)>> = (0..40)
                .map(|_| {
                    let rows: Vec<Row> = (0..3)
                        .map(|_| {
                            let common = 6.0 * random.uniform() - 3.0;
                            std::array::from_fn(|_| {
                                together * common + (1.0 - together) * (6.0 * random.uniform() - 3.0)
                            })
                        })
                        .collect();
                    let bids: Vec<(Row, bool)> = rows.into_iter().map(|row| (row, false)).collect();
                    let shares = shares(&bids, &truth);
                    let best = (0..3).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap();
                    bids.into_iter().enumerate().map(|(place, (row, _))| (row, place == best)).collect()
                })
                .collect();
            let weights = least_loss(&projects).unwrap();
            let (_, slope) = newton_step(&projects, &weights);
            for ((weight, slope), bound) in weights.into_iter().zip(slope).zip(bounds()) {
                assert!(weight * bound >= 0.0, "{problem}: {weight}");
                let may_move = bound == 0.0 || weight != 0.0;
                let is_flat = slope.abs() < 1e-4;
                assert!(is_flat || (!may_move && slope * bound > 0.0), "{problem}: {weight}, {slope}, {bound}");
            }
        }
    }

    #[test]
    fn the_solution_of_a_known_system_is_found() {
        // The matrix is symmetric and diagonally dominant. The right side is the matrix times 0, 1, … 13.
        let matrix: Matrix = std::array::from_fn(|i| {
            std::array::from_fn(|j| if i == j { 40.0 } else { 1.0 / (1.0 + i.abs_diff(j) as f64) })
        });
        let expected: Row = std::array::from_fn(|i| i as f64);
        let right = matrix.map(|row| row.iter().zip(expected).map(|(value, x)| value * x).sum());
        for (found, expected) in solve(matrix, right).into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
        }
    }
}
