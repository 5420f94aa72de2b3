//! Standardized inputs that were checked once, so that the kernels need no checks.

use crate::error::ScoreError;
use crate::features::{FEATURE_COUNT, FEATURE_NAMES};
use crate::net::INPUT_LIMIT;

/// Ten columns of standardized inputs with one number per pair. All numbers are within ± 6, as
/// [`Standardization::apply`](crate::Standardization::apply) returns them.
#[derive(Debug, Clone, Copy)]
pub struct InputColumns<'a>([&'a [f32]; FEATURE_COUNT]);

impl<'a> InputColumns<'a> {
    /// Checks columns that were computed elsewhere.
    ///
    /// # Errors
    /// [`ScoreError::RaggedColumns`] for a column whose length differs from the first, [`ScoreError::Input`] for the
    /// first number that is NaN or beyond ± 6.
    pub fn new(columns: [&'a [f32]; FEATURE_COUNT]) -> Result<Self, ScoreError> {
        let expected = columns[0].len();
        for column in columns {
            if column.len() != expected {
                return Err(ScoreError::RaggedColumns { expected, got: column.len() });
            }
        }
        for (name, column) in FEATURE_NAMES.into_iter().zip(columns) {
            if !are_inputs(column) {
                return Err(first_wrong(column.iter().enumerate().map(|(pair, &value)| (name, pair, value))));
            }
        }
        Ok(Self(columns))
    }

    /// The number of pairs.
    pub fn len(&self) -> usize {
        self.0[0].len()
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn columns(self) -> [&'a [f32]; FEATURE_COUNT] {
        self.0
    }
}

/// Checks rows of ten inputs per pair.
///
/// # Errors
/// [`ScoreError::WrongDimension`] if the number of inputs is not a multiple of ten, [`ScoreError::Input`] as above.
#[cfg(feature = "candle")]
pub(crate) fn check_rows(inputs: &[f32]) -> Result<&[[f32; FEATURE_COUNT]], ScoreError> {
    let (rows, []) = inputs.as_chunks() else { return Err(ScoreError::WrongDimension { got: inputs.len() }) };
    if are_inputs(inputs) {
        return Ok(rows);
    }
    let of_row = |(pair, row): (usize, &[f32; FEATURE_COUNT])| {
        std::array::from_fn::<_, FEATURE_COUNT, _>(|i| (FEATURE_NAMES[i], pair, row[i]))
    };
    Err(first_wrong(rows.iter().enumerate().flat_map(of_row)))
}

/// Whether all are numbers within ± 6. The loop does not stop at the first wrong number, so that it can be vectorised.
fn are_inputs(values: &[f32]) -> bool {
    values.iter().fold(true, |all, &value| all & is_input(value))
}

/// Comparisons with NaN are false.
fn is_input(value: f32) -> bool {
    value.abs() <= INPUT_LIMIT
}

/// The error for the first invalid input. Each input comes with its feature's name and its pair's index.
fn first_wrong(mut inputs: impl Iterator<Item = (&'static str, usize, f32)>) -> ScoreError {
    let wrong = inputs.find(|&(_, _, value)| !is_input(value));
    let (name, pair, value) = wrong.unwrap_or((FEATURE_NAMES[0], 0, f32::NAN));
    ScoreError::Input { name, pair, value }
}
