//! The net during training: candle's variables and their moving average.

use candle_core::{Device, Tensor, Var};
use candle_nn::Linear;

use super::monotone;
use super::monotone::LAYER_COUNT;
use crate::Random;
use crate::data::Division;
use crate::data::Pairs;
use matching::{Layer, ModelParts, NET_WIDTHS as WIDTHS, Standardization};

/// The trained variables: weight and bias per layer.
pub(super) struct Net([(Var, Var); LAYER_COUNT]);

impl Net {
    /// Random first weights: uniform in ± √(6 / inputs) (He et al. 2015, for relu), and 0.3 of that in the last
    /// layer. Biases are zero, except the last layer's, which start at the base rates.
    pub(super) fn new(random: &mut Random, base_log_odds: [f64; 2]) -> candle_core::Result<Self> {
        let mut layer = |index: usize| -> candle_core::Result<(Var, Var)> {
            let (inputs, outputs) = (WIDTHS[index], WIDTHS[index + 1]);
            let is_last = index + 1 == LAYER_COUNT;
            let limit = (6.0 / inputs as f64).sqrt() * if is_last { 0.3 } else { 1.0 };
            let weights: Vec<f32> =
                (0..inputs * outputs).map(|_| ((random.uniform() * 2.0 - 1.0) * limit) as f32).collect();
            let biases: Vec<f32> =
                if is_last { base_log_odds.map(|value| value as f32).to_vec() } else { vec![0.0; outputs] };
            Ok((
                Var::from_vec(weights, (outputs, inputs), &Device::Cpu)?,
                Var::from_vec(biases, outputs, &Device::Cpu)?,
            ))
        };
        Ok(Self([layer(0)?, layer(1)?, layer(2)?]))
    }

    pub(super) fn variables(&self) -> Vec<Var> {
        self.0.iter().flat_map(|(weight, bias)| [weight.clone(), bias.clone()]).collect()
    }

    pub(super) fn layers(&self) -> [Linear; LAYER_COUNT] {
        self.0.each_ref().map(|(weight, bias)| Linear::new(weight.as_tensor().clone(), Some(bias.as_tensor().clone())))
    }

    /// Projects the weights onto [the bounds](monotone) that keep the net monotone.
    pub(super) fn bind(&self) -> candle_core::Result<()> {
        for (layer, (weight, _)) in self.0.iter().enumerate() {
            let mut weights = weight.flatten_all()?.to_vec1::<f32>()?;
            monotone::project(layer, &mut weights);
            weight.set(&Tensor::from_vec(weights, weight.shape(), &Device::Cpu)?)?;
        }
        Ok(())
    }

    fn numbers(&self) -> candle_core::Result<Vec<Vec<f32>>> {
        self.variables().iter().map(|variable| variable.flatten_all()?.to_vec1()).collect()
    }
}

/// An exponential moving average of the weights (Polyak, Juditsky 1992), which has less noise than the weights of one
/// step.
pub(super) struct Average {
    numbers: Vec<Vec<f32>>,
    steps: f64,
}

impl Average {
    pub(super) fn of(net: &Net) -> candle_core::Result<Self> {
        Ok(Self { numbers: net.numbers()?, steps: 0.0 })
    }

    /// Adds the current weights. Early on the decay is below `stay`, so that the average forgets the random first
    /// weights.
    pub(super) fn take(&mut self, net: &Net, stay: f64) -> candle_core::Result<()> {
        self.steps += 1.0;
        let stay = stay.min(self.steps / (self.steps + 10.0)) as f32;
        for (average, current) in self.numbers.iter_mut().zip(net.numbers()?) {
            for (average, current) in average.iter_mut().zip(current) {
                *average = *average * stay + current * (1.0 - stay);
            }
        }
        Ok(())
    }

    /// The averaged net, trained on these pairs.
    pub(super) fn parts(&self, standardization: &Standardization, pairs: &Pairs) -> ModelParts {
        let (layers, _) = self.numbers.as_chunks();
        let layer = |[weights, biases]: &[Vec<f32>; 2]| Layer { weights: weights.clone(), biases: biases.clone() };
        ModelParts {
            standardization: standardization.clone(),
            layers: layers.iter().map(layer).collect(),
            background: pairs.background().fingerprint(),
            until_now: pairs.division() == Division::UNTIL_NOW,
        }
    }
}
