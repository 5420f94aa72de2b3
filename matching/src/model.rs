//! The net, 10 → 64 relu → 32 relu → 2 sigmoid, and the file its weights live in.
//!
//! It answers two questions about a pair: would the freelancer take the project (interest), and would the client hire
//! the freelancer, given a bid (choice). Both are probabilities, and their product is the score.
//!
//! The file is safetensors: per layer a weight (out × in) and a bias (out), and three rows of ten that turn
//! features into the net's input. Its metadata says which features the weights were trained on, and with which
//! rarities of words; weights for others are refused, because they would give confident nonsense.

use std::collections::HashMap;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::{Deserialize, Serialize};

use crate::background::Background;
use crate::error::{ModelError, ScoreError};
use crate::features::{FEATURE_COUNT, FEATURE_NAMES, FEATURE_VERSION, Feature, Features};
use crate::scorer::Scorer;
use crate::text::term_hash;

/// Neurons per layer, input first.
pub const NET_WIDTHS: [usize; LAYER_COUNT + 1] = [FEATURE_COUNT, 64, 32, 2];
const LAYER_COUNT: usize = 3;

/// Standardized inputs are kept within this many deviations, so that no single feature, however far from anything
/// trained on, decides alone.
pub const INPUT_LIMIT: f32 = 6.0;

/// Log-odds are kept within ± this, so that a score in f32 stays above 0 and below 1.
pub(crate) const LOG_ODDS_LIMIT: f32 = 16.0;

/// The arrangement of tensors that this build reads and writes.
const LAYOUT: &str = "pairwork-net-2";

/// The metadata key of the [`Description`]. One key, because safetensors writes several in random order, and two
/// equal trainings must give equal bytes.
const DESCRIPTION_KEY: &str = "pairwork";

const LAYER_TENSORS: [(&str, &str); LAYER_COUNT] =
    [("layer1.weight", "layer1.bias"), ("layer2.weight", "layer2.bias"), ("layer3.weight", "layer3.bias")];
const INPUT_TENSORS: [&str; 3] = ["input.mean", "input.deviation", "input.missing"];

/// What the file says about itself, as TOML.
#[derive(Debug, Serialize, Deserialize)]
struct Description {
    layout: String,
    feature_version: u32,
    features: Vec<String>,
    /// [`Background::fingerprint`], in hexadecimal.
    background: String,
    /// See [`ModelParts::until_now`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    until_now: bool,
}

/// What every layout's description begins with.
#[derive(Debug, Deserialize)]
struct Layout {
    layout: String,
}

/// How features become the net's input: (value − mean) / deviation, and a learned place for what is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardization {
    /// Mean of each feature over the training pairs.
    pub mean: [f32; FEATURE_COUNT],
    /// What the distance from the mean is divided by, above zero: the standard deviation, or more where otherwise the limit of
    /// the input would cut off what the feature can be.
    pub deviation: [f32; FEATURE_COUNT],
    /// The value that stands for a missing one, in the feature's own unit.
    pub missing: [f32; FEATURE_COUNT],
}

impl Standardization {
    /// The net's input for a pair: ten numbers within ± 6. Times one over the deviation, as the scorer does column by column:
    /// the same bits.
    pub fn apply(&self, features: &Features) -> [f32; FEATURE_COUNT] {
        Feature::ALL.map(|feature| {
            let i = feature as usize;
            let value = features.get(feature).unwrap_or(self.missing[i]);
            ((value - self.mean[i]) * self.deviation[i].recip()).clamp(-INPUT_LIMIT, INPUT_LIMIT)
        })
    }
}

/// The numbers of a net, for whoever trains it, stores it, or computes it in another way.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelParts {
    /// From features to input.
    pub standardization: Standardization,
    /// Per layer: weights, row by row (one row of inputs per neuron), and biases.
    pub layers: [(Vec<f32>, Vec<f32>); LAYER_COUNT],
    /// The [`Background::fingerprint`] of the rarities that text similarity was computed with in training.
    pub background: u32,
    /// Whether they have learned from all that there was, and no part of it can judge them.
    pub until_now: bool,
}

