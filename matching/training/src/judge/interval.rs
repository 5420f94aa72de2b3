//! Bootstrap confidence intervals of the measures (Efron, Tibshirani 1993).
//!
//! Each resample draws as many questions, with replacement, and computes every measure again. It draws questions and
//! not pairs, because the candidates of one question are not independent.

use super::metrics::{Side, ndcg, recall, reciprocal_rank};
use crate::Random;
use crate::data::{Pairs, Query};
use crate::probability::cross_entropy;

/// The settings of a bootstrap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    /// The number of resamples; at least one.
    pub resamples: usize,
    /// The share of resamples inside an interval, from 0 to 1.
    pub confidence: f64,
    /// Seeds the draws and the order of equal scores.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { resamples: 1_000, confidence: 0.95, seed: 1 }
    }
}

/// A measure over all questions, with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The measure over all questions.
    pub value: f64,
    /// Lower and upper end.
    pub interval: (f64, f64),
}

impl Estimate {
    /// Whether the interval contains a value.
    pub fn allows(&self, value: f64) -> bool {
        (self.interval.0..=self.interval.1).contains(&value)
    }
}

/// The measures of [`Metrics`](crate::Metrics), or the differences of two rankings in these measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimates {
    /// Probability that a relevant pair scores above an irrelevant one.
    pub auc: Estimate,
    /// Normalised discounted cumulative gain of the first ten.
    pub ndcg_10: Estimate,
    /// Share of the relevant candidates that are among the first ten.
    pub recall_10: Estimate,
    /// Mean of 1 / rank of the first relevant candidate.
    pub mrr: Estimate,
    /// Share of questions whose first candidate is relevant.
    pub precision_1: Estimate,
    /// Mean −ln(probability of the outcome).
    pub log_loss: Estimate,
}

/// Estimates the measures of one side's log-odds (one per row of `pairs`) on some questions. `None` when no question
/// has both a relevant and an irrelevant candidate.
pub fn estimates<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    side: Side,
    log_odds: &[f32],
    resampling: &Resampling,
) -> Option<Estimates> {
    let queries: Vec<&Query> = queries.into_iter().collect();
    let tally = Tally::of(pairs, &queries, side, log_odds, resampling.seed);
    resampled(queries.len(), resampling, |weights| tally.weighed(weights))
}

/// Estimates `ours` minus `theirs` in each measure. Both use the same questions and the same resamples.
pub fn gaps<'a>(
    pairs: &Pairs,
    queries: impl IntoIterator<Item = &'a Query>,
    side: Side,
    [ours, theirs]: [&[f32]; 2],
    resampling: &Resampling,
) -> Option<Estimates> {
    let queries: Vec<&Query> = queries.into_iter().collect();
    let [ours, theirs] = [ours, theirs].map(|log_odds| Tally::of(pairs, &queries, side, log_odds, resampling.seed));
    resampled(queries.len(), resampling, |weights| {
        let (ours, theirs) = (ours.weighed(weights)?, theirs.weighed(weights)?);
        Some(std::array::from_fn(|measure| ours[measure] - theirs[measure]))
    })
}

const MEASURES: usize = 6;
/// The measures that are means over questions: all but AUC, the first, and log loss, the last.
const QUESTION_MEASURES: usize = 4;

fn resampled(
    questions: usize,
    resampling: &Resampling,
    measured: impl Fn(&[f64]) -> Option<[f64; MEASURES]>,
) -> Option<Estimates> {
    let values = measured(&vec![1.0; questions])?;
    let mut random = Random::new(resampling.seed);
    let mut draws: [Vec<f64>; MEASURES] = Default::default();
    for _ in 0..resampling.resamples {
        let mut weights = vec![0.0; questions];
        for _ in 0..questions {
            weights[(random.uniform() * questions as f64) as usize] += 1.0;
        }
        // A resample without a relevant candidate has no measures.
        for (draws, value) in draws.iter_mut().zip(measured(&weights).into_iter().flatten()) {
            draws.push(value);
        }
    }
    let outside = (1.0 - resampling.confidence) / 2.0;
    let estimate = |measure: usize| {
        let mut draws = draws[measure].clone();
        draws.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (draws.len().saturating_sub(1) as f64 * share).round() as usize;
            draws.get(place).copied().unwrap_or(values[measure])
        };
        Estimate { value: values[measure], interval: (at(outside), at(1.0 - outside)) }
    };
    Some(Estimates {
        auc: estimate(0),
        ndcg_10: estimate(1),
        recall_10: estimate(2),
        mrr: estimate(3),
        precision_1: estimate(4),
        log_loss: estimate(5),
    })
}

/// One ranking, summarised so that a resample takes one pass.
struct Tally {
    /// For each question with a relevant candidate: NDCG, recall, reciprocal rank, precision.
    questions: Vec<Option<[f64; QUESTION_MEASURES]>>,
    /// For each question: the sum of its pairs' losses, and the number of pairs.
    losses: Vec<(f64, f64)>,
    /// Log-odds, question, and whether relevant, sorted by rising log-odds.
    pairs: Vec<(f32, u32, bool)>,
}

impl Tally {
    fn of(pairs: &Pairs, queries: &[&Query], side: Side, log_odds: &[f32], seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut tally = Self { questions: Vec::new(), losses: Vec::new(), pairs: Vec::new() };
        for (question, query) in (0..).zip(queries) {
            let mut order: Vec<(f32, u64, u8)> = Vec::new();
            let mut losses = (0.0, 0.0);
            for row in query.rows.clone() {
                let Some((relevance, happened)) = side.outcome(pairs.relevance[row]) else { continue };
                tally.pairs.push((log_odds[row], question, relevance > 0));
                order.push((log_odds[row], random.bits(), relevance));
                losses.0 += cross_entropy(f64::from(log_odds[row]), f64::from(u8::from(happened)));
                losses.1 += 1.0;
            }
            order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let ranked: Vec<u8> = order.into_iter().map(|(_, _, relevance)| relevance).collect();
            tally.losses.push(losses);
            tally.questions.push(
                ranked
                    .iter()
                    .any(|&relevance| relevance > 0)
                    .then(|| [ndcg(&ranked), recall(&ranked), reciprocal_rank(&ranked), f64::from(ranked[0].min(1))]),
            );
        }
        tally.pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        tally
    }

