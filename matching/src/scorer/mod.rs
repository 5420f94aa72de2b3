//! The fused scorer: it computes all three layers of the net for a block of pairs, within registers and the L1 cache.
//!
//! candle computes one layer for all pairs before the next layer, and writes every hidden value to memory in between.
//! Here, a block of pairs passes through the whole net. There are three kinds of blocks:
//!
//! - *wide*: two or three vectors of pairs. A vector register holds one value for each of its lanes' pairs, and a
//!   weight is broadcast to all of them. Enough sums run at once to keep the multipliers busy.
//! - *narrow*: one vector of pairs, for the rest.
//! - *single*: one pair, with vectors of neurons instead. It has the lowest latency.
//!
//! Every kind of block, on every instruction set, does the same operations on a pair in the same order: fused
//! multiply-add along the inputs, starting from the bias. So **a pair's score is the same to the last bit** on every
//! machine, whichever pairs are scored with it. Paging relies on this, because a cursor holds a score.
//!
//! The module has no `unsafe`: [`pulp`] wraps the instruction sets and selects one at run time. The module never checks
//! features (their type does), never allocates per block, and never uses a second thread.

mod exponential;
mod inputs;
mod kernel;
mod lanes;
mod weights;

use pulp::Arch;

pub use inputs::InputColumns;
#[cfg(feature = "candle")]
pub(crate) use inputs::check_rows;
pub use lanes::InstructionSet;

use crate::error::{ModelError, ScoreError};
use crate::features::{FEATURE_COUNT, Features};
use crate::need::PreparedNeed;
use crate::net::HEAD_COUNT;
use crate::net::{ModelParts, Standardization};
use crate::packed::Ingredients;
pub(crate) use kernel::Columns;
use kernel::{Finish, Run, Single, Standardize};
use weights::Weights;

/// Rows that are standardized at a time. Their ten columns, before and after, stay in L1 beside the weights.
pub(crate) const BATCH_ROWS: usize = 240;

/// Up to this many pairs are faster one at a time than in a mostly empty vector.
const SINGLE_ROWS: usize = 3;

/// Computes features from their parts, with the best instructions of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finisher(Arch);

impl Finisher {
    pub(crate) fn new() -> Self {
        Self(InstructionSet::best().arch())
    }

    /// Computes the features of the first `rows` rows of a batch.
    pub(crate) fn finish(
        self,
        need: &PreparedNeed,
        ingredients: &Ingredients<BATCH_ROWS>,
        rows: usize,
        features: &mut [[f32; BATCH_ROWS]; FEATURE_COUNT],
    ) {
        self.0.dispatch(Finish { need, ingredients, rows, features });
    }
}

/// The net, packed for one instruction set.
#[derive(Debug, Clone)]
pub struct Scorer {
    arch: Arch,
    weights: Box<Weights>,
    standardization: Standardization,
}

/// The answer that the net computes for every pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The product of its heads' probabilities.
    Score,
    /// (1 − score) / score: exact where the score is nearly one.
    OddsAgainst,
}

impl Scorer {
    /// Packs the net for the best instruction set of this machine.
    ///
    /// # Errors
    /// [`ModelError::LayerCount`] or [`ModelError::LayerSize`] for a shape other than
    /// [`NET_WIDTHS`](crate::NET_WIDTHS).
    pub fn new(parts: &ModelParts) -> Result<Self, ModelError> {
        Self::for_instructions(parts, InstructionSet::best())
    }

    /// Packs the net for one of the [available](InstructionSet::available) instruction sets, to compare them.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn for_instructions(parts: &ModelParts, instructions: InstructionSet) -> Result<Self, ModelError> {
        let arch = instructions.arch();
        let weights = Box::new(Weights::pack(parts, lanes::neurons_at_once(arch))?);
        Ok(Self { arch, weights, standardization: parts.standardization.clone() })
    }

    /// Computes the score of every pair of standardized inputs.
    ///
    /// # Errors
    /// [`ScoreError::RaggedColumns`] if the number of pairs differs from the number of `scores`.
    pub fn score_columns(&self, inputs: InputColumns<'_>, scores: &mut [f32]) -> Result<(), ScoreError> {
        if inputs.len() != scores.len() {
            return Err(ScoreError::RaggedColumns { expected: scores.len(), got: inputs.len() });
        }
        self.run(inputs.columns(), Answer::Score, scores);
        Ok(())
    }

    /// The log-odds of each of the net's outputs for one pair, within ± 16.
    pub fn heads(&self, row: &Features) -> [f32; HEAD_COUNT] {
        let input = self.standardization.apply(row);
        self.arch.dispatch(Single { weights: &self.weights, input: &input, answer: Answer::Score }).heads
    }

    /// Answers for rows of features.
    pub(crate) fn answer_rows(&self, rows: &[Features], answer: Answer, answers: &mut [f32]) {
        let mut features = [[f32::NAN; BATCH_ROWS]; FEATURE_COUNT];
        for (rows, answers) in rows.chunks(BATCH_ROWS).zip(answers.chunks_mut(BATCH_ROWS)) {
            for (place, row) in rows.iter().enumerate() {
                for (column, value) in features.iter_mut().zip(row.row()) {
                    column[place] = value;
                }
            }
            self.answer_features(features.each_ref().map(|column| &column[..answers.len()]), answer, answers);
        }
    }

    /// Computes answers for at most a batch of pairs, whose features are in columns; NaN means unknown.
    pub(crate) fn answer_features(&self, features: Columns<'_>, answer: Answer, answers: &mut [f32]) {
        let mut inputs = [[0.0; BATCH_ROWS]; FEATURE_COUNT];
        self.arch.dispatch(Standardize { standardization: &self.standardization, features, inputs: &mut inputs });
        self.run(inputs.each_ref().map(|column| &column[..answers.len()]), answer, answers);
    }

    /// Computes answers for columns of standardized inputs. All columns are as long as `answers`.
    pub(crate) fn run(&self, columns: Columns<'_>, answer: Answer, answers: &mut [f32]) {
        let weights = &*self.weights;
        if answers.len() <= SINGLE_ROWS {
            for (row, out) in answers.iter_mut().enumerate() {
                let input = columns.map(|column| column[row]);
                *out = self.arch.dispatch(Single { weights, input: &input, answer }).answer;
            }
        } else {
            self.arch.dispatch(Run { weights, columns, answer, answers });
        }
    }
}
