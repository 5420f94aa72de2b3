//! Standard measures of ranking and calibration, over every candidate of every question.

use serde::Serialize;

use crate::Random;
use crate::data::{Pairs, Query};
use matching::{CandleNet, Features, Model, ModelError, ScoreError};

/// The rank at which NDCG and recall cut off: a first page.
pub const RELEVANT_RANKS: usize = 10;

/// The most bins of the calibration error. Bins hold equally many pairs.
const CALIBRATION_BINS: usize = 20;
/// The fewest pairs in a bin. In a smaller bin, chance decides the share of outcomes.
const CALIBRATION_PAIRS: usize = 100;

/// The question that the net answers about a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The score: will the freelancer be hired? Judged over all candidates. In the ranking, having proposed counts
    /// too.
    Match,
    /// Would the freelancer propose? Judged over all candidates.
    Interest,
    /// Would the client hire, given a bid? Judged over the candidates who proposed.
    Choice,
}

impl Side {
    /// A candidate's relevance for this side, and whether the predicted event happened; `None` for a candidate
    /// outside its scope.
    pub(super) fn outcome(self, relevance: u8) -> Option<(u8, bool)> {
        match self {
            Self::Match => Some((relevance, relevance > 1)),
            Self::Interest => Some((relevance.min(1), relevance > 0)),
            Self::Choice => relevance.checked_sub(1).map(|chosen| (chosen, chosen > 0)),
        }
    }
}

/// The log-odds that a net gives the candidates of some questions, by row of [`Pairs`]. All other rows are 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    score: Vec<f32>,
    interest: Vec<f32>,
    choice: Vec<f32>,
}

impl Answers {
    /// Evaluates the net.
    ///
    /// # Errors
    /// Errors of the tensor library.
    pub fn of<'a>(
        model: &Model,
        pairs: &Pairs,
        queries: impl IntoIterator<Item = &'a Query>,
    ) -> Result<Self, AnswerError> {
        let reference = CandleNet::new(model.parts())?;
        let nothing = vec![0.0; pairs.features.len()];
        let mut answers = Self { score: nothing.clone(), interest: nothing.clone(), choice: nothing };
        for query in queries.into_iter().filter(|query| !query.rows.is_empty()) {
            let rows: &[Features] = &pairs.features[query.rows.clone()];
            answers.score[query.rows.clone()].copy_from_slice(&model.log_odds(rows)?);
            for (row, [interest, choice]) in query.rows.clone().zip(reference.heads(rows)?) {
                answers.interest[row] = interest;
                answers.choice[row] = choice;
            }
        }
        Ok(answers)
    }

    /// The log-odds that answer one side's question.
    pub fn about(&self, side: Side) -> &[f32] {
        match side {
            Side::Match => &self.score,
            Side::Interest => &self.interest,
            Side::Choice => &self.choice,
        }
    }
}

/// Why a net could not be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The net could not be built.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The net could not be evaluated.
    #[error(transparent)]
    Score(#[from] ScoreError),
}

/// The measures over a set of questions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Metrics {
    /// Questions with at least one relevant candidate. The others have no order to predict.
    pub queries: usize,
    /// Probability that a relevant pair scores above an irrelevant one, over all pairs of all questions.
    pub auc: f64,
    /// Normalised discounted cumulative gain of the first ten; gain 2^relevance − 1 (Järvelin, Kekäläinen 2002).
    pub ndcg_10: f64,
    /// Share of the relevant candidates that are among the first ten.
    pub recall_10: f64,
    /// Mean of 1 / rank of the first relevant candidate.
    pub mrr: f64,
    /// Share of questions whose first candidate is relevant.
    pub precision_1: f64,
    /// Mean −ln(probability of the outcome).
    pub log_loss: f64,
    /// Expected calibration error: the mean distance between a bin's mean probability and its share of outcomes. Bins
    /// hold equally many pairs.
    pub calibration_error: f64,
    /// The calibration error that chance alone gives if every probability is true.
    pub calibration_chance: f64,
}

impl Metrics {
    /// The columns of a table of metrics, aligned with [`Display`](std::fmt::Display).
    pub const HEADER: &str = "queries    AUC  NDCG@10   R@10    MRR    P@1  log loss     ECE  (chance)";
}

impl std::fmt::Display for Metrics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { queries, auc, ndcg_10, recall_10, mrr, precision_1, log_loss, .. } = self;
        let (error, chance) = (self.calibration_error, self.calibration_chance);
        write!(formatter, "{queries:7}  {auc:.3}    {ndcg_10:.3}  {recall_10:.3}  {mrr:.3}  {precision_1:.3}")?;
        write!(formatter, "   {log_loss:.5}  {error:.4}  ({chance:.4})")
    }
}

