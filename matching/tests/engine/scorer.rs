//! The fused scorer: candle's numbers, and the same bits on every path.

use matching::{FEATURE_COUNT, InputColumns, InstructionSet, Model, Reference, ScoreError, Scorer, top_scores};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary;

fn shipped() -> Model {
    Model::shipped().unwrap()
}

/// Columns of inputs, longest block and all shapes of remainder included.
fn inputs(rows: usize) -> [Vec<f32>; FEATURE_COUNT] {
    std::array::from_fn(|column| {
        (0..rows).map(|row| ((row * 37 + column * 101 + row * row % 89) % 1_201) as f32 / 100.0 - 6.0).collect()
    })
}

fn scores(scorer: &Scorer, inputs: &[Vec<f32>; FEATURE_COUNT], rows: std::ops::Range<usize>) -> Vec<f32> {
    let mut scores = vec![f32::NAN; rows.len()];
    let inputs = InputColumns::new(inputs.each_ref().map(|column| &column[rows.clone()])).unwrap();
    scorer.score_columns(inputs, &mut scores).unwrap();
    scores
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let (model, inputs) = (shipped(), inputs(1_000));
    let sets = InstructionSet::available();
    assert_eq!(sets.last(), Some(&InstructionSet::Portable));
    let portable = Scorer::for_instructions(model.parts(), InstructionSet::Portable).unwrap();
    let expected = scores(&portable, &inputs, 0..1_000);
    assert!(expected.iter().all(|score| *score > 0.0 && *score < 1.0));
    for set in sets {
        let scorer = Scorer::for_instructions(model.parts(), set).unwrap();
        assert_eq!(scores(&scorer, &inputs, 0..1_000), expected, "{}", set.name());
    }
}

#[test]
fn a_pair_scores_the_same_in_any_company() {
    let (model, inputs) = (shipped(), inputs(200));
    for set in InstructionSet::available() {
        let scorer = Scorer::for_instructions(model.parts(), set).unwrap();
        let together = scores(&scorer, &inputs, 0..200);
        for rows in 1..200 {
            assert_eq!(scores(&scorer, &inputs, 0..rows), together[..rows], "{rows} rows, {}", set.name());
            assert_eq!(scores(&scorer, &inputs, 200 - rows..200), together[200 - rows..], "{}", set.name());
        }
    }
}

#[test]
fn nothing_to_score_is_nothing_scored() {
    assert!(scores(shipped().scorer(), &inputs(0), 0..0).is_empty());
}

#[test]
fn the_ten_best_are_candles() {
    let (model, inputs) = (shipped(), inputs(20_000));
    let reference = Reference::new(model.parts()).unwrap();
    let by_row: Vec<f32> = (0..20_000).flat_map(|row| inputs.each_ref().map(|column| column[row])).collect();
    let expected = reference.score_inputs(&by_row).unwrap();
    let got = scores(model.scorer(), &inputs, 0..20_000);
    let furthest = got.iter().zip(&expected).map(|(got, expected)| (got - expected).abs()).fold(0.0, f32::max);
    assert!(furthest <= 1e-6, "{furthest}");
    let best = |scores: &[f32]| -> Vec<usize> {
        top_scores(scores, |place| place, 10, None).unwrap().iter().map(|place| place.id).collect()
    };
    assert_eq!(best(&got), best(&expected));
}

#[test]
fn columns_of_different_lengths_are_refused() {
    let mut inputs = inputs(10);
    let columns = inputs.each_ref().map(Vec::as_slice);
    let refused = shipped().scorer().score_columns(InputColumns::new(columns).unwrap(), &mut [0.0; 11]);
    assert!(matches!(refused, Err(ScoreError::RaggedColumns { expected: 11, got: 10 })));
    inputs[3].pop();
    let refused = InputColumns::new(inputs.each_ref().map(Vec::as_slice));
    assert!(matches!(refused, Err(ScoreError::RaggedColumns { expected: 10, got: 9 })));
}

#[test]
fn what_is_no_input_is_refused_by_its_name_and_place() {
    let reference = Reference::new(shipped().parts()).unwrap();
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, 6.01, -6.01] {
        let mut inputs = inputs(10);
        inputs[3][7] = value;
        let refused = InputColumns::new(inputs.each_ref().map(Vec::as_slice)).unwrap_err();
        assert!(matches!(refused, ScoreError::Input { name: "rating", pair: 7, .. }), "{refused}");
        let by_row: Vec<f32> = (0..10).flat_map(|row| inputs.each_ref().map(|column| column[row])).collect();
        let refused = reference.score_inputs(&by_row).unwrap_err();
        assert!(matches!(refused, ScoreError::Input { name: "rating", pair: 7, .. }), "{refused}");
    }
    assert!(matches!(reference.score_inputs(&[0.5; 15]), Err(ScoreError::WrongDimension { got: 15 })));
    assert!(matches!(reference.score_inputs(&[]), Err(ScoreError::EmptyPool)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn candle_agrees(rows in vec(arbitrary::row(), 1..64)) {
        let model = shipped();
        let expected = Reference::new(model.parts()).unwrap().score(&rows).unwrap();
        let log_odds = model.log_odds(&rows).unwrap();
        for ((got, expected), log_odds) in model.score(&rows).unwrap().into_iter().zip(expected).zip(log_odds) {
            prop_assert!(got > 0.0 && got < 1.0);
            prop_assert!((got - expected).abs() <= 1e-6, "{got}, not {expected}");
            let score = 1.0 / (1.0 + (-f64::from(log_odds)).exp());
            prop_assert!((f64::from(got) - score).abs() <= 1e-6, "{got}, but log-odds of {score}");
        }
    }
}
