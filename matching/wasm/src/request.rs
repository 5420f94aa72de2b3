//! The request of the page: a postcard message. `web/core/scorer.js` writes the fields in this order.

use domain::{
    eligibility::{FreelancerTerms, ProjectTerms},
    values::{Budget, BudgetKind, Language, Money},
};
use matching::{Need, TalentRecord, TermVector};
use serde::Deserialize;

/// A project and the freelancers to score for it.
#[derive(Debug, Deserialize)]
pub(crate) struct Request<'a> {
    /// Now, in seconds since 1970.
    pub(crate) ranked_at: i64,
    /// How many of the best freelancers are explained.
    pub(crate) explained: u32,
    #[serde(borrow)]
    pub(crate) project: Project<'a>,
    #[serde(borrow)]
    pub(crate) freelancers: Vec<Freelancer<'a>>,
}

/// A project as far as it is typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Project<'a> {
    title: &'a str,
    description: &'a str,
    #[serde(borrow)]
    skills: Vec<&'a str>,
    #[serde(borrow)]
    languages: Vec<&'a str>,
    /// The most that the client pays.
    #[serde(borrow)]
    budget: Option<Price<'a>>,
}

/// A freelancer as the page has them from the API.
#[derive(Debug, Deserialize)]
pub(crate) struct Freelancer<'a> {
    headline: &'a str,
    bio: &'a str,
    #[serde(borrow)]
    skills: Vec<&'a str>,
    #[serde(borrow)]
    languages: Vec<&'a str>,
    #[serde(borrow)]
    hourly_rate: Option<Price<'a>>,
    weekly_hours: Option<u32>,
    rating: Option<f64>,
    completed_jobs: Option<u32>,
    hire_rate: Option<f64>,
    response_minutes: Option<f64>,
    /// Seconds since 1970.
    last_active_at: Option<i64>,
}

/// An amount in minor units and its currency.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Price<'a> {
    amount: i64,
    currency: &'a str,
}

impl Project<'_> {
    pub(crate) fn need(&self, ranked_at: i64) -> Need {
        Need {
            skills: self.skills.iter().map(|&skill| skill.to_owned()).collect(),
            terms: TermVector::of_project(self.title, self.description),
            ranked_at,
        }
    }

    /// The terms that eligibility compares. A budget that is still wrong counts as none.
    pub(crate) fn terms<'a>(&self, languages: &'a [Language]) -> ProjectTerms<'a> {
        let budget = self.budget.and_then(|Price { amount, currency }| {
            Budget::new(BudgetKind::Hourly, None, amount, currency.parse().ok()?)
        });
        ProjectTerms { owner: None, is_open: true, languages, budget }
    }

    pub(crate) fn languages(&self) -> Vec<Language> {
        languages(&self.languages)
    }
}

impl<'a> Freelancer<'a> {
    pub(crate) fn record(&self) -> TalentRecord<'a> {
        TalentRecord {
            skills: self.skills.clone(),
            headline: self.headline,
            bio: self.bio,
            rating: self.rating,
            completed_jobs: self.completed_jobs,
            hire_rate: self.hire_rate,
            response_minutes: self.response_minutes,
            last_active_at: self.last_active_at,
        }
    }

    /// The terms that eligibility compares.
    pub(crate) fn terms<'b>(&self, languages: &'b [Language]) -> FreelancerTerms<'b> {
        let hourly_rate =
            self.hourly_rate.and_then(|Price { amount, currency }| Money::new(amount, currency.parse().ok()?));
        FreelancerTerms { id: None, languages, hourly_rate, weekly_hours: self.weekly_hours.map(i64::from) }
    }

    pub(crate) fn languages(&self) -> Vec<Language> {
        languages(&self.languages)
    }
}

/// The API checked these tags; a tag that a person is still typing shares a language with nobody.
fn languages(tags: &[&str]) -> Vec<Language> {
    tags.iter().map(|tag| Language::stored(tag)).collect()
}
