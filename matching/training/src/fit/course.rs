//! Fits the net to the decisions with AdamW and keeps the moving average of its weights. Afterwards the validation
//! questions calibrate its two log-odds.

use candle_core::{Device, Tensor};
use candle_nn::{AdamW, Optimizer as _, ParamsAdamW};
use serde::Serialize;

use super::batch::{Batch, Drawing};
use super::calibration::calibrated;
use super::loss::{Weights, loss};
use super::net::{Average, Net};
use crate::Random;
use crate::data::Split;
use crate::data::{Pairs, Query};
use crate::judge::{AnswerError, Answers, Metrics, Side, judge};
use matching::{
    FEATURE_COUNT, Feature, Features, INPUT_LIMIT, Model, ModelError, ModelParts, ScoreError, Standardization, forward,
};

/// The settings of a fit. [`Plan::default()`] made the shipped weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plan {
    /// Seeds the first weights, the order of questions and every other draw.
    pub seed: u64,
    /// Passes over the training questions.
    pub epochs: usize,
    /// Questions per step.
    pub batch_questions: usize,
    /// The initial learning rate of AdamW; it falls to a tenth along a cosine.
    pub learning_rate: f64,
    /// The weight decay of AdamW.
    pub weight_decay: f64,
    /// The share of a question's irrelevant candidates that each pass draws.
    pub negative_share: f64,
    /// The weight of the ranking loss. Zero by default: calibrated probabilities rank as well (`--example ablation`).
    pub ranking_weight: f64,
    /// The weight of the loss of interest.
    pub interest_weight: f64,
    /// The weight of the loss of choice.
    pub choice_weight: f64,
    /// The weight of a question that is repeated with features hidden: without any history, with random features
    /// missing, or with newcomers among the candidates.
    pub hidden_weight: f64,
    /// Strangers per candidate. A stranger is a real freelancer paired with a project of another trade, which they do
    /// not take. A site about one topic has no such pairs, but a market has many.
    pub strangers: f64,
    /// Whether to bind the weights, so that no output falls as a feature gets [better](Feature::better).
    pub monotone: bool,
    /// The decay of the moving average of the weights per step. The averaged weights are kept.
    pub averaging: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            epochs: 12,
            batch_questions: 16,
            learning_rate: 4e-3,
            weight_decay: 1e-2,
            negative_share: 0.3,
            ranking_weight: 0.0,
            interest_weight: 1.0,
            choice_weight: 1.0,
            hidden_weight: 0.3,
            strangers: 0.5,
            monotone: true,
            averaging: 0.99,
        }
    }
}

/// One pass over the training questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// 1 for the first.
    pub number: usize,
    /// Mean loss of its steps, on the questions as they were drawn.
    pub training_loss: f64,
    /// The averaged weights on the validation questions.
    pub validation: Metrics,
}

/// A fitted net.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The weights.
    pub parts: ModelParts,
    /// All epochs, in order.
    pub epochs: Vec<Epoch>,
}

/// Why a fit failed.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The training or the validation questions have no relevant, or no irrelevant, candidate.
    #[error("the {0} projects cannot be learned from: some candidates must have proposed, and others must not have")]
    NothingToLearn(&'static str),
    /// The steps ran out before the loss stopped falling.
    #[error("the loss still falls after {steps} steps")]
    Unsettled {
        /// Steps that were made.
        steps: usize,
    },
    /// The net could not be built.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The net could not be evaluated.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// The net could not be judged.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The tensor library refused.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// Fits a net to the training questions of `pairs` and calls `progress` after every epoch.
///
/// # Errors
/// [`FitError::NothingToLearn`] when a part has no decisions; otherwise errors of the tensor library.
pub fn fit(pairs: &Pairs, plan: &Plan, mut progress: impl FnMut(&Epoch)) -> Result<Fitted, FitError> {
    let mut epochs = Vec::new();
    let parts = Course::new(pairs, plan)?.fit(&mut |epoch| {
        progress(epoch);
        epochs.push(*epoch);
    })?;
    Ok(Fitted { parts: calibrated(parts, pairs)?, epochs })
}

/// One fit: its data, its plan, and the constants computed from them.
struct Course<'a> {
    pairs: &'a Pairs,
    plan: &'a Plan,
    /// Training questions that somebody answered.
    queries: Vec<&'a Query>,
    standardization: Standardization,
    /// ln(p / (1 − p)) of answering, and of being accepted after answering, over all training pairs.
    base_log_odds: [f64; 2],
}

impl<'a> Course<'a> {
    fn new(pairs: &'a Pairs, plan: &'a Plan) -> Result<Self, FitError> {
        let rows: Vec<usize> = pairs.of_split(Split::Train).flat_map(|query| query.rows.clone()).collect();
        let counted = |least: u8| rows.iter().filter(|&&row| pairs.relevance[row] >= least).count() as f64;
        let (all, answered, accepted) = (counted(0), counted(1), counted(2));
        if answered == 0.0 || answered == all {
            return Err(FitError::NothingToLearn("training"));
        }
        // Half a case is added on each side, so that a market without any hire gives no certainty.
        let log_odds = |of: f64, among: f64| ((of + 0.5) / (among - of + 0.5)).ln();
        Ok(Self {
            pairs,
            plan,
            queries: pairs
                .of_split(Split::Train)
                .filter(|query| pairs.relevance[query.rows.clone()].iter().any(|&relevance| relevance > 0))
                .collect(),
            standardization: standardization_of(rows.iter().map(|&row| &pairs.features[row])),
            base_log_odds: [log_odds(answered, all), log_odds(accepted, answered)],
        })
    }

