//! The net's scores equal those computed with ndarray in f64.

use matching::{Features, Layer, Model};
use ndarray::{Array1, Array2, ArrayView2};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary;

/// The reference: layers with a relu after each but the last, then sigmoids, multiplied.
pub(crate) fn scores(model: &Model, rows: &[Features]) -> Array1<f64> {
    let parts = model.parts();
    let input: Vec<f64> = rows.iter().flat_map(|row| parts.standardization.apply(row)).map(f64::from).collect();
    let mut hidden = Array2::from_shape_vec((rows.len(), 10), input).unwrap();
    for (layer, Layer { weights, biases }) in parts.layers.iter().enumerate() {
        let weights = ArrayView2::from_shape((biases.len(), weights.len() / biases.len()), weights).unwrap();
        let biases: Array1<f64> = biases.iter().copied().map(f64::from).collect();
        hidden = hidden.dot(&weights.mapv(f64::from).t()) + &biases;
        if layer + 1 < parts.layers.len() {
            hidden.mapv_inplace(|value| value.max(0.0));
        }
    }
    let probabilities = hidden.mapv(|log_odds: f64| 1.0 / (1.0 + (-log_odds.clamp(-16.0, 16.0)).exp()));
    probabilities.column(0).to_owned() * probabilities.column(1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_scorer_agrees_with_ndarray(rows in vec(arbitrary::row(), 1..64)) {
        let model = Model::shipped().unwrap();
        let expected = scores(&model, &rows);
        for (got, expected) in model.score(&rows).unwrap().into_iter().zip(expected) {
            prop_assert!((f64::from(got) - expected).abs() <= 1e-6, "{got}, not {expected}");
        }
    }
}

#[test]
fn the_scorer_agrees_across_chunks() {
    let model = Model::shipped().unwrap();
    let rows: Vec<Features> = (0..3_000).map(|i| Features::from_slice(&[i as f32 / 3_000.0; 10]).unwrap()).collect();
    let together = model.score(&rows).unwrap();
    assert_eq!(together.len(), rows.len());
    for ((row, got), expected) in rows.iter().zip(together).zip(scores(&model, &rows)) {
        assert!((f64::from(got) - expected).abs() <= 1e-6, "{got}, not {expected}, for {row:?}");
    }
}
