//! The shipped weights on real decisions: the least they must be worth.

use std::path::PathBuf;

use matching::stackexchange::Dump;
use matching::training::{Answers, Contests, Metrics, Pairs, Side, Split, judge};
use matching::{AwardModel, Model};

fn on_test(pairs: &Pairs, side: Side) -> Metrics {
    let model = Model::shipped().unwrap();
    let answers = Answers::of(&model, pairs, pairs.of_split(Split::Test)).unwrap();
    judge(pairs, pairs.of_split(Split::Test), side, answers.about(side), 0).unwrap()
}

#[test]
#[ignore = "reads the dumps in PAIRWORK_STACKEXCHANGE, a folder with beer/ and ai/"]
fn the_shipped_weights_rank_real_decisions() {
    let folder = PathBuf::from(std::env::var_os("PAIRWORK_STACKEXCHANGE").expect("PAIRWORK_STACKEXCHANGE is not set"));
    let mut pairs = Pairs::default();
    for name in ["beer", "ai"] {
        pairs.add_site(&Dump::read(&folder.join(name)).unwrap());
    }
    let metrics = on_test(&pairs, Side::Match);
    assert_eq!(metrics.queries, 227);
    assert!(metrics.ndcg_10 >= 0.47 && metrics.recall_10 >= 0.64, "{metrics:?}");
    let first_day = on_test(&pairs.without_history(), Side::Match);
    assert!(first_day.ndcg_10 >= 0.30, "text similarity alone has .218: {first_day:?}");
    // Beyond what true probabilities would show.
    for side in [Side::Interest, Side::Choice] {
        let metrics = on_test(&pairs, side);
        let surplus = metrics.calibration_error - metrics.calibration_chance;
        assert!(surplus <= 0.03, "{side:?}: {metrics:?}");
    }
}

#[test]
#[ignore = "reads the dumps in PAIRWORK_STACKEXCHANGE, a folder with beer/ and ai/"]
fn the_shipped_weights_tell_the_hired_bid() {
    let folder = PathBuf::from(std::env::var_os("PAIRWORK_STACKEXCHANGE").expect("PAIRWORK_STACKEXCHANGE is not set"));
    let mut contests = Contests::default();
    for name in ["beer", "ai"] {
        contests.add_site(&Dump::read(&folder.join(name)).unwrap());
    }
    let model = AwardModel::shipped().unwrap();
    let metrics = contests.judge(&model, Split::Test).unwrap().unwrap();
    assert_eq!(metrics.projects, 47);
    assert!(metrics.auc >= 0.82, "{metrics}");
}
