//! Which bid to hire: a second model, asked when the bids are in.
//!
//! It sees the ten features of each bidder and the project, and four numbers of the bid itself. Bids are compared with
//! each other: what it gives are shares of one hire, so that ten middling bids get a tenth each and a good one among
//! poor ones gets most. What it never does: look at the price, which the market it learned from does not have.
//!
//! Nothing good counts against a bid: as one of the features gets [better](Bid::better), its chance never falls. And
//! padding pays nobody: of a message the different words are counted, up to a limit.
//!
//! It is a single neuron per bid and a softmax over the bids: a conditional logit (McFadden 1974, *Conditional logit
//! analysis of qualitative choice behavior*). Contested projects are few, and a hidden layer learned them by heart:
//! in cross-validation within the time before the test, 16 hidden neurons told the hired with an AUC of .846, this with
//! .862. And whoever asks why gets an exact answer, one number per input.

use serde::{Deserialize, Serialize};

use vocabulary::fnv1a_32;

use crate::background::Background;
use crate::error::{ModelError, ScoreError};
use crate::features::{Better, FEATURE_COUNT, FEATURE_VERSION, Feature, Features};
use crate::need::PreparedNeed;
use crate::net::{INPUT_LIMIT, hexadecimal};
use crate::text::{TermVector, different_words, length_of};

/// Numbers of the bid itself.
pub const BID_FEATURE_COUNT: usize = 4;
/// Numbers per bid: those of the pair, and those of the bid.
pub const AWARD_INPUTS: usize = FEATURE_COUNT + BID_FEATURE_COUNT;

/// A number of the bid itself, in the order of the net's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BidFeature {
    /// ln(1 + minutes from the project's posting to the bid).
    Delay,
    /// ln(1 + different words of the message, at most [`MOST_WORDS`](Self::MOST_WORDS)).
    Words,
    /// Cosine of the project's text and the message, rare words weighing more. 0 to 1.
    Similarity,
    /// ln(1 + bids that were there before).
    EarlierBids,
}

impl BidFeature {
    /// Different words of a message that are counted: half a page. Who writes more does not say more.
    pub const MOST_WORDS: usize = 150;

    /// All of them, in their order.
    pub const ALL: [Self; BID_FEATURE_COUNT] = [Self::Delay, Self::Words, Self::Similarity, Self::EarlierBids];

    /// Its name in files and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Words => "words",
            Self::Similarity => "similarity",
            Self::EarlierBids => "earlier_bids",
        }
    }

    /// Which of two values never makes a bid less likely to be hired. What it says that a bid came early, the decisions
    /// say.
    const fn better(self) -> Option<Better> {
        match self {
            Self::Words | Self::Similarity => Some(Better::More),
            Self::Delay | Self::EarlierBids => None,
        }
    }
}

/// A bid as it came in, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Proposal<'a> {
    /// What the bidder wrote.
    pub message: Option<&'a str>,
    /// Minutes from the project's posting to the bid.
    pub delay_minutes: Option<f64>,
    /// Bids that were there before.
    pub earlier_bids: Option<u32>,
}

/// What a bid says by itself; each number is finite and not negative, or missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BidFeatures([Option<f32>; BID_FEATURE_COUNT]);

impl BidFeatures {
    /// Of a bid for this project. A delay that is no finite number is not known; one before the posting is none.
    pub fn of(need: &PreparedNeed, proposal: &Proposal<'_>) -> Self {
        Self::weighed(need, proposal, Background::shipped())
    }

    /// The same where words are as rare as another background says.
    pub fn weighed(need: &PreparedNeed, proposal: &Proposal<'_>, background: &Background) -> Self {
        let delay_minutes = proposal.delay_minutes.filter(|minutes| minutes.is_finite());
        Self([
            delay_minutes.map(|minutes| minutes.max(0.0).ln_1p() as f32),
            proposal.message.map(|message| (different_words(message).min(BidFeature::MOST_WORDS) as f32).ln_1p()),
            proposal.message.map(|message| similarity(need, &TermVector::of_text(message).by_rarity(background))),
            proposal.earlier_bids.map(|bids| (bids as f32).ln_1p()),
        ])
    }

