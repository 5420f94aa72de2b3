//! The track record of a simulated freelancer, and the talent built from it.

use std::collections::BTreeMap;

use super::person::Person;
use super::vocabulary::{Skill, skill_name};
use matching::{Activity, MAX_WORK_TERMS, Need, Talent, TermVector};

/// The stars of a dissatisfied and of a satisfied client.
const STARS: [f64; 2] = [2.0, 5.0];

/// A track record; empty for a newcomer.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    proposals: u32,
    jobs: u32,
    pleased: u32,
    skill_jobs: BTreeMap<Skill, u32>,
    last_bid_at: Option<i64>,
    activity: Option<Activity>,
    /// Minutes until each bid, ascending.
    response_minutes: Vec<f64>,
    work: TermVector,
}

impl Record {
    pub(super) fn record_bid(&mut self, need: &Need, response_minutes: f64) {
        let at = need.ranked_at + (response_minutes * 60.0) as i64;
        self.proposals += 1;
        self.last_bid_at = Some(at);
        self.activity.get_or_insert(Activity::none(at)).record(at);
        let place = self.response_minutes.partition_point(|&earlier| earlier <= response_minutes);
        self.response_minutes.insert(place, response_minutes);
    }

    pub(super) fn record_job(&mut self, skills: &[Skill], need: &Need, has_pleased: bool) {
        self.jobs += 1;
        self.pleased += u32::from(has_pleased);
        for &skill in skills {
            *self.skill_jobs.entry(skill).or_default() += 1;
        }
        self.work.add(&need.terms);
    }

    pub(super) fn jobs_with(&self, skill: Skill) -> u32 {
        self.skill_jobs.get(&skill).copied().unwrap_or(0)
    }

    pub(super) fn last_bid_at(&self) -> Option<i64> {
        self.last_bid_at
    }

    pub(super) fn activity(&self) -> Option<&Activity> {
        self.activity.as_ref()
    }

    pub(super) fn proposals(&self) -> u32 {
        self.proposals
    }

    /// The freelancer as the engine sees them.
    pub(super) fn talent(&self, person: &Person) -> Talent {
        let stars = STARS[0] * f64::from(self.jobs - self.pleased) + STARS[1] * f64::from(self.pleased);
        let mut terms = person.terms.clone();
        terms.add(&self.work.strongest(MAX_WORK_TERMS));
        Talent {
            skills: person.skills.iter().map(|&skill| skill_name(skill)).collect(),
            skill_jobs: self.skill_jobs.iter().map(|(&skill, &jobs)| (skill_name(skill), jobs)).collect(),
            rating: (self.jobs > 0).then(|| stars / f64::from(self.jobs)),
            rated_jobs: self.jobs,
            proposals: self.proposals,
            completed_jobs: self.jobs,
            response_minutes: self.response_minutes.get(self.response_minutes.len() / 2).copied(),
            last_active_at: self.last_bid_at,
            activity: self.activity,
            terms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn a_newcomer_has_only_a_profile() {
        let person = Person::draw(&mut Random::new(1), 0);
        let talent = Record::default().talent(&person);
        assert_eq!(talent.skills.len(), person.skills.len());
        let profile = Talent { skills: talent.skills.clone(), terms: person.terms.clone(), ..Talent::default() };
        assert_eq!(talent, profile);
    }

    #[test]
    fn a_talent_counts_the_recorded_bids_and_jobs() {
        let person = Person::draw(&mut Random::new(1), 0);
        let need = Need { ranked_at: 1_000, ..Need::default() };
        let mut record = Record::default();
        for minutes in [30.0, 10.0, 90.0] {
            record.record_bid(&need, minutes);
        }
        record.record_job(&[3, 4], &need, true);
        record.record_job(&[3], &need, false);
        let talent = record.talent(&person);
        assert_eq!((talent.proposals, talent.completed_jobs, talent.rated_jobs), (3, 2, 2));
        assert_eq!((talent.rating, talent.response_minutes), (Some(3.5), Some(30.0)));
        assert_eq!(talent.last_active_at, Some(1_000 + 90 * 60));
        assert_eq!(talent.skill_jobs, [("skill3".to_owned(), 2), ("skill4".to_owned(), 1)].into());
    }
}
