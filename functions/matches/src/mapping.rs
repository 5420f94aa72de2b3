//! Converts records of other systems to the input of `matching`.

use domain::{
    scoring::{FreelancerRecord, ProjectRecord},
    values::{Minutes, Share, Skills, Stars},
};
use jiff::Timestamp;
use matching::{Feature, Features, Need, Talent, TermVector};

/// A freelancer that another system sent.
pub(crate) fn talent_of_record(record: &FreelancerRecord) -> Talent {
    let headline = record.headline.as_ref().map_or("", |headline| headline.as_str());
    let (proposals, completed_jobs) = bids_and_jobs(record);
    Talent {
        skills: owned(&record.skills),
        rating: record.rating.map(Stars::get),
        // A record does not say how many jobs were rated, so all completed jobs count as rated.
        rated_jobs: completed_jobs_of(record),
        proposals,
        completed_jobs,
        response_minutes: record.response_minutes.map(Minutes::get),
        last_active_at: record.last_active_at.map(|time| time.get().as_second()),
        terms: TermVector::of_profile(headline, record.bio.as_str()),
        ..Talent::default()
    }
}

/// The completed jobs of a record, 0 if unknown. Their bounds are those of 32 bits.
fn completed_jobs_of(record: &FreelancerRecord) -> u32 {
    record.completed_jobs.and_then(|jobs| u32::try_from(jobs.get()).ok()).unwrap_or(0)
}

/// The assumed number of bids behind a hire rate without completed jobs.
const PRESUMED_BIDS: u32 = 10;

/// The numbers of bids and of won jobs, inferred from a record. A freelancer with a last activity has made a bid.
fn bids_and_jobs(record: &FreelancerRecord) -> (u32, u32) {
    let jobs = completed_jobs_of(record);
    let bids = match record.hire_rate.map(Share::get) {
        // The freelancer has won bids but completed no job yet.
        Some(share) if jobs == 0 => return (PRESUMED_BIDS, (f64::from(PRESUMED_BIDS) * share).round() as u32),
        // The cast saturates: a tiny share means more bids than 32 bits can count.
        Some(share) if share > 0.0 => ((f64::from(jobs) / share).round() as u32).max(jobs),
        _ => jobs,
    };
    (bids.max(u32::from(record.last_active_at.is_some())), jobs)
}

/// The features of a pair, without those that a record cannot contain.
pub(crate) fn told_features(features: Features, record: &FreelancerRecord) -> Features {
    // No record contains the skills of past jobs.
    let features = features.without(Feature::SkillExperience);
    if record.hire_rate.is_some() { features } else { features.without(Feature::HireRate) }
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

fn owned(skills: &Skills) -> Vec<String> {
    skills.as_slice().iter().map(|skill| skill.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use domain::{scoring::ScoreRecords, validation::read};
    use matching::{PackedTalent, PoolStatistics};
    use serde_json::json;

    use super::*;

    fn records(freelancers: serde_json::Value) -> (Vec<FreelancerRecord>, Vec<Features>) {
        let body = json!({"project": {"skills": ["Rust"], "title": "결제"}, "freelancers": freelancers});
        let records = read::<ScoreRecords>(&body).unwrap();
        let talents: Vec<Talent> = records.freelancers.as_slice().iter().map(talent_of_record).collect();
        let statistics = PoolStatistics::of_pool(&talents);
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let need = statistics.prepare_need(&need_of_record(&records.project, now));
        let pairs = talents.iter().map(|talent| Features::of(&need, &PackedTalent::of(talent)));
        let told =
            pairs.zip(records.freelancers.as_slice()).map(|(pair, record)| told_features(pair, record)).collect();
        (records.freelancers.as_slice().to_vec(), told)
    }

    #[test]
    fn bids_follow_from_jobs_and_the_share_won() {
        let (records, _) = records(json!([
            {"skills": ["a"], "completed_jobs": 10, "hire_rate": 0.5},
            {"skills": ["a"], "completed_jobs": 10, "hire_rate": 1},
            {"skills": ["a"], "completed_jobs": 10},
            {"skills": ["a"], "completed_jobs": 1_000_000_000, "hire_rate": f64::MIN_POSITIVE},
            {"skills": ["a"], "hire_rate": 0.7},
            {"skills": ["a"], "completed_jobs": 0, "hire_rate": 0.7},
            {"skills": ["a"], "completed_jobs": 0, "hire_rate": 0},
            {"skills": ["a"], "completed_jobs": 0, "last_active_at": "2026-11-01T00:00:00Z"},
            {"skills": ["a"]},
        ]));
        let expected =
            [(20, 10), (10, 10), (10, 10), (u32::MAX, 1_000_000_000), (10, 7), (10, 7), (10, 0), (1, 0), (0, 0)];
        assert_eq!(records.iter().map(bids_and_jobs).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn fields_of_a_record_count_and_missing_ones_are_unknown() {
        let told = [
            json!({}),
            json!({"completed_jobs": 3, "hire_rate": 0.5}),
            json!({"completed_jobs": 3}),
            json!({"rating": 4.5}),
            json!({"hire_rate": 0}),
            json!({"response_minutes": 5}),
            json!({"last_active_at": "2026-11-01T00:00:00Z"}),
        ];
        let with_skills = told.map(|mut record| {
            record["skills"] = json!(["Rust"]);
            record
        });
        let (_, features) = records(json!(with_skills));
        let known = |features: &Features| Feature::ALL.map(|feature| u8::from(features.get(feature).is_some()));
        assert_eq!(
            features.iter().map(known).collect::<Vec<_>>(),
            [
                // Skills, experience, text, rating, hire rate, response, last seen, week, month, half a year.
                [1, 0, 1, 0, 0, 0, 0, 0, 0, 0],
                [1, 0, 1, 0, 1, 0, 0, 0, 0, 0],
                [1, 0, 1, 0, 0, 0, 0, 0, 0, 0],
                [1, 0, 1, 1, 0, 0, 0, 0, 0, 0],
                [1, 0, 1, 0, 1, 0, 0, 0, 0, 0],
                [1, 0, 1, 0, 0, 1, 0, 0, 0, 0],
                [1, 0, 1, 0, 0, 0, 1, 0, 0, 0],
            ]
        );
        let hire_rate = features[1].get(Feature::HireRate).unwrap();
        assert!((hire_rate - 3.6 / 8.0).abs() < 0.0021, "{hire_rate}");
    }
}
