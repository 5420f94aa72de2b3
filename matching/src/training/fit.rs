//! Fits the net: AdamW on binary cross-entropy, stopped by the validation questions.

use candle_core::{Device, Tensor, Var};
use candle_nn::{AdamW, Linear, Optimizer as _, ParamsAdamW};
use serde::Serialize;

use super::metrics::{Metrics, judge};
use super::pairs::{Pairs, Query, Split};
use super::random::Random;
use crate::error::{ModelError, ScoreError};
use crate::features::{FEATURE_COUNT, Feature, Features};
use crate::model::{INPUT_LIMIT, LAYER_COUNT, Model, ModelParts, Standardization, WIDTHS};
use crate::reference::forward_heads;

/// How to fit. [`Plan::default()`] is what the shipped weights were made with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plan {
    /// Decides the first weights, the order of rows and every other chance.
    pub seed: u64,
    /// Most passes over the training pairs.
    pub epochs: usize,
    /// Passes without a better validation NDCG@10 before stopping.
    pub patience: usize,
    /// Rows per step.
    pub batch_rows: usize,
    /// AdamW's step size at the start; it falls to a tenth along a cosine.
    pub learning_rate: f64,
    /// AdamW's pull towards zero.
    pub weight_decay: f64,
    /// Share of the irrelevant pairs seen per pass. Almost no freelancer answers any one question; the log-odds are
    /// corrected for it afterwards.
    pub negative_share: f64,
    /// Share of rows whose history is hidden, wholly or in parts, so that the net also learns to rank those of whom
    /// only a profile is known.
    pub history_dropout: f64,
    /// Rows of strangers per drawn row: a real freelancer before a project of another trade, who does not take it. A site
    /// about one topic holds no such pair, a market is full of them.
    pub strangers: f64,
    /// How strongly the net is held to scoring more skill overlap and more text similarity no lower.
    pub monotony: f64,
    /// Per step, how much of the averaged weights stays. The averaged weights are the ones judged and kept.
    pub averaging: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            epochs: 40,
            patience: 12,
            batch_rows: 256,
            learning_rate: 1e-3,
            weight_decay: 1e-2,
            negative_share: 0.3,
            history_dropout: 0.5,
            strangers: 0.2,
            monotony: 1.0,
            averaging: 0.998,
        }
    }
}

/// One pass over the training pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// 1 for the first.
    pub number: usize,
    /// Mean loss of its steps, on the pairs as they were drawn.
    pub training_loss: f64,
    /// The averaged weights on the validation questions.
    pub validation: Metrics,
}

/// A fitted net.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The weights of the best epoch.
    pub parts: ModelParts,
    /// Which one that was.
    pub best_epoch: usize,
    /// All epochs, in order.
    pub epochs: Vec<Epoch>,
}

