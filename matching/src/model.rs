//! The net that scores pairs. It answers two questions about a pair: would the freelancer take the project (interest),
//! and would the client hire the freelancer, given a bid (choice)? Both answers are probabilities, and their product is
//! the score.
//!
//! The fused [`Scorer`] serves weights of the shape 10 → 64 relu → 32 relu → 2 sigmoid. candle computes all other
//! shapes if this crate's feature `candle` is on; otherwise they are refused.

use vocabulary::fnv1a_32;

#[cfg(feature = "candle")]
use crate::candle::CandleNet;
use crate::error::{ModelError, ScoreError};
use crate::features::{FEATURE_VERSION, Feature, Features};
use crate::net::{HEAD_COUNT, ModelParts, NET_WIDTHS, Standardization, hexadecimal};
use crate::scorer::{Answer, Columns, Scorer};

/// The net, ready to score.
#[derive(Debug, Clone)]
pub struct Model {
    version: String,
    parts: ModelParts,
    net: Net,
}

/// The implementation that computes the net.
#[derive(Debug, Clone)]
enum Net {
    Fused(Scorer),
    #[cfg(feature = "candle")]
    Candle(CandleNet),
}

impl Net {
    fn new(parts: &ModelParts) -> Result<Self, ModelError> {
        if parts.widths() == NET_WIDTHS {
            return Ok(Self::Fused(Scorer::new(parts)?));
        }
        #[cfg(feature = "candle")]
        return Ok(Self::Candle(CandleNet::new(parts)?));
        #[cfg(not(feature = "candle"))]
        Err(ModelError::Unserved { widths: parts.widths(), served: NET_WIDTHS })
    }
}

impl Model {
    /// The weights that this build ships. They are compiled in, so no file is read. Load them once and keep them.
    ///
    /// # Errors
    /// None for weights that passed this crate's tests; see [`from_bytes`](Self::from_bytes).
    pub fn shipped() -> Result<Self, ModelError> {
        Self::from_bytes(include_bytes!("../model/model.safetensors"))
    }