    /// The measures with every question weighted.
    fn weighed(&self, weights: &[f64]) -> Option<[f64; MEASURES]> {
        let mut sums = [0.0; QUESTION_MEASURES];
        let (mut questions, mut loss, mut pairs) = (0.0, 0.0, 0.0);
        for ((measures, losses), weight) in self.questions.iter().zip(&self.losses).zip(weights) {
            loss += weight * losses.0;
            pairs += weight * losses.1;
            let Some(measures) = measures else { continue };
            questions += weight;
            for (sum, measure) in sums.iter_mut().zip(measures) {
                *sum += weight * measure;
            }
        }
        let [ndcg, recall, mrr, precision] = sums.map(|sum| sum / questions);
        Some([self.auc(weights)?, ndcg, recall, mrr, precision, loss / pairs])
    }

    /// Mann–Whitney with weights: the share of relevant and irrelevant pairs in the right order. A tie counts as
    /// half.
    fn auc(&self, weights: &[f64]) -> Option<f64> {
        let (mut above, mut relevant, mut irrelevant) = (0.0, 0.0, 0.0);
        for tied in self.pairs.chunk_by(|a, b| a.0 == b.0) {
            let (mut relevant_here, mut irrelevant_here) = (0.0, 0.0);
            for &(_, question, is_relevant) in tied {
                let weight = weights[question as usize];
                *(if is_relevant { &mut relevant_here } else { &mut irrelevant_here }) += weight;
            }
            above += relevant_here * (irrelevant + irrelevant_here / 2.0);
            relevant += relevant_here;
            irrelevant += irrelevant_here;
        }
        (relevant > 0.0 && irrelevant > 0.0).then(|| above / (relevant * irrelevant))
    }
}

#[cfg(test)]
mod tests {
    use super::super::metrics::judge;
    use super::*;
    use crate::data::Split;
    use matching::{FEATURE_COUNT, Features};

    /// Questions with ten candidates each. One or more are relevant, and their log-odds are higher on average.
    fn market(questions: usize, seed: u64) -> (Pairs, Vec<f32>) {
        let mut random = Random::new(seed);
        let mut pairs = Pairs::default();
        let mut log_odds = Vec::new();
        for question in 0..questions {
            let start = pairs.features.len();
            for place in 0..10 {
                let relevance = if place == 0 { 2 } else { u8::from(random.chance(0.1)) };
                pairs.features.push(Features::from_slice(&[0.5; FEATURE_COUNT]).unwrap());
                pairs.relevance.push(relevance);
                pairs.freelancers.push(place);
                log_odds.push((f64::from(relevance) + 3.0 * random.uniform() - 2.0) as f32);
            }
            let rows = start..pairs.features.len();
            pairs.queries.push(Query { site: 0, question: question as u64, split: Split::Test, rows });
        }
        (pairs, log_odds)
    }

    #[test]
    fn estimates_equal_the_measures_of_judge() {
        let (pairs, log_odds) = market(40, 1);
        for side in [Side::Match, Side::Interest, Side::Choice] {
            let judged = judge(&pairs, &pairs.queries, side, &log_odds, 1).unwrap();
            let found = estimates(&pairs, &pairs.queries, side, &log_odds, &Resampling::default()).unwrap();
            for (estimate, value) in [
                (found.auc, judged.auc),
                (found.ndcg_10, judged.ndcg_10),
                (found.recall_10, judged.recall_10),
                (found.mrr, judged.mrr),
                (found.precision_1, judged.precision_1),
                (found.log_loss, judged.log_loss),
            ] {
                assert!((estimate.value - value).abs() < 1e-9, "{side:?}: {estimate:?}, {value}");
                assert!(estimate.allows(value) && estimate.interval.0 <= estimate.interval.1);
            }
        }
    }

    #[test]
    fn intervals_contain_the_truth_as_often_as_stated() {
        // The truth is the mean NDCG of very many questions. Of 200 markets with forty questions, about 190 should
        // contain it.
        let resampling = Resampling { resamples: 200, ..Resampling::default() };
        let ndcg = |questions, seed| {
            let (pairs, log_odds) = market(questions, seed);
            estimates(&pairs, &pairs.queries, Side::Match, &log_odds, &resampling).unwrap().ndcg_10
        };
        let truth = ndcg(4_000, 1_000).value;
        let right = (0..200).filter(|&seed| ndcg(40, seed).allows(truth)).count();
        assert!((178..=199).contains(&right), "{right} of 200");
    }

    #[test]
    fn gaps_compare_the_same_questions() {
        let (pairs, log_odds) = market(40, 1);
        let better: Vec<f32> =
            log_odds.iter().zip(&pairs.relevance).map(|(z, &relevance)| z + f32::from(relevance)).collect();
        let found = gaps(&pairs, &pairs.queries, Side::Match, [&better, &log_odds], &Resampling::default()).unwrap();
        assert!(found.ndcg_10.interval.0 > 0.0 && found.auc.interval.0 > 0.0);
        let same = gaps(&pairs, &pairs.queries, Side::Match, [&log_odds, &log_odds], &Resampling::default()).unwrap();
        assert_eq!(same.auc, Estimate { value: 0.0, interval: (0.0, 0.0) });
    }
}
