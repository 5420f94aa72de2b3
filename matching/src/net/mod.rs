//! The numbers of a net: what they must be to be computed with, and the file they live in.

mod file;

pub(crate) use file::hexadecimal;

use crate::error::ModelError;
use crate::features::{FEATURE_COUNT, Feature, Features};

/// Standardized inputs are kept within this many deviations, so that no single feature, however far from anything
/// trained on, decides alone.
pub const INPUT_LIMIT: f32 = 6.0;

/// Log-odds are kept within ± this, so that a score in f32 stays above 0 and below 1.
pub(crate) const LOG_ODDS_LIMIT: f32 = 16.0;

/// Answers of the net: one log-odds per question that it answers about a pair.
pub const HEAD_COUNT: usize = 2;

/// Neurons per layer, input first, of the net that training fits and the fused [`Scorer`](crate::Scorer) serves.
pub const NET_WIDTHS: [usize; 4] = [FEATURE_COUNT, 64, 32, HEAD_COUNT];

/// The most neurons of a layer.
const MOST_NEURONS: usize = 1_024;

/// The names of each layer's weights and biases in a file. A net has at most this many layers.
const LAYER_TENSORS: [(&str, &str); 8] = [
    ("layer1.weight", "layer1.bias"),
    ("layer2.weight", "layer2.bias"),
    ("layer3.weight", "layer3.bias"),
    ("layer4.weight", "layer4.bias"),
    ("layer5.weight", "layer5.bias"),
    ("layer6.weight", "layer6.bias"),
    ("layer7.weight", "layer7.bias"),
    ("layer8.weight", "layer8.bias"),
];

/// The names of the rows that standardize the input.
const INPUT_TENSORS: [&str; 3] = ["input.mean", "input.deviation", "input.missing"];

/// How features become the net's input: (value − mean) / deviation, and a learned place for what is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardization {
    /// Mean of each feature over the training pairs.
    pub mean: [f32; FEATURE_COUNT],
    /// What the distance from the mean is divided by, above zero: the standard deviation, or more where otherwise the
    /// limit of the input would cut off what the feature can be.
    pub deviation: [f32; FEATURE_COUNT],
    /// The value that stands for a missing one, in the feature's own unit.
    pub missing: [f32; FEATURE_COUNT],
}

impl Standardization {
    /// The net's input for a pair: ten numbers within ± 6. Times one over the deviation, as the scorer does column by
    /// column: the same bits.
    pub fn apply(&self, features: &Features) -> [f32; FEATURE_COUNT] {
        Feature::ALL.map(|feature| {
            let i = feature as usize;
            let value = features.get(feature).unwrap_or(self.missing[i]);
            ((value - self.mean[i]) * self.deviation[i].recip()).clamp(-INPUT_LIMIT, INPUT_LIMIT)
        })
    }
}

/// One layer of neurons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layer {
    /// Weights row by row: one row of inputs per neuron.
    pub weights: Vec<f32>,
    /// One bias per neuron.
    pub biases: Vec<f32>,
}

/// The numbers of a net, for whoever trains it, stores it, or computes it in another way.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelParts {
    /// From features to input.
    pub standardization: Standardization,
    /// The layers, input first. A relu follows each but the last, which has one neuron per answer.
    pub layers: Vec<Layer>,
    /// The [`Background::fingerprint`](crate::Background::fingerprint) of the rarities that text similarity was
    /// computed with in training.
    pub background: u32,
    /// Whether they have learned from all that there was, and no part of it can judge them.
    pub until_now: bool,
}

impl ModelParts {
    /// Neurons per layer, input first.
    pub fn widths(&self) -> Vec<usize> {
        std::iter::once(FEATURE_COUNT).chain(self.layers.iter().map(|layer| layer.biases.len())).collect()
    }

    /// Whether the numbers are those of one net that ends in its answers.
    ///
    /// # Errors
    /// [`ModelError::LayerCount`] or [`ModelError::LayerSize`].
    pub(crate) fn check_sizes(&self) -> Result<(), ModelError> {
        if !(1..=LAYER_TENSORS.len()).contains(&self.layers.len()) {
            return Err(ModelError::LayerCount { most: LAYER_TENSORS.len(), got: self.layers.len() });
        }
        let widths = self.widths();
        for (place, (layer, inputs)) in self.layers.iter().zip(widths).enumerate() {
            let is_last = place + 1 == self.layers.len();
            let got = layer.biases.len();
            let outputs = if is_last { HEAD_COUNT } else { got.clamp(1, MOST_NEURONS) };
            if got != outputs || layer.weights.len() != inputs * outputs {
                return Err(ModelError::LayerSize { layer: place + 1, inputs, outputs });
            }
        }
        Ok(())
    }

    /// Whether every number can be computed with.
    ///
    /// # Errors
    /// [`ModelError::NotFinite`], naming the tensor.
    pub(crate) fn check_numbers(&self) -> Result<(), ModelError> {
        let layers = self.layers.iter().zip(LAYER_TENSORS);
        let layers = layers.flat_map(|(layer, (weight_name, bias_name))| {
            [(weight_name, layer.weights.as_slice()), (bias_name, layer.biases.as_slice())]
        });
        let Standardization { mean, deviation, missing } = &self.standardization;
        let inputs = INPUT_TENSORS.into_iter().zip([mean, deviation, missing].map(|row| row.as_slice()));
        for (name, row) in layers.chain(inputs) {
            if !row.iter().all(|value| value.is_finite()) {
                return Err(ModelError::NotFinite { name });
            }
        }
        let [_, name, _] = INPUT_TENSORS;
        // A feature at its mean, times an infinite scale, would be no number.
        let has_scale = |deviation: &f32| *deviation > 0.0 && deviation.recip().is_finite();
        if deviation.iter().all(has_scale) { Ok(()) } else { Err(ModelError::NotFinite { name }) }
    }
}
