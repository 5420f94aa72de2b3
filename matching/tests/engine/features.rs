//! The features of a pair: bounded for any input, and equal to their definitions for a known one.

use std::collections::BTreeMap;

use matching::{
    Activity, FEATURE_NAMES, Feature, Features, Model, Need, PackedTalent, PoolStatistics, Talent, TermVector,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary;

/// 2023-11-14 22:13:20 UTC.
const NOW: i64 = 1_700_000_000;
const DAY: i64 = 86_400;

fn features_of(need: &Need, talent: &Talent, pool: &PoolStatistics) -> Features {
    Features::of(&pool.prepare_need(need), &PackedTalent::of(talent))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn features_are_bounded_and_scorable_for_any_pair(
        pool in vec(arbitrary::talent(), 1..4),
        need in arbitrary::need(),
    ) {
        let statistics = PoolStatistics::of_pool(&pool);
        let rows: Vec<Features> = pool.iter().map(|talent| features_of(&need, talent, &statistics)).collect();
        for row in &rows {
            for feature in Feature::ALL {
                let (low, high) = feature.range();
                if let Some(value) = row.get(feature) {
                    prop_assert!((low..=high).contains(&value), "{} is {value}", feature.name());
                    prop_assert!(value.is_sign_positive(), "{} is negative zero", feature.name());
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
fn features_have_the_ten_documented_names() {
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
fn features_follow_their_definitions() {
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
        terms: TermVector::of_profile("Rust engineer", ""),
    };
    let need = Need {
        skills: vec!["Rust".into(), "aws".into(), "sewing".into()],
        terms: TermVector::of_text("rust engineer"),
        ranked_at: NOW,
    };
    // Without skill statistics, every skill is equally rare.
    let features = features_of(&need, &talent, &PoolStatistics::default());
    let within = |feature: Feature, expected: f64, error: f64| {
        let got = f64::from(features.get(feature).unwrap());
        assert!((got - expected).abs() < error, "{} is {got}, expected {expected}", feature.name());
    };
    let near = |feature: Feature, expected: f64| within(feature, expected, 1e-6);
    // Past work is packed in 250ths of a feature's range, so it is exact to half of that.
    let rounded = |feature: Feature, expected: f64| within(feature, expected, f64::from(feature.range().1) / 499.0);
    // Activity and the scale of similarity are packed in eight bits.
    let to_eight_bits = |feature: Feature, expected: f64| within(feature, expected, 0.004);
    // The talent has Rust and AWS of the three wanted skills, all equally rare. Three jobs were with Rust, none with
    // AWS.
    near(Feature::SkillOverlap, 2.0 / 3.0);
    near(Feature::SkillExperience, 4f64.ln());
    rounded(Feature::Rating, (5.0 * 7.0 + 4.0 * 3.0) / 10.0);
    rounded(Feature::HireRate, (4.0 + 0.6) / (10.0 + 2.0));
    rounded(Feature::ResponseTime, 60f64.ln());
    near(Feature::LastSeen, 49f64.ln());
    // Thirty days are a little more than four half-lives of a week, one of a month, and a sixth of one of half a
    // year.
    to_eight_bits(Feature::ActivityWeek, (20.0 * 2.0 * (-30.0f64 / 7.0).exp2()).ln_1p());
    to_eight_bits(Feature::ActivityMonth, (20.0 * 4.0 * 0.5f64).ln_1p());
    to_eight_bits(Feature::ActivityHalfYear, (20.0 * 8.0 * (-1.0f64 / 6.0).exp2()).ln_1p());
    to_eight_bits(Feature::TextSimilarity, 1.0);
}

#[test]
fn a_newcomer_has_only_the_features_of_the_profile() {
    let newcomer =
        Talent { skills: vec!["rust".into()], terms: TermVector::of_profile("Rust engineer", ""), ..Talent::default() };
    let need = Need { skills: vec!["rust".into()], terms: TermVector::of_text("rust"), ranked_at: NOW };
    let features = features_of(&need, &newcomer, &PoolStatistics::of_pool([&newcomer]));
    for feature in Feature::ALL {
        assert_eq!(features.get(feature).is_none(), feature.is_history(), "{}", feature.name());
    }
}

/// This also holds for a freelancer with more other skills than the packed talent holds.
#[test]
fn a_listed_skill_always_counts() {
    let skill_jobs: BTreeMap<String, u32> = (0..80).map(|n| (format!("skill {n}"), 1 + n)).collect();
    let veteran = Talent { skill_jobs, proposals: 900, completed_jobs: 800, ..Talent::default() };
    let naming = Talent { skills: vec!["Rust".into(), "skill 0".into()], ..veteran.clone() };
    let overlap = |talent: &Talent, skill: &str| {
        let need = Need { skills: vec![skill.to_owned()], ranked_at: NOW, ..Need::default() };
        features_of(&need, talent, &PoolStatistics::default()).get(Feature::SkillOverlap).unwrap()
    };
    for (skill, before, after) in [("rust", 0.0, 1.0), ("skill 0", 0.0, 1.0), ("skill 79", 1.0, 1.0)] {
        assert_eq!((overlap(&veteran, skill), overlap(&naming, skill)), (before, after), "{skill}");
    }
}

#[test]
fn skills_and_words_match_in_different_spellings() {
    let talent = Talent {
        skills: vec!["ＲＵＳＴ ".into()],
        terms: TermVector::of_text("서버리스를 만듭니다"),
        ..Talent::default()
    };
    let need =
        Need { skills: vec!["rust".into()], terms: TermVector::of_text("서버리스 개발자"), ranked_at: NOW };
    let features = features_of(&need, &talent, &PoolStatistics::of_pool([&talent]));
    assert_eq!(features.get(Feature::SkillOverlap), Some(1.0));
    assert!(features.get(Feature::TextSimilarity).unwrap() > 0.2, "{features:?}");
}

/// Spellings and synonyms are one skill for a talent, for a need, for the jobs done and for how rare a skill is.
#[test]
fn names_of_one_skill_are_one_skill() {
    for (offered, wanted) in [
        ("ΣΧΕΔΙΑΣΜΌΣ", "Σχεδιασμός"),
        ("Rust\u{200B}", "\u{FEFF}Ru\u{AD}st"),
        ("Straße", "STRASSE"),
        ("Web  Design", "web-design"),
        ("js", "자바스크립트"),
        ("쿠버네티스", "k8s"),
        ("웹 디자인", "홈페이지디자인"),
    ] {
        let talent = Talent {
            skills: vec![offered.into(), wanted.into()],
            skill_jobs: BTreeMap::from([(offered.to_owned(), 2), (wanted.to_owned(), 1)]),
            completed_jobs: 3,
            ..Talent::default()
        };
        let need = Need { skills: vec![wanted.into(), offered.into()], ranked_at: NOW, ..Need::default() };
        assert_eq!(need.skill_hashes().len(), 1, "{offered:?} and {wanted:?}");
        let statistics = PoolStatistics::of_pool([&talent]);
        let features = features_of(&need, &talent, &statistics);
        assert_eq!(features.get(Feature::SkillOverlap), Some(1.0), "{offered:?} and {wanted:?}");
        assert!((features.get(Feature::SkillExperience).unwrap() - 4f32.ln()).abs() < 1e-6, "{features:?}");
    }
}

#[test]
fn a_rare_shared_word_counts_more_than_a_frequent_one() {
    let need = Need { terms: TermVector::of_text("like brewery"), ranked_at: NOW, ..Need::default() };
    let similarity = |text: &str| {
        let talent = Talent { terms: TermVector::of_text(text), ..Talent::default() };
        features_of(&need, &talent, &PoolStatistics::default()).get(Feature::TextSimilarity).unwrap()
    };
    assert!(similarity("brewery novelist") > 1.5 * similarity("like novelist"));
}

#[test]
fn texts_in_an_untrained_language_are_compared_by_shared_words() {
    let need = Need {
        terms: TermVector::of_project("결제 서버 개발", "서버리스로 결제를 만들 분을 찾습니다."),
        ranked_at: NOW,
        ..Need::default()
    };
    let similarity = |text: &str| {
        let talent = Talent { terms: TermVector::of_profile(text, ""), ..Talent::default() };
        features_of(&need, &talent, &PoolStatistics::default()).get(Feature::TextSimilarity).unwrap()
    };
    let (same, near, other) = (similarity("결제 서버 개발자"), similarity("서버 운영"), similarity("수채화 화가"));
    assert!(same > near && near > other && other == 0.0, "{same}, {near}, {other}");
}

#[test]
fn similarity_rises_with_more_similar_work_but_ever_slower() {
    let need = Need { terms: TermVector::of_text("brewing malt"), ranked_at: NOW, ..Need::default() };
    let similarity = |jobs: usize| {
        let mut terms = TermVector::of_profile("Brewer", "");
        (0..jobs).for_each(|_| terms.add(&TermVector::of_text("malt hops yeast kettles")));
        let talent = Talent { terms, ..Talent::default() };
        features_of(&need, &talent, &PoolStatistics::default()).get(Feature::TextSimilarity).unwrap()
    };
    let [few, more, many] = [4, 16, 64].map(similarity);
    assert!(few < more && more < many && many < 3.0 * few, "{few}, {more}, {many}");
    assert!(similarity(20_000) <= 1.0);
}
