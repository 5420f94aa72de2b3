//! How good a ranking is: the measures of the field, over every candidate of every question.

use serde::Serialize;

use super::pairs::{Pairs, Query};
use super::random::Random;
use crate::model::sigmoid;

/// NDCG and recall look at this many ranks: a first page.
pub const RELEVANT_RANKS: usize = 10;

/// Bins of the calibration error: equally many pairs each.
const CALIBRATION_BINS: usize = 20;

/// The measures of one set of questions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Metrics {
    /// Questions with at least one relevant candidate; the others have no order to get right.
    pub queries: usize,
    /// Chance that a relevant pair scores above an irrelevant one, over all pairs of all questions.
    pub auc: f64,
    /// Normalised discounted cumulative gain of the first ten; gain 2^relevance − 1 (Järvelin, Kekäläinen 2002).
    pub ndcg_10: f64,
    /// Share of the relevant candidates that are among the first ten.
    pub recall_10: f64,
    /// Mean of 1 / rank of the first relevant candidate.
    pub mrr: f64,
    /// Share of questions whose first candidate is relevant.
    pub precision_1: f64,
    /// Mean −ln(probability given to what happened).
    pub log_loss: f64,
    /// Mean distance between a bin's mean probability and its share of relevant pairs, equally many pairs a bin.
    pub calibration_error: f64,
}

impl Metrics {
    /// The columns of a metrics table, as wide as a row of [`Display`](std::fmt::Display).
    pub const HEADER: &str = "queries    AUC  NDCG@10   R@10    MRR    P@1  log loss     ECE";
}

impl std::fmt::Display for Metrics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { queries, auc, ndcg_10, recall_10, mrr, precision_1, log_loss, calibration_error } = self;
        write!(formatter, "{queries:7}  {auc:.3}    {ndcg_10:.3}  {recall_10:.3}  {mrr:.3}  {precision_1:.3}")?;
        write!(formatter, "   {log_loss:.5}  {calibration_error:.4}")
    }
}

/// Judges log-odds (one per row of `pairs`) on some of its questions. Equal scores are ordered at random by `seed`.
/// `None` when no question has both a relevant and an irrelevant candidate.
pub fn judge<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    log_odds: &[f32],
    seed: u64,
) -> Option<Metrics> {
    let mut random = Random::new(seed);
    let mut sums = [0.0; 4];
    let mut judged = 0;
    let mut all: Vec<(f32, bool)> = Vec::new();
    for query in queries {
        let rows = query.rows.clone();
        let relevance = &pairs.relevance[rows.clone()];
        all.extend(rows.clone().map(|row| (log_odds[row], pairs.relevance[row] > 0)));
        if relevance.iter().all(|&relevance| relevance == 0) {
            continue;
        }
        let mut order: Vec<(f32, u64, u8)> =
            rows.map(|row| (log_odds[row], random.bits(), pairs.relevance[row])).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let ranked: Vec<u8> = order.into_iter().map(|(_, _, relevance)| relevance).collect();
        let measures = [ndcg(&ranked), recall(&ranked), reciprocal_rank(&ranked), f64::from(ranked[0].min(1))];
        for (sum, measure) in sums.iter_mut().zip(measures) {
            *sum += measure;
        }
        judged += 1;
    }
    let auc = auc(&mut all)?;
    let [ndcg_10, recall_10, mrr, precision_1] = sums.map(|sum| sum / judged as f64);
    Some(Metrics {
        queries: judged,
        auc,
        ndcg_10,
        recall_10,
        mrr,
        precision_1,
        log_loss: log_loss(&all),
        calibration_error: calibration_error(&all),
    })
}

/// Pairs of about equal log-odds: what was promised, and what happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationBin {
    /// Mean probability.
    pub promised: f64,
    /// Share of relevant pairs.
    pub happened: f64,
    /// How many pairs.
    pub pairs: usize,
}

/// Promise and fact by log-odds, in bins one wide, from the least likely to the likeliest.
pub fn calibration<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    log_odds: &[f32],
) -> Vec<CalibrationBin> {
    let mut all: Vec<(f32, bool)> = queries
        .into_iter()
        .flat_map(|query| query.rows.clone())
        .map(|row| (log_odds[row], pairs.relevance[row] > 0))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.chunk_by(|a, b| a.0.floor() == b.0.floor()).map(CalibrationBin::of).collect()
}

impl CalibrationBin {
    /// `bin` is not empty.
    fn of(bin: &[(f32, bool)]) -> Self {
        let promised: f64 = bin.iter().map(|&(log_odds, _)| f64::from(sigmoid(log_odds))).sum();
        let happened = bin.iter().filter(|(_, is_relevant)| *is_relevant).count() as f64;
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

fn ndcg(ranked: &[u8]) -> f64 {
    let mut ideal = ranked.to_vec();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    discounted_gain(ranked.iter().copied()) / discounted_gain(ideal.into_iter())
}

fn recall(ranked: &[u8]) -> f64 {
    let relevant = |ranked: &[u8]| ranked.iter().filter(|&&relevance| relevance > 0).count() as f64;
    relevant(&ranked[..ranked.len().min(RELEVANT_RANKS)]) / relevant(ranked)
}

fn reciprocal_rank(ranked: &[u8]) -> f64 {
    ranked.iter().position(|&relevance| relevance > 0).map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0))
}

/// Mann–Whitney: the mean rank of the relevant, equal scores sharing their ranks. Sorts by rising score.
fn auc(all: &mut [(f32, bool)]) -> Option<f64> {
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

/// ln(1 + e^x) − x·y, which is −ln p for either outcome, without overflow.
fn log_loss(all: &[(f32, bool)]) -> f64 {
    let sum: f64 = all
        .iter()
        .map(|&(log_odds, is_relevant)| {
            let x = f64::from(log_odds);
            x.max(0.0) + (-x.abs()).exp().ln_1p() - if is_relevant { x } else { 0.0 }
        })
        .sum();
    sum / all.len() as f64
}

/// Mean distance of promise and fact over pairs sorted by rising score.
fn calibration_error(sorted: &[(f32, bool)]) -> f64 {
    let error: f64 = sorted
        .chunks(sorted.len().div_ceil(CALIBRATION_BINS))
        .map(CalibrationBin::of)
        .map(|bin| (bin.promised - bin.happened).abs() * bin.pairs as f64)
        .sum();
    error / sorted.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ndcg_and_recall_by_hand() {
        // Gains 1, 0, 3 at ranks 1 to 3 against the ideal 3, 1, 0.
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
