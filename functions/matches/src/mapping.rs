//! From the records of the market to what the engine compares.

use domain::{
    project::ProjectBrief,
    record::{FreelancerRecord, ProjectRecord},
    tag::Skills,
};
use jiff::Timestamp;
use matching::{Feature, Features, Need, PackedNeed, Talent, TermVector};

/// A project of the market.
pub(crate) fn need(brief: &ProjectBrief, ranked_at: Timestamp) -> Need {
    Need { skills: owned(&brief.skills), terms: terms(brief), ranked_at: ranked_at.as_second() }
}

/// The same to be kept, for any time.
pub(crate) fn packed_need(brief: &ProjectBrief) -> PackedNeed {
    PackedNeed::of(words(&brief.skills), &terms(brief))
}

fn terms(brief: &ProjectBrief) -> TermVector {
    TermVector::of_project(brief.title.as_str(), brief.description.as_str())
}

/// A freelancer that another system sent.
pub(crate) fn talent_of_record(record: &FreelancerRecord) -> Talent {
    let headline = record.headline.as_ref().map_or("", |headline| headline.as_str());
    let completed_jobs = record.completed_jobs.unwrap_or(0);
    Talent {
        skills: owned(&record.skills),
        rating: record.rating,
        // How many jobs were rated is not sent: all that were done.
        rated_jobs: completed_jobs,
        proposals: proposals(completed_jobs, record.hire_rate),
        completed_jobs,
        response_minutes: record.response_minutes,
        last_active_at: record.last_active_at.map(Timestamp::as_second),
        terms: TermVector::of_profile(headline, record.bio.as_str(), words(&record.skills)),
        ..Talent::default()
    }
}

/// How many bids lie behind a number of jobs, given the share of bids that were won. At least one per job.
fn proposals(completed_jobs: u32, hire_rate: Option<f64>) -> u32 {
    match hire_rate {
        // Saturates: a share of nearly nothing means more bids than can be counted.
        Some(rate) if rate > 0.0 => ((f64::from(completed_jobs) / rate).round() as u32).max(completed_jobs),
        _ => completed_jobs,
    }
}

/// The features of a pair without those that a record does not tell.
pub(crate) fn told_features(features: Features, record: &FreelancerRecord) -> Features {
    // Which skills the jobs used is never sent.
    let features = features.without(Feature::SkillExperience);
    match (record.completed_jobs, record.hire_rate) {
        (Some(_), Some(_)) => features,
        _ => features.without(Feature::HireRate),
    }
}

/// A project that another system sent.
pub(crate) fn need_of_record(record: &ProjectRecord, now: Timestamp) -> Need {
    let title = record.title.as_ref().map_or("", |title| title.as_str());
    Need {
        skills: owned(&record.skills),
        terms: TermVector::of_project(title, record.description.as_str()),
        ranked_at: now.as_second(),
    }
}

fn words(skills: &Skills) -> impl Iterator<Item = &str> {
    skills.as_slice().iter().map(|skill| skill.as_str())
}

fn owned(skills: &Skills) -> Vec<String> {
    words(skills).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use domain::{field::Object, record::ScoreInput};
    use matching::{PackedTalent, PoolStatistics};
    use serde_json::json;

    use super::*;

    #[test]
    fn bids_follow_from_jobs_and_the_share_won() {
        assert_eq!(proposals(10, Some(0.5)), 20);
        assert_eq!(proposals(10, Some(1.0)), 10);
        assert_eq!(proposals(10, None), 10);
        assert_eq!(proposals(0, Some(0.0)), 0);
        assert_eq!(proposals(u32::MAX, Some(f64::MIN_POSITIVE)), u32::MAX);
    }

    #[test]
    fn what_a_record_does_not_tell_is_unknown() {
        let body = json!({
            "project": {"skills": ["Rust"], "title": "결제"},
            "freelancers": [{"skills": ["Rust"]}, {"skills": ["Rust"], "completed_jobs": 3, "hire_rate": 0.5}],
        });
        let records = serde_json::from_value::<Object<ScoreInput>>(body).unwrap().0.validate().unwrap();
        let talents: Vec<Talent> = records.freelancers.iter().map(talent_of_record).collect();
        let statistics = PoolStatistics::of_pool(&talents);
        let need = statistics.prepare_need(&need_of_record(&records.project, Timestamp::UNIX_EPOCH));
        let features = |index: usize| {
            let pair = Features::of(&need, &PackedTalent::of(&talents[index]));
            told_features(pair, &records.freelancers[index])
        };
        let known = |features: Features| Feature::ALL.map(|feature| features.get(feature).is_some());
        //                            skills exper. text  rating hires  resp.  seen   week   month  half year
        assert_eq!(known(features(0)), [true, false, true, false, false, false, false, false, false, false]);
        assert_eq!(known(features(1)), [true, false, true, false, true, false, false, false, false, false]);
        let hire_rate = features(1).get(Feature::HireRate).unwrap();
        assert!((hire_rate - 3.6 / 8.0).abs() < 0.0021, "{hire_rate}");
    }
}
