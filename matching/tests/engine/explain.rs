//! Explanations equal Shapley values computed directly from their definition.

use matching::{Explanation, FEATURE_COUNT, Feature, Features, Model};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary;

/// The average gain of each feature over all orders in which features become known. Recursion visits every order, so
/// this is only for few known features.
fn by_definition(model: &Model, pair: &Features) -> [f64; FEATURE_COUNT] {
    let known: Vec<Feature> = Feature::ALL.into_iter().filter(|feature| pair.get(*feature).is_some()).collect();
    let value = |features: &[Feature]| -> f64 {
        let mut row = *pair;
        for feature in Feature::ALL.into_iter().filter(|feature| !features.contains(feature)) {
            row = row.without(feature);
        }
        f64::from(model.log_odds(&[row]).unwrap()[0])
    };
    let mut sums = [0.0; FEATURE_COUNT];
    let mut orders = 0;
    let mut visit = |order: &[Feature]| {
        orders += 1;
        for place in 0..order.len() {
            sums[order[place] as usize] += value(&order[..=place]) - value(&order[..place]);
        }
    };
    permutations(&mut known.clone(), 0, &mut visit);
    sums.map(|sum| sum / f64::from(orders))
}

fn permutations(items: &mut [Feature], fixed: usize, visit: &mut impl FnMut(&[Feature])) {
    if fixed >= items.len() {
        return visit(items);
    }
    for place in fixed..items.len() {
        items.swap(fixed, place);
        permutations(items, fixed + 1, visit);
        items.swap(fixed, place);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn contributions_add_up(pairs in vec(arbitrary::row(), 1..4)) {
        let model = Model::shipped().unwrap();
        let scores = model.score(&pairs).unwrap();
        for ((pair, score), explanation) in pairs.iter().zip(scores).zip(model.explain(&pairs).unwrap()) {
            let Explanation { log_odds, base_log_odds, contributions } = explanation;
            prop_assert!((contributions.iter().sum::<f64>() - (log_odds - base_log_odds)).abs() <= 1e-4);
            prop_assert!((1.0 / (1.0 + (-log_odds).exp()) - f64::from(score)).abs() <= 1e-6);
            for feature in Feature::ALL.into_iter().filter(|feature| pair.get(*feature).is_none()) {
                prop_assert_eq!(contributions[feature as usize], 0.0);
            }
            let sides: f32 = model.sides(pair).unwrap().into_iter().product();
            prop_assert!((sides - score).abs() <= 1e-6);
        }
    }
}

#[test]
fn contributions_are_shapley_values() {
    let model = Model::shipped().unwrap();
    let pair =
        Features::new([Some(0.8), Some(1.2), Some(0.4), Some(4.5), None, None, None, None, Some(1.5), None]).unwrap();
    let expected = by_definition(&model, &pair);
    let got = model.explain(&[pair]).unwrap()[0].contributions;
    for (got, expected) in got.into_iter().zip(expected) {
        assert!((got - expected).abs() < 1e-5, "{got}, not {expected}");
    }
    assert!(model.explain(&[]).unwrap().is_empty());
}
