//! The fused scorer: all three layers of the net for a block of pairs at a time, without leaving registers and L1.
//!
//! candle computes a layer for all pairs before the next one, and writes every hidden value to memory in between.
//! Here a block of pairs goes through the whole net. Three shapes of block share the work:
//!
//! - *wide*: two or three vectors of pairs. A vector register holds one value of as many pairs as it has lanes; a
//!   weight is broadcast to all of them. Enough sums are under way at once to keep the multipliers busy.
//! - *narrow*: one vector of pairs, for what is left over.
//! - *single*: one pair, a vector holding neurons instead: the least latency.
//!
//! Every shape, on every instruction set, does the same operations on a pair in the same order (fused multiply-add
//! along the inputs, from the bias on), so **a pair's score is the same to the last bit** whoever it is scored
//! with, and on whichever machine. Paging relies on it: a cursor holds a score.
//!
//! There is no `unsafe` here: [`pulp`] wraps the instruction sets and chooses among them at run time. What this
//! module never does: check features (their type does), allocate per block, or use a second thread.

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

/// Rows that are standardized at a time: their ten columns, before and after, stay in L1 beside the weights.
pub(crate) const BATCH_ROWS: usize = 240;

/// Up to this many pairs are quicker one at a time than as lanes of a vector that is mostly empty.
const SINGLE_ROWS: usize = 3;

/// Turns ingredients into features, with the best instructions of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finisher(Arch);

impl Finisher {
    pub(crate) fn new() -> Self {
        Self(InstructionSet::best().arch())
    }

    /// The features of the first `rows` rows of a batch.
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

/// What is asked of the net for every pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The product of its heads' probabilities.
    Score,
    /// (1 − score) / score: exact where the score is nearly one.
    OddsAgainst,
}

impl Scorer {
    /// The net for the best instruction set of this machine.
    ///
    /// # Errors
    /// [`ModelError::LayerCount`] or [`ModelError::LayerSize`] for another shape than
    /// [`NET_WIDTHS`](crate::NET_WIDTHS).
    pub fn new(parts: &ModelParts) -> Result<Self, ModelError> {
        Self::for_instructions(parts, InstructionSet::best())
    }

    /// The net for one of the [available](InstructionSet::available) instruction sets: for comparing them.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn for_instructions(parts: &ModelParts, instructions: InstructionSet) -> Result<Self, ModelError> {
        let arch = instructions.arch();
        let weights = Box::new(Weights::pack(parts, lanes::neurons_at_once(arch))?);
        Ok(Self { arch, weights, standardization: parts.standardization.clone() })
    }

    /// The score of every pair of standardized inputs.
    ///
    /// # Errors
    /// [`ScoreError::RaggedColumns`] for another number of pairs than there are `scores`.
    pub fn score_columns(&self, inputs: InputColumns<'_>, scores: &mut [f32]) -> Result<(), ScoreError> {
        if inputs.len() != scores.len() {
            return Err(ScoreError::RaggedColumns { expected: scores.len(), got: inputs.len() });
        }
        self.run(inputs.columns(), Answer::Score, scores);
        Ok(())
    }

    /// The log-odds of each of the net's answers about one pair, within ± 16.
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

    /// Answers for at most a batch of pairs, whose features are in columns, NaN where not known.
    pub(crate) fn answer_features(&self, features: Columns<'_>, answer: Answer, answers: &mut [f32]) {
        let mut inputs = [[0.0; BATCH_ROWS]; FEATURE_COUNT];
        self.arch.dispatch(Standardize { standardization: &self.standardization, features, inputs: &mut inputs });
        self.run(inputs.each_ref().map(|column| &column[..answers.len()]), answer, answers);
    }

    /// Answers for rows of standardized inputs. All columns are as long as `answers`.
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
