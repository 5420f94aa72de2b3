//! Keeps both answers of the net from falling with a [rising](Feature::is_rising) feature, by the signs of its weights.
//!
//! The training pairs alone would not: those who answered one question fit its like perfectly, and teach that fitting
//! perfectly is a bad sign. Where there are no training pairs, anything may happen.
//!
//! Every neuron has a [`Trend`]: as the rising features rise it rises, it falls, or it does not know of them. A weight from
//! one neuron to the next is then bound to keep the trend of the next, and both answers rise. Neurons of either trend make
//! the answers bend both ways, and those that know nothing of the rising features leave the other features as free as in any
//! net (Daniels, Velikova 2010, *Monotone and partially monotone neural networks*; Runje, Shankaranarayana 2023, *Constrained
//! monotonic neural networks*).
//!
//! A bound is kept by projection after each step. In f32 nothing is lost: a sum of products is rounded, and rounding keeps the
//! order.

use crate::features::{FEATURE_COUNT, Feature};
use crate::model::{LAYER_COUNT, WIDTHS};

/// Of the first layer's neurons, one in so many knows nothing of the rising features.
const BLIND_ONE_IN: usize = 8;

/// Where a neuron, an input or an answer goes as the rising features rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trend {
    Rises,
    Falls,
    /// It does not depend on them.
    Blind,
}

/// What a weight may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Free,
    AtLeastZero,
    AtMostZero,
    Zero,
}

impl Bound {
    /// Of a weight from one neuron to another.
    fn between(from: Trend, to: Trend) -> Self {
        match (from, to) {
            (Trend::Blind, _) => Self::Free,
            (_, Trend::Blind) => Self::Zero,
            (from, to) if from == to => Self::AtLeastZero,
            _ => Self::AtMostZero,
        }
    }

    fn nearest(self, weight: f32) -> f32 {
        match self {
            Self::Free => weight,
            Self::AtLeastZero => weight.max(0.0),
            Self::AtMostZero => weight.min(0.0),
            Self::Zero => 0.0,
        }
    }
}

/// The trend of a neuron: of layer 0, the inputs, to [`LAYER_COUNT`], the answers.
fn trend(layer: usize, place: usize) -> Trend {
    match layer {
        0 if Feature::ALL[place].is_rising() => Trend::Rises,
        0 => Trend::Blind,
        LAYER_COUNT => Trend::Rises,
        1 if place.is_multiple_of(BLIND_ONE_IN) => Trend::Blind,
        // The others, in turn: by halves of the layer, so that it does not matter which of them are blind.
        _ if place < WIDTHS[layer] / 2 => Trend::Rises,
        _ => Trend::Falls,
    }
}

/// The nearest weights of a layer (one row of inputs per neuron) that are within their bounds; layers are counted from 0.
pub(super) fn project(layer: usize, weights: &mut [f32]) {
    const { assert!(WIDTHS[0] == FEATURE_COUNT) };
    for (neuron, row) in weights.chunks_mut(WIDTHS[layer]).enumerate() {
        for (input, weight) in row.iter_mut().enumerate() {
            *weight = Bound::between(trend(layer, input), trend(layer + 1, neuron)).nearest(*weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    /// A net of random weights within the bounds, in f64.
    fn answers(layers: &[Vec<f32>; LAYER_COUNT], input: &[f64]) -> Vec<f64> {
        let mut values = input.to_vec();
        for (layer, weights) in layers.iter().enumerate() {
            let sum = |row: &[f32]| row.iter().zip(&values).map(|(&weight, value)| f64::from(weight) * value).sum();
            let sums: Vec<f64> = weights.chunks(WIDTHS[layer]).map(sum).collect();
            let is_last = layer + 1 == LAYER_COUNT;
            values = sums.into_iter().map(|sum| if is_last { sum } else { sum.max(0.0) }).collect();
        }
        values
    }

    #[test]
    fn weights_within_their_bounds_never_fall_and_bend_both_ways() {
        let mut random = Random::new(11);
        let (mut convex, mut concave, mut falling_with_others) = (0, 0, 0);
        for _ in 0..200 {
            let layers: [Vec<f32>; LAYER_COUNT] = std::array::from_fn(|layer| {
                let count = WIDTHS[layer] * WIDTHS[layer + 1];
                let mut weights: Vec<f32> = (0..count).map(|_| random.uniform() as f32 - 0.5).collect();
                project(layer, &mut weights);
                weights
            });
            let input: Vec<f64> = (0..FEATURE_COUNT).map(|_| random.uniform() * 6.0 - 3.0).collect();
            for feature in Feature::ALL {
                let raised = |by: f64| {
                    let mut input = input.clone();
                    input[feature as usize] += by;
                    answers(&layers, &input)
                };
                let [low, middle, high] = [0.0, 1.0, 2.0].map(raised);
                for head in 0..low.len() {
                    let (first, second) = (middle[head] - low[head], high[head] - middle[head]);
                    if feature.is_rising() {
                        assert!(first >= -1e-12 && second >= -1e-12, "{feature:?}: {first}, {second}");
                        convex += usize::from(second > first + 1e-3);
                        concave += usize::from(second < first - 1e-3);
                    } else {
                        falling_with_others += usize::from(first < -1e-3);
                    }
                }
            }
        }
        assert!(convex > 100 && concave > 100 && falling_with_others > 100, "{convex}, {concave}, {falling_with_others}");
    }

    #[test]
    fn what_is_within_its_bounds_stays() {
        let mut random = Random::new(2);
        for layer in 0..LAYER_COUNT {
            let count = WIDTHS[layer] * WIDTHS[layer + 1];
            let mut once: Vec<f32> = (0..count).map(|_| random.uniform() as f32 - 0.5).collect();
            project(layer, &mut once);
            let mut twice = once.clone();
            project(layer, &mut twice);
            assert_eq!(once, twice);
            assert!(once.iter().any(|&weight| weight < 0.0) && once.iter().any(|&weight| weight > 0.0));
        }
    }
}
