//! Fits the two models: the net that scores pairs, and the comparison of bids.

mod award;
mod batch;
mod calibration;
mod course;
mod loss;
mod monotone;
mod net;

pub use award::{fit_award, indifferent_award};
pub use course::{Epoch, FitError, Fitted, Plan, fit};