/// Evaluates one side's log-odds (one per row of `pairs`) on some questions. The seed orders equal scores. `None`
/// when no question has both a relevant and an irrelevant candidate.
pub fn judge<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    side: Side,
    log_odds: &[f32],
    seed: u64,
) -> Option<Metrics> {
    let ranked = Ranked::of(pairs, queries, side, log_odds, seed);
    let judged = ranked.questions.len();
    let mean = |measure: fn(&[u8]) -> f64| {
        ranked.questions.iter().map(|question| measure(question)).sum::<f64>() / judged as f64
    };
    let mut all: Vec<(f32, bool)> = ranked.all.iter().map(|pair| (pair.log_odds, pair.relevance > 0)).collect();
    let auc = auc(&mut all)?;
    let mut promised: Vec<(f32, bool)> = ranked.all.iter().map(|pair| (pair.log_odds, pair.happened)).collect();
    promised.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (calibration_error, calibration_chance) = calibration_error(&promised);
    Some(Metrics {
        queries: judged,
        auc,
        ndcg_10: mean(ndcg),
        recall_10: mean(recall),
        mrr: mean(reciprocal_rank),
        precision_1: mean(|ranked| f64::from(ranked[0].min(1))),
        log_loss: log_loss(&promised),
        calibration_error,
        calibration_chance,
    })
}

/// NDCG@10 of each question that has a relevant candidate, in order, for a paired comparison.
pub fn ndcg_by_question<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    side: Side,
    log_odds: &[f32],
    seed: u64,
) -> Vec<f64> {
    Ranked::of(pairs, queries, side, log_odds, seed).questions.iter().map(|question| ndcg(question)).collect()
}

/// One candidate as one side sees it.
struct Judged {
    log_odds: f32,
    relevance: u8,
    happened: bool,
}

/// Candidates in the order of their scores.
struct Ranked {
    /// For each question with a relevant candidate: the relevances, best score first.
    questions: Vec<Vec<u8>>,
    /// All candidates of all questions.
    all: Vec<Judged>,
}

impl Ranked {
    fn of<'a>(
        pairs: &Pairs,
        queries: impl IntoIterator<Item = &'a Query>,
        side: Side,
        log_odds: &[f32],
        seed: u64,
    ) -> Self {
        let mut random = Random::new(seed);
        let mut ranked = Self { questions: Vec::new(), all: Vec::new() };
        for query in queries {
            let mut order: Vec<(f32, u64, u8)> = Vec::new();
            for row in query.rows.clone() {
                let Some((relevance, happened)) = side.outcome(pairs.relevance[row]) else { continue };
                ranked.all.push(Judged { log_odds: log_odds[row], relevance, happened });
                order.push((log_odds[row], random.bits(), relevance));
            }
            if order.iter().any(|&(_, _, relevance)| relevance > 0) {
                order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                ranked.questions.push(order.into_iter().map(|(_, _, relevance)| relevance).collect());
            }
        }
        ranked
    }
}

/// A bin of pairs with about equal log-odds: the mean prediction and the share of outcomes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationBin {
    /// Mean probability.
    pub promised: f64,
    /// Share of the pairs whose event happened.
    pub happened: f64,
    /// Number of pairs.
    pub pairs: usize,
}

/// The calibration curve: bins that are one wide in log-odds, from the least to the most probable.
pub fn calibration<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    side: Side,
    log_odds: &[f32],
) -> Vec<CalibrationBin> {
    let mut all: Vec<(f32, bool)> = queries
        .into_iter()
        .flat_map(|query| query.rows.clone())
        .filter_map(|row| Some((log_odds[row], side.outcome(pairs.relevance[row])?.1)))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.chunk_by(|a, b| a.0.floor() == b.0.floor()).map(CalibrationBin::of).collect()
}

impl CalibrationBin {
    /// `bin` is not empty.
    fn of(bin: &[(f32, bool)]) -> Self {
        let promised: f64 = bin.iter().map(|&(log_odds, _)| f64::from(sigmoid(log_odds))).sum();
        let happened = bin.iter().filter(|(_, has_happened)| *has_happened).count() as f64;
        let pairs = bin.len() as f64;
        Self { promised: promised / pairs, happened: happened / pairs, pairs: bin.len() }
    }
}

fn discounted_gain(relevance: impl Iterator<Item = u8>) -> f64 {
    relevance
        .take(RELEVANT_RANKS)
        .enumerate()
        .map(|(rank, relevance)| (f64::from(relevance).exp2() - 1.0) / (rank as f64 + 2.0).log2())
        .sum()
}

