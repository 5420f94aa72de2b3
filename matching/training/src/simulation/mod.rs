//! Simulates a market whose true probabilities are known, to measure how close the net comes to the best possible
//! ranking.
//!
//! Real decisions never show how good a ranking could have been. Here the decisions of both sides are drawn from
//! known probabilities (`truth.rs`). Every freelancer also has two hidden effects that nobody observes: an eagerness
//! to bid and an ability to convince. The net is compared with three oracles ([`Oracle`]). One knows everything. One
//! knows all that can be observed. One also lacks price and language, like the net.
//!
//! - [`Simulation::run`] simulates the market: people join, projects are posted, and every member decides. Track
//!   records grow from the decisions. Features come from the crate's own [`Talent`](matching::Talent) and
//!   [`Need`](matching::Need), and [`fit`](crate::fit) can learn from the pairs.
//! - [`Simulation::eligible`] keeps the pairs that pass the product's filters: a shared language and a rate within
//!   the budget.
//! - [`Simulation::noise`] draws the decisions again, independent of the features. A net must learn nothing from them.
//!
//! The simulation is deliberately simple. Bids do not compete: a client may hire nobody, one or several. Everybody sees
//! every project. Nobody changes trade, rate or character.

mod belief;
mod chance;
mod market;
mod member;
mod oracle;
mod person;
mod project;
mod record;
mod truth;
mod vocabulary;

pub use oracle::{Known, Oracle};

use self::market::Market;
use self::truth::log_odds;
use crate::{Division, Pairs, Query, Random, Side};

/// The size and the seed of a simulated market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Freelancers who join at any time.
    pub freelancers: usize,
    /// Projects posted.
    pub projects: usize,
    /// Seeds every random draw.
    pub seed: u64,
}

/// A simulated market with its decisions.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// Every project paired with every member of its time, and their decisions.
    pub pairs: Pairs,
    /// The oracles' knowledge, one per row of `pairs`.
    pub known: Vec<Known>,
}

impl Simulation {
    /// Simulates a market and calls `progress` after every project. Equal scales give equal markets.
    pub fn run(scale: &Scale, mut progress: impl FnMut()) -> Self {
        let mut market = Market::new(scale);
        let pairs = Pairs::with_background(market.background().clone());
        let mut simulation = Self { pairs, known: Vec::new() };
        for number in 0..scale.projects {
            market.post(number, Division::JUDGED.at(number as f64 / scale.projects as f64), &mut simulation);
            progress();
        }
        simulation
    }

    /// Keeps the pairs that pass the product's filters. Only these are ranked.
    #[must_use]
    pub fn eligible(&self) -> Self {
        let mut kept = Self { pairs: Pairs::with_background(self.pairs.background().clone()), known: Vec::new() };
        for query in &self.pairs.queries {
            let start = kept.known.len();
            for row in query.rows.clone().filter(|&row| self.known[row].is_eligible) {
                kept.pairs.features.push(self.pairs.features[row]);
                kept.pairs.relevance.push(self.pairs.relevance[row]);
                kept.pairs.freelancers.push(self.pairs.freelancers[row]);
                kept.known.push(self.known[row]);
            }
            kept.pairs.queries.push(Query { rows: start..kept.known.len(), ..query.clone() });
        }
        kept
    }

    /// The same pairs with decisions that are independent of everything, as frequent as the real ones.
    #[must_use]
    pub fn noise(&self, seed: u64) -> Pairs {
        let mut random = Random::new(seed);
        let mut pairs = self.pairs.clone();
        let counted = |least: u8| self.pairs.relevance.iter().filter(|&&relevance| relevance >= least).count() as f64;
        let (bids, hires) = (counted(1) / counted(0).max(1.0), counted(2) / counted(1).max(1.0));
        for relevance in &mut pairs.relevance {
            let is_bid = random.chance(bids);
            *relevance = u8::from(is_bid) + u8::from(is_bid & random.chance(hires));
        }
        pairs
    }

