//! The shipped weights, as the build script wrote them down.

use std::sync::LazyLock;

use matching::{FEATURE_COUNT, Layer, Model, ModelParts, NET_WIDTHS, Standardization};

/// 32-bit numbers, little-endian: mean, deviation and missing of each input, then the weights and biases of each layer,
/// then the fingerprint of the rarities.
const NUMBERS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/weights.bin"));

static MODEL: LazyLock<Option<Model>> = LazyLock::new(|| Model::new(parts(NUMBERS)?).ok());

/// The net. `None` never happens with weights that the build script accepted.
pub(crate) fn model() -> Option<&'static Model> {
    MODEL.as_ref()
}

fn parts(bytes: &[u8]) -> Option<ModelParts> {
    let (words, _) = bytes.as_chunks::<4>();
    let mut words = words.iter().copied();
    let mut row = || {
        let mut row = [0.0; FEATURE_COUNT];
        for number in &mut row {
            *number = f32::from_le_bytes(words.next()?);
        }
        Some(row)
    };
    let standardization = Standardization { mean: row()?, deviation: row()?, missing: row()? };
    let mut numbers =
        |count: usize| (0..count).map(|_| words.next().map(f32::from_le_bytes)).collect::<Option<Vec<f32>>>();
    let mut layers = Vec::new();
    for widths in NET_WIDTHS.windows(2) {
        let (inputs, outputs) = (widths[0], widths[1]);
        layers.push(Layer { weights: numbers(inputs * outputs)?, biases: numbers(outputs)? });
    }
    let background = u32::from_le_bytes(words.next()?);
    Some(ModelParts { standardization, layers, background, until_now: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_the_shipped_ones() {
        let (mine, shipped) = (model().unwrap(), Model::shipped().unwrap());
        assert_eq!(mine.version(), shipped.version());
        assert_eq!(mine.parts(), &ModelParts { until_now: false, ..shipped.parts().clone() });
    }
}
