//! Evaluates a model that compares bids.

use matching::{AwardModel, ScoreError};
use serde::Serialize;

use super::metrics::{auc, log_loss};
use crate::data::{Contests, Split};

/// How well a model separates the hired bids from the others. [`Metrics`](crate::Metrics) defines the measures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AwardMetrics {
    /// Projects that were judged.
    pub projects: usize,
    /// Their bids.
    pub bids: usize,
    /// Area under the ROC curve over all bids of all projects.
    pub auc: f64,
    /// Share of the projects whose most probable bid was hired; bids with equal probabilities share the credit.
    pub precision_1: f64,
    /// Mean −ln(probability of the outcome) over all bids of all projects.
    pub log_loss: f64,
}

impl std::fmt::Display for AwardMetrics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { projects, bids, auc, precision_1, log_loss } = self;
        write!(formatter, "{projects} projects, {bids} bids: ")?;
        write!(formatter, "AUC {auc:.4}, P@1 {precision_1:.4}, log loss {log_loss:.4}")
    }
}

impl Contests {
    /// Evaluates the model on one part of the time; `None` without projects.
    ///
    /// # Errors
    /// [`ScoreError`] for a project without bids, which `Contests` never holds.
    pub fn judge(&self, model: &AwardModel, split: Split) -> Result<Option<AwardMetrics>, ScoreError> {
        let (mut all, mut right, mut projects) = (Vec::new(), 0.0, 0);
        for contest in self.of_split(split) {
            let awards = model.compare(&self.bids[contest.rows.clone()])?;
            let is_hired = self.is_hired[contest.rows.clone()].iter().copied();
            let bids: Vec<(f32, bool)> = awards.iter().map(|award| award.probability).zip(is_hired).collect();
            let greatest = bids.iter().map(|&(probability, _)| probability).fold(0.0, f32::max);
            let best = || bids.iter().filter(|&&(probability, _)| probability == greatest);
            right += best().filter(|(_, is_hired)| *is_hired).count() as f64 / best().count() as f64;
            projects += 1;
            all.extend(bids.into_iter().map(|(probability, is_hired)| (log_odds(probability), is_hired)));
        }
        let Some(auc) = auc(&mut all) else { return Ok(None) };
        Ok(Some(AwardMetrics {
            projects,
            bids: all.len(),
            auc,
            precision_1: right / f64::from(projects as u32),
            log_loss: log_loss(&all),
        }))
    }
}

/// ln(p / (1 − p)) of a probability that is clamped to exclude 0 and 1.
fn log_odds(probability: f32) -> f32 {
    let probability = f64::from(probability).clamp(f64::from(f32::EPSILON), 1.0 - f64::from(f32::EPSILON));
    (probability / (1.0 - probability)).ln() as f32
}