    /// Reads a net from a weights file.
    ///
    /// # Errors
    /// A [`ModelError`] that names the problem: another feature version, another layout or a damaged file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::new(ModelParts::from_bytes(bytes)?)
    }

    /// Creates a net from its numbers.
    ///
    /// # Errors
    /// [`ModelError::NotFinite`]; [`ModelError::LayerCount`] or [`ModelError::LayerSize`] for layers that do not form a
    /// net; [`ModelError::Unserved`] for a shape that needs candle, in a build without it.
    pub fn new(parts: ModelParts) -> Result<Self, ModelError> {
        parts.check_sizes()?;
        parts.check_numbers()?;
        let net = Net::new(&parts)?;
        Ok(Self { version: version_of(&parts), parts, net })
    }

    /// Identifies these weights by the feature version and a hash of every number, as in `2-5f3a9c1e`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The net's numbers.
    pub fn parts(&self) -> &ModelParts {
        &self.parts
    }

    /// The fused scorer of these weights. `None` if candle computes them.
    pub fn scorer(&self) -> Option<&Scorer> {
        match &self.net {
            Net::Fused(scorer) => Some(scorer),
            #[cfg(feature = "candle")]
            Net::Candle(_) => None,
        }
    }

    /// The score of each pair, in the order of the rows: a probability above 0 and below 1, never NaN. A pair's score
    /// is the same to the last bit, whichever pairs are scored with it.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] when there are no rows.
    pub fn score(&self, rows: &[Features]) -> Result<Vec<f32>, ScoreError> {
        self.answer_rows(rows, Answer::Score)
    }

    /// The log-odds of each pair, ln(p / (1 − p)).
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] when there are no rows.
    pub fn log_odds(&self, rows: &[Features]) -> Result<Vec<f32>, ScoreError> {
        let mut answers = self.answer_rows(rows, Answer::OddsAgainst)?;
        into_log_odds(&mut answers);
        Ok(answers)
    }

    /// The probability of each of the net's two answers about a pair, in their order. Their product is the pair's
    /// score.
    ///
    /// # Errors
    /// None for the fused scorer; otherwise errors of the tensor library.
    pub fn sides(&self, pair: &Features) -> Result<[f32; HEAD_COUNT], ScoreError> {
        let heads = match &self.net {
            Net::Fused(scorer) => scorer.heads(pair),
            #[cfg(feature = "candle")]
            Net::Candle(net) => net.heads_of_one(pair)?,
        };
        Ok(heads.map(|log_odds| 1.0 / (1.0 + (-log_odds).exp())))
    }

    fn answer_rows(&self, rows: &[Features], answer: Answer) -> Result<Vec<f32>, ScoreError> {
        if rows.is_empty() {
            return Err(ScoreError::EmptyPool);
        }
        let mut answers = vec![0.0; rows.len()];
        match &self.net {
            Net::Fused(scorer) => scorer.answer_rows(rows, answer, &mut answers),
            #[cfg(feature = "candle")]
            Net::Candle(net) => net.answer_rows(rows, answer, &mut answers)?,
        }
        Ok(answers)
    }

    /// Scores at most a batch of pairs, whose features are in columns; NaN means unknown.
    pub(crate) fn score_features(&self, features: Columns<'_>, scores: &mut [f32]) -> Result<(), ScoreError> {
        match &self.net {
            Net::Fused(scorer) => scorer.answer_features(features, Answer::Score, scores),
            #[cfg(feature = "candle")]
            Net::Candle(net) => net.answer_features(features, Answer::Score, scores)?,
        }
        Ok(())
    }

    /// The log-odds of a pair's score for every subset of the `known` features. Subset n contains the features whose
    /// bits are set in n; the first feature has the lowest bit.
    pub(crate) fn log_odds_of_coalitions(&self, pair: &Features, known: &[Feature]) -> Result<Vec<f32>, ScoreError> {
        let given = self.parts.standardization.apply(pair);
        let missing = self.parts.standardization.apply(&Features::unknown());
        let mut columns = missing.map(|input| vec![input; 1 << known.len()]);
        for (bit, &feature) in known.iter().enumerate() {
            // 2ⁿ sets without the feature alternate with 2ⁿ sets with it.
            for sets in columns[feature as usize].chunks_exact_mut(2 << bit) {
                sets[1 << bit..].fill(given[feature as usize]);
            }
        }
        let columns = columns.each_ref().map(Vec::as_slice);
        let mut answers = vec![0.0; 1 << known.len()];
        match &self.net {
            Net::Fused(scorer) => scorer.run(columns, Answer::OddsAgainst, &mut answers),
            #[cfg(feature = "candle")]
            Net::Candle(net) => net.answer_inputs(columns, Answer::OddsAgainst, &mut answers)?,
        }
        into_log_odds(&mut answers);
        Ok(answers)
    }
}

/// Converts odds against to log-odds.
fn into_log_odds(answers: &mut [f32]) {
    for value in answers {
        *value = -value.ln();
    }
}

fn version_of(parts: &ModelParts) -> String {
    let Standardization { mean, deviation, missing } = &parts.standardization;
    let rows = parts.layers.iter().flat_map(|layer| [layer.weights.as_slice(), layer.biases.as_slice()]);
    let numbers = rows.chain([mean.as_slice(), deviation.as_slice(), missing.as_slice()]).flatten();
    let words = numbers.map(|number| number.to_bits()).chain([parts.background]);
    // Writes hexadecimal digit by digit. Code made for `format!` is slower: it would be a fifth of a function's cold
    // start.
    let digit = |word: u32, place: u32| b"0123456789abcdef"[(word >> (28 - 4 * place) & 15) as usize] as char;
    let numbers: String = words.flat_map(|word| (0..8).map(move |place| digit(word, place))).collect();
    format!("{FEATURE_VERSION}-{}", hexadecimal(fnv1a_32(numbers.as_bytes())))
}