impl ModelParts {
    /// The weights file. Equal parts give equal bytes.
    ///
    /// # Errors
    /// [`ModelError::Unreadable`] when a layer has another size than the net's.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let mut tensors: Vec<(&str, Vec<usize>, Vec<u8>)> = Vec::new();
        for (layer, (weights, biases)) in self.layers.iter().enumerate() {
            let (weight_name, bias_name) = LAYER_TENSORS[layer];
            tensors.push((weight_name, vec![NET_WIDTHS[layer + 1], NET_WIDTHS[layer]], bytes(weights)));
            tensors.push((bias_name, vec![NET_WIDTHS[layer + 1]], bytes(biases)));
        }
        let Standardization { mean, deviation, missing } = &self.standardization;
        for (name, row) in INPUT_TENSORS.into_iter().zip([mean, deviation, missing]) {
            tensors.push((name, vec![FEATURE_COUNT], bytes(row)));
        }
        let views = tensors
            .iter()
            .map(|(name, shape, data)| Ok((*name, TensorView::new(Dtype::F32, shape.clone(), data)?)))
            .collect::<Result<Vec<_>, ModelError>>()?;
        let description = Description {
            layout: LAYOUT.to_owned(),
            feature_version: FEATURE_VERSION,
            features: FEATURE_NAMES.map(str::to_owned).to_vec(),
            background: hexadecimal(self.background),
            until_now: self.until_now,
        };
        let description = toml::to_string(&description).map_err(|error| ModelError::Description(error.to_string()))?;
        let metadata = HashMap::from([(DESCRIPTION_KEY.to_owned(), description)]);
        Ok(safetensors::serialize(views, Some(metadata))?)
    }

    /// Reads a weights file and checks that this build can serve it.
    ///
    /// # Errors
    /// Every [`ModelError`] but [`ModelError::Tensor`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::from_bytes_with(bytes, Background::shipped())
    }

    /// The same of weights that were trained with other rarities of words than this build's.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_bytes_with(bytes: &[u8], background: &Background) -> Result<Self, ModelError> {
        let (_, header) = SafeTensors::read_metadata(bytes)?;
        let description = header
            .metadata()
            .as_ref()
            .and_then(|metadata| metadata.get(DESCRIPTION_KEY))
            .ok_or_else(|| ModelError::Description(format!("no metadata named {DESCRIPTION_KEY}")))?;
        let unreadable = |error: toml::de::Error| ModelError::Description(error.to_string());
        // Alone first: what else another layout says, this build does not know.
        let Layout { layout } = toml::from_str(description).map_err(unreadable)?;
        if layout != LAYOUT {
            return Err(ModelError::UnknownVersion { expected: LAYOUT, got: layout });
        }
        let description: Description = toml::from_str(description).map_err(unreadable)?;
        if description.feature_version != FEATURE_VERSION || description.features != FEATURE_NAMES {
            return Err(ModelError::FeatureVersion { got: description.feature_version });
        }
        let background = background.fingerprint();
        if description.background != hexadecimal(background) {
            return Err(ModelError::Background { expected: hexadecimal(background), got: description.background });
        }

        let file = SafeTensors::deserialize(bytes)?;
        let mut layers: [(Vec<f32>, Vec<f32>); LAYER_COUNT] = Default::default();
        for (layer, (weight_name, bias_name)) in LAYER_TENSORS.into_iter().enumerate() {
            layers[layer].0 = read(&file, weight_name, &[NET_WIDTHS[layer + 1], NET_WIDTHS[layer]])?;
            layers[layer].1 = read(&file, bias_name, &[NET_WIDTHS[layer + 1]])?;
        }
        let [mean, deviation, missing] = INPUT_TENSORS;
        let standardization = Standardization {
            mean: read_row(&file, mean)?,
            deviation: read_row(&file, deviation)?,
            missing: read_row(&file, missing)?,
        };
        let parts = Self { standardization, layers, background, until_now: description.until_now };
        parts.check_numbers()?;
        Ok(parts)
    }

    /// Whether every number can be computed with.
    ///
    /// # Errors
    /// [`ModelError::NotFinite`], naming the tensor.
    fn check_numbers(&self) -> Result<(), ModelError> {
        let layers = self.layers.iter().zip(LAYER_TENSORS);
        let layers = layers.flat_map(|((weights, biases), (weight_name, bias_name))| {
            [(weight_name, weights.as_slice()), (bias_name, biases.as_slice())]
        });
        let Standardization { mean, deviation, missing } = &self.standardization;
        let inputs = INPUT_TENSORS.into_iter().zip([mean, deviation, missing].map(|row| row.as_slice()));
        for (name, row) in layers.chain(inputs) {
            if !row.iter().all(|value| value.is_finite()) {
                return Err(ModelError::NotFinite { name });
            }
        }
        let [_, name, _] = INPUT_TENSORS;
        // A feature at its mean, times an infinite scale, would be no number.
        let has_scale = |deviation: &f32| *deviation > 0.0 && deviation.recip().is_finite();
        if deviation.iter().all(has_scale) { Ok(()) } else { Err(ModelError::NotFinite { name }) }
    }
}

