//! Fitting the model that compares bids: it learns from hires, and it is repeatable.

use matching::{AwardModel, Better, Bid};
use matching_training::{Contests, Split, fit_award};

use crate::site::site;

fn contests() -> Contests {
    let mut contests = Contests::default();
    contests.add_site(&site(300, 4));
    contests
}

#[test]
fn the_fit_predicts_hires_and_is_repeatable() {
    let contests = contests();
    assert!(contests.of_split(Split::Train).count() > 50);
    let parts = fit_award(&contests).unwrap();
    assert_eq!(parts, fit_award(&contests).unwrap());
    let metrics = contests.judge(&AwardModel::new(parts).unwrap(), Split::Test).unwrap().unwrap();
    assert!(metrics.auc > 0.6 && metrics.precision_1 > 0.5, "{metrics}");
}

/// A bid's score is the sum of weight × input, so only the signs of the weights matter.
#[test]
fn fitted_weights_never_count_a_better_value_against_a_bid() {
    let learned = fit_award(&contests()).unwrap().to_toml().unwrap();
    let learned: toml::Table = toml::from_str(&learned).unwrap();
    let weights = learned["weights"].as_array().unwrap().iter().map(|weight| weight.as_float().unwrap());
    for ((name, better), weight) in Bid::names().into_iter().zip(Bid::better()).zip(weights) {
        match better {
            Some(Better::More) => assert!(weight >= 0.0, "{name}: {weight}"),
            Some(Better::Less) => assert!(weight <= 0.0, "{name}: {weight}"),
            None => assert!(matches!(name, "response_time" | "delay" | "earlier_bids"), "{name} is not bound"),
        }
    }
}
