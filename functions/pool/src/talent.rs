//! From a freelancer of the market to what the engine compares.

use domain::{
    freelancer::{Freelancer, FreelancerProfile},
    track_record::{self, TrackRecord},
};
use jiff::Timestamp;
use matching::{Activity, Talent, TermVector};

/// A freelancer of the market.
pub fn talent(freelancer: &Freelancer) -> Talent {
    let FreelancerProfile { headline, bio, skills, .. } = &freelancer.profile;
    let TrackRecord {
        rating,
        rated_jobs,
        proposals,
        completed_jobs,
        response_minutes,
        last_active_at,
        skill_jobs,
        activity,
        work_terms,
    } = &freelancer.track_record;
    let skills: Vec<&str> = skills.as_slice().iter().map(|skill| skill.as_str()).collect();
    let mut terms = TermVector::of_profile(headline.as_str(), bio.as_str(), skills.iter().copied());
    terms.add(&TermVector::from_terms(work_terms.iter().copied()));
    Talent {
        skills: skills.into_iter().map(str::to_owned).collect(),
        skill_jobs: skill_jobs.iter().map(|(skill, jobs)| (skill.as_str().to_owned(), *jobs)).collect(),
        rating: *rating,
        rated_jobs: *rated_jobs,
        proposals: *proposals,
        completed_jobs: *completed_jobs,
        response_minutes: *response_minutes,
        last_active_at: last_active_at.map(Timestamp::as_second),
        activity: activity.as_ref().map(activity_of),
        terms,
    }
}

fn activity_of(activity: &track_record::Activity) -> Activity {
    let track_record::Activity { week, month, half_year, as_of } = *activity;
    Activity { week, month, half_year, as_of: as_of.as_second() }
}
