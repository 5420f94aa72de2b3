//! Training on a simulated market: the net approaches the oracle, and it learns nothing from noise.

use matching::Model;
use matching_training::simulation::{Oracle, Scale, Simulation};
use matching_training::{Answers, Estimate, Pairs, Plan, Query, Resampling, Side, Split, estimates, fit, judge};

fn market() -> Simulation {
    Simulation::run(&Scale { freelancers: 150, projects: 700, seed: 1 }, || {}).eligible()
}

fn of_test(pairs: &Pairs) -> impl Iterator<Item = &Query> {
    pairs.of_split(Split::Test)
}

fn answers(pairs: &Pairs) -> Answers {
    let fitted = fit(pairs, &Plan::default(), |_| {}).unwrap();
    Answers::of(&Model::new(fitted.parts).unwrap(), pairs, of_test(pairs)).unwrap()
}

#[test]
fn the_net_reaches_most_of_the_oracles_gain() {
    let market = market();
    let answers = answers(&market.pairs);
    let (count, queries) = (market.known.len() as f64, || of_test(&market.pairs));
    for (side, happened_from) in [(Side::Interest, 1), (Side::Match, 2)] {
        let log_loss = |log_odds: &[f32]| judge(&market.pairs, queries(), side, log_odds, 0).unwrap().log_loss;
        let happened = market.pairs.relevance.iter().filter(|&&relevance| relevance >= happened_from).count() as f64;
        let nothing = log_loss(&vec![(happened / (count - happened)).ln() as f32; market.known.len()]);
        let net = log_loss(answers.about(side));
        let oracle = log_loss(&market.log_odds(Oracle::Observables, side));
        let found = (nothing - net) / (nothing - oracle);
        assert!((0.7..=1.0).contains(&found), "{side:?}: {nothing}, {net}, {oracle}");
    }
}

#[test]
fn the_net_learns_nothing_from_noise() {
    let market = market();
    let resampling = Resampling { confidence: 0.99, ..Resampling::default() };
    let aucs: Vec<Estimate> = (1..=4)
        .map(|seed| {
            let noise = market.noise(seed);
            let answers = answers(&noise);
            estimates(&noise, of_test(&noise), Side::Match, answers.about(Side::Match), &resampling).unwrap().auc
        })
        .collect();
    // One interval in a hundred misses the true value, so two of four almost never do.
    let missing = aucs.iter().filter(|auc| !auc.allows(0.5)).count();
    assert!(missing <= 1, "{aucs:?}");
    let mean = aucs.iter().map(|auc| auc.value).sum::<f64>() / aucs.len() as f64;
    assert!((0.45..0.55).contains(&mean), "{mean} of {aucs:?}");
}