pub(crate) fn hexadecimal(fingerprint: u32) -> String {
    format!("{fingerprint:08x}")
}

fn read(file: &SafeTensors<'_>, name: &'static str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
    let tensor = file.tensor(name)?;
    if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
        let got = format!("{:?} of {:?}", tensor.shape(), tensor.dtype());
        return Err(ModelError::Shape { name, expected: shape.to_vec(), got });
    }
    let (values, _) = tensor.data().as_chunks::<4>();
    Ok(values.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
}

fn read_row(file: &SafeTensors<'_>, name: &'static str) -> Result<[f32; FEATURE_COUNT], ModelError> {
    let mut row = [0.0; FEATURE_COUNT];
    row.copy_from_slice(&read(file, name, &[FEATURE_COUNT])?);
    Ok(row)
}

/// The net, ready to score.
#[derive(Debug, Clone)]
pub struct Model {
    version: String,
    parts: ModelParts,
    scorer: Scorer,
}

impl Model {
    /// The weights this build ships, compiled in: no file is read. Load once and keep.
    ///
    /// # Errors
    /// None for weights that passed this crate's tests; see [`from_bytes`](Self::from_bytes).
    pub fn shipped() -> Result<Self, ModelError> {
        Self::from_bytes(include_bytes!("../model/model.safetensors"))
    }

    /// A net from a weights file.
    ///
    /// # Errors
    /// A [`ModelError`] that names what is wrong: another feature version, another layout, a damaged file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::new(ModelParts::from_bytes(bytes)?)
    }

    /// A net from its numbers.
    ///
    /// # Errors
    /// [`ModelError::NotFinite`], and [`ModelError::LayerSize`] when a layer has another size than the net's.
    pub fn new(parts: ModelParts) -> Result<Self, ModelError> {
        parts.check_numbers()?;
        let scorer = Scorer::new(&parts)?;
        Ok(Self { version: version_of(&parts), parts, scorer })
    }

    /// Names these very weights: the feature version and a hash of every number, as in `2-5f3a9c1e`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The net's numbers.
    pub fn parts(&self) -> &ModelParts {
        &self.parts
    }

    /// The fused scorer of these weights.
    pub fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// The probability of each pair, in the order of the rows: above 0 and below 1, never NaN. A pair's is the same
    /// to the last bit whoever else is scored.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] when there are no rows.
    pub fn score(&self, rows: &[Features]) -> Result<Vec<f32>, ScoreError> {
        let mut scores = answers_for(rows)?;
        self.scorer.score_rows(rows, &mut scores);
        Ok(scores)
    }

    /// The log-odds of each pair, ln(p / (1 − p)).
    ///
    /// # Errors
    /// [`ScoreError::EmptyPool`] when there are no rows.
    pub fn log_odds(&self, rows: &[Features]) -> Result<Vec<f32>, ScoreError> {
        let mut log_odds = answers_for(rows)?;
        self.scorer.log_odds_of_rows(rows, &mut log_odds);
        Ok(log_odds)
    }
}

/// Room for one answer per row.
fn answers_for(rows: &[Features]) -> Result<Vec<f32>, ScoreError> {
    if rows.is_empty() { Err(ScoreError::EmptyPool) } else { Ok(vec![0.0; rows.len()]) }
}

fn version_of(parts: &ModelParts) -> String {
    let Standardization { mean, deviation, missing } = &parts.standardization;
    let rows = parts.layers.iter().flat_map(|(weights, biases)| [weights.as_slice(), biases.as_slice()]);
    let numbers = rows.chain([mean.as_slice(), deviation.as_slice(), missing.as_slice()]).flatten();
    let words = numbers.map(|number| number.to_bits()).chain([parts.background]);
    // Hexadecimal, digit by digit: what formats is made for less, and would be a fifth of a function's start.
    let digit = |word: u32, place: u32| b"0123456789abcdef"[(word >> (28 - 4 * place) & 15) as usize] as char;
    let numbers: String = words.flat_map(|word| (0..8).map(move |place| digit(word, place))).collect();
    format!("{FEATURE_VERSION}-{}", hexadecimal(term_hash(&numbers)))
}