    /// The log-odds that an oracle gives one side's event, one per row. A match is the product of both sides.
    pub fn log_odds(&self, oracle: Oracle, side: Side) -> Vec<f32> {
        let of = |known: &Known| {
            let [interest, choice] = known.probabilities[oracle as usize];
            match side {
                Side::Match => interest * choice,
                Side::Interest => interest,
                Side::Choice => choice,
            }
        };
        self.known.iter().map(|known| log_odds(of(known)) as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::truth::probability;
    use super::*;
    use crate::judge;
    use matching::Feature;

    const SCALE: Scale = Scale { freelancers: 120, projects: 400, seed: 3 };

    fn simulation() -> Simulation {
        Simulation::run(&SCALE, || {})
    }

    /// The difference of outcomes and probabilities in standard errors, for each tenth of the pairs by probability.
    fn surprises(promised: &[f32], happened: impl Fn(usize) -> Option<bool>) -> Vec<f64> {
        let mut all: Vec<(f64, bool)> = promised
            .iter()
            .enumerate()
            .filter_map(|(row, &log_odds)| Some((probability(f64::from(log_odds)), happened(row)?)))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all.chunks(all.len().div_ceil(10))
            .map(|tenth| {
                let difference: f64 = tenth.iter().map(|&(p, happened)| f64::from(u8::from(happened)) - p).sum();
                let variance: f64 = tenth.iter().map(|(p, _)| p * (1.0 - p)).sum();
                difference / variance.sqrt()
            })
            .collect()
    }

    #[test]
    fn the_oracles_are_calibrated() {
        let all = simulation();
        let eligible = all.eligible();
        // Two oracles know the terms and are tested on everybody. The one without terms is tested on eligible pairs,
        // which it describes.
        for (market, oracle) in
            [(&all, Oracle::Everything), (&all, Oracle::Observables), (&eligible, Oracle::WithoutTerms)]
        {
            let relevance = &market.pairs.relevance;
            let interest = surprises(&market.log_odds(oracle, Side::Interest), |row| Some(relevance[row] > 0));
            let choice = surprises(&market.log_odds(oracle, Side::Choice), |row| {
                (relevance[row] > 0).then_some(relevance[row] > 1)
            });
            let hire = surprises(&market.log_odds(oracle, Side::Match), |row| Some(relevance[row] > 1));
            for surprise in interest.into_iter().chain(choice).chain(hire) {
                assert!(surprise.abs() < 4.0, "{oracle:?}: {surprise} standard errors");
            }
        }
    }

    #[test]
    fn an_oracle_that_knows_more_has_a_lower_loss() {
        let market = simulation().eligible();
        for side in 0..2 {
            // The expected log loss over the true probabilities, not over one draw of the decisions.
            let surprise = |oracle: Oracle| -> f64 {
                let of = |known: &Known| {
                    let truth = known.probabilities[Oracle::Everything as usize][side];
                    let promised = known.probabilities[oracle as usize][side];
                    -truth * promised.ln() - (1.0 - truth) * (1.0 - promised).ln()
                };
                market.known.iter().map(of).sum::<f64>() / market.known.len() as f64
            };
            let surprises = Oracle::ALL.map(surprise);
            assert!(surprises[0] > surprises[1] && surprises[1] > surprises[2], "{side}: {surprises:?}");
        }
    }

    #[test]
    fn equal_seeds_give_equal_markets() {
        let small = |seed| Simulation::run(&Scale { freelancers: 20, projects: 40, seed }, || {});
        let (one, same, other) = (small(1), small(1), small(2));
        assert_eq!(one.pairs.features, same.pairs.features);
        assert_eq!((one.pairs.relevance, one.known), (same.pairs.relevance, same.known));
        assert_ne!(one.pairs.features, other.pairs.features);
    }

    #[test]
    fn eligible_pairs_are_those_that_pass_the_filters() {
        let all = simulation();
        let eligible = all.eligible();
        assert_eq!(eligible.known.len(), all.known.iter().filter(|known| known.is_eligible).count());
        assert!(eligible.known.len() * 3 > all.known.len() && eligible.known.len() * 3 < all.known.len() * 2);
        let rows: usize = eligible.pairs.queries.iter().map(|query| query.rows.len()).sum();
        assert_eq!(rows, eligible.pairs.features.len());
        assert!(eligible.known.iter().all(|known| known.is_eligible));
    }

    #[test]
    fn a_freelancer_without_bids_has_no_history() {
        let market = simulation();
        for (features, known) in market.pairs.features.iter().zip(&market.known) {
            for feature in Feature::ALL.into_iter().filter(|&feature| feature.is_history()) {
                let needs_job = feature == Feature::Rating;
                assert!(needs_job || features.get(feature).is_some() == (known.standing.proposals > 0), "{feature:?}");
            }
            assert!(known.standing.tenure_seconds > 0);
        }
    }

    #[test]
    fn noise_is_as_frequent_and_has_no_signal() {
        let market = simulation();
        let noise = market.noise(9);
        let bids = |relevance: &[u8]| relevance.iter().filter(|&&relevance| relevance > 0).count() as f64;
        let (drawn, real) = (bids(&noise.relevance), bids(&market.pairs.relevance));
        assert!((drawn - real).abs() < 4.0 * real.sqrt(), "{drawn} for {real}");
        let promised = market.log_odds(Oracle::Everything, Side::Interest);
        let judged = judge(&noise, &noise.queries, Side::Interest, &promised, 0).unwrap();
        // The standard deviation of the AUC of random scores: √((m + n + 1) / (12 m n)).
        let (m, n) = (drawn, noise.relevance.len() as f64 - drawn);
        let deviation = ((m + n + 1.0) / (12.0 * m * n)).sqrt();
        assert!((judged.auc - 0.5).abs() < 4.0 * deviation, "{}", judged.auc);
    }
}
