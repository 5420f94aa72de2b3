//! Trains the net on a market's decisions and evaluates rankings.
//!
//! - [`stackexchange`] reads public Stack Exchange dumps, or a market's own outcomes, as a talent market.
//! - [`Pairs`] and [`Contests`] are the data sets built from them: features as of each decision, with its label.
//! - [`fit`] and [`fit_award`] learn from the data; [`judge`] and its neighbours evaluate the result.
//! - [`simulation`] generates a market whose true probabilities are known.
//!
//! All randomness comes from [`Random`], which the caller seeds. Equal data, plan and seed give equal weights, bit
//! for bit, on one machine.
//!
//! No Lambda function depends on this crate. The local runner uses it to read dumps, without the feature `training`.

#[cfg(feature = "training")]
mod data;
#[cfg(feature = "training")]
mod fit;
#[cfg(feature = "training")]
mod judge;
#[cfg(feature = "training")]
mod probability;
#[cfg(feature = "training")]
mod random;
#[cfg(feature = "training")]
pub mod simulation;
pub mod stackexchange;

#[cfg(feature = "training")]
pub use {
    data::{Contest, Contests, Division, Pairs, Query, SeenBid, Split, background_of},
    fit::{Epoch, FitError, Fitted, Plan, fit, fit_award, indifferent_award},
    judge::{
        AnswerError, Answers, AwardMetrics, CalibrationBin, Comparison, Estimate, Estimates, Exposure, Grouping,
        Metrics, RELEVANT_RANKS, Rankings, Resampling, Side, Spread, Standing, calibration, calibration_limit,
        estimates, gaps, judge, ndcg_by_question, paired_bootstrap,
    },
    random::Random,
};
