//! The numbers of a net: their validation and their file.

mod file;

pub(crate) use file::hexadecimal;

use crate::error::ModelError;
use crate::features::{FEATURE_COUNT, Feature, Features};

/// Standardized inputs are clamped to ± this many deviations, so that no single extreme feature decides alone.
pub const INPUT_LIMIT: f32 = 6.0;

/// Log-odds are clamped to ± this, so that a score in f32 stays above 0 and below 1.
pub(crate) const LOG_ODDS_LIMIT: f32 = 16.0;

/// The number of the net's outputs: one log-odds per question about a pair.
pub const HEAD_COUNT: usize = 2;

/// Neurons per layer, input first. Training fits this shape, and the fused [`Scorer`](crate::Scorer) serves it.
pub const NET_WIDTHS: [usize; 4] = [FEATURE_COUNT, 64, 32, HEAD_COUNT];

/// The most neurons of a layer.
const MOST_NEURONS: usize = 1_024;

/// The names of each layer's weights and biases in the file. Their number bounds the layers of a net.
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

/// Converts features to the net's input: (value − mean) / deviation, with a learned value for a missing feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardization {
    /// Mean of each feature over the training pairs.
    pub mean: [f32; FEATURE_COUNT],
    /// The divisor of the distance from the mean, above zero. It is the standard deviation, or more if the input limit
    /// would otherwise clip values that the feature can reach.
    pub deviation: [f32; FEATURE_COUNT],
    /// The value that replaces a missing feature, in the feature's own unit.
    pub missing: [f32; FEATURE_COUNT],
}

impl Standardization {
    /// The net's input for a pair: ten numbers within ± 6. It multiplies by 1 / deviation as the scorer does, so both
    /// give the same bits.
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
    /// Weights, neuron by neuron: one row of inputs for each.
    pub weights: Vec<f32>,
    /// One bias per neuron.
    pub biases: Vec<f32>,
}

/// The numbers of a net, for training, storing or computing it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelParts {
    /// Converts features to the input.
    pub standardization: Standardization,
    /// The layers, input first. A relu follows each layer except the last, which has one neuron per output.
    pub layers: Vec<Layer>,
    /// The [`Background::fingerprint`](crate::Background::fingerprint) of the word rarities used in training.
    pub background: u32,
    /// Whether the net was trained on all available decisions. Then none are left to evaluate it.
    pub until_now: bool,
}

impl ModelParts {
    /// Neurons per layer, input first.
    pub fn widths(&self) -> Vec<usize> {
        std::iter::once(FEATURE_COUNT).chain(self.layers.iter().map(|layer| layer.biases.len())).collect()
    }

    /// Checks that the layers fit together and end in the net's outputs.
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

    /// Checks that every number is finite and every scale is positive.
    ///
    /// # Errors
    /// [`ModelError::NotFinite`], which names the tensor.
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
        // A feature at its mean, times an infinite scale, would be NaN.
        let has_scale = |deviation: &f32| *deviation > 0.0 && deviation.recip().is_finite();
        if deviation.iter().all(has_scale) { Ok(()) } else { Err(ModelError::NotFinite { name }) }
    }
}
