//! Evaluates rankings and probabilities on decisions that the net has not learned from.

mod award;
mod bootstrap;
mod chance;
mod exposure;
mod interval;
mod metrics;
mod spread;

pub use award::AwardMetrics;
pub use bootstrap::{Comparison, paired_bootstrap};
pub use chance::calibration_limit;
pub use exposure::{Exposure, Grouping, Rankings, Standing};
pub use interval::{Estimate, Estimates, Resampling, estimates, gaps};
pub use metrics::{
    AnswerError, Answers, CalibrationBin, Metrics, RELEVANT_RANKS, Side, calibration, judge, ndcg_by_question,
};
pub use spread::Spread;
