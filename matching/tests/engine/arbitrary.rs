//! Strategies for extreme talents, needs and rows.

use std::collections::BTreeMap;

use matching::{Activity, FEATURE_COUNT, Feature, Features, Need, Talent, TermVector};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

/// Few different skills, so that pairs share some; sometimes an arbitrary text.
fn skill() -> impl Strategy<Value = String> {
    prop_oneof![9 => "(rust|RUST|aws|번역|c\\+\\+|oil painting)", 1 => any::<String>()]
}

/// Zero, one, the maximum, or any number.
fn count() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), Just(1), Just(u32::MAX), any::<u32>()]
}

fn terms() -> impl Strategy<Value = TermVector> {
    prop_oneof![
        vec(skill(), 0..8).prop_map(|words| TermVector::of_text(&words.join(" "))),
        any::<String>().prop_map(|text| TermVector::of_text(&text)),
        vec((any::<u32>(), any::<f32>()), 0..8).prop_map(TermVector::from_terms),
    ]
}

fn activity() -> impl Strategy<Value = Activity> {
    (any::<f32>(), any::<f32>(), 0.0f32..100.0, any::<i64>()).prop_map(|(week, month, half_year, as_of)| Activity {
        week,
        month,
        half_year,
        as_of,
    })
}

pub(crate) fn talent() -> impl Strategy<Value = Talent> {
    let skills = (vec(skill(), 0..6), btree_map(skill(), count(), 0..6));
    let standing = (option::of(any::<f64>()), count(), count(), count(), option::of(any::<f64>()));
    (skills, standing, option::of(any::<i64>()), option::of(activity()), terms()).prop_map(
        |((skills, skill_jobs), standing, last_active_at, activity, terms)| {
            let (rating, rated_jobs, proposals, completed_jobs, response_minutes) = standing;
            let skill_jobs: BTreeMap<String, u32> = skill_jobs;
            Talent {
                skills,
                skill_jobs,
                rating,
                rated_jobs,
                proposals,
                completed_jobs,
                response_minutes,
                last_active_at,
                activity,
                terms,
            }
        },
    )
}

pub(crate) fn need() -> impl Strategy<Value = Need> {
    (vec(skill(), 0..6), terms(), any::<i64>()).prop_map(|(skills, terms, ranked_at)| Need { skills, terms, ranked_at })
}

/// Any valid row of features.
pub(crate) fn row() -> impl Strategy<Value = Features> {
    vec(option::weighted(0.8, 0.0f32..=1.0), FEATURE_COUNT).prop_map(|shares| {
        let mut values = [None; FEATURE_COUNT];
        for feature in Feature::ALL {
            let (low, high) = feature.range();
            values[feature as usize] = shares[feature as usize].map(|share| (low + share * (high - low)).min(high));
        }
        Features::new(values).unwrap()
    })
}