/// Why nothing was fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The training or the validation questions have no relevant, or no irrelevant, candidate.
    #[error("the {0} questions have nothing to learn from")]
    NothingToLearn(&'static str),
    /// The net could not be built.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The net could not be evaluated.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// The tensor library refused.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// Fits a net to the training questions of `pairs`; calls `progress` after every epoch.
///
/// # Errors
/// [`FitError::NothingToLearn`] when a part has no decisions; otherwise what the tensor library refuses.
pub fn fit(pairs: &Pairs, plan: &Plan, mut progress: impl FnMut(&Epoch)) -> Result<Fitted, FitError> {
    let rows: Vec<usize> = pairs.of_split(Split::Train).flat_map(|query| query.rows.clone()).collect();
    let relevant = rows.iter().filter(|&&row| pairs.relevance[row] > 0).count();
    if relevant == 0 || relevant == rows.len() {
        return Err(FitError::NothingToLearn("training"));
    }
    let standardization = standardization_of(rows.iter().map(|&row| &pairs.features[row]));
    let mut random = Random::new(plan.seed);
    let net = Net::new(&mut random, (relevant as f64 / (rows.len() as f64 * plan.negative_share)).ln())?;
    let mut optimizer = AdamW::new(
        net.variables(),
        ParamsAdamW { lr: plan.learning_rate, weight_decay: plan.weight_decay, ..ParamsAdamW::default() },
    )?;
    let mut average = Average::of(&net)?;

    let mut epochs: Vec<Epoch> = Vec::new();
    let mut best: Option<(Epoch, ModelParts)> = None;
    for number in 1..=plan.epochs {
        optimizer.set_learning_rate(plan.learning_rate * cosine(number - 1, plan.epochs));
        let mut drawn: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|&row| pairs.relevance[row] > 0 || random.chance(plan.negative_share))
            .collect();
        random.shuffle(&mut drawn);
        let (mut loss_sum, mut steps) = (0.0, 0);
        for batch in drawn.chunks(plan.batch_rows) {
            let (input, target) = batch_of(pairs, batch, &standardization, plan, &mut random)?;
            let layers = net.layers();
            let mut loss = binary_cross_entropy(&forward(&layers, &input)?, &target)?;
            if plan.monotony > 0.0 {
                loss = (loss + (falling(&layers, &input, &standardization, &mut random)? * plan.monotony)?)?;
            }
            optimizer.backward_step(&loss)?;
            average.take(&net, plan.averaging)?;
            loss_sum += f64::from(loss.to_scalar::<f32>()?);
            steps += 1;
        }
        let parts = average.parts(&standardization, plan.negative_share);
        let model = Model::new(parts.clone())?;
        let log_odds = log_odds_of(&model, pairs, pairs.of_split(Split::Validation))?;
        let validation = judge(pairs, pairs.of_split(Split::Validation), &log_odds, plan.seed)
            .ok_or(FitError::NothingToLearn("validation"))?;
        let epoch = Epoch { number, training_loss: loss_sum / f64::from(steps), validation };
        progress(&epoch);
        epochs.push(epoch);
        let is_best = best.as_ref().is_none_or(|(best, _)| validation.ndcg_10 > best.validation.ndcg_10);
        if is_best {
            best = Some((epoch, parts));
        } else if best.as_ref().is_some_and(|(best, _)| number - best.number >= plan.patience) {
            break;
        }
    }
    let (best, parts) = best.ok_or(FitError::NothingToLearn("training"))?;
    Ok(Fitted { parts, best_epoch: best.number, epochs })
}

/// The model's log-odds at the rows of some questions; 0 at the others.
///
/// # Errors
/// What the tensor library refuses.
pub fn log_odds_of<'a>(
    model: &Model,
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
) -> Result<Vec<f32>, ScoreError> {
    let mut log_odds = vec![0.0; pairs.features.len()];
    for query in queries.into_iter().filter(|query| !query.rows.is_empty()) {
        log_odds[query.rows.clone()].copy_from_slice(&model.log_odds(&pairs.features[query.rows.clone()])?);
    }
    Ok(log_odds)
}

/// Input (rows × 10) → log-odds (rows).
fn forward(layers: &[Linear; LAYER_COUNT], input: &Tensor) -> candle_core::Result<Tensor> {
    forward_heads(layers, input)?.squeeze(1)
}

/// From 1 at the start to 0.1 at the end.
fn cosine(done: usize, all: usize) -> f64 {
    let share = done as f64 / all as f64;
    0.55 + 0.45 * (std::f64::consts::PI * share).cos()
}

/// mean(max(x, 0) − x·y + ln(1 + e^−|x|)): cross-entropy on log-odds that neither overflows nor takes the logarithm
/// of nothing.
fn binary_cross_entropy(log_odds: &Tensor, target: &Tensor) -> candle_core::Result<Tensor> {
    let softplus = (log_odds.abs()?.neg()?.exp()? + 1.0)?.log()?;
    ((log_odds.relu()? - (log_odds * target)?)? + softplus)?.mean_all()
}

/// Features of which more must never score less, whatever the training pairs say: those who answered one question fit
/// its like perfectly, and would teach that fitting perfectly is a bad sign.
const RISING: [Feature; 2] = [Feature::SkillOverlap, Feature::TextSimilarity];