    /// The four, in the order of [`BidFeature::ALL`].
    pub fn values(&self) -> [Option<f32>; BID_FEATURE_COUNT] {
        self.0
    }
}

/// Cosine of two texts whose rare words weigh more. 0 to 1.
fn similarity(need: &PreparedNeed, message: &TermVector) -> f32 {
    let products = message.terms().iter().filter_map(|&(hash, weight)| Some(weight * need.terms.get(hash)?));
    // The sum of nothing would be −0.
    (products.fold(0.0, |sum, product| sum + product) / length_of(message.terms())).clamp(0.0, 1.0)
}

/// One bid, as the net sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bid {
    /// The bidder and the project, as of the bid.
    pub pair: Features,
    /// The bid itself.
    pub bid: BidFeatures,
}

impl Bid {
    /// The names of the fourteen numbers, in the order of the net's input.
    pub fn names() -> [&'static str; AWARD_INPUTS] {
        std::array::from_fn(|i| match i.checked_sub(FEATURE_COUNT) {
            Some(place) => BidFeature::ALL[place].name(),
            None => Feature::ALL[i].name(),
        })
    }

    /// Which of two values of each never makes a bid less likely to be hired, in the same order: of the ten what
    /// [`Feature::better`] says.
    pub fn better() -> [Option<Better>; AWARD_INPUTS] {
        std::array::from_fn(|i| match i.checked_sub(FEATURE_COUNT) {
            Some(place) => BidFeature::ALL[place].better(),
            None => Feature::ALL[i].better(),
        })
    }

    /// All fourteen; `None` where not known.
    pub fn values(&self) -> [Option<f32>; AWARD_INPUTS] {
        let (pair, bid) = (self.pair.values(), self.bid.values());
        std::array::from_fn(|i| if i < FEATURE_COUNT { pair[i] } else { bid[i - FEATURE_COUNT] })
    }
}

/// The model's numbers, as its file holds them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AwardParts {
    feature_version: u32,
    /// [`Background::fingerprint`], in hexadecimal.
    background: String,
    /// [`Bid::names`].
    inputs: Vec<String>,
    /// Mean of each input over the training bids: what stands for a missing one.
    mean: Vec<f32>,
    /// Standard deviation of each, above zero.
    deviation: Vec<f32>,
    /// What a deviation more of each adds to the logarithm of a bid's odds.
    weights: Vec<f32>,
}

impl AwardParts {
    /// Parts for this build's features, of weights that were trained with the [background](Background::fingerprint) of
    /// this fingerprint. [`AwardModel::new`] checks the numbers.
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
    /// [`ModelError::Description`] if TOML cannot say it.
    pub fn to_toml(&self) -> Result<String, ModelError> {
        toml::to_string(self).map_err(|error| ModelError::Description(error.to_string()))
    }

    /// Standardized inputs of a bid, within ± 6; what is not known stands at the mean.
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

/// How a bid compares with the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Award {
    /// Of being the one that is hired, if exactly one is.
    pub probability: f32,
    /// How much each of the fourteen inputs raises the logarithm of the bid's odds above the mean of all the bids, or
    /// lowers it: in the order of [`Bid::names`]. For a sum like this these are the Shapley values.
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
    /// A [`ModelError`] that names what is wrong: other features, other rarities of words, a number too few.
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

    /// Names these very weights, as [`Model::version`](crate::Model::version) does.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Compares all the bids for one project: an award each, in their order. The probabilities are together one.
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

    /// What each input adds to a bid's worth; the difference of two worths is the logarithm of their odds. In 64 bits
    /// no 32-bit weights, however large, overflow.
    fn parts_of_worth(&self, bid: &Bid) -> [f64; AWARD_INPUTS] {
        let input = self.parts.apply(bid);
        std::array::from_fn(|i| f64::from(self.parts.weights[i]) * f64::from(input[i]))
    }
}

/// Adds up in rising order: the order of the bids changes nothing, not even the last bit.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut rising: Vec<f64> = values.collect();
    rising.sort_unstable_by(f64::total_cmp);
    rising.iter().sum()
}
