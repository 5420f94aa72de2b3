//! The net's weights in the order in which the kernels read them.

use crate::error::ModelError;
use crate::features::FEATURE_COUNT;
use crate::net::{HEAD_COUNT, Layer, ModelParts, NET_WIDTHS};

use super::lanes::FIRST_NEURONS;

/// Inputs of the net.
pub(super) const INPUTS: usize = FEATURE_COUNT;
/// Neurons of the first hidden layer.
pub(super) const FIRST: usize = NET_WIDTHS[1];
/// Neurons of the second hidden layer.
pub(super) const SECOND: usize = NET_WIDTHS[2];

/// Numbers that begin on a cache line, so that no vector crosses two lines.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(super) struct Aligned<T>(pub(super) T);

/// A layer with `group` neurons side by side. Each group holds its biases, then for each input one weight of each
/// neuron. `N` is neurons × (inputs + 1).
pub(super) type Grouped<const N: usize> = Aligned<[f32; N]>;

/// The number of weights and biases of the first layer.
pub(super) const FIRST_NUMBERS: usize = FIRST * (INPUTS + 1);
/// The number of weights and biases of the second layer.
pub(super) const SECOND_NUMBERS: usize = SECOND * (FIRST + 1);

/// The packed net.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    /// The first layer for blocks of pairs: a few neurons side by side.
    pub(super) first: Grouped<FIRST_NUMBERS>,
    pub(super) second: Grouped<SECOND_NUMBERS>,
    /// The first layer for a single pair: all neurons side by side.
    pub(super) first_by_input: Grouped<FIRST_NUMBERS>,
    pub(super) second_by_input: Grouped<SECOND_NUMBERS>,
    /// Biases of the heads.
    pub(super) head_biases: [f32; HEAD_COUNT],
    /// For each neuron of the second layer, its weight in each head.
    pub(super) head_weights: [[f32; HEAD_COUNT]; SECOND],
}

impl Weights {
    /// Packs a net with `group` neurons of the second layer side by side.
    ///
    /// # Errors
    /// [`ModelError::LayerCount`] or [`ModelError::LayerSize`] for a shape other than [`NET_WIDTHS`].
    pub(super) fn pack(parts: &ModelParts, group: usize) -> Result<Self, ModelError> {
        let [first, second, heads] = parts.layers.as_slice() else {
            return Err(ModelError::LayerCount { most: NET_WIDTHS.len() - 1, got: parts.layers.len() });
        };
        for (place, Layer { weights, biases }) in parts.layers.iter().enumerate() {
            let (inputs, outputs) = (NET_WIDTHS[place], NET_WIDTHS[place + 1]);
            if weights.len() != inputs * outputs || biases.len() != outputs {
                return Err(ModelError::LayerSize { layer: place + 1, inputs, outputs });
            }
        }
        Ok(Self {
            first: grouped(first, INPUTS, FIRST_NEURONS),
            second: grouped(second, FIRST, group),
            first_by_input: grouped(first, INPUTS, FIRST),
            second_by_input: grouped(second, FIRST, SECOND),
            head_biases: std::array::from_fn(|head| heads.biases[head]),
            head_weights: std::array::from_fn(|neuron| {
                std::array::from_fn(|head| heads.weights[head * SECOND + neuron])
            }),
        })
    }
}

/// Regroups one layer of checked size. Its weights are one row of inputs per neuron.
fn grouped<const N: usize>(Layer { weights, biases }: &Layer, inputs: usize, group: usize) -> Grouped<N> {
    let mut numbers = [0.0; N];
    for (neuron, bias) in biases.iter().enumerate() {
        let (start, place) = (neuron / group * group * (inputs + 1), neuron % group);
        numbers[start + place] = *bias;
        for input in 0..inputs {
            numbers[start + (input + 1) * group + place] = weights[neuron * inputs + input];
        }
    }
    Aligned(numbers)
}
