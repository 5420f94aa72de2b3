//! A market whose true probabilities are known, to see how near the net comes to what can be known.
//!
//! Real decisions never tell how good a ranking could have been. Here both sides' decisions are drawn from known
//! probabilities (`truth.rs`), in which everybody also has two hidden effects, an eagerness to bid and an ability to
//! convince, that nobody ever sees. So there are oracles to measure against ([`Oracle`]): one that knows everything, one that
//! knows what can be observed, and one that lacks price and language besides, as the net does.
//!
//! - [`Simulation::run`] plays the market: people join, projects are posted, whoever is there decides, and track records
//!   grow from it. Features come from the crate's own [`Talent`](matching::Talent) and [`Need`](matching::Need), and the
//!   pairs are those that [`fit`](crate::fit) learns from.
//! - [`Simulation::eligible`] keeps the pairs that pass the product's filters: a shared language, a rate within the budget.
//! - [`Simulation::noise`] draws the decisions anew, from nothing: what is learned from them must be worth nothing.
//!
//! What it leaves out on purpose: bids do not compete (a client may hire nobody, one or several), everybody sees every
//! project, and nobody changes trade, rate or temper.

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

/// How large a market is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Freelancers who ever join.
    pub freelancers: usize,
    /// Projects posted.
    pub projects: usize,
    /// Decides everything that is left to chance.
    pub seed: u64,
}

/// A market that has been played.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// Every project with everybody who had joined, and how they decided.
    pub pairs: Pairs,
    /// What is known besides, one per row of `pairs`.
    pub known: Vec<Known>,
}

impl Simulation {
    /// Plays a market; calls `progress` after every project. Equal scales give equal markets.
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

    /// The pairs that pass the product's filters: what is ranked.
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

    /// The same pairs with decisions that depend on nothing, as frequent as the real ones.
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

    /// An oracle's answer to one side's question: log-odds, one per row. A score is the product of both sides.
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

    /// Standard errors between what was promised and what happened, for the pairs of each tenth of the promises.
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
    fn what_oracles_promise_happens_as_often() {
        let all = simulation();
        let eligible = all.eligible();
        // Everybody's decisions for the two that know terms. Without terms, eligible pairs are judged: those it is about.
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
    fn who_knows_more_is_surprised_less() {
        let market = simulation().eligible();
        for side in 0..2 {
            // Mean −ln(probability given to what happens), over what may happen instead of over what did.
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
    fn eligible_pairs_are_those_the_filters_let_through() {
        let all = simulation();
        let eligible = all.eligible();
        assert_eq!(eligible.known.len(), all.known.iter().filter(|known| known.is_eligible).count());
        assert!(eligible.known.len() * 3 > all.known.len() && eligible.known.len() * 3 < all.known.len() * 2);
        let rows: usize = eligible.pairs.queries.iter().map(|query| query.rows.len()).sum();
        assert_eq!(rows, eligible.pairs.features.len());
        assert!(eligible.known.iter().all(|known| known.is_eligible));
    }

    #[test]
    fn whoever_has_made_no_bid_has_no_history() {
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
    fn noise_is_as_frequent_and_tells_nothing() {
        let market = simulation();
        let noise = market.noise(9);
        let bids = |relevance: &[u8]| relevance.iter().filter(|&&relevance| relevance > 0).count() as f64;
        let (drawn, real) = (bids(&noise.relevance), bids(&market.pairs.relevance));
        assert!((drawn - real).abs() < 4.0 * real.sqrt(), "{drawn} for {real}");
        let promised = market.log_odds(Oracle::Everything, Side::Interest);
        let judged = judge(&noise, &noise.queries, Side::Interest, &promised, 0).unwrap();
        // The deviation of an AUC of which nothing is true: √((m + n + 1) / (12 m n)).
        let (m, n) = (drawn, noise.relevance.len() as f64 - drawn);
        let deviation = ((m + n + 1.0) / (12.0 * m * n)).sqrt();
        assert!((judged.auc - 0.5).abs() < 4.0 * deviation, "{}", judged.auc);
    }
}
