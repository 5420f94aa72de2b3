//! Tests whether one ranking is better than another, or only appears better by chance.

use crate::Random;

/// The result of a [`paired_bootstrap`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The mean of ours minus the mean of theirs.
    pub difference: f64,
    /// The 95 % confidence interval of the difference: the middle of all resamples.
    pub interval: (f64, f64),
    /// The one-sided p-value: the share of resamples in which ours was not better, counting the sample itself.
    pub p_value: f64,
}

/// Compares two measures of the same questions with a paired bootstrap (Efron, Tibshirani 1993). Equal seeds give
/// equal results. `None` without questions or resamples, and when the two have different lengths.
pub fn paired_bootstrap(ours: &[f64], theirs: &[f64], resamples: usize, seed: u64) -> Option<Comparison> {
    if ours.len() != theirs.len() || ours.is_empty() || resamples == 0 {
        return None;
    }
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| ours - theirs).collect();
    let count = differences.len();
    let mut random = Random::new(seed);
    let mut means: Vec<f64> = (0..resamples)
        .map(|_| {
            let sum: f64 = (0..count).map(|_| differences[(random.uniform() * count as f64) as usize]).sum();
            sum / count as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[((resamples - 1) as f64 * share).round() as usize];
    let not_better = means.partition_point(|&mean| mean <= 0.0);
    Some(Comparison {
        difference: differences.iter().sum::<f64>() / count as f64,
        interval: (at(0.025), at(0.975)),
        p_value: (not_better + 1) as f64 / (resamples + 1) as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_lead_has_the_lowest_p_value() {
        let theirs: Vec<f64> = (0..50).map(f64::from).collect();
        let ours: Vec<f64> = theirs.iter().map(|value| value + 0.5).collect();
        let found = paired_bootstrap(&ours, &theirs, 999, 1).unwrap();
        assert_eq!(found, Comparison { difference: 0.5, interval: (0.5, 0.5), p_value: 0.001 });
    }

    #[test]
    fn the_interval_of_coin_flips_is_the_binomial_one() {
        // 400 differences of ± 1, half of each: the standard error of the mean is 1 / √400.
        let ours: Vec<f64> = (0..400).map(|i| f64::from(i % 2 * 2 - 1)).collect();
        let found = paired_bootstrap(&ours, &vec![0.0; 400], 4_000, 1).unwrap();
        assert!((found.interval.0 + 0.098).abs() < 0.01 && (found.interval.1 - 0.098).abs() < 0.01, "{found:?}");
        assert!((found.p_value - 0.5).abs() < 0.05);
    }

    #[test]
    fn different_lengths_and_no_questions_give_none() {
        assert_eq!(paired_bootstrap(&[1.0], &[], 10, 1), None);
        assert_eq!(paired_bootstrap(&[], &[], 10, 1), None);
    }
}
