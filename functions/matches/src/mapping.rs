//! Converts records of other systems to the input of `matching`.

use domain::{
    scoring::{FreelancerRecord, ProjectRecord},
    values::{Minutes, Share, Skills, Stars},
};
use jiff::Timestamp;
use matching::{Need, TalentRecord, TermVector};

/// A freelancer that another system sent.
pub(crate) fn talent_record(record: &FreelancerRecord) -> TalentRecord<'_> {
    TalentRecord {
        skills: names(&record.skills).collect(),
        headline: record.headline.as_ref().map_or("", |headline| headline.as_str()),
        bio: record.bio.as_str(),
        rating: record.rating.map(Stars::get),
        // The bounds of a number of jobs are within those of 32 bits.
        completed_jobs: record.completed_jobs.and_then(|jobs| u32::try_from(jobs.get()).ok()),
        hire_rate: record.hire_rate.map(Share::get),
        response_minutes: record.response_minutes.map(Minutes::get),
        last_active_at: record.last_active_at.map(|time| time.get().as_second()),
    }
}

/// A project that another system sent.
pub(crate) fn need_of_record(record: &ProjectRecord, now: Timestamp) -> Need {
    let title = record.title.as_ref().map_or("", |title| title.as_str());
    Need {
        skills: names(&record.skills).map(str::to_owned).collect(),
        terms: TermVector::of_project(title, record.description.as_str()),
        ranked_at: now.as_second(),
    }
}

fn names(skills: &Skills) -> impl Iterator<Item = &str> {
    skills.as_slice().iter().map(|skill| skill.as_str())
}

#[cfg(test)]
mod tests {
    use domain::{scoring::ScoreRecords, validation::read};
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_that_counts_reaches_the_net() {
        let body = json!({
            "project": {"skills": ["Rust"], "title": "결제"},
            "freelancers": [
                {"skills": ["Rust", "결제 시스템"], "headline": "Payments", "bio": "In Rust.", "rating": 4.5,
                 "completed_jobs": 1_000_000_000, "hire_rate": 0.5, "response_minutes": 5,
                 "last_active_at": "2026-11-01T00:00:00Z"},
                {"skills": ["a"]},
            ]
        });
        let records = read::<ScoreRecords>(&body).unwrap();
        let told: Vec<TalentRecord<'_>> = records.freelancers.iter().map(talent_record).collect();
        let all = TalentRecord {
            skills: vec!["Rust", "결제 시스템"],
            headline: "Payments",
            bio: "In Rust.",
            rating: Some(4.5),
            completed_jobs: Some(1_000_000_000),
            hire_rate: Some(0.5),
            response_minutes: Some(5.0),
            last_active_at: Some(1_793_491_200),
        };
        assert_eq!(told, [all, TalentRecord { skills: vec!["a"], ..TalentRecord::default() }]);
        let need = need_of_record(&records.project, Timestamp::from_second(1_800_000_000).unwrap());
        let terms = TermVector::of_project("결제", "");
        assert_eq!(need, Need { skills: vec!["Rust".to_owned()], terms, ranked_at: 1_800_000_000 });
    }
}
