//! Training is repeatable to the bit and learns a known pattern.

use matching::{Background, Feature, Features, Model, ModelParts};
use matching_training::{Answers, Division, Fitted, Pairs, Plan, Side, Split, fit, judge};

use crate::site::site;

fn pairs() -> Pairs {
    let mut pairs = Pairs::default();
    pairs.add_site(&site(148, 4));
    pairs
}

fn fitted(pairs: &Pairs, seed: u64) -> Fitted {
    let plan = Plan { seed, epochs: 8, batch_questions: 4, learning_rate: 5e-3, averaging: 0.9, ..Plan::default() };
    fit(pairs, &plan, |_| {}).unwrap()
}

#[test]
fn equal_seeds_give_equal_bytes() {
    let pairs = pairs();
    let bytes = |seed| fitted(&pairs, seed).parts.to_bytes().unwrap();
    assert_eq!(bytes(7), bytes(7));
    assert_ne!(bytes(7), bytes(8));
}

#[test]
fn training_learns_who_answers_which_questions() {
    let pairs = pairs();
    let model = Model::new(fitted(&pairs, 1).parts).unwrap();
    let test = || pairs.of_split(Split::Test);
    let answers = Answers::of(&model, &pairs, test()).unwrap();
    for side in [Side::Match, Side::Interest] {
        let learned = judge(&pairs, test(), side, answers.about(side), 0).unwrap();
        let chance = judge(&pairs, test(), side, &vec![0.0; pairs.features.len()], 0).unwrap();
        assert!(learned.auc > 0.65 && chance.auc == 0.5, "{side:?}: {learned:?}");
        assert!(learned.log_loss < chance.log_loss);
    }
}

#[test]
fn training_validation_and_test_follow_in_time() {
    let pairs = pairs();
    let of = |split| pairs.of_split(split).map(|query| query.question).collect::<Vec<_>>();
    let (train, validation, test) = (of(Split::Train), of(Split::Validation), of(Split::Test));
    assert_eq!((train.len(), validation.len(), test.len()), (103, 15, 30));
    assert!(train.iter().max() < validation.iter().min() && validation.iter().max() < test.iter().min());
}

#[test]
fn weights_trained_until_now_use_all_questions_and_record_it() {
    let mut now = Pairs::with_background(Background::shipped().clone()).divided(Division::UNTIL_NOW);
    now.add_site(&site(148, 4));
    let of = |split| now.of_split(split).map(|query| query.question).collect::<Vec<_>>();
    let (train, validation, test) = (of(Split::Train), of(Split::Validation), of(Split::Test));
    assert_eq!((train.len(), validation.len(), test.len()), (133, 15, 0));
    assert!(train.iter().max() < validation.iter().min());

    for (pairs, until_now) in [(pairs(), false), (now, true)] {
        let bytes = fitted(&pairs, 1).parts.to_bytes().unwrap();
        assert_eq!(ModelParts::from_bytes(&bytes).unwrap().until_now, until_now);
    }
}

#[test]
fn a_constant_feature_does_no_harm() {
    let mut pairs = pairs();
    for row in &mut pairs.features {
        *row = row.without(Feature::Rating);
    }
    let model = Model::new(fitted(&pairs, 1).parts).unwrap();
    let answers = Answers::of(&model, &pairs, &pairs.queries).unwrap();
    assert!(answers.about(Side::Match).iter().all(|value| value.is_finite()));
}

/// The labels are reversed here: the candidates with the lowest similarity get the work. The bounds still hold.
#[test]
fn no_training_teaches_that_better_is_worse() {
    let mut pairs = pairs();
    let similarity = |row: &Features| row.get(Feature::TextSimilarity).unwrap();
    let mut similarities: Vec<f32> = pairs.features.iter().map(similarity).collect();
    similarities.sort_by(f32::total_cmp);
    let middle = similarities[similarities.len() / 2];
    for (row, relevance) in pairs.features.iter().zip(&mut pairs.relevance) {
        *relevance = 2 * u8::from(similarity(row) < middle);
    }
    let model = Model::new(fitted(&pairs, 1).parts).unwrap();
    for row in &pairs.features {
        let [low, high] = [0.0, 1.0].map(|similarity| {
            let mut values = row.values();
            values[Feature::TextSimilarity as usize] = Some(similarity);
            model.scorer().unwrap().heads(&Features::new(values).unwrap())
        });
        assert!(low[0] <= high[0] && low[1] <= high[1], "{row:?}: {low:?}, {high:?}");
    }
}