/// Mean log-odds lost by raising the [`RISING`] features of a batch at random: zero for a net that never falls. Half
/// of the rows start from any value, so that it also holds where no training pair is.
fn falling(
    layers: &[Linear; LAYER_COUNT],
    input: &Tensor,
    standardization: &Standardization,
    random: &mut Random,
) -> candle_core::Result<Tensor> {
    let mut lower = input.flatten_all()?.to_vec1::<f32>()?;
    let mut higher = lower.clone();
    for (lower, higher) in lower.chunks_mut(FEATURE_COUNT).zip(higher.chunks_mut(FEATURE_COUNT)) {
        let starts_anywhere = random.chance(0.5);
        for feature in RISING {
            let i = feature as usize;
            let (least, most) = feature.range();
            let [least, most] =
                [least, most].map(|value| (value - standardization.mean[i]) / standardization.deviation[i]);
            if starts_anywhere {
                lower[i] = least + (most - least) * random.uniform() as f32;
            }
            let share = random.uniform() * f64::from(u8::from(random.chance(0.7)));
            higher[i] = (lower[i] + (most - lower[i]) * share as f32).min(INPUT_LIMIT);
            lower[i] = lower[i].min(INPUT_LIMIT);
        }
    }
    let shape = input.shape();
    let lower = forward(layers, &Tensor::from_vec(lower, shape, &Device::Cpu)?)?;
    let higher = forward(layers, &Tensor::from_vec(higher, shape, &Device::Cpu)?)?;
    (lower - higher)?.relu()?.mean_all()
}

/// Input (rows × 10) and target (rows) of a batch.
fn batch_of(
    pairs: &Pairs,
    batch: &[usize],
    standardization: &Standardization,
    plan: &Plan,
    random: &mut Random,
) -> candle_core::Result<(Tensor, Tensor)> {
    let mut input = Vec::with_capacity(2 * batch.len() * FEATURE_COUNT);
    let mut target = Vec::with_capacity(2 * batch.len());
    for &row in batch {
        let features = hide_history(pairs.features[row], plan.history_dropout, random);
        input.extend(standardization.apply(&features));
        target.push(f32::from(pairs.relevance[row].min(1)));
        if random.chance(plan.strangers) {
            let stranger = hide_history(of_another_trade(pairs.features[row], random), plan.history_dropout, random);
            input.extend(standardization.apply(&stranger));
            target.push(0.0);
        }
    }
    let rows = target.len();
    let input = Tensor::from_vec(input, (rows, FEATURE_COUNT), &Device::Cpu)?;
    let target = Tensor::from_vec(target, rows, &Device::Cpu)?;
    Ok((input, target))
}

/// Most text similarity between people and projects of different trades: function words and small talk.
const STRANGE_SIMILARITY: f64 = 0.08;

/// The same freelancer before a project of another trade: no wanted skill, no job with one, hardly a word in common.
fn of_another_trade(features: Features, random: &mut Random) -> Features {
    let similarity = STRANGE_SIMILARITY * random.uniform();
    let mut values = features.values();
    for (feature, value) in
        [(Feature::SkillOverlap, 0.0), (Feature::SkillExperience, 0.0), (Feature::TextSimilarity, similarity as f32)]
    {
        // What is not known of this freelancer stays unknown.
        values[feature as usize] = values[feature as usize].map(|_| value);
    }
    Features::new(values).unwrap_or(features)
}

/// Hides nothing, or (with `probability`) all history, or every second feature of it: a newcomer, or somebody whose
/// past is known in parts.
fn hide_history(mut features: Features, probability: f64, random: &mut Random) -> Features {
    if !random.chance(probability) {
        return features;
    }
    let hides_all = random.chance(0.75);
    for feature in Feature::ALL.into_iter().filter(|feature| feature.is_history()) {
        if hides_all || random.chance(0.5) {
            features = features.without(feature);
        }
    }
    features
}

