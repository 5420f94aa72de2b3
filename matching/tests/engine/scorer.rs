//! The fused scorer gives the same bits in every code path.

use matching::{FEATURE_COUNT, InputColumns, InstructionSet, Model, ScoreError, Scorer};

fn shipped() -> Model {
    Model::shipped().unwrap()
}

/// Columns of inputs. 200 rows and more include the longest block and every shape of remainder.
pub(crate) fn inputs(rows: usize) -> [Vec<f32>; FEATURE_COUNT] {
    std::array::from_fn(|column| {
        (0..rows).map(|row| ((row * 37 + column * 101 + row * row % 89) % 1_201) as f32 / 100.0 - 6.0).collect()
    })
}

pub(crate) fn scores(scorer: &Scorer, inputs: &[Vec<f32>; FEATURE_COUNT], rows: std::ops::Range<usize>) -> Vec<f32> {
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
fn a_pair_scores_the_same_in_any_batch() {
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
fn no_rows_give_no_scores() {
    assert!(scores(shipped().scorer().unwrap(), &inputs(0), 0..0).is_empty());
}

#[test]
fn columns_of_different_lengths_are_refused() {
    let mut inputs = inputs(10);
    let columns = inputs.each_ref().map(Vec::as_slice);
    let refused = shipped().scorer().unwrap().score_columns(InputColumns::new(columns).unwrap(), &mut [0.0; 11]);
    assert!(matches!(refused, Err(ScoreError::RaggedColumns { expected: 11, got: 10 })));
    inputs[3].pop();
    let refused = InputColumns::new(inputs.each_ref().map(Vec::as_slice));
    assert!(matches!(refused, Err(ScoreError::RaggedColumns { expected: 10, got: 9 })));
}

#[test]
fn an_invalid_input_is_refused_with_its_name_and_pair() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, 6.01, -6.01] {
        let mut inputs = inputs(10);
        inputs[3][7] = value;
        let refused = InputColumns::new(inputs.each_ref().map(Vec::as_slice)).unwrap_err();
        assert!(matches!(refused, ScoreError::Input { name: "rating", pair: 7, .. }), "{refused}");
    }
}
