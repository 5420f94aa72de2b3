//! Predicts which of several bids will be hired. This is a second model, used when the bids are known.
//!
//! The model sees the ten features of each bidder and the project, and four numbers of the bid itself. It compares the
//! bids with each other: its results are probabilities that sum to one. Ten equally good bids get a tenth each, and a
//! good bid among poor ones gets most. The model never looks at the price, because its training data has no prices.
//!
//! A bid's probability never falls when one of its inputs gets [better](Bid::better). A padded message gains little:
//! the model counts different words, up to a limit.
//!
//! The model is a single neuron per bid and a softmax over the bids: a conditional logit (McFadden 1974, *Conditional
//! logit analysis of qualitative choice behavior*). Contested projects are few, and a hidden layer memorised them. In
//! cross-validation within the time before the test, 16 hidden neurons reached an AUC of .846, and this model .862. It
//! can also be explained exactly, with one number per input.

use serde::{Deserialize, Serialize};

use vocabulary::fnv1a_32;

use crate::background::Background;
use crate::error::{ModelError, ScoreError};
use crate::features::{Better, FEATURE_COUNT, FEATURE_VERSION, Feature, Features};
use crate::need::PreparedNeed;
use crate::net::{INPUT_LIMIT, hexadecimal};
use crate::text::{TermVector, different_words, length_of};

/// Inputs that describe the bid itself.
pub const BID_FEATURE_COUNT: usize = 4;
/// Inputs per bid: those of the pair, and those of the bid.
pub const AWARD_INPUTS: usize = FEATURE_COUNT + BID_FEATURE_COUNT;

/// An input that describes the bid itself, in the order of the model's inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BidFeature {
    /// ln(1 + minutes from the project's posting to the bid).
    Delay,
    /// ln(1 + different words of the message, at most [`MOST_WORDS`](Self::MOST_WORDS)).
    Words,
    /// Cosine of the project's text and the message; rare words weigh more. 0 to 1.
    Similarity,
    /// ln(1 + bids made before this one).
    EarlierBids,
}

impl BidFeature {
    /// The most different words of a message that count: about half a page. A longer message gains nothing.
    pub const MOST_WORDS: usize = 150;

    /// All of them, in their order.
    pub const ALL: [Self; BID_FEATURE_COUNT] = [Self::Delay, Self::Words, Self::Similarity, Self::EarlierBids];

    /// The input's name in files and API responses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Words => "words",
            Self::Similarity => "similarity",
            Self::EarlierBids => "earlier_bids",
        }
    }

    /// The direction in which a value never lowers the probability of a hire. The delay and the earlier bids have none:
    /// the training decisions determine their effect.
    const fn better(self) -> Option<Better> {
        match self {
            Self::Words | Self::Similarity => Some(Better::More),
            Self::Delay | Self::EarlierBids => None,
        }
    }
}

/// A bid as it was made, with unknown parts missing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Proposal<'a> {
    /// The bidder's message.
    pub message: Option<&'a str>,
    /// Minutes from the project's posting to the bid.
    pub delay_minutes: Option<f64>,
    /// Bids made before this one.
    pub earlier_bids: Option<u32>,
}

/// The numbers of the bid itself. Each is finite and not negative, or missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BidFeatures([Option<f32>; BID_FEATURE_COUNT]);

impl BidFeatures {
    /// The numbers of a bid for this project. A delay that is not finite is unknown; a negative delay counts as zero.
    pub fn of(need: &PreparedNeed, proposal: &Proposal<'_>) -> Self {
        Self::weighed(need, proposal, Background::shipped())
    }

    /// Like [`of`](Self::of), with the word rarities of another background.
    pub fn weighed(need: &PreparedNeed, proposal: &Proposal<'_>, background: &Background) -> Self {
        let delay_minutes = proposal.delay_minutes.filter(|minutes| minutes.is_finite());
        Self([
            delay_minutes.map(|minutes| minutes.max(0.0).ln_1p() as f32),
            proposal.message.map(|message| (different_words(message).min(BidFeature::MOST_WORDS) as f32).ln_1p()),
            proposal.message.map(|message| similarity(need, &TermVector::of_text(message).by_rarity(background))),
            proposal.earlier_bids.map(|bids| (bids as f32).ln_1p()),
        ])
    }

