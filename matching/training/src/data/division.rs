//! How a site's time is divided into what is learned from, what calibrates, and what judges.

use crate::stackexchange::Dump;

/// Which part of a site's time a question belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// The first part: learned from.
    Train,
    /// The next part: calibrates the probabilities.
    Validation,
    /// The last part: looked at once, at the end.
    Test,
}

/// Shares of a site's questions, by date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Division {
    train: f64,
    train_and_validation: f64,
}

impl Division {
    /// To learn how good a training is: the first 70 % train, the next 10 % calibrate, the last 20 % judge.
    pub const JUDGED: Self = Self { train: 0.7, train_and_validation: 0.8 };

    /// To serve with what came of such a training: the first 90 % train, and the last 10 % calibrate, so that what is promised
    /// is the market's as it is now. Nothing is left to judge by. Whose outcome is not known yet should be [left out].
    ///
    /// [left out]: crate::stackexchange::Dump::leave_out_younger_than
    pub const UNTIL_NOW: Self = Self { train: 0.9, train_and_validation: 1.0 };

    /// The part that holds what happens after a share of all questions: 0 at the beginning, below 1 at the end.
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
