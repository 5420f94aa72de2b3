//! Standardized inputs that are fit to be scored: checked once, so that the kernels need not.

use crate::error::ScoreError;
use crate::features::{FEATURE_COUNT, FEATURE_NAMES};
use crate::model::INPUT_LIMIT;

/// Ten columns of standardized inputs, one number for each pair, all within ± 6 as
/// [`Standardization::apply`](crate::Standardization::apply) gives them.
#[derive(Debug, Clone, Copy)]
pub struct InputColumns<'a>([&'a [f32]; FEATURE_COUNT]);

impl<'a> InputColumns<'a> {
    /// Checks columns that were computed elsewhere.
    ///
    /// # Errors
    /// [`ScoreError::RaggedColumns`] for a column of another length than the first, [`ScoreError::Input`] for the first number
    /// that is none or beyond ± 6.
    pub fn new(columns: [&'a [f32]; FEATURE_COUNT]) -> Result<Self, ScoreError> {
        let expected = columns[0].len();
        for column in columns {
            if column.len() != expected {
                return Err(ScoreError::RaggedColumns { expected, got: column.len() });
            }
        }
        for (name, column) in FEATURE_NAMES.into_iter().zip(columns) {
            for (pair, &value) in column.iter().enumerate() {
                check(name, pair, value)?;
            }
        }
        Ok(Self(columns))
    }

    /// The pairs.
    pub fn len(&self) -> usize {
        self.0[0].len()
    }

    /// Whether there is nobody to score.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn columns(self) -> [&'a [f32]; FEATURE_COUNT] {
        self.0
    }
}

/// Checks one input of a pair.
///
/// # Errors
/// [`ScoreError::Input`] for what is no number or beyond ± 6.
pub(crate) fn check(name: &'static str, pair: usize, value: f32) -> Result<(), ScoreError> {
    // Not the other way round: no comparison with NaN is true.
    if value.abs() <= INPUT_LIMIT { Ok(()) } else { Err(ScoreError::Input { name, pair, value }) }
}
