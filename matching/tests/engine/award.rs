//! Comparing bids: probabilities, order, explanations, and the weights file.

use matching::{
    AwardModel, Better, Bid, BidFeatures, Features, ModelError, Need, PoolStatistics, PreparedNeed, Proposal,
};
use matching::{FEATURE_VERSION, ScoreError, TermVector};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::arbitrary;

const SHIPPED: &str = include_str!("../../model/award.toml");

fn need(text: &str) -> PreparedNeed {
    PoolStatistics::default().prepare_need(&Need { terms: TermVector::of_text(text), ..Need::default() })
}

fn bid() -> impl Strategy<Value = Bid> {
    let proposal = (option::of(any::<String>()), option::of(any::<f64>()), option::of(any::<u32>()));
    (arbitrary::row(), proposal).prop_map(|(pair, (message, delay_minutes, earlier_bids))| {
        let need = need(message.as_deref().unwrap_or("rust"));
        let proposal = Proposal { message: message.as_deref(), delay_minutes, earlier_bids };
        Bid { pair, bid: BidFeatures::of(&need, &proposal) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn probabilities_of_any_bids_sum_to_one_and_match_their_contributions(bids in vec(bid(), 1..20)) {
        let awards = AwardModel::shipped().unwrap().compare(&bids).unwrap();
        prop_assert!(awards.iter().all(|award| (0.0..=1.0).contains(&award.probability)), "{awards:?}");
        prop_assert!((awards.iter().map(|award| award.probability).sum::<f32>() - 1.0).abs() < 1e-5);
        // The contributions of two bids differ by the logarithm of their odds.
        let worth = |i: usize| awards[i].contributions.iter().map(|&part| f64::from(part)).sum::<f64>();
        for (i, award) in awards.iter().enumerate() {
            prop_assert!(award.contributions.iter().all(|part| part.is_finite()));
            if award.probability > 1e-30 && awards[0].probability > 1e-30 {
                let odds = (f64::from(award.probability) / f64::from(awards[0].probability)).ln();
                prop_assert!((worth(i) - worth(0) - odds).abs() < 1e-4, "{} {odds}", worth(i) - worth(0));
            }
        }
    }

    #[test]
    fn the_order_of_the_bids_does_not_matter(bids in vec(bid(), 2..20)) {
        let model = AwardModel::shipped().unwrap();
        let reversed: Vec<Bid> = bids.iter().rev().copied().collect();
        let mut awards = model.compare(&reversed).unwrap();
        awards.reverse();
        prop_assert_eq!(awards, model.compare(&bids).unwrap());
    }
}

#[test]
fn equal_bids_have_equal_probabilities_and_no_bids_are_refused() {
    let model = AwardModel::shipped().unwrap();
    let pair = Features::new([None; 10]).unwrap();
    let proposal = Proposal { message: Some("I can do that."), ..Proposal::default() };
    let bid = Bid { pair, bid: BidFeatures::of(&need("anything"), &proposal) };
    for award in model.compare(&[bid; 4]).unwrap() {
        assert_eq!((award.probability, award.contributions), (0.25, [0.0; 14]));
    }
    assert!(matches!(model.compare(&[]), Err(ScoreError::EmptyPool)));
}

#[test]
fn a_bid_has_four_features_and_missing_data_gives_none() {
    let need = need("rust engineer");
    let proposal = Proposal { message: Some("Rust engineer"), delay_minutes: Some(59.0), earlier_bids: Some(3) };
    let [delay, words, similarity, earlier_bids] = BidFeatures::of(&need, &proposal).values();
    assert_eq!(delay, Some(60f64.ln() as f32));
    assert_eq!((words, earlier_bids), (Some(2f32.ln_1p()), Some(3f32.ln_1p())));
    assert!((similarity.unwrap() - 1.0).abs() < 1e-6);

    assert_eq!(BidFeatures::of(&need, &Proposal::default()).values(), [None; 4]);
    let silent = Proposal { message: Some(""), delay_minutes: Some(f64::NAN), earlier_bids: Some(0) };
    assert_eq!(BidFeatures::of(&need, &silent).values(), [None, Some(0.0), Some(0.0), Some(0.0)]);
    let before_the_posting = Proposal { delay_minutes: Some(-5.0), ..Proposal::default() };
    assert_eq!(BidFeatures::of(&need, &before_the_posting).values()[0], Some(0.0));
}

#[test]
fn different_words_are_counted_up_to_half_a_page() {
    let words = |message: &str| {
        let proposal = Proposal { message: Some(message), ..Proposal::default() };
        BidFeatures::of(&need("anything"), &proposal).values()[1].unwrap().exp_m1().round()
    };
    assert_eq!(words("Yes, yes: YES!"), 1.0);
    assert_eq!(words("결제 시스템을 만들었습니다. 결제 경험이 있습니다."), 5.0);
    assert_eq!(words("我做过支付系统"), 7.0);
    assert_eq!(words("— … 🙂"), 0.0);
    let numbers = |count: u32| (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!([words(&numbers(149)), words(&numbers(3_000))], [149.0, 150.0]);
}

/// A bid's score is the sum of weight × input, so only the signs of the weights matter.
#[test]
fn a_better_value_never_counts_against_a_bid() {
    let weights: toml::Table = toml::from_str(SHIPPED).unwrap();
    let weights: Vec<f64> =
        weights["weights"].as_array().unwrap().iter().map(|weight| weight.as_float().unwrap()).collect();
    for ((name, better), weight) in Bid::names().into_iter().zip(Bid::better()).zip(weights) {
        match better {
            Some(Better::More) => assert!(weight >= 0.0, "{name}: {weight}"),
            Some(Better::Less) => assert!(weight <= 0.0, "{name}: {weight}"),
            None => assert!(matches!(name, "response_time" | "delay" | "earlier_bids"), "{name} is not bound"),
        }
    }
}

#[test]
fn a_rare_shared_word_counts_more_than_a_frequent_one() {
    let need = need("beer fermentation");
    let similarity = |message| {
        let proposal = Proposal { message: Some(message), ..Proposal::default() };
        BidFeatures::of(&need, &proposal).values()[2].unwrap()
    };
    assert!(similarity("fermentation") > similarity("beer") && similarity("beer") > similarity("unrelated"));
}

#[test]
fn the_card_describes_the_shipped_weights() {
    let card: toml::Table = toml::from_str(include_str!("../../model/award_card.toml")).unwrap();
    assert_eq!(card["version"].as_str(), Some(AwardModel::shipped().unwrap().version()));
    assert_eq!(card["feature_version"].as_integer(), Some(i64::from(FEATURE_VERSION)));
}

#[test]
fn invalid_weights_are_refused_with_the_reason() {
    let refused = |from: &str, to: &str| {
        assert!(SHIPPED.contains(from), "{from}");
        AwardModel::from_toml(&SHIPPED.replacen(from, to, 1)).unwrap_err()
    };
    let version = format!("feature_version = {FEATURE_VERSION}");
    assert!(matches!(refused(&version, "feature_version = 9"), ModelError::FeatureVersion { got: 9 }));
    assert!(matches!(refused("earlier_bids", "later_bids"), ModelError::FeatureVersion { .. }));
    assert!(matches!(refused("background = \"", "background = \"0"), ModelError::Background { .. }));
    assert!(matches!(refused("weights = [", "weights = [1.0, "), ModelError::Shape { name: "weights", .. }));
    assert!(matches!(refused("mean = [", "mean = [nan, "), ModelError::Shape { name: "mean", .. }));
    assert!(matches!(refused("deviation = [", "deviation = [-"), ModelError::NotFinite { name: "deviation" }));
    assert!(matches!(refused("weights = [", "weights = "), ModelError::Description(_)));
}
