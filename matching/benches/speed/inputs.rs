//! Standardized inputs for the net, the same in every run.

use matching::FEATURE_COUNT;

/// Ten columns of numbers within ± 3.
pub(crate) struct Inputs {
    rows: usize,
    /// All columns, one after the other.
    numbers: Vec<f32>,
}

impl Inputs {
    pub(crate) fn new(rows: usize) -> Self {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let numbers = std::iter::repeat_with(|| {
            // xorshift64* (Vigna 2016).
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            let random = (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40) as f32 / (1u32 << 24) as f32;
            random * 6.0 - 3.0
        });
        Self { rows, numbers: numbers.take(rows * FEATURE_COUNT).collect() }
    }

    /// The first `rows` of each column.
    pub(crate) fn columns(&self, rows: usize) -> [&[f32]; FEATURE_COUNT] {
        std::array::from_fn(|column| &self.numbers[column * self.rows..][..rows])
    }

    /// The first `rows`, row by row, as the rivals read them.
    pub(crate) fn by_row(&self, rows: usize) -> Vec<f32> {
        let columns = self.columns(rows);
        (0..rows).flat_map(|row| columns.map(|column| column[row])).collect()
    }
}
