//! The net in candle, for any shape. Training differentiates it, tests compare the fused [`Scorer`](crate::Scorer) with
//! it, and it scores weights that the fused scorer does not support.

use candle_core::{Device, Tensor};
use candle_nn::{Linear, Module as _};

use crate::error::{ModelError, ScoreError};
use crate::features::{FEATURE_COUNT, Features};
use crate::net::{HEAD_COUNT, LOG_ODDS_LIMIT, ModelParts, Standardization};
use crate::scorer::{Answer, BATCH_ROWS, Columns, check_rows};

/// Rows per forward pass. A larger pass exceeds the processor's caches: one pass of a million rows takes six times as
/// long as chunks of this size, and needs 782 MiB.
const CHUNK_ROWS: usize = 1_024;

/// The net in candle.
#[derive(Debug, Clone)]
pub struct CandleNet {
    layers: Vec<Linear>,
    standardization: Standardization,
}

impl CandleNet {
    /// Creates a net from its numbers.
    ///
    /// # Errors
    /// [`ModelError::Tensor`] when a layer does not fit the one before it.
    pub fn new(parts: &ModelParts) -> Result<Self, ModelError> {
        let linear = |(layer, inputs): (&crate::net::Layer, usize)| -> Result<Linear, ModelError> {
            let outputs = layer.biases.len();
            Ok(Linear::new(
                Tensor::from_slice(&layer.weights, (outputs, inputs), &Device::Cpu)?,
                Some(Tensor::from_slice(&layer.biases, outputs, &Device::Cpu)?),
            ))
        };
        let layers = parts.layers.iter().zip(parts.widths()).map(linear).collect::<Result<_, _>>()?;
        Ok(Self { layers, standardization: parts.standardization.clone() })
    }

    /// The score of each pair, in the order of the rows: the product of the heads' probabilities.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] when there are no rows.
    pub fn score(&self, rows: &[Features]) -> Result<Vec<f32>, ScoreError> {
        if rows.is_empty() {
            return Err(ScoreError::EmptyPool);
        }
        let mut scores = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(CHUNK_ROWS) {
            let input: Vec<f32> = chunk.iter().flat_map(|row| self.standardization.apply(row)).collect();
            scores.extend(self.score_inputs(&input)?);
        }
        Ok(scores)
    }

    /// The log-odds of each of the net's outputs for every pair, as the last layer returns them.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] when there are no rows.
    pub fn heads(&self, rows: &[Features]) -> Result<Vec<[f32; HEAD_COUNT]>, ScoreError> {
        if rows.is_empty() {
            return Err(ScoreError::EmptyPool);
        }
        let mut heads = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(CHUNK_ROWS) {
            let input: Vec<f32> = chunk.iter().flat_map(|row| self.standardization.apply(row)).collect();
            heads.extend(self.heads_of_inputs(input)?);
        }
        Ok(heads)
    }

    /// The scores for standardized inputs, row by row, in one forward pass without chunks.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] without inputs, [`ScoreError::WrongDimension`] if their number is not a multiple of
    /// ten, [`ScoreError::Input`] for an input that is NaN or beyond ± 6.
    pub fn score_inputs(&self, input: &[f32]) -> Result<Vec<f32>, ScoreError> {
        let rows = check_rows(input)?.len();
        if rows == 0 {
            return Err(ScoreError::EmptyPool);
        }
        let input = Tensor::from_slice(input, (rows, FEATURE_COUNT), &Device::Cpu)?;
        let odds = forward(&self.layers, &input)?.clamp(-LOG_ODDS_LIMIT, LOG_ODDS_LIMIT)?.neg()?.exp()?;
        let against = (odds + 1.0)?; // rows × heads: one over each head's probability
        let mut product = against.narrow(1, 0, 1)?;
        for head in 1..against.dim(1)? {
            product = (product * against.narrow(1, head, 1)?)?;
        }
        Ok(product.recip()?.squeeze(1)?.to_vec1::<f32>()?)
    }

