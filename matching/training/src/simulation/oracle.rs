//! Oracles: predictors that know more about a pair than the net.

use crate::Standing;

/// A predictor to compare the net with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oracle {
    /// Knows the probabilities that decisions are drawn from, including hidden effects. No predictor can be better.
    Everything,
    /// Knows the formula of the decisions and everything observable: profiles, prices, languages and all earlier
    /// decisions. Takes the expectation over the hidden effects, given those decisions (a sum over a grid of 33
    /// points).
    Observables,
    /// Like `Observables`, but without this pair's price and language. Takes the expectation over those of eligible
    /// pairs too.
    WithoutTerms,
}

impl Oracle {
    /// All three, in the order of rising knowledge.
    pub const ALL: [Self; 3] = [Self::WithoutTerms, Self::Observables, Self::Everything];
}

/// The oracles' knowledge of a pair, beyond its features and its outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Whether the pair passes the product's filters.
    pub is_eligible: bool,
    /// The freelancer's proposals and tenure at the time.
    pub standing: Standing,
    /// The probability of a bid, and of a hire given a bid, by oracle.
    pub(super) probabilities: [[f64; 2]; 3],
}
