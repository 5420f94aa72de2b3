//! Markets with little history: skills and words decide, and a missing history does not count against anybody.

use std::collections::BTreeMap;

use matching::{
    Activity, FEATURE_COUNT, Feature, Features, Match, Model, Need, PackedTalent, PoolStatistics, Talent, TermVector,
    rank,
};

const NOW: i64 = 1_700_000_000;

fn newcomer(headline: &str, bio: &str, skills: &[&str]) -> Talent {
    Talent {
        skills: skills.iter().map(|&skill| skill.to_owned()).collect(),
        terms: TermVector::of_profile(headline, bio),
        ..Talent::default()
    }
}

/// The activity of two proposals a week until today.
fn activity(jobs: u32) -> Activity {
    let mut activity = Activity::none(0);
    for half_weeks_ago in (0..jobs * 2).rev() {
        activity.record(NOW - i64::from(half_weeks_ago) * 302_400);
    }
    activity
}

/// Gives a talent a good record: well rated, quick, seen today.
fn veteran(talent: Talent, jobs: u32) -> Talent {
    let skill_jobs: BTreeMap<String, u32> = talent.skills.iter().map(|skill| (skill.clone(), jobs)).collect();
    Talent {
        skill_jobs,
        rating: Some(4.8),
        rated_jobs: jobs,
        proposals: jobs * 2,
        completed_jobs: jobs,
        response_minutes: Some(30.0),
        last_active_at: Some(NOW - 3_600),
        activity: Some(activity(jobs)),
        ..talent
    }
}

fn ranked<'a>(need: &Need, pool: &[(&'a str, Talent)]) -> Vec<Match<&'a str>> {
    let statistics = PoolStatistics::of_pool(pool.iter().map(|(_, talent)| talent));
    let prepared: Vec<_> = pool.iter().map(|(id, talent)| (*id, PackedTalent::of(talent))).collect();
    let model = Model::shipped().unwrap();
    let candidates = prepared.iter().map(|(id, talent)| (*id, talent));
    rank(&model, &statistics.prepare_need(need), candidates, pool.len(), None).unwrap()
}

fn place_of(id: &str, matches: &[Match<&str>]) -> usize {
    matches.iter().position(|found| found.id == id).unwrap()
}

fn pool() -> Vec<(&'static str, Talent)> {
    vec![
        (
            "rust",
            newcomer("Rust back-end engineer", "Serverless functions on AWS Lambda with Rust", &["rust", "aws lambda"]),
        ),
        ("aws", newcomer("Cloud architect", "Serverless back ends and databases on AWS", &["aws lambda", "dynamodb"])),
        ("python", newcomer("Data engineer", "Pipelines in Python and SQL", &["python", "sql"])),
        ("translator", newcomer("한영 번역가", "기술 문서를 한국어와 영어로 번역합니다", &["번역", "한국어"])),
        ("painter", newcomer("Portrait painter", "Oil portraits from photographs", &["oil painting"])),
        ("baker", newcomer("Baker", "Wedding cakes and bread", &["baking"])),
    ]
}

fn rust_need() -> Need {
    Need {
        skills: vec!["rust".into(), "aws lambda".into()],
        terms: TermVector::of_project("Rust engineer for AWS Lambda", "We write serverless functions in Rust."),
        ranked_at: NOW,
    }
}

#[test]
fn skills_and_words_decide_on_the_first_day() {
    let matches = ranked(&rust_need(), &pool());
    assert_eq!((matches[0].id, matches[1].id), ("rust", "aws"), "{matches:?}");

    let translation = Need {
        skills: vec!["번역".into()],
        terms: TermVector::of_project("기술 문서 번역", "영어 문서를 한국어로 번역할 분을 찾습니다."),
        ranked_at: NOW,
    };
    assert_eq!(ranked(&translation, &pool())[0].id, "translator");
}

#[test]
fn words_alone_decide_between_equal_skills() {
    let pool = [
        ("other", newcomer("Rust games", "Rendering engines and shaders", &["rust"])),
        ("same", newcomer("Rust on Lambda", "Serverless functions in production", &["rust"])),
    ];
    assert_eq!(ranked(&rust_need(), &pool)[0].id, "same");
}

#[test]
fn a_suitable_newcomer_ranks_before_a_busy_freelancer_of_another_trade() {
    let mut pool = pool();
    for (id, talent) in &mut pool {
        if matches!(*id, "painter" | "baker" | "translator") {
            *talent = veteran(talent.clone(), 4);
        }
    }
    let matches = ranked(&rust_need(), &pool);
    for stranger in ["painter", "baker", "translator"] {
        assert!(place_of("rust", &matches) < place_of(stranger, &matches), "{stranger}: {matches:?}");
    }
}

#[test]
fn a_good_record_wins_among_equal_profiles() {
    let mut pool = pool();
    let (_, rustacean) = pool[0].clone();
    pool.push(("rust-veteran", veteran(rustacean, 20)));
    assert_eq!(ranked(&rust_need(), &pool)[0].id, "rust-veteran");
}

/// A newcomer who has just saved a profile counts as just seen. The training data has nobody who was seen but has no
/// history, so the net would misjudge them.
#[test]
fn last_seen_does_not_change_the_score_of_a_newcomer() {
    let absent = pool();
    let mut seen = pool();
    for (_, talent) in &mut seen {
        talent.last_active_at = Some(NOW);
    }
    assert_eq!(ranked(&rust_need(), &seen), ranked(&rust_need(), &absent));
}

#[test]
fn more_overlap_or_similarity_never_lowers_a_newcomers_score() {
    let model = Model::shipped().unwrap();
    let score = |overlap: f32, text: f32| {
        let mut values = [None; FEATURE_COUNT];
        values[Feature::SkillOverlap as usize] = Some(overlap);
        values[Feature::TextSimilarity as usize] = Some(text);
        model.score(&[Features::new(values).unwrap()]).unwrap()[0]
    };
    let steps: Vec<f32> = (0..=20).map(|step| step as f32 / 20.0).collect();
    for &fixed in &steps {
        for pair in steps.windows(2) {
            assert!(score(pair[0], fixed) <= score(pair[1], fixed), "overlap {pair:?}, text {fixed}");
            assert!(score(fixed, pair[0]) <= score(fixed, pair[1]), "overlap {fixed}, text {pair:?}");
        }
    }
}
