//! From a freelancer of the market to what the engine compares.

use domain::{
    freelancer::{Freelancer, FreelancerProfile},
    tag::Skill,
    track_record::{self, TrackRecord},
};
use jiff::Timestamp;
use matching::{Activity, ProfileWords, Talent, TermVector};

/// A freelancer of the market.
pub fn talent(freelancer: &Freelancer) -> Talent {
    of_words(freelancer, &words(freelancer), &work(freelancer))
}

/// A freelancer of the market as they are, then as they would be with each of some skills that they do not name. The
/// profile is read once for all.
pub fn talents_with_each(freelancer: &Freelancer, skills: &[&Skill]) -> Vec<Talent> {
    let (words, work) = (words(freelancer), work(freelancer));
    let with = |skill: &&Skill| {
        let mut talent = of_words(freelancer, &words.with(skill.as_str()), &work);
        talent.skills.push(skill.as_str().to_owned());
        talent
    };
    std::iter::once(of_words(freelancer, &words, &work)).chain(skills.iter().map(with)).collect()
}

/// What the profile says.
fn words(freelancer: &Freelancer) -> ProfileWords {
    let FreelancerProfile { headline, bio, .. } = &freelancer.profile;
    ProfileWords::of(headline.as_str(), bio.as_str(), skills(freelancer))
}

/// What past work was about.
fn work(freelancer: &Freelancer) -> TermVector {
    TermVector::from_terms(freelancer.track_record.work_terms.iter().copied())
}

fn skills(freelancer: &Freelancer) -> impl Iterator<Item = &str> {
    freelancer.profile.skills.as_slice().iter().map(|skill| skill.as_str())
}

fn of_words(freelancer: &Freelancer, words: &ProfileWords, work: &TermVector) -> Talent {
    let TrackRecord {
        rating,
        rated_jobs,
        proposals,
        completed_jobs,
        response_minutes,
        last_active_at,
        skill_jobs,
        activity,
        work_terms: _, // in `work`
    } = &freelancer.track_record;
    let mut terms = words.weigh();
    terms.add(work);
    Talent {
        skills: skills(freelancer).map(str::to_owned).collect(),
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
