//! The weights file: safetensors with one entry of metadata.
//!
//! For each layer, the file holds a weight (out × in) and a bias (out). Three rows of ten turn features into the net's
//! input. The metadata names the features and the word rarities that the weights were trained with. This build refuses
//! weights for other features or rarities, because their results would be confident nonsense.

use std::collections::HashMap;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::{Deserialize, Serialize};

use super::{HEAD_COUNT, INPUT_TENSORS, LAYER_TENSORS, Layer, ModelParts, Standardization};
use crate::background::Background;
use crate::error::ModelError;
use crate::features::{FEATURE_COUNT, FEATURE_NAMES, FEATURE_VERSION};

/// The layout that this build reads and writes.
const LAYOUT: &str = "pairwork-net-2";

/// The metadata key of the [`Description`]. There is only one key, because safetensors writes several in random order,
/// and equal trainings must give equal bytes.
const DESCRIPTION_KEY: &str = "pairwork";

/// The file's description of itself, as TOML.
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

/// The field that every layout's description has.
#[derive(Debug, Deserialize)]
struct Layout {
    layout: String,
}

impl ModelParts {
    /// The weights file. Equal parts give equal bytes.
    ///
    /// # Errors
    /// [`ModelError::LayerCount`] or [`ModelError::LayerSize`] for layers that make no net.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        self.check_sizes()?;
        let mut tensors: Vec<(&str, Vec<usize>, Vec<u8>)> = Vec::new();
        for ((layer, inputs), (weight_name, bias_name)) in self.layers.iter().zip(self.widths()).zip(LAYER_TENSORS) {
            tensors.push((weight_name, vec![layer.biases.len(), inputs], bytes(&layer.weights)));
            tensors.push((bias_name, vec![layer.biases.len()], bytes(&layer.biases)));
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
    /// Every [`ModelError`], except for [`ModelError::Tensor`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::from_bytes_with(bytes, Background::shipped())
    }

    /// Like [`from_bytes`](Self::from_bytes), for weights that were trained with these word rarities.
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
        // The layout is read first and alone, because this build cannot know the other fields of another layout.
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
        let layers = read_layers(&file)?;
        let [mean, deviation, missing] = INPUT_TENSORS;
        let standardization = Standardization {
            mean: read_row(&file, mean)?,
            deviation: read_row(&file, deviation)?,
            missing: read_row(&file, missing)?,
        };
        let parts = Self { standardization, layers, background, until_now: description.until_now };
        parts.check_sizes()?;
        parts.check_numbers()?;
        Ok(parts)
    }
}

pub(crate) fn hexadecimal(fingerprint: u32) -> String {
    format!("{fingerprint:08x}")
}

/// Reads all layers of the file, of any width.
fn read_layers(file: &SafeTensors<'_>) -> Result<Vec<Layer>, ModelError> {
    let count = LAYER_TENSORS.iter().take_while(|(name, _)| file.tensor(name).is_ok()).count().max(1);
    let mut layers = Vec::with_capacity(count);
    let mut inputs = FEATURE_COUNT;
    for (place, (weight_name, bias_name)) in LAYER_TENSORS.into_iter().take(count).enumerate() {
        let own = file.tensor(weight_name)?.shape().first().copied().unwrap_or_default();
        let outputs = if place + 1 == count { HEAD_COUNT } else { own };
        layers.push(Layer {
            weights: read(file, weight_name, &[outputs, inputs])?,
            biases: read(file, bias_name, &[outputs])?,
        });
        inputs = outputs;
    }
    Ok(layers)
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
