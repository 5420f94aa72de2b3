//! What can be wrong with a weights file and with a request to score: each by its own name.

use crate::features::{FEATURE_COUNT, FEATURE_VERSION};

/// A weights file that this build cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not a safetensors file, or a damaged one.
    #[error("the weights file cannot be read: {0}")]
    Unreadable(#[from] safetensors::SafeTensorError),
    /// The file does not say what it is, or says it in words this build does not know.
    #[error("the weights file's description cannot be read: {0}")]
    Description(String),
    /// A layout of weights that this build does not know.
    #[error("unknown model version: the file's layout is {got}, this build reads {expected}")]
    UnknownVersion {
        /// The layout this build reads.
        expected: &'static str,
        /// The layout the file names.
        got: String,
    },
    /// Weights for differently defined features: their scores would be nonsense.
    #[error("the weights were trained on feature version {got}, this build computes version {FEATURE_VERSION}")]
    FeatureVersion {
        /// The version the file names.
        got: u32,
    },
    /// Weights that were trained with other rarities of words: texts would be compared in another way.
    #[error(
        "the weights were trained with word rarities {got}, this build has {expected}: copy all files that `train` \
         wrote \
         into matching/model, and build again"
    )]
    Background {
        /// The fingerprint of this build's.
        expected: String,
        /// The one the file names.
        got: String,
    },
    /// A file that should hold the rarities of words, and does not.
    #[error("no table of words' rarities, as `train` writes to rarity.bin")]
    Rarities,
    /// A tensor of another shape or type than the net's.
    #[error("tensor {name} should be {expected:?} of f32, the file has {got}")]
    Shape {
        /// The tensor.
        name: &'static str,
        /// Its shape in the net.
        expected: Vec<usize>,
        /// What the file holds.
        got: String,
    },
    /// NaN, an infinity, or a scale that is not positive among the weights.
    #[error("tensor {name} holds a number that cannot be computed with")]
    NotFinite {
        /// The tensor.
        name: &'static str,
    },
    /// No layer, or too many.
    #[error("a net has 1 to {most} layers, these are {got}")]
    LayerCount {
        /// The most layers.
        most: usize,
        /// Layers there are.
        got: usize,
    },
    /// Weights of a shape that only candle computes, in a build without the feature `candle`.
    #[error(
        "the weights are of a net {widths:?}. This build serves only {served:?}: build `matching` with the feature \
         `candle` for other shapes"
    )]
    Unserved {
        /// The net's neurons per layer, input first.
        widths: Vec<usize>,
        /// The shape that this build serves.
        served: [usize; 4],
    },
    /// A layer of another size than the net's.
    #[error("layer {layer} should have {outputs} neurons with {inputs} inputs each")]
    LayerSize {
        /// The layer, from 1.
        layer: usize,
        /// Inputs of each of its neurons.
        inputs: usize,
        /// Its neurons.
        outputs: usize,
    },
    /// The tensor library refused.
    #[cfg(feature = "candle")]
    #[error("the net cannot be built: {0}")]
    Tensor(#[from] candle_core::Error),
}

/// Why nothing was scored or ranked.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// There is nobody to score. Ask first: an empty pool is an answer of its own, not a ranking.
    #[error("the pool is empty: there is nothing to score")]
    EmptyPool,
    /// Columns of inputs that do not belong together.
    #[error("a column of inputs has {got} numbers instead of {expected}")]
    RaggedColumns {
        /// Pairs to score.
        expected: usize,
        /// Numbers in the column.
        got: usize,
    },
    /// A row of another length than ten inputs for each pair.
    #[error("a pair has {FEATURE_COUNT} inputs, so {got} are not those of whole pairs")]
    WrongDimension {
        /// Numbers in all.
        got: usize,
    },
    /// A standardized input that is no number, or beyond ± 6.
    #[error("input {name} of pair {pair} is {value}, which is none between -6 and 6")]
    Input {
        /// The feature.
        name: &'static str,
        /// The pair's place, from 0.
        pair: usize,
        /// What was passed.
        value: f32,
    },
    /// A score handed to the ranking that is no number: it has no place in an order.
    #[error("a score is {value}, which is no finite number")]
    NotFinite {
        /// What was passed.
        value: f32,
    },
    /// The tensor library refused.
    #[cfg(feature = "candle")]
    #[error("the net could not be evaluated: {0}")]
    Tensor(#[from] candle_core::Error),
}
