//! Whether one ranking is better than another, or was only luckier in its questions.

use crate::Random;

/// What a [`paired_bootstrap`] finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Mean of ours less mean of theirs.
    pub difference: f64,
    /// The middle 95 % of that difference over all resamples.
    pub interval: (f64, f64),
    /// Share of resamples where ours was not better, counting the sample itself: the one-sided p-value.
    pub p_value: f64,
}

/// Compares two measures of the same questions by drawing as many questions from them again and again, with
/// replacement (Efron, Tibshirani 1993). Equal seeds give equal results. `None` for no questions, no resamples, or
/// measures of different questions.
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
    fn better_everywhere_is_certain() {
        let theirs: Vec<f64> = (0..50).map(f64::from).collect();
        let ours: Vec<f64> = theirs.iter().map(|value| value + 0.5).collect();
        let found = paired_bootstrap(&ours, &theirs, 999, 1).unwrap();
        assert_eq!(found, Comparison { difference: 0.5, interval: (0.5, 0.5), p_value: 0.001 });
    }

    #[test]
    fn the_interval_of_a_coin_is_the_binomials() {
        // 400 differences of ± 1, equally many: the mean's deviation is 1 / √400.
        let ours: Vec<f64> = (0..400).map(|i| f64::from(i % 2 * 2 - 1)).collect();
        let found = paired_bootstrap(&ours, &vec![0.0; 400], 4_000, 1).unwrap();
        assert!((found.interval.0 + 0.098).abs() < 0.01 && (found.interval.1 - 0.098).abs() < 0.01, "{found:?}");
        assert!((found.p_value - 0.5).abs() < 0.05);
    }

    #[test]
    fn what_cannot_be_compared_is_not() {
        assert_eq!(paired_bootstrap(&[1.0], &[], 10, 1), None);
        assert_eq!(paired_bootstrap(&[], &[], 10, 1), None);
    }
}
