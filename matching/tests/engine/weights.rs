//! The weights file: what is shipped can be served, and anything else is refused by name.

use matching::{Background, FEATURE_VERSION, Feature, Features, Model, ModelError};

const SHIPPED: &[u8] = include_bytes!("../../model/model.safetensors");

/// The shipped file with one piece of its header replaced by another of the same length.
fn with(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = SHIPPED.windows(from.len()).position(|window| window == from.as_bytes()).expect("in the header");
    let mut bytes = SHIPPED.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

#[test]
fn the_shipped_weights_are_the_cards() {
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
fn a_file_survives_being_read_and_written() {
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
fn weights_trained_with_other_rarities_are_refused() {
    let mut parts = Model::shipped().unwrap().parts().clone();
    parts.background ^= 1;
    let refused = Model::from_bytes(&parts.to_bytes().unwrap()).unwrap_err();
    let expected = format!("{:08x}", Background::shipped().fingerprint());
    assert!(matches!(&refused, ModelError::Background { expected: e, got } if *e == expected && e != got), "{refused}");
}

#[test]
fn an_unknown_model_version_is_refused() {
    let refused = Model::from_bytes(&with("pairwork-net-2", "pairwork-net-7")).unwrap_err();
    assert!(matches!(&refused, ModelError::UnknownVersion { got, .. } if got == "pairwork-net-7"), "{refused}");
}

#[test]
fn a_file_that_does_not_say_what_it_is_is_refused() {
    let refused = Model::from_bytes(&with("\"pairwork\"", "\"somebody\"")).unwrap_err();
    assert!(matches!(refused, ModelError::Description(_)), "{refused}");
}

#[test]
fn another_shape_is_refused() {
    let refused = Model::from_bytes(&with("[64,10]", "[10,64]")).unwrap_err();
    assert!(matches!(refused, ModelError::Shape { name: "layer1.weight", .. }), "{refused}");
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    let mut parts = Model::shipped().unwrap().parts().clone();
    parts.layers[1].0[5] = f32::NAN;
    for refused in [Model::from_bytes(&parts.to_bytes().unwrap()), Model::new(parts)].map(Result::unwrap_err) {
        assert!(matches!(refused, ModelError::NotFinite { name: "layer2.weight" }), "{refused}");
    }
}

#[test]
fn a_deviation_that_nothing_can_be_scaled_by_is_refused() {
    for deviation in [0.0, -1.0, f32::MIN_POSITIVE / 8.0] {
        let mut parts = Model::shipped().unwrap().parts().clone();
        parts.standardization.deviation[3] = deviation;
        let refused = Model::new(parts).unwrap_err();
        assert!(matches!(refused, ModelError::NotFinite { name: "input.deviation" }), "{refused}");
    }
}

/// Somebody of whom nothing is known but these three, and one of them rises: never is the score lower than before, not by a
/// bit. Training holds interest to that and leaves choice to the hires; here their product must keep it.
#[test]
fn more_overlap_similarity_or_stars_do_not_score_a_newcomer_lower() {
    const RISING: [Feature; 3] = [Feature::SkillOverlap, Feature::TextSimilarity, Feature::Rating];
    let model = Model::shipped().unwrap();
    let at = |feature: Feature, share: f32| {
        let (low, high) = feature.range();
        Some((low + share * (high - low)).min(high))
    };
    for (place, (first, second)) in (0..300).map(|n| (n / 100, (n / 10 % 10, n % 10))) {
        let [rising, others @ ..] = [0, 1, 2].map(|step| RISING[(place + step) % 3]);
        let row = |step: u8| {
            let mut values = [None; 10];
            for (feature, ninths) in others.into_iter().zip([first, second]) {
                values[feature as usize] = at(feature, ninths as f32 / 9.0);
            }
            values[rising as usize] = at(rising, f32::from(step) / 50.0);
            Features::new(values).unwrap()
        };
        let rows: Vec<Features> = (0..=50).map(row).collect();
        let scores = model.score(&rows).unwrap();
        for (step, scores) in scores.windows(2).enumerate() {
            assert!(scores[0] <= scores[1], "{rising:?}, {others:?}: {:?} and more: {scores:?}", rows[step]);
        }
    }
}

#[test]
fn a_layer_of_another_size_is_refused() {
    let mut parts = Model::shipped().unwrap().parts().clone();
    parts.layers[1].1.pop();
    let refused = Model::new(parts).unwrap_err();
    assert!(matches!(refused, ModelError::LayerSize { layer: 2, inputs: 64, outputs: 32 }), "{refused}");
}

#[test]
fn damage_is_refused_and_never_panics() {
    for length in 0..SHIPPED.len().min(2_000) {
        assert!(Model::from_bytes(&SHIPPED[..length]).is_err());
    }
    assert!(matches!(Model::from_bytes(b"not a model"), Err(ModelError::Unreadable(_))));
}
