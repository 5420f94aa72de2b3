//! The features of a pair: bounded for any input, and what their definitions say for a known one.

use std::collections::BTreeMap;

use matching::{
    Activity, FEATURE_NAMES, Feature, Features, Model, Need, PackedTalent, Talent, TermVector, TextStatistics,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary;

/// 2023-11-14 22:13:20 UTC.
const NOW: i64 = 1_700_000_000;
const DAY: i64 = 86_400;

fn features_of(need: &Need, talent: &Talent, pool: &TextStatistics) -> Features {
    Features::of(&pool.prepare_need(need), &PackedTalent::of(talent))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn are_bounded_and_scorable_for_any_pair(pool in vec(arbitrary::talent(), 1..4), need in arbitrary::need()) {
        let statistics = TextStatistics::of_pool(&pool);
        let rows: Vec<Features> = pool.iter().map(|talent| features_of(&need, talent, &statistics)).collect();
        for row in &rows {
            for feature in Feature::ALL {
                let (low, high) = feature.range();
                if let Some(value) = row.get(feature) {
                    prop_assert!(value.is_finite() && (low..=high).contains(&value), "{} is {value}", feature.name());
                }
            }
            prop_assert_eq!(Features::new(row.values()), Ok(*row));
        }
        for score in Model::shipped().unwrap().score(&rows).unwrap() {
            prop_assert!(score > 0.0 && score < 1.0, "a score of {score}");
        }
    }
}

#[test]
fn have_the_ten_documented_names() {
    let documented = [
        "skill_overlap",
        "skill_experience",
        "text_similarity",
        "rating",
        "hire_rate",
        "response_time",
        "last_seen",
        "activity_week",
        "activity_month",
        "activity_half_year",
    ];
    assert_eq!(FEATURE_NAMES, documented);
    assert_eq!(Feature::ALL.map(Feature::name), documented);
}

#[test]
fn follow_their_definitions() {
    let talent = Talent {
        skills: vec!["rust".into(), "aws".into()],
        skill_jobs: BTreeMap::from([("rust".into(), 3), ("go".into(), 1)]),
        rating: Some(5.0),
        rated_jobs: 7,
        proposals: 10,
        completed_jobs: 4,
        response_minutes: Some(59.0),
        last_active_at: Some(NOW - 2 * DAY),
        activity: Some(Activity { week: 2.0, month: 4.0, half_year: 8.0, as_of: NOW - 30 * DAY }),
        terms: TermVector::of_profile("Rust engineer", "", []),
    };
    let need = Need {
        skills: vec!["Rust".into(), "aws".into(), "sewing".into()],
        terms: TermVector::of_text("rust engineer"),
        ranked_at: NOW,
    };
    // No documents: every skill and word is equally rare.
    let features = features_of(&need, &talent, &TextStatistics::default());
    let near = |feature: Feature, expected: f64| {
        let got = f64::from(features.get(feature).unwrap());
        assert!((got - expected).abs() < 1e-6, "{} is {got}, not {expected}", feature.name());
    };
    // Rust of Rust, AWS and sewing, all equally rare; three jobs with Rust, AWS only named.
    near(Feature::SkillOverlap, 2.0 / 3.0);
    near(Feature::SkillExperience, 4f64.ln());
    near(Feature::Rating, (5.0 * 7.0 + 4.0 * 3.0) / 10.0);
    near(Feature::HireRate, (4.0 + 0.6) / (10.0 + 2.0));
    near(Feature::ResponseTime, 60f64.ln());
    near(Feature::LastSeen, 49f64.ln());
    // Thirty days: a little more than four weeks, one month, a sixth of half a year.
    near(Feature::ActivityWeek, (20.0 * 2.0 * (-30.0f64 / 7.0).exp2()).ln_1p());
    near(Feature::ActivityMonth, (20.0 * 4.0 * 0.5f64).ln_1p());
    near(Feature::ActivityHalfYear, (20.0 * 8.0 * (-1.0f64 / 6.0).exp2()).ln_1p());
    near(Feature::TextSimilarity, 1.0);
}

#[test]
fn of_a_newcomer_are_missing_but_for_the_profile() {
    let newcomer = Talent {
        skills: vec!["rust".into()],
        terms: TermVector::of_profile("Rust engineer", "", ["rust"]),
        ..Talent::default()
    };
    let need = Need { skills: vec!["rust".into()], terms: TermVector::of_text("rust"), ranked_at: NOW };
    let features = features_of(&need, &newcomer, &TextStatistics::of_pool([&newcomer]));
    for feature in Feature::ALL {
        assert_eq!(features.get(feature).is_none(), feature.is_history(), "{}", feature.name());
    }
}

#[test]
fn compare_skills_and_words_however_they_are_written() {
    let talent = Talent {
        skills: vec!["ＲＵＳＴ ".into()],
        terms: TermVector::of_text("서버리스를 만듭니다"),
        ..Talent::default()
    };
    let need =
        Need { skills: vec!["rust".into()], terms: TermVector::of_text("서버리스 개발자"), ranked_at: NOW };
    let features = features_of(&need, &talent, &TextStatistics::of_pool([&talent]));
    assert_eq!(features.get(Feature::SkillOverlap), Some(1.0));
    assert!(features.get(Feature::TextSimilarity).unwrap() > 0.2, "{features:?}");
}
