//! Converts a freelancer's record to the input of the matching engine.

use domain::{
    freelancer::{self, Freelancer, FreelancerProfile, TrackRecord, WorkHistory},
    values::Skill,
};
use jiff::Timestamp;
use matching::{Activity, Talent, TermVector};

/// The talent of a freelancer, followed by one talent for each given skill, as if the profile listed that skill too.
pub fn talents_with_each(freelancer: &Freelancer, history: &WorkHistory, skills: &[&Skill]) -> Vec<Talent> {
    let today = talent(freelancer, history);
    let with = |skill: &&Skill| {
        let mut talent = today.clone();
        talent.skills.push(skill.as_str().to_owned());
        talent
    };
    std::iter::once(today.clone()).chain(skills.iter().map(with)).collect()
}

/// The talent of a freelancer.
pub fn talent(freelancer: &Freelancer, history: &WorkHistory) -> Talent {
    let FreelancerProfile { headline, bio, skills, .. } = &freelancer.profile;
    let TrackRecord { rating, rated_jobs, proposals, completed_jobs, response_minutes, .. } = freelancer.track_record;
    let WorkHistory { skill_jobs, activity, work_terms } = history;
    let mut terms = TermVector::of_profile(headline.as_str(), bio.as_str());
    terms.add(&TermVector::from_terms(work_terms.iter().copied()));
    Talent {
        skills: skills.as_slice().iter().map(|skill| skill.as_str().to_owned()).collect(),
        skill_jobs: skill_jobs.iter().map(|(skill, jobs)| (skill.as_str().to_owned(), *jobs)).collect(),
        rating,
        rated_jobs,
        proposals,
        completed_jobs,
        response_minutes,
        last_active_at: freelancer.last_active_at().map(Timestamp::as_second),
        activity: activity.as_ref().map(activity_of),
        terms,
    }
}

fn activity_of(activity: &freelancer::Activity) -> Activity {
    let freelancer::Activity { week, month, half_year, as_of } = *activity;
    Activity { week, month, half_year, as_of: as_of.as_second() }
}
