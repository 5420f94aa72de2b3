//! Makes the net monotone: neither output falls as a feature gets [better](Feature::better). It binds the signs of
//! the weights.
//!
//! Training pairs alone do not ensure this. Past answerers fit a question perfectly, so the net could learn that a
//! perfect fit is a bad sign. Where there are no training pairs, anything could happen. No user would believe an
//! explanation in which a good rating counts against somebody. The bounds also improve the ranking of later questions
//! (`--example ablation`).
//!
//! Every neuron has a [`Trend`]: it rises as features get better, it falls, or it is blind to them. The weights that
//! lead to a neuron are bound to keep its trend, and both outputs rise. Neurons of either trend let the outputs bend
//! both ways. Blind neurons leave the other features as free as in any net (Daniels, Velikova 2010, *Monotone and
//! partially monotone neural networks*; Runje, Shankaranarayana 2023, *Constrained monotonic neural networks*).
//!
//! A projection after each step enforces the bounds. They also hold in f32: rounding keeps the order of sums and
//! products.

use matching::{Better, Feature, NET_WIDTHS as WIDTHS};

/// Layers of neurons.
pub(super) const LAYER_COUNT: usize = WIDTHS.len() - 1;

/// One in this many neurons of the first layer is blind to the bound features.
const BLIND_ONE_IN: usize = 8;

/// The direction in which a neuron, an input or an output moves as a feature gets better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trend {
    Rises,
    Falls,
    /// It depends on no bound feature.
    Blind,
}

/// The values that a weight may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Free,
    AtLeastZero,
    AtMostZero,
    Zero,
}

impl Bound {
    /// The bound of a weight from one neuron to another.
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

/// The trend of a neuron. Layer 0 is the inputs and [`LAYER_COUNT`] the outputs.
fn trend(layer: usize, place: usize) -> Trend {
    match layer {
        0 => match Feature::ALL[place].better() {
            Some(Better::More) => Trend::Rises,
            Some(Better::Less) => Trend::Falls,
            None => Trend::Blind,
        },
        LAYER_COUNT => Trend::Rises,
        1 if place.is_multiple_of(BLIND_ONE_IN) => Trend::Blind,
        // The first half of a layer rises, and the second half falls.
        _ if place < WIDTHS[layer] / 2 => Trend::Rises,
        _ => Trend::Falls,
    }
}

/// Projects the weights of one layer (one row of inputs per neuron) onto their bounds. Layers are counted from 0.
pub(super) fn project(layer: usize, weights: &mut [f32]) {
    for (neuron, row) in weights.chunks_mut(WIDTHS[layer]).enumerate() {
        for (input, weight) in row.iter_mut().enumerate() {
            *weight = Bound::between(trend(layer, input), trend(layer + 1, neuron)).nearest(*weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;
    use matching::{Layer, Model};

    /// The outputs of a net without biases, in f64.
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
    fn bound_weights_give_outputs_that_rise_and_bend_both_ways() {
        let mut random = Random::new(11);
        let (mut convex, mut concave, mut free_to_fall) = (0, 0, 0);
        for _ in 0..200 {
            let layers: [Vec<f32>; LAYER_COUNT] = std::array::from_fn(|layer| {
                let count = WIDTHS[layer] * WIDTHS[layer + 1];
                let mut weights: Vec<f32> = (0..count).map(|_| random.uniform() as f32 - 0.5).collect();
                project(layer, &mut weights);
                weights
            });
            let input: Vec<f64> = (0..WIDTHS[0]).map(|_| random.uniform() * 6.0 - 3.0).collect();
            for feature in Feature::ALL {
                let raised = |by: f64| {
                    let mut input = input.clone();
                    input[feature as usize] += by;
                    answers(&layers, &input)
                };
                let [low, middle, high] = [0.0, 1.0, 2.0].map(raised);
                for head in 0..low.len() {
                    let steps = [middle[head] - low[head], high[head] - middle[head]];
                    let risen = match feature.better() {
                        Some(Better::More) => steps,
                        Some(Better::Less) => steps.map(|step| -step),
                        None => {
                            free_to_fall += usize::from(steps[0] < -1e-3);
                            continue;
                        }
                    };
                    assert!(risen.iter().all(|&step| step >= -1e-12), "{feature:?}: {steps:?}");
                    if feature.better() == Some(Better::More) {
                        convex += usize::from(steps[1] > steps[0] + 1e-3);
                        concave += usize::from(steps[1] < steps[0] - 1e-3);
                    }
                }
            }
        }
        assert!(convex > 100 && concave > 100 && free_to_fall > 50, "{convex}, {concave}, {free_to_fall}");
    }

    #[test]
    fn the_shipped_weights_are_within_their_bounds() {
        for (layer, Layer { weights, .. }) in Model::shipped().unwrap().parts().layers.iter().enumerate() {
            let mut projected = weights.clone();
            project(layer, &mut projected);
            assert_eq!(&projected, weights, "layer {}", layer + 1);
        }
    }

    #[test]
    fn projecting_twice_changes_nothing() {
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
