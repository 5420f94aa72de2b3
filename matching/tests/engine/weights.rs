//! The weights file: the shipped file is valid, and any other file is refused with the reason.

use std::sync::LazyLock;

use matching::{
    Background, Better, FEATURE_COUNT, FEATURE_VERSION, Feature, Features, Layer, Model, ModelError, ModelParts,
};
use proptest::prelude::*;

use crate::arbitrary::row;

const SHIPPED: &[u8] = include_bytes!("../../model/model.safetensors");

/// The shipped file with a part of its header replaced by another of the same length.
fn with(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = SHIPPED.windows(from.len()).position(|window| window == from.as_bytes()).expect("in the header");
    let mut bytes = SHIPPED.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

#[test]
fn the_card_describes_the_shipped_weights() {
    let card: toml::Table = toml::from_str(include_str!("../../model/card.toml")).unwrap();
    let model = Model::shipped().unwrap();
    assert_eq!(card["version"].as_str(), Some(model.version()));
    assert_eq!(card["feature_version"].as_integer(), Some(i64::from(FEATURE_VERSION)));
    let background = Background::shipped();
    assert_eq!(model.parts().background, background.fingerprint());
    assert_eq!(card["background"]["fingerprint"].as_str(), Some(format!("{:08x}", background.fingerprint()).as_str()));
    assert_eq!(card["background"]["words"].as_integer(), i64::try_from(background.words()).ok());
}

#[test]
fn a_file_is_the_same_after_reading_and_writing() {
    assert_eq!(Model::shipped().unwrap().parts().to_bytes().unwrap(), SHIPPED);
}

#[test]
fn another_feature_version_is_refused() {
    let from = format!("feature_version = {FEATURE_VERSION}");
    let refused = Model::from_bytes(&with(&from, "feature_version = 9")).unwrap_err();
    assert!(matches!(refused, ModelError::FeatureVersion { got: 9 }), "{refused}");
}

#[test]
fn other_features_of_the_same_version_are_refused() {
    let refused = Model::from_bytes(&with("last_seen", "last_sean")).unwrap_err();
    assert!(matches!(refused, ModelError::FeatureVersion { .. }), "{refused}");
}

#[test]
fn weights_trained_with_other_word_rarities_are_refused() {
    let mut parts = Model::shipped().unwrap().parts().clone();
    parts.background ^= 1;
    let refused = Model::from_bytes(&parts.to_bytes().unwrap()).unwrap_err();
    let expected = format!("{:08x}", Background::shipped().fingerprint());
    assert!(matches!(&refused, ModelError::Background { expected: e, got } if *e == expected && e != got), "{refused}");
}

#[test]
fn weights_are_read_with_the_word_rarities_of_their_training() {
    let mut bytes = Background::shipped().as_bytes().to_vec();
    // The rarity of the last word.
    *bytes.last_mut().unwrap() ^= 2;
    let other = Background::from_bytes(bytes.clone()).unwrap();
    assert_ne!(other.fingerprint(), Background::shipped().fingerprint());
    let mut parts = Model::shipped().unwrap().parts().clone();
    assert!(ModelParts::from_bytes_with(&parts.to_bytes().unwrap(), &other).is_err());
    parts.background = other.fingerprint();
    assert_eq!(ModelParts::from_bytes_with(&parts.to_bytes().unwrap(), &other).unwrap(), parts);

    for cut in [0, 7, 8, 9, bytes.len() - 1] {
        let refused = Background::from_bytes(bytes[..cut].to_vec());
        assert!(refused.is_err() || cut == 8, "{cut} bytes: 8 are an empty table");
    }
}

#[test]
fn an_unknown_model_version_is_refused() {
    let refused = Model::from_bytes(&with("pairwork-net-2", "pairwork-net-7")).unwrap_err();
    assert!(matches!(&refused, ModelError::UnknownVersion { got, .. } if got == "pairwork-net-7"), "{refused}");
}

#[test]
fn a_file_without_a_description_is_refused() {
    let refused = Model::from_bytes(&with("\"pairwork\"", "\"somebody\"")).unwrap_err();
    assert!(matches!(refused, ModelError::Description(_)), "{refused}");
}

#[test]
fn another_shape_is_refused() {
    let refused = Model::from_bytes(&with("[64,10]", "[10,64]")).unwrap_err();
    assert!(matches!(refused, ModelError::Shape { name: "layer1.weight", .. }), "{refused}");
}

#[test]
fn weights_that_are_not_finite_are_refused() {
    let mut parts = Model::shipped().unwrap().parts().clone();
    parts.layers[1].weights[5] = f32::NAN;
    for refused in [Model::from_bytes(&parts.to_bytes().unwrap()), Model::new(parts)].map(Result::unwrap_err) {
        assert!(matches!(refused, ModelError::NotFinite { name: "layer2.weight" }), "{refused}");
    }
}

#[test]
fn a_deviation_that_cannot_scale_is_refused() {
    for deviation in [0.0, -1.0, f32::MIN_POSITIVE / 8.0] {
        let mut parts = Model::shipped().unwrap().parts().clone();
        parts.standardization.deviation[3] = deviation;
        let refused = Model::new(parts).unwrap_err();
        assert!(matches!(refused, ModelError::NotFinite { name: "input.deviation" }), "{refused}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// For any values of the other features, neither output falls by a single bit as one feature gets better. The
    /// score falls by no more than the rounding of its exponentials.
    #[test]
    fn no_output_falls_as_a_feature_gets_better(row in row(), place in 0..FEATURE_COUNT, shares in shares()) {
        let feature = Feature::ALL[place];
        let (low, high) = feature.range();
        let [less, more] = [shares[0].min(shares[1]), shares[0].max(shares[1])].map(|share| {
            let mut values = row.values();
            values[place] = Some((low + share * (high - low)).min(high));
            Features::new(values).unwrap()
        });
        let (worse, better) = match feature.better() {
            Some(Better::More) => (less, more),
            Some(Better::Less) => (more, less),
            None => return Ok(()),
        };
        let model = &*MODEL;
        let heads = [worse, better].map(|row| model.scorer().unwrap().heads(&row));
        prop_assert!(heads[0].iter().zip(&heads[1]).all(|(worse, better)| worse <= better), "{feature:?}: {heads:?}");
        let scores = model.score(&[worse, better]).unwrap();
        prop_assert!(scores[0] <= scores[1] * (1.0 + 4.0 * f32::EPSILON), "{feature:?}: {scores:?}");
    }
}

/// Two shares of a feature's range: independent, or close to each other.
fn shares() -> impl Strategy<Value = [f32; 2]> {
    let near = (0.0f32..=1.0, 0.0f32..=0.01).prop_map(|(share, apart)| [share, (share + apart).min(1.0)]);
    prop_oneof![[0.0f32..=1.0, 0.0f32..=1.0], near]
}

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::shipped().unwrap());

/// Explanations rely on the better side of each feature, so this test pins them.
#[test]
fn nine_features_have_a_better_side() {
    let of = |better| Feature::ALL.into_iter().filter(move |feature| feature.better() == better).collect::<Vec<_>>();
    assert_eq!(of(None), [Feature::ResponseTime]);
    assert_eq!(of(Some(Better::Less)), [Feature::LastSeen]);
    assert_eq!(of(Some(Better::More)).len(), 8);
}

#[test]
fn a_layer_of_another_size_is_refused() {
    let mut parts = Model::shipped().unwrap().parts().clone();
    parts.layers[1].biases.pop();
    let refused = Model::new(parts).unwrap_err();
    assert!(matches!(refused, ModelError::LayerSize { layer: 2, inputs: 64, outputs: 31 }), "{refused}");
}

#[test]
fn layers_that_do_not_form_a_net_are_refused() {
    let parts = Model::shipped().unwrap().parts().clone();
    let refused = Model::new(ModelParts { layers: Vec::new(), ..parts.clone() }).unwrap_err();
    assert!(matches!(refused, ModelError::LayerCount { most: 8, got: 0 }), "{refused}");
    // The last layer has 32 outputs.
    let refused = Model::new(ModelParts { layers: parts.layers[..2].to_vec(), ..parts.clone() }).unwrap_err();
    assert!(matches!(refused, ModelError::LayerSize { layer: 2, inputs: 64, outputs: 2 }), "{refused}");
    let layer = Layer { weights: vec![0.0; 20], biases: vec![0.0; 2] };
    let refused = Model::new(ModelParts { layers: vec![layer; 9], ..parts }).unwrap_err();
    assert!(matches!(refused, ModelError::LayerCount { most: 8, got: 9 }), "{refused}");
}

#[cfg(not(feature = "candle"))]
#[test]
fn another_shape_takes_candle() {
    let layer = Layer { weights: vec![0.5; 20], biases: vec![0.0; 2] };
    let parts = ModelParts { layers: vec![layer], ..Model::shipped().unwrap().parts().clone() };
    for refused in [Model::from_bytes(&parts.to_bytes().unwrap()), Model::new(parts)].map(Result::unwrap_err) {
        assert_eq!(
            refused.to_string(),
            "the weights are of a net [10, 2]. This build serves only [10, 64, 32, 2]: build `matching` with the \
             feature `candle` for other shapes"
        );
    }
}

#[test]
fn damage_is_refused_and_never_panics() {
    for length in 0..SHIPPED.len().min(2_000) {
        assert!(Model::from_bytes(&SHIPPED[..length]).is_err());
    }
    assert!(matches!(Model::from_bytes(b"not a model"), Err(ModelError::Unreadable(_))));
}
