//! Trains the net on a dump's decisions, and judges rankings.
//!
//! Everything random here comes from [`Random`], seeded by the caller: equal data, plan and seed give equal weights,
//! bit for bit, on one machine. Nothing here is compiled into a function.

mod award;
mod background;
mod batch;
mod bootstrap;
mod calibration;
mod chance;
mod contests;
mod division;
mod exposure;
mod fit;
mod interval;
mod loss;
mod metrics;
mod monotone;
mod net;
mod pairs;
mod random;
mod spread;

pub use award::{fit_award, indifferent_award};
pub(crate) use background::Texts;
pub use background::background_of;
pub use bootstrap::{Comparison, paired_bootstrap};
pub use chance::calibration_limit;
pub use contests::{AwardMetrics, Contest, Contests, SeenBid};
pub use division::{Division, Split};
pub use exposure::{Exposure, Grouping, Rankings, Standing};
pub use fit::{Epoch, FitError, Fitted, Plan, fit};
pub use interval::{Estimate, Estimates, Resampling, estimates, gaps};
pub use metrics::{
    AnswerError, Answers, CalibrationBin, Metrics, RELEVANT_RANKS, Side, calibration, judge, ndcg_by_question,
};
pub use pairs::{Pairs, Query};
pub use random::Random;
pub use spread::Spread;
