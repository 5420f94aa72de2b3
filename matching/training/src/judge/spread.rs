//! The spread of the measures over nets that differ only in their seed.

use serde::Serialize;

use super::metrics::Metrics;

/// The measures of several nets on the same questions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// The mean of each measure over the nets.
    pub mean: Metrics,
    /// The sample standard deviation of each measure over the nets (n − 1 in the denominator); zero for a single net.
    /// `queries` stays the number of questions.
    pub deviation: Metrics,
}

impl Spread {
    /// Summarises the nets; `None` without any.
    pub fn of(nets: &[Metrics]) -> Option<Self> {
        let first = nets.first()?;
        let each = |summary: fn(&[f64]) -> f64| {
            let of = |measure: fn(&Metrics) -> f64| summary(&nets.iter().map(measure).collect::<Vec<_>>());
            Metrics {
                queries: first.queries,
                auc: of(|net| net.auc),
                ndcg_10: of(|net| net.ndcg_10),
                recall_10: of(|net| net.recall_10),
                mrr: of(|net| net.mrr),
                precision_1: of(|net| net.precision_1),
                log_loss: of(|net| net.log_loss),
                calibration_error: of(|net| net.calibration_error),
                calibration_chance: of(|net| net.calibration_chance),
            }
        };
        Some(Self { mean: each(mean), deviation: each(deviation) })
    }
}

/// `values` is not empty.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// `values` is not empty.
fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (values.len() as f64 - 1.0).max(1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_deviation_equal_those_computed_by_hand() {
        let net = |value: f64| Metrics {
            queries: 7,
            auc: value,
            ndcg_10: 2.0 * value,
            recall_10: value,
            mrr: value,
            precision_1: value,
            log_loss: value,
            calibration_error: value,
            calibration_chance: value,
        };
        let spread = Spread::of(&[net(1.0), net(2.0), net(6.0)]).unwrap();
        assert_eq!((spread.mean.queries, spread.mean.auc, spread.mean.ndcg_10), (7, 3.0, 6.0));
        assert_eq!((spread.deviation.auc, spread.deviation.ndcg_10), (7f64.sqrt(), 28f64.sqrt()));
        assert_eq!(Spread::of(&[net(1.0)]).unwrap().deviation.log_loss, 0.0);
        assert_eq!(Spread::of(&[]), None);
    }
}
