//! The errors of weights files and of scoring requests.

use crate::features::{FEATURE_COUNT, FEATURE_VERSION};

/// Why this build cannot serve a weights file.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is not safetensors, or it is damaged.
    #[error("the weights file cannot be read: {0}")]
    Unreadable(#[from] safetensors::SafeTensorError),
    /// The file's description is missing, or this build cannot read it.
    #[error("the weights file's description cannot be read: {0}")]
    Description(String),
    /// The layout of the weights is unknown to this build.
    #[error("unknown model version: the file's layout is {got}, this build reads {expected}")]
    UnknownVersion {
        /// The layout this build reads.
        expected: &'static str,
        /// The layout the file names.
        got: String,
    },
    /// The weights were trained on features with other definitions. Their scores would be meaningless.
    #[error("the weights were trained on feature version {got}, this build computes version {FEATURE_VERSION}")]
    FeatureVersion {
        /// The version the file names.
        got: u32,
    },
    /// The weights were trained with other word rarities, so they would compare texts differently.
    #[error(
        "the weights were trained with word rarities {got}, this build has {expected}: copy all files that `train` \
         wrote \
         into matching/model, and build again"
    )]
    Background {
        /// The fingerprint of this build's rarities.
        expected: String,
        /// The fingerprint that the file names.
        got: String,
    },
    /// The file is not a table of word rarities.
    #[error("no table of words' rarities, as `train` writes to rarity.bin")]
    Rarities,
    /// A tensor has the wrong shape or type.
    #[error("tensor {name} should be {expected:?} of f32, the file has {got}")]
    Shape {
        /// The tensor.
        name: &'static str,
        /// Its shape in the net.
        expected: Vec<usize>,
        /// The shape and type in the file.
        got: String,
    },
    /// The weights hold NaN, an infinity, or a scale that is not positive.
    #[error("tensor {name} holds a number that cannot be computed with")]
    NotFinite {
        /// The tensor.
        name: &'static str,
    },
    /// There is no layer, or there are too many.
    #[error("a net has 1 to {most} layers, these are {got}")]
    LayerCount {
        /// The highest number of layers.
        most: usize,
        /// The number of layers.
        got: usize,
    },
    /// Only candle computes weights of this shape, and this build lacks the feature `candle`.
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
    /// A layer has the wrong size.
    #[error("layer {layer} should have {outputs} neurons with {inputs} inputs each")]
    LayerSize {
        /// The layer, from 1.
        layer: usize,
        /// Inputs of each of its neurons.
        inputs: usize,
        /// The number of its neurons.
        outputs: usize,
    },
    /// The tensor library returned an error.
    #[cfg(feature = "candle")]
    #[error("the net cannot be built: {0}")]
    Tensor(#[from] candle_core::Error),
}

/// Why scoring or ranking failed.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The pool is empty. Check before the call: an empty pool deserves an answer of its own, not a ranking.
    #[error("the pool is empty: there is nothing to score")]
    EmptyPool,
    /// The columns of inputs have different lengths.
    #[error("a column of inputs has {got} numbers instead of {expected}")]
    RaggedColumns {
        /// The number of pairs to score.
        expected: usize,
        /// The number of values in the column.
        got: usize,
    },
    /// The length of a row of inputs is not ten for each pair.
    #[error("a pair has {FEATURE_COUNT} inputs, so {got} are not those of whole pairs")]
    WrongDimension {
        /// The number of values in all.
        got: usize,
    },
    /// A standardized input is NaN or beyond ± 6.
    #[error("input {name} of pair {pair} is {value}, which is none between -6 and 6")]
    Input {
        /// The feature.
        name: &'static str,
        /// The pair's index, from 0.
        pair: usize,
        /// The value that was passed.
        value: f32,
    },
    /// A score that was passed to the ranking is not finite, so it cannot be ordered.
    #[error("a score is {value}, which is no finite number")]
    NotFinite {
        /// The value that was passed.
        value: f32,
    },
    /// The tensor library returned an error.
    #[cfg(feature = "candle")]
    #[error("the net could not be evaluated: {0}")]
    Tensor(#[from] candle_core::Error),
}
