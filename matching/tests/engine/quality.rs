//! The shipped weights on real decisions: the least they must be worth.

use std::path::PathBuf;

use matching::Model;
use matching::stackexchange::Dump;
use matching::training::{Metrics, Pairs, Split, judge, log_odds_of};

fn on_test(pairs: &Pairs) -> Metrics {
    let model = Model::shipped().unwrap();
    let log_odds = log_odds_of(&model, pairs, pairs.of_split(Split::Test)).unwrap();
    judge(pairs, pairs.of_split(Split::Test), &log_odds, 0).unwrap()
}

#[test]
#[ignore = "reads the dumps in PAIRWORK_STACKEXCHANGE, a folder with beer/ and ai/"]
fn the_shipped_weights_rank_real_decisions() {
    let folder = PathBuf::from(std::env::var_os("PAIRWORK_STACKEXCHANGE").expect("PAIRWORK_STACKEXCHANGE is not set"));
    let mut pairs = Pairs::default();
    for name in ["beer", "ai"] {
        pairs.add_site(&Dump::read(&folder.join(name)).unwrap());
    }
    let metrics = on_test(&pairs);
    assert_eq!(metrics.queries, 227);
    assert!(metrics.ndcg_10 >= 0.42 && metrics.recall_10 >= 0.60, "{metrics:?}");
    let first_day = on_test(&pairs.without_history());
    assert!(first_day.ndcg_10 >= 0.218, "worse than text similarity alone: {first_day:?}");
}
