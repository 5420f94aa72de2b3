//! Who knows what of a pair.

use crate::Standing;

/// Who could be asked instead of the net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oracle {
    /// Knows the probabilities that decisions are drawn from, hidden effects and all. Nobody can do better.
    Everything,
    /// Knows how decisions come about, and everything that can be observed: profiles, prices, languages and all decisions
    /// so far. Takes the expectation over the hidden effects, given those decisions (a sum over a grid of 33 points).
    Observables,
    /// The same without this pair's price and language: takes the expectation over those of eligible pairs as well.
    WithoutTerms,
}

impl Oracle {
    /// All three, the one that knows least first.
    pub const ALL: [Self; 3] = [Self::WithoutTerms, Self::Observables, Self::Everything];
}

/// What is known of a pair beyond its features and its outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Whether the pair passes the product's filters.
    pub is_eligible: bool,
    /// What the freelancer had done before, and since when.
    pub standing: Standing,
    /// Probability of a bid, and of being hired given a bid, by oracle.
    pub(super) probabilities: [[f64; 2]; 3],
}
