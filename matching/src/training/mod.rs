//! Trains the net on a dump's decisions, and judges rankings.
//!
//! Everything random here comes from [`Random`], seeded by the caller: equal data, plan and seed give equal weights,
//! bit for bit, on one machine. Nothing here is compiled into a function.

mod fit;
mod metrics;
mod pairs;
mod random;

pub use fit::{Epoch, FitError, Fitted, Plan, fit, log_odds_of};
pub use metrics::{CalibrationBin, Metrics, RELEVANT_RANKS, calibration, judge};
pub use pairs::{Pairs, Query, Split};
pub use random::Random;
