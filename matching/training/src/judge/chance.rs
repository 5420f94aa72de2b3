//! Computes how large the calibration error of true probabilities can be by chance.

use super::interval::Resampling;
use super::metrics::sigmoid;
use super::metrics::{Side, calibration_bins};
use crate::Random;
use crate::data::{Pairs, Query};

/// The upper confidence limit of the [calibration error](super::Metrics::calibration_error) of true probabilities. It
/// simulates outcomes with the given log-odds (one per row of `pairs`), again and again. `None` if this side has no
/// rows.
pub fn calibration_limit<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    side: Side,
    log_odds: &[f32],
    resampling: &Resampling,
) -> Option<f64> {
    let looked_at = |row: &usize| side.outcome(pairs.relevance[*row]).is_some();
    let rows = queries.into_iter().flat_map(|query| query.rows.clone()).filter(looked_at);
    let mut promised: Vec<f64> = rows.map(|row| f64::from(sigmoid(log_odds[row]))).collect();
    promised.sort_by(f64::total_cmp);
    let mut random = Random::new(resampling.seed);
    let mut errors: Vec<f64> = (0..resampling.resamples).map(|_| error_of_truth(&promised, &mut random)).collect();
    errors.sort_by(f64::total_cmp);
    let place = (errors.len() as f64 * resampling.confidence) as usize;
    errors.get(place.min(errors.len().checked_sub(1)?)).copied().filter(|error| error.is_finite())
}

/// The calibration error of one simulated set of outcomes. The probabilities are sorted in rising order.
fn error_of_truth(promised: &[f64], random: &mut Random) -> f64 {
    let apart = calibration_bins(promised).map(|bin| {
        let apart = |&probability: &f64| probability - f64::from(u8::from(random.chance(probability)));
        bin.iter().map(apart).sum::<f64>().abs()
    });
    apart.sum::<f64>() / promised.len() as f64
}

#[cfg(test)]
mod tests {
    use super::super::metrics::judge;
    use super::*;
    use crate::data::Split;
    use matching::{FEATURE_COUNT, Features};

    /// A question with 2,000 candidates and their log-odds. Interest happens with the log-odds plus `shifted`.
    fn market(seed: u64, shifted: f32) -> (Pairs, Vec<f32>) {
        let mut random = Random::new(seed);
        let log_odds: Vec<f32> = (0..2_000).map(|_| (random.uniform() * 4.0 - 3.0) as f32).collect();
        let mut pairs = Pairs::default();
        for z in &log_odds {
            pairs.features.push(Features::from_slice(&[0.5; FEATURE_COUNT]).unwrap());
            pairs.relevance.push(u8::from(random.chance(f64::from(sigmoid(z + shifted)))));
            pairs.freelancers.push(0);
        }
        pairs.queries.push(Query { site: 0, question: 0, split: Split::Test, rows: 0..log_odds.len() });
        (pairs, log_odds)
    }

    /// Counts the markets, of a hundred, whose error exceeds the limit.
    fn beyond(shifted: f32, confidence: f64) -> usize {
        let resampling = Resampling { resamples: 200, confidence, ..Resampling::default() };
        let is_beyond = |seed: &u64| {
            let (pairs, log_odds) = market(*seed, shifted);
            let judged = judge(&pairs, &pairs.queries, Side::Interest, &log_odds, 0).unwrap();
            let limit = calibration_limit(&pairs, &pairs.queries, Side::Interest, &log_odds, &resampling).unwrap();
            judged.calibration_error > limit
        };
        (0..100).filter(is_beyond).count()
    }

    #[test]
    fn true_probabilities_exceed_the_limit_as_rarely_as_stated() {
        let (of_tenth, of_half) = (beyond(0.0, 0.9), beyond(0.0, 0.5));
        assert!((3..=18).contains(&of_tenth) && (36..=64).contains(&of_half), "{of_tenth}, {of_half} of 100");
    }

    #[test]
    fn wrong_probabilities_exceed_the_limit() {
        assert_eq!(beyond(0.5, 0.99), 100);
    }

    #[test]
    fn no_rows_have_no_limit() {
        let (pairs, log_odds) = (Pairs::default(), Vec::new());
        assert_eq!(calibration_limit(&pairs, [], Side::Choice, &log_odds, &Resampling::default()), None);
    }
}