    /// The log-odds of each output for one pair, within ± 16.
    pub(crate) fn heads_of_one(&self, pair: &Features) -> Result<[f32; HEAD_COUNT], ScoreError> {
        let mut heads = [0.0; HEAD_COUNT];
        self.for_batches(1, |_| self.standardization.apply(pair), |_, log_odds| heads = log_odds)?;
        Ok(heads)
    }

    /// Answers for rows of features.
    pub(crate) fn answer_rows(&self, rows: &[Features], answer: Answer, answers: &mut [f32]) -> Result<(), ScoreError> {
        let input = |row: usize| self.standardization.apply(&rows[row]);
        self.for_batches(rows.len(), input, |row, heads| answers[row] = answer.of(heads))
    }

    /// Answers for pairs whose features are in columns; NaN means unknown.
    pub(crate) fn answer_features(
        &self,
        features: Columns<'_>,
        answer: Answer,
        answers: &mut [f32],
    ) -> Result<(), ScoreError> {
        let input = |row: usize| self.standardization.apply(&Features::computed(features.map(|column| column[row])));
        self.for_batches(answers.len(), input, |row, heads| answers[row] = answer.of(heads))
    }

    /// Answers for columns of standardized inputs.
    pub(crate) fn answer_inputs(
        &self,
        inputs: Columns<'_>,
        answer: Answer,
        answers: &mut [f32],
    ) -> Result<(), ScoreError> {
        let input = |row: usize| inputs.map(|column| column[row]);
        self.for_batches(answers.len(), input, |row, heads| answers[row] = answer.of(heads))
    }

    /// Computes the rows in batches of one size; the last batch is padded with zeros. Matrices of one size are always
    /// multiplied in the same order, so a pair's answer is the same to the last bit, whichever pairs are scored with
    /// it.
    fn for_batches(
        &self,
        rows: usize,
        input: impl Fn(usize) -> [f32; FEATURE_COUNT],
        mut take: impl FnMut(usize, [f32; HEAD_COUNT]),
    ) -> Result<(), ScoreError> {
        for start in (0..rows).step_by(BATCH_ROWS) {
            let end = rows.min(start + BATCH_ROWS);
            let mut inputs: Vec<f32> = (start..end).flat_map(&input).collect();
            inputs.resize(BATCH_ROWS * FEATURE_COUNT, 0.0);
            for (row, heads) in (start..end).zip(self.heads_of_inputs(inputs)?) {
                take(row, heads.map(|log_odds| log_odds.clamp(-LOG_ODDS_LIMIT, LOG_ODDS_LIMIT)));
            }
        }
        Ok(())
    }

    /// The log-odds of each output for standardized inputs, row by row.
    fn heads_of_inputs(&self, inputs: Vec<f32>) -> Result<Vec<[f32; HEAD_COUNT]>, ScoreError> {
        let rows = inputs.len() / FEATURE_COUNT;
        let input = Tensor::from_vec(inputs, (rows, FEATURE_COUNT), &Device::Cpu)?;
        let log_odds = forward(&self.layers, &input)?.flatten_all()?.to_vec1::<f32>()?;
        Ok(log_odds.as_chunks().0.to_vec())
    }
}

impl Answer {
    /// Converts the heads' log-odds to the answer. The odds against a product of probabilities 1 / (1 + e) are Π (1 +
    /// e) − 1. The product is multiplied out, because 1 + e would round a small e away.
    fn of(self, heads: [f32; HEAD_COUNT]) -> f32 {
        let against = heads.into_iter().fold(0.0, |against, log_odds| {
            let odds = (-log_odds).exp();
            odds.mul_add(against, against + odds)
        });
        match self {
            Self::OddsAgainst => against,
            Self::Score => 1.0 / (1.0 + against),
        }
    }
}

/// Input (rows × 10) → log-odds (rows × heads), with a relu after each layer but the last.
///
/// # Errors
/// Errors of the tensor library, for layers that do not fit together.
pub fn forward(layers: &[Linear], input: &Tensor) -> candle_core::Result<Tensor> {
    let mut values = input.clone();
    for (place, layer) in layers.iter().enumerate() {
        values = layer.forward(&values)?; // rows × neurons
        if place + 1 < layers.len() {
            values = values.relu()?;
        }
    }
    Ok(values)
}