    fn fit(&self, progress: &mut dyn FnMut(&Epoch)) -> Result<ModelParts, FitError> {
        let plan = self.plan;
        let mut random = Random::new(plan.seed);
        let net = Net::new(&mut random, self.base_log_odds)?;
        if plan.monotone {
            net.bind()?;
        }
        let mut optimizer = AdamW::new(
            net.variables(),
            ParamsAdamW { lr: plan.learning_rate, weight_decay: plan.weight_decay, ..ParamsAdamW::default() },
        )?;
        let mut average = Average::of(&net)?;
        let mut queries = self.queries.clone();
        let steps_in_all = plan.epochs * queries.len().div_ceil(plan.batch_questions);
        let mut steps = 0;
        for epoch in 1..=plan.epochs {
            random.shuffle(&mut queries);
            let (mut loss_sum, steps_before) = (0.0, steps);
            for batch in queries.chunks(plan.batch_questions) {
                optimizer.set_learning_rate(plan.learning_rate * pace(steps, steps_in_all));
                loss_sum += self.step(&net, &mut optimizer, batch, &mut random)?;
                average.take(&net, plan.averaging)?;
                steps += 1;
            }
            let validation = self.validate(&average.parts(&self.standardization, self.pairs))?;
            let training_loss = loss_sum / f64::from(u32::try_from(steps - steps_before).unwrap_or(u32::MAX));
            progress(&Epoch { number: epoch, training_loss, validation });
        }
        Ok(average.parts(&self.standardization, self.pairs))
    }

    /// Takes one step on a few questions and returns the loss before it.
    fn step(&self, net: &Net, optimizer: &mut AdamW, queries: &[&Query], random: &mut Random) -> Result<f64, FitError> {
        let plan = self.plan;
        let drawing = Drawing {
            negative_share: plan.negative_share,
            strangers: plan.strangers,
            hidden_weight: plan.hidden_weight,
        };
        let batch = Batch::draw(self.pairs, queries, &drawing, random);
        let input: Vec<f32> = batch.features.iter().flat_map(|row| self.standardization.apply(row)).collect();
        let input = Tensor::from_vec(input, (batch.features.len(), FEATURE_COUNT), &Device::Cpu)?;
        let weights =
            Weights { ranking: plan.ranking_weight, interest: plan.interest_weight, choice: plan.choice_weight };
        let log_odds = forward(&net.layers(), &input)?; // rows × 2
        let (value, gradient) = loss(&pairs_of(&log_odds)?, &batch.wanted, &batch.groups, &weights);
        // The gradient of this product by the log-odds is `gradient`, so backpropagation gives the gradient of the
        // loss.
        let gradient: Vec<f32> = gradient.iter().flatten().map(|&value| value as f32).collect();
        let gradient = Tensor::from_vec(gradient, (batch.features.len(), 2), &Device::Cpu)?;
        optimizer.backward_step(&(log_odds * gradient)?.sum_all()?)?;
        if plan.monotone {
            net.bind()?;
        }
        Ok(value)
    }

    fn validate(&self, parts: &ModelParts) -> Result<Metrics, FitError> {
        let model = Model::new(parts.clone())?;
        let questions = || self.pairs.of_split(Split::Validation);
        let answers = Answers::of(&model, self.pairs, questions())?;
        judge(self.pairs, questions(), Side::Match, answers.about(Side::Match), self.plan.seed)
            .ok_or(FitError::NothingToLearn("validation"))
    }
}

/// The factor of the learning rate: a linear warm-up, then a cosine from 1 to 0.1.
fn pace(done: usize, all: usize) -> f64 {
    const WARM_UP_STEPS: f64 = 30.0;
    let share = done as f64 / all as f64;
    (0.55 + 0.45 * (std::f64::consts::PI * share).cos()) * ((done as f64 + 1.0) / WARM_UP_STEPS).min(1.0)
}

/// The tensor of rows × 2 as plain numbers.
fn pairs_of(log_odds: &Tensor) -> candle_core::Result<Vec<[f64; 2]>> {
    let numbers = log_odds.flatten_all()?.to_vec1::<f32>()?;
    let (pairs, _) = numbers.as_chunks::<2>();
    Ok(pairs.iter().map(|pair| pair.map(f64::from)).collect())
}

/// Features with a natural maximum that somebody may well reach: shares and stars.
const HAVE_AN_END: [Feature; 4] = [Feature::SkillOverlap, Feature::TextSimilarity, Feature::Rating, Feature::HireRate];

/// The mean and standard deviation of each feature where it is known. A missing feature takes the mean.
///
/// The net clips its inputs. For a feature with a natural maximum the deviation is large enough that the maximum is
/// not clipped: on a site about one topic nobody is as similar to a question as a profile written for it. Counts may
/// be clipped: twenty times the usual activity is as good as more.
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
        let deviation = if variance > 1e-12 { variance.sqrt() } else { 1.0 };
        let (_, most) = Feature::ALL[i].range();
        let reaches_end = (f64::from(most) - mean[i]) / f64::from(INPUT_LIMIT);
        if HAVE_AN_END.contains(&Feature::ALL[i]) { deviation.max(reaches_end) as f32 } else { deviation as f32 }
    });
    let mean = mean.map(|mean| mean as f32);
    Standardization { mean, deviation, missing: mean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_maxima_are_not_clipped_and_counts_are() {
        let row = |share: f32| Features::from_slice(&Feature::ALL.map(|feature| feature.range().1 * share)).unwrap();
        let rows = [row(0.01), row(0.02), row(0.03)];
        let input = standardization_of(rows.iter()).apply(&row(1.0));
        let nearly = standardization_of(rows.iter()).apply(&row(0.98));
        for feature in Feature::ALL {
            let i = feature as usize;
            assert_eq!(nearly[i] < input[i], HAVE_AN_END.contains(&feature), "{feature:?}: {nearly:?}, {input:?}");
        }
    }
}