    /// The four numbers, in the order of [`BidFeature::ALL`].
    pub fn values(&self) -> [Option<f32>; BID_FEATURE_COUNT] {
        self.0
    }
}

/// Cosine of two texts, in which rare words weigh more. 0 to 1.
fn similarity(need: &PreparedNeed, message: &TermVector) -> f32 {
    let products = message.terms().iter().filter_map(|&(hash, weight)| Some(weight * need.terms.get(hash)?));
    // `sum()` of no numbers would be −0.
    (products.fold(0.0, |sum, product| sum + product) / length_of(message.terms())).clamp(0.0, 1.0)
}

/// One bid, as the model sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bid {
    /// The features of the bidder and the project at the time of the bid.
    pub pair: Features,
    /// The bid itself.
    pub bid: BidFeatures,
}

impl Bid {
    /// The names of the fourteen inputs, in the model's order.
    pub fn names() -> [&'static str; AWARD_INPUTS] {
        std::array::from_fn(|i| match i.checked_sub(FEATURE_COUNT) {
            Some(place) => BidFeature::ALL[place].name(),
            None => Feature::ALL[i].name(),
        })
    }

    /// The direction in which each input never lowers the probability of a hire, in the same order. The ten pair
    /// features have the direction of [`Feature::better`].
    pub fn better() -> [Option<Better>; AWARD_INPUTS] {
        std::array::from_fn(|i| match i.checked_sub(FEATURE_COUNT) {
            Some(place) => BidFeature::ALL[place].better(),
            None => Feature::ALL[i].better(),
        })
    }

    /// All fourteen inputs; `None` where unknown.
    pub fn values(&self) -> [Option<f32>; AWARD_INPUTS] {
        let (pair, bid) = (self.pair.values(), self.bid.values());
        std::array::from_fn(|i| if i < FEATURE_COUNT { pair[i] } else { bid[i - FEATURE_COUNT] })
    }
}

/// The model's numbers, as its file stores them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AwardParts {
    feature_version: u32,
    /// [`Background::fingerprint`], in hexadecimal.
    background: String,
    /// [`Bid::names`].
    inputs: Vec<String>,
    /// Mean of each input over the training bids. It replaces a missing input.
    mean: Vec<f32>,
    /// Standard deviation of each input, above zero.
    deviation: Vec<f32>,
    /// The change of the log-odds of a hire per standard deviation of each input.
    weights: Vec<f32>,
}

impl AwardParts {
    /// Creates parts for this build's features. The weights were trained with the [background](Background::fingerprint)
    /// of this fingerprint. [`AwardModel::new`] checks the numbers.
    pub fn new(background: u32, mean: Vec<f32>, deviation: Vec<f32>, weights: Vec<f32>) -> Self {
        Self {
            feature_version: FEATURE_VERSION,
            background: hexadecimal(background),
            inputs: Bid::names().map(str::to_owned).to_vec(),
            mean,
            deviation,
            weights,
        }
    }

    /// The same parts with other weights.
    #[must_use]
    pub fn with_weights(self, weights: Vec<f32>) -> Self {
        Self { weights, ..self }
    }

    /// The weights file: TOML. Equal parts give equal bytes.
    ///
    /// # Errors
    /// [`ModelError::Description`] if the numbers cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, ModelError> {
        toml::to_string(self).map_err(|error| ModelError::Description(error.to_string()))
    }

    /// The standardized inputs of a bid, within ± 6. A missing input takes the mean.
    pub fn apply(&self, bid: &Bid) -> [f32; AWARD_INPUTS] {
        let values = bid.values();
        std::array::from_fn(|i| match values[i] {
            Some(value) => ((value - self.mean[i]) / self.deviation[i]).clamp(-INPUT_LIMIT, INPUT_LIMIT),
            None => 0.0,
        })
    }

    fn check(&self) -> Result<(), ModelError> {
        if self.feature_version != FEATURE_VERSION || self.inputs != Bid::names() {
            return Err(ModelError::FeatureVersion { got: self.feature_version });
        }
        for (name, values) in [("mean", &self.mean), ("deviation", &self.deviation), ("weights", &self.weights)] {
            if values.len() != AWARD_INPUTS {
                let got = format!("{} numbers", values.len());
                return Err(ModelError::Shape { name, expected: vec![AWARD_INPUTS], got });
            }
            if values.iter().any(|value| !value.is_finite()) {
                return Err(ModelError::NotFinite { name });
            }
        }
        if self.deviation.iter().any(|&deviation| deviation <= 0.0) {
            return Err(ModelError::NotFinite { name: "deviation" });
        }
        Ok(())
    }
}

