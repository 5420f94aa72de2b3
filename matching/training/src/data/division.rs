//! Divides a site's time into training, validation (calibration) and test.

use crate::stackexchange::Dump;

/// The part of a site's time that a question belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// The first part, for training.
    Train,
    /// The next part, for calibrating the probabilities.
    Validation,
    /// The last part, held out for the final evaluation.
    Test,
}

/// Divides a site's questions by date, in shares of their number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Division {
    train: f64,
    train_and_validation: f64,
}

impl Division {
    /// For evaluation: the first 70 % train, the next 10 % calibrate, the last 20 % are held out.
    pub const JUDGED: Self = Self { train: 0.7, train_and_validation: 0.8 };

    /// For weights that will be deployed: the first 90 % train and the last 10 % calibrate, so that the probabilities
    /// fit the market of today. Nothing is held out. [Leave out] projects whose outcome is not known yet.
    ///
    /// [Leave out]: crate::stackexchange::Dump::leave_out_younger_than
    pub const UNTIL_NOW: Self = Self { train: 0.9, train_and_validation: 1.0 };

    /// The part that begins after this share of all questions: 0 is the beginning, 1 the end.
    pub(crate) fn at(self, share: f64) -> Split {
        if share < self.train {
            Split::Train
        } else if share < self.train_and_validation {
            Split::Validation
        } else {
            Split::Test
        }
    }
}

/// The two dates that divide a site's time.
pub(super) struct Cuts {
    validation_from_ms: i64,
    test_from_ms: i64,
}

impl Cuts {
    pub(super) fn of(dump: &Dump, division: Division) -> Self {
        let mut times: Vec<i64> = dump.questions.iter().map(|question| question.created_at_ms).collect();
        times.sort_unstable();
        let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(i64::MAX);
        Self { validation_from_ms: at(division.train), test_from_ms: at(division.train_and_validation) }
    }

    pub(super) fn split(&self, at_ms: i64) -> Split {
        if at_ms < self.validation_from_ms {
            Split::Train
        } else if at_ms < self.test_from_ms {
            Split::Validation
        } else {
            Split::Test
        }
    }
}
