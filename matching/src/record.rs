//! Freelancers that another system tells about: a record holds less than a market knows.
//!
//! `POST /matches/score`, `POST /matches/bids` and the scorer in the browser read their records here, so equal records
//! have equal scores.

use crate::features::{Feature, Features};
use crate::need::Need;
use crate::packed::PackedTalent;
use crate::statistics::PoolStatistics;
use crate::talent::Talent;
use crate::text::TermVector;

/// The known facts about a freelancer. `TalentRecord::default()` has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TalentRecord<'a> {
    /// Skills the freelancer names.
    pub skills: Vec<&'a str>,
    /// The offer in one line.
    pub headline: &'a str,
    /// The freelancer's own words.
    pub bio: &'a str,
    /// Mean stars, 0 to 5.
    pub rating: Option<f64>,
    /// How many jobs were completed.
    pub completed_jobs: Option<u32>,
    /// The share of bids that were won, 0 to 1.
    pub hire_rate: Option<f64>,
    /// The median minutes to an answer.
    pub response_minutes: Option<f64>,
    /// When last seen, in seconds since 1970.
    pub last_active_at: Option<i64>,
}

/// The assumed number of bids behind a hire rate without completed jobs.
const PRESUMED_BIDS: u32 = 10;

impl TalentRecord<'_> {
    /// The freelancer, as far as the record tells.
    pub fn talent(&self) -> Talent {
        let (proposals, completed_jobs) = self.bids_and_jobs();
        Talent {
            skills: self.skills.iter().map(|&skill| skill.to_owned()).collect(),
            rating: self.rating,
            // A record does not say how many jobs were rated, so all completed jobs count as rated.
            rated_jobs: self.completed_jobs.unwrap_or(0),
            proposals,
            completed_jobs,
            response_minutes: self.response_minutes,
            last_active_at: self.last_active_at,
            terms: TermVector::of_profile(self.headline, self.bio),
            ..Talent::default()
        }
    }

    /// The numbers of bids and of won jobs. A freelancer with a last activity has made a bid.
    fn bids_and_jobs(&self) -> (u32, u32) {
        let jobs = self.completed_jobs.unwrap_or(0);
        let bids = match self.hire_rate {
            // The freelancer has won bids but completed no job yet.
            Some(share) if jobs == 0 => return (PRESUMED_BIDS, (f64::from(PRESUMED_BIDS) * share).round() as u32),
            // The cast saturates: a tiny share means more bids than 32 bits can count.
            Some(share) if share > 0.0 => ((f64::from(jobs) / share).round() as u32).max(jobs),
            _ => jobs,
        };
        (bids.max(u32::from(self.last_active_at.is_some())), jobs)
    }

    /// The features of a pair with this freelancer, without those that a record cannot contain.
    #[must_use]
    pub fn told(&self, features: Features) -> Features {
        // No record contains the skills of past jobs.
        let features = features.without(Feature::SkillExperience);
        if self.hire_rate.is_some() { features } else { features.without(Feature::HireRate) }
    }
}

impl Features {
    /// The features of each freelancer of a request, in their order. The freelancers of the request determine how rare
    /// a skill is.
    pub fn of_records(need: &Need, records: &[TalentRecord<'_>]) -> Vec<Self> {
        let talents: Vec<Talent> = records.iter().map(TalentRecord::talent).collect();
        let statistics = PoolStatistics::of_pool(&talents);
        let need = statistics.prepare_need(need);
        let pairs = talents.iter().map(|talent| Self::of(&need, &PackedTalent::of(talent)));
        pairs.zip(records).map(|(pair, record)| record.told(pair)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: TalentRecord<'static> = TalentRecord {
        skills: Vec::new(),
        headline: "",
        bio: "",
        rating: None,
        completed_jobs: None,
        hire_rate: None,
        response_minutes: None,
        last_active_at: None,
    };

    fn record() -> TalentRecord<'static> {
        TalentRecord { skills: vec!["Rust"], ..RECORD }
    }

    fn told(records: &[TalentRecord<'_>]) -> Vec<Features> {
        let terms = TermVector::of_project("결제", "");
        Features::of_records(&Need { skills: vec!["Rust".to_owned()], terms, ranked_at: 1_800_000_000 }, records)
    }

    #[test]
    fn bids_follow_from_jobs_and_the_share_won() {
        let records = [
            TalentRecord { completed_jobs: Some(10), hire_rate: Some(0.5), ..record() },
            TalentRecord { completed_jobs: Some(10), hire_rate: Some(1.0), ..record() },
            TalentRecord { completed_jobs: Some(10), ..record() },
            TalentRecord { completed_jobs: Some(1_000_000_000), hire_rate: Some(f64::MIN_POSITIVE), ..record() },
            TalentRecord { hire_rate: Some(0.7), ..record() },
            TalentRecord { completed_jobs: Some(0), hire_rate: Some(0.7), ..record() },
            TalentRecord { completed_jobs: Some(0), hire_rate: Some(0.0), ..record() },
            TalentRecord { completed_jobs: Some(0), last_active_at: Some(1_793_491_200), ..record() },
            record(),
        ];
        let expected =
            [(20, 10), (10, 10), (10, 10), (u32::MAX, 1_000_000_000), (10, 7), (10, 7), (10, 0), (1, 0), (0, 0)];
        assert_eq!(records.map(|record| record.bids_and_jobs()), expected);
    }

    #[test]
    fn fields_of_a_record_count_and_missing_ones_are_unknown() {
        let records = [
            record(),
            TalentRecord { completed_jobs: Some(3), hire_rate: Some(0.5), ..record() },
            TalentRecord { completed_jobs: Some(3), ..record() },
            TalentRecord { rating: Some(4.5), ..record() },
            TalentRecord { hire_rate: Some(0.0), ..record() },
            TalentRecord { response_minutes: Some(5.0), ..record() },
            TalentRecord { last_active_at: Some(1_793_491_200), ..record() },
        ];
        let features = told(&records);
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