/// The result of comparing one bid with the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Award {
    /// The probability that this bid is hired, if exactly one is.
    pub probability: f32,
    /// The contribution of each input to the bid's log-odds, relative to the mean of all the bids, in the order of
    /// [`Bid::names`]. For a sum like this, these are the Shapley values.
    pub contributions: [f32; AWARD_INPUTS],
}

/// The model, ready to compare bids.
#[derive(Debug, Clone, PartialEq)]
pub struct AwardModel {
    version: String,
    parts: AwardParts,
}

impl AwardModel {
    /// The weights this build ships, compiled in. Load once and keep.
    ///
    /// # Errors
    /// None for weights that passed this crate's tests; see [`from_toml`](Self::from_toml).
    pub fn shipped() -> Result<Self, ModelError> {
        Self::from_toml(include_str!("../model/award.toml"))
    }

    /// A model from its file.
    ///
    /// # Errors
    /// A [`ModelError`] that names the problem, such as other features, other word rarities or a missing number.
    pub fn from_toml(text: &str) -> Result<Self, ModelError> {
        let parts: AwardParts = toml::from_str(text).map_err(|error| ModelError::Description(error.to_string()))?;
        let expected = hexadecimal(Background::shipped().fingerprint());
        if parts.background != expected {
            return Err(ModelError::Background { expected, got: parts.background });
        }
        Self::new(parts)
    }

    /// A model from its numbers.
    ///
    /// # Errors
    /// [`ModelError::FeatureVersion`], [`ModelError::Shape`] or [`ModelError::NotFinite`].
    pub fn new(parts: AwardParts) -> Result<Self, ModelError> {
        parts.check()?;
        let version = format!("{FEATURE_VERSION}-{}", hexadecimal(fnv1a_32(parts.to_toml()?.as_bytes())));
        Ok(Self { version, parts })
    }

    /// Identifies these weights, as [`Model::version`](crate::Model::version) does.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Compares all the bids for one project. Returns one award per bid, in the same order. The probabilities sum to
    /// one.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] when there are no bids.
    pub fn compare(&self, bids: &[Bid]) -> Result<Vec<Award>, ScoreError> {
        if bids.is_empty() {
            return Err(ScoreError::EmptyPool);
        }
        let parts: Vec<[f64; AWARD_INPUTS]> = bids.iter().map(|bid| self.parts_of_worth(bid)).collect();
        let mean: [f64; AWARD_INPUTS] =
            std::array::from_fn(|i| sum(parts.iter().map(|parts| parts[i])) / bids.len() as f64);
        let worth: Vec<f64> = parts.iter().map(|parts| parts.iter().sum()).collect();
        let greatest = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let odds: Vec<f64> = worth.iter().map(|worth| (worth - greatest).exp()).collect();
        let all = sum(odds.iter().copied());
        let awards = parts.iter().zip(odds).map(|(parts, odds)| Award {
            probability: (odds / all) as f32,
            contributions: std::array::from_fn(|i| (parts[i] - mean[i]) as f32),
        });
        Ok(awards.collect())
    }

    /// The term of each input in a bid's worth. The difference of two worths is the logarithm of their odds. The terms
    /// are f64, so even the largest f32 weights cannot overflow.
    fn parts_of_worth(&self, bid: &Bid) -> [f64; AWARD_INPUTS] {
        let input = self.parts.apply(bid);
        std::array::from_fn(|i| f64::from(self.parts.weights[i]) * f64::from(input[i]))
    }
}

/// Sums in ascending order, so that the order of the bids does not change even the last bit.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut rising: Vec<f64> = values.collect();
    rising.sort_unstable_by(f64::total_cmp);
    rising.iter().sum()
}
