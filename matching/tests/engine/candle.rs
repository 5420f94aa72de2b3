//! candle's net: it agrees with the fused scorer, and it serves weights of shapes that the fused scorer does not
//! support.

use matching::{
    CandleNet, Everybody, Feature, Features, Layer, Match, Model, ModelParts, Need, PackedTalent, Pool, ScoreError,
    TermVector, rank, top_scores,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{arbitrary, parity, pool, scorer};

/// A net 10 → 32 relu → 16 relu → 2 with seeded weights.
fn parts_of_another_shape() -> ModelParts {
    let mut random = fastrand::Rng::with_seed(9);
    let mut layer = |inputs: usize, outputs: usize| Layer {
        weights: (0..inputs * outputs).map(|_| random.f32() - 0.5).collect(),
        biases: (0..outputs).map(|_| random.f32() - 0.5).collect(),
    };
    let layers = vec![layer(10, 32), layer(32, 16), layer(16, 2)];
    ModelParts { layers, ..Model::shipped().unwrap().parts().clone() }
}

/// The same weights, read from a file.
fn another_shape() -> Model {
    Model::from_bytes(&parts_of_another_shape().to_bytes().unwrap()).unwrap()
}

fn scores_of(model: &Model, rows: &[Features]) -> Vec<f32> {
    model.score(rows).unwrap()
}

#[test]
fn weights_of_another_shape_survive_their_file() {
    let model = another_shape();
    assert_eq!(model.parts(), &parts_of_another_shape());
    assert_eq!(model.parts().widths(), [10, 32, 16, 2]);
    assert!(model.scorer().is_none() && Model::shipped().unwrap().scorer().is_some());
    assert_ne!(model.version(), Model::shipped().unwrap().version());
    assert!(matches!(model.score(&[]), Err(ScoreError::EmptyPool)));
}

#[test]
fn a_pool_ranks_with_weights_of_another_shape() {
    let (model, people) = (another_shape(), pool::crowd(3_000, 7));
    let need = Need {
        skills: vec!["word3".into(), "word7".into()],
        terms: TermVector::of_text("word1 word4 word9"),
        ranked_at: 1_700_000_000,
    };
    let pool: Pool<()> = Pool::from_rows(people.iter().map(|(id, talent)| (*id, talent.clone(), ())));
    let prepared = pool.prepare(&need);
    let by_definition: Vec<Match<u128>> = rank(&model, &prepared, people.iter().map(by_id), 50, None).unwrap();
    let whole = pool.rank(&model, &prepared, &Everybody, 50, None).unwrap();
    assert_eq!(whole.scored, people.len());
    assert!(whole.matches == by_definition);
    assert!(whole.matches[0].score > whole.matches[49].score);
    // A page that starts after a score depends on every bit of that score.
    let after = matching::Position { score: whole.matches[19].score, id: whole.matches[19].id };
    let page = pool.rank(&model, &prepared, &Everybody, 30, Some(&after)).unwrap();
    assert!(page.matches == whole.matches[20..]);
}

fn by_id<'a>((id, talent): (&u128, &'a PackedTalent)) -> (u128, &'a PackedTalent) {
    (*id, talent)
}

#[test]
fn the_ten_best_of_the_fused_scorer_are_candles() {
    let (model, inputs) = (Model::shipped().unwrap(), scorer::inputs(20_000));
    let candle = CandleNet::new(model.parts()).unwrap();
    let by_row: Vec<f32> = (0..20_000).flat_map(|row| inputs.each_ref().map(|column| column[row])).collect();
    let expected = candle.score_inputs(&by_row).unwrap();
    let got = scorer::scores(model.scorer().unwrap(), &inputs, 0..20_000);
    let furthest = got.iter().zip(&expected).map(|(got, expected)| (got - expected).abs()).fold(0.0, f32::max);
    assert!(furthest <= 1e-6, "{furthest}");
    let best = |scores: &[f32]| -> Vec<usize> {
        top_scores(scores, |place| place, 10, None).unwrap().iter().map(|place| place.id).collect()
    };
    assert_eq!(best(&got), best(&expected));
}

#[test]
fn an_invalid_input_is_refused_with_its_name_and_pair() {
    let candle = CandleNet::new(another_shape().parts()).unwrap();
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, 6.01, -6.01] {
        let mut inputs = [0.5; 100];
        inputs[73] = value;
        let refused = candle.score_inputs(&inputs).unwrap_err();
        assert!(matches!(refused, ScoreError::Input { name: "rating", pair: 7, .. }), "{refused}");
    }
    assert!(matches!(candle.score_inputs(&[0.5; 15]), Err(ScoreError::WrongDimension { got: 15 })));
    assert!(matches!(candle.score_inputs(&[]), Err(ScoreError::EmptyPool)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_fused_scorer_agrees(rows in vec(arbitrary::row(), 1..64)) {
        let model = Model::shipped().unwrap();
        let expected = CandleNet::new(model.parts()).unwrap().score(&rows).unwrap();
        let log_odds = model.log_odds(&rows).unwrap();
        for ((got, expected), log_odds) in model.score(&rows).unwrap().into_iter().zip(expected).zip(log_odds) {
            prop_assert!(got > 0.0 && got < 1.0);
            prop_assert!((got - expected).abs() <= 1e-6, "{got}, not {expected}");
            let score = 1.0 / (1.0 + (-f64::from(log_odds)).exp());
            prop_assert!((f64::from(got) - score).abs() <= 1e-6, "{got}, but log-odds of {score}");
        }
    }

    #[test]
    fn another_shape_scores_as_in_ndarray(rows in vec(arbitrary::row(), 1..600)) {
        let model = another_shape();
        let (scores, log_odds) = (scores_of(&model, &rows), model.log_odds(&rows).unwrap());
        let expected = parity::scores(&model, &rows);
        for (((row, got), log_odds), expected) in rows.iter().zip(&scores).zip(log_odds).zip(expected) {
            prop_assert!((f64::from(*got) - expected).abs() <= 1e-6, "{got}, not {expected}");
            prop_assert!((f64::from(log_odds) - (expected / (1.0 - expected)).ln()).abs() <= 1e-4);
            let sides: f32 = model.sides(row).unwrap().into_iter().product();
            prop_assert!((sides - got).abs() <= 1e-6, "{sides}, not {got}");
        }
    }

    #[test]
    fn another_shape_gives_a_pair_the_same_bits_in_any_batch(
        rows in vec(arbitrary::row(), 1..600),
        place in any::<prop::sample::Index>(),
    ) {
        let model = another_shape();
        let place = place.index(rows.len());
        let together = scores_of(&model, &rows);
        prop_assert_eq!(together[place], scores_of(&model, &rows[place..=place])[0]);
        prop_assert_eq!(&together[place..], scores_of(&model, &rows[place..]));
    }

    #[test]
    fn another_shape_is_explained(pairs in vec(arbitrary::row(), 1..3)) {
        let model = another_shape();
        let log_odds = model.log_odds(&pairs).unwrap();
        for ((pair, log_odds), explained) in pairs.iter().zip(log_odds).zip(model.explain(&pairs).unwrap()) {
            let way = explained.log_odds - explained.base_log_odds;
            prop_assert!((explained.contributions.iter().sum::<f64>() - way).abs() <= 1e-4);
            prop_assert!((explained.log_odds - f64::from(log_odds)).abs() <= 1e-4);
            for feature in Feature::ALL.into_iter().filter(|feature| pair.get(*feature).is_none()) {
                prop_assert_eq!(explained.contributions[feature as usize], 0.0);
            }
        }
    }
}