pub(super) fn ndcg(ranked: &[u8]) -> f64 {
    let mut ideal = ranked.to_vec();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    discounted_gain(ranked.iter().copied()) / discounted_gain(ideal.into_iter())
}

pub(super) fn recall(ranked: &[u8]) -> f64 {
    let relevant = |ranked: &[u8]| ranked.iter().filter(|&&relevance| relevance > 0).count() as f64;
    relevant(&ranked[..ranked.len().min(RELEVANT_RANKS)]) / relevant(ranked)
}

pub(super) fn reciprocal_rank(ranked: &[u8]) -> f64 {
    ranked.iter().position(|&relevance| relevance > 0).map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0))
}

/// Mann–Whitney: computed from the mean rank of the relevant pairs. Equal scores share their ranks. Sorts `all` by
/// rising score.
pub(super) fn auc(all: &mut [(f32, bool)]) -> Option<f64> {
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let relevant = all.iter().filter(|(_, is_relevant)| *is_relevant).count() as f64;
    let irrelevant = all.len() as f64 - relevant;
    if relevant == 0.0 || irrelevant == 0.0 {
        return None;
    }
    let (mut rank_sum, mut below) = (0.0, 0.0);
    for tied in all.chunk_by(|a, b| a.0 == b.0) {
        let relevant_here = tied.iter().filter(|(_, is_relevant)| *is_relevant).count() as f64;
        rank_sum += relevant_here * (below + (tied.len() as f64 + 1.0) / 2.0);
        below += tied.len() as f64;
    }
    Some((rank_sum - relevant * (relevant + 1.0) / 2.0) / (relevant * irrelevant))
}

/// Mean of ln(1 + e^x) − x·y, which is −ln p of the outcome y, without overflow.
pub(super) fn log_loss(all: &[(f32, bool)]) -> f64 {
    let sum: f64 = all
        .iter()
        .map(|&(log_odds, is_relevant)| {
            let x = f64::from(log_odds);
            x.max(0.0) + (-x.abs()).exp().ln_1p() - if is_relevant { x } else { 0.0 }
        })
        .sum();
    sum / all.len() as f64
}

/// Splits into the bins of the calibration error, which hold equally many pairs, in the order given.
pub(super) fn calibration_bins<T>(sorted: &[T]) -> std::slice::Chunks<'_, T> {
    let bins = (sorted.len() / CALIBRATION_PAIRS).clamp(1, CALIBRATION_BINS);
    sorted.chunks(sorted.len().div_ceil(bins).max(1))
}

/// The calibration error of pairs sorted by rising score, and its expectation if every probability is true. In a bin,
/// the expectation is that of |x| for a normal x with the variance v of the bin's share, √(2 v / π).
fn calibration_error(sorted: &[(f32, bool)]) -> (f64, f64) {
    let (mut error, mut chance) = (0.0, 0.0);
    for bin in calibration_bins(sorted) {
        let CalibrationBin { promised, happened, pairs } = CalibrationBin::of(bin);
        let variance: f64 = bin
            .iter()
            .map(|&(log_odds, _)| f64::from(sigmoid(log_odds)))
            .map(|probability| probability * (1.0 - probability))
            .sum();
        error += (promised - happened).abs() * pairs as f64;
        chance += (2.0 * variance / std::f64::consts::PI).sqrt();
    }
    (error / sorted.len() as f64, chance / sorted.len() as f64)
}

/// 1 / (1 + e^−x).
pub(super) fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ndcg_and_recall_equal_those_computed_by_hand() {
        // Gains 1, 0, 3 at ranks 1 to 3; the ideal order is 3, 1, 0.
        let expected = (1.0 + 3.0 / 2.0) / (3.0 + 1.0 / 3f64.log2());
        assert!((ndcg(&[1, 0, 2]) - expected).abs() < 1e-12);
        assert_eq!(recall(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]), 0.5);
        assert_eq!(reciprocal_rank(&[0, 0, 1]), 1.0 / 3.0);
    }

    #[test]
    fn auc_counts_a_tie_as_half() {
        assert_eq!(auc(&mut [(0.0, false), (1.0, true)]), Some(1.0));
        assert_eq!(auc(&mut [(1.0, false), (1.0, true)]), Some(0.5));
        assert_eq!(auc(&mut [(0.0, true), (1.0, false), (2.0, true), (0.0, false)]), Some(0.625));
        assert_eq!(auc(&mut [(0.0, true)]), None);
    }

    #[test]
    fn log_loss_is_finite_for_any_log_odds() {
        assert!((log_loss(&[(0.0, true), (0.0, false)]) - 2f64.ln()).abs() < 1e-12);
        assert_eq!(log_loss(&[(-500.0, true)]), 500.0);
        assert_eq!(log_loss(&[(500.0, true)]), 0.0);
    }
}
