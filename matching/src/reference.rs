//! The net as candle computes it: what training differentiates, and what the [scorer](crate::Scorer) is held to.
//!
//! Serving never comes here, so a function that only scores builds no tensor.

use candle_core::{Device, Tensor};
use candle_nn::{Linear, Module as _};

use crate::error::{ModelError, ScoreError};
use crate::features::{FEATURE_COUNT, Features};
use crate::model::{LOG_ODDS_LIMIT, ModelParts, NET_WIDTHS, Standardization};
use crate::scorer::{HEAD_COUNT, check_rows};

/// Rows per forward pass. One pass over a large pool leaves the caches: a million rows at once take six times as
/// long as in pieces of this size, and 782 MiB.
const CHUNK_ROWS: usize = 1_024;

/// The net in candle.
#[derive(Debug, Clone)]
pub struct Reference {
    layers: [Linear; NET_WIDTHS.len() - 1],
    standardization: Standardization,
}

impl Reference {
    /// A net from its numbers.
    ///
    /// # Errors
    /// [`ModelError::Tensor`] when a layer has another size than the net's.
    pub fn new(parts: &ModelParts) -> Result<Self, ModelError> {
        let linear = |layer: usize| -> Result<Linear, ModelError> {
            let (weights, biases) = &parts.layers[layer];
            let (inputs, outputs) = (NET_WIDTHS[layer], NET_WIDTHS[layer + 1]);
            Ok(Linear::new(
                Tensor::from_slice(weights, (outputs, inputs), &Device::Cpu)?,
                Some(Tensor::from_slice(biases, outputs, &Device::Cpu)?),
            ))
        };
        let layers = [linear(0)?, linear(1)?, linear(2)?];
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

    /// The log-odds of each of the net's answers about every pair, as the last layer gives them.
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
            let input = Tensor::from_vec(input, (chunk.len(), FEATURE_COUNT), &Device::Cpu)?;
            let log_odds = forward(&self.layers, &input)?.flatten_all()?.to_vec1::<f32>()?;
            heads.extend_from_slice(log_odds.as_chunks::<HEAD_COUNT>().0);
        }
        Ok(heads)
    }

    /// The scores for standardized inputs, row by row, in one forward pass: candle as it comes.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] without inputs, [`ScoreError::WrongDimension`] for a number of them that is no multiple of
    /// ten, [`ScoreError::Input`] for one that is no number or beyond ± 6.
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
}

/// Input (rows × 10) → log-odds (rows × heads).
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