/// Mean and deviation of each feature where it is known. Of what is missing, counts stand at zero (which nobody with a
/// history has, so the net can tell) and everything else at the mean.
fn standardization_of<'a>(rows: impl Iterator<Item = &'a Features>) -> Standardization {
    let mut sums = [(0.0f64, 0.0f64, 0.0f64); FEATURE_COUNT];
    for row in rows {
        for (sum, value) in sums.iter_mut().zip(row.values()) {
            if let Some(value) = value.map(f64::from) {
                *sum = (sum.0 + 1.0, sum.1 + value, sum.2 + value * value);
            }
        }
    }
    let mean = sums.map(|(known, sum, _)| sum / known.max(1.0));
    let deviation = std::array::from_fn(|i| {
        let (known, _, squares) = sums[i];
        let variance = squares / known.max(1.0) - mean[i] * mean[i];
        if variance > 1e-12 { variance.sqrt() as f32 } else { 1.0 }
    });
    let missing = Feature::ALL.map(|feature| match feature {
        Feature::SkillExperience | Feature::CompletedJobs | Feature::Experience => 0.0,
        _ => mean[feature as usize] as f32,
    });
    Standardization { mean: mean.map(|mean| mean as f32), deviation, missing }
}

/// The trained variables: weight and bias per layer.
struct Net([(Var, Var); LAYER_COUNT]);

impl Net {
    /// Weights uniform in ± √(6 / inputs) (He et al. 2015, for relu), biases zero, but the last, which starts at the
    /// log-odds of a relevant pair.
    fn new(random: &mut Random, base_log_odds: f64) -> candle_core::Result<Self> {
        let mut layer = |index: usize| -> candle_core::Result<(Var, Var)> {
            let (inputs, outputs) = (WIDTHS[index], WIDTHS[index + 1]);
            let limit = (6.0 / inputs as f64).sqrt();
            let weights: Vec<f32> =
                (0..inputs * outputs).map(|_| ((random.uniform() * 2.0 - 1.0) * limit) as f32).collect();
            let bias = if index + 1 == LAYER_COUNT { base_log_odds as f32 } else { 0.0 };
            Ok((
                Var::from_vec(weights, (outputs, inputs), &Device::Cpu)?,
                Var::from_vec(vec![bias; outputs], outputs, &Device::Cpu)?,
            ))
        };
        Ok(Self([layer(0)?, layer(1)?, layer(2)?]))
    }

    fn variables(&self) -> Vec<Var> {
        self.0.iter().flat_map(|(weight, bias)| [weight.clone(), bias.clone()]).collect()
    }

    fn layers(&self) -> [Linear; LAYER_COUNT] {
        self.0.each_ref().map(|(weight, bias)| Linear::new(weight.as_tensor().clone(), Some(bias.as_tensor().clone())))
    }

    fn numbers(&self) -> candle_core::Result<Vec<Vec<f32>>> {
        self.variables().iter().map(|variable| variable.flatten_all()?.to_vec1()).collect()
    }
}

/// An exponential moving average of the weights (Polyak, Juditsky 1992): less noise than any single step's.
struct Average {
    numbers: Vec<Vec<f32>>,
    steps: f64,
}

impl Average {
    fn of(net: &Net) -> candle_core::Result<Self> {
        Ok(Self { numbers: net.numbers()?, steps: 0.0 })
    }

    /// Early on the average is over fewer steps than `stay` would allow, or it would remember the first weights.
    fn take(&mut self, net: &Net, stay: f64) -> candle_core::Result<()> {
        self.steps += 1.0;
        let stay = stay.min(self.steps / (self.steps + 10.0)) as f32;
        for (average, current) in self.numbers.iter_mut().zip(net.numbers()?) {
            for (average, current) in average.iter_mut().zip(current) {
                *average = *average * stay + current * (1.0 - stay);
            }
        }
        Ok(())
    }

    /// The averaged net. Having seen only a share of the irrelevant pairs, it overrates everybody's odds by that
    /// factor: the last bias takes it back (King, Zeng 2001).
    fn parts(&self, standardization: &Standardization, negative_share: f64) -> ModelParts {
        let mut layers: [(Vec<f32>, Vec<f32>); LAYER_COUNT] =
            std::array::from_fn(|layer| (self.numbers[2 * layer].clone(), self.numbers[2 * layer + 1].clone()));
        for bias in &mut layers[LAYER_COUNT - 1].1 {
            *bias += negative_share.ln() as f32;
        }
        ModelParts { standardization: standardization.clone(), layers }
    }
}
