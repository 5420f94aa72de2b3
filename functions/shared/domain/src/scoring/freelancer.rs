//! Freelancers that another system sends.

use serde_json::Value;
use utoipa::ToSchema;

use super::batch::Record;
use crate::eligibility::FreelancerTerms;
use crate::validation::{Field, FromJson, Object};
use crate::values::{
    Bio, Category, DisplayName, Headline, JobCount, Languages, Minutes, Money, Share, Skills, Stars, Text, Time,
    Timezone, WeeklyHours, YearsOfExperience, text::TextKind,
};

/// The kind of a [`ForeignId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignIdText {}

impl TextKind for ForeignIdText {
    const NAME: &'static str = "ForeignId";
    const MAX: usize = 200;
}

/// The id that another system has for a record.
pub type ForeignId = Text<ForeignIdText>;

/// A freelancer to be scored. The skills are enough; the rest makes scores better.
#[derive(Clone, Debug, PartialEq, ToSchema)]
#[schema(example = json!({
    "id": "crm-4711",
    "display_name": "Mina Kim",
    "headline": "Payment back ends in Rust",
    "skills": ["Rust", "DynamoDB"],
    "languages": ["ko", "en"],
    "hourly_rate": {"amount": 65000, "currency": "KRW"},
    "rating": 4.8,
    "completed_jobs": 31,
    "hire_rate": 0.42,
    "response_minutes": 35,
    "last_active_at": "2026-11-20T08:30:00Z"
}))]
pub struct FreelancerRecord {
    /// The record's id in the system that it comes from. Returned as it was sent.
    pub id: Option<ForeignId>,
    /// The freelancer's name.
    pub display_name: Option<DisplayName>,
    /// The offer in one line.
    pub headline: Option<Headline>,
    /// The freelancer's own words.
    #[schema(nullable, required = false)]
    pub bio: Bio,
    /// The field of work.
    pub category: Option<Category>,
    /// The freelancer's skills.
    pub skills: Skills,
    /// Languages to work in.
    #[schema(nullable, required = false)]
    pub languages: Languages,
    /// IANA time zone.
    pub timezone: Option<Timezone>,
    /// The price of one hour.
    pub hourly_rate: Option<Money>,
    /// Hours free for work each week.
    pub weekly_hours: Option<WeeklyHours>,
    /// Years in the trade.
    pub years_experience: Option<YearsOfExperience>,
    /// The mean rating, in stars. The number of ratings is taken to be `completed_jobs`; one if unknown.
    pub rating: Option<Stars>,
    /// How many jobs were completed.
    pub completed_jobs: Option<JobCount>,
    /// The share of bids that were won. The number of bids is inferred from `completed_jobs`; ten if unknown.
    pub hire_rate: Option<Share>,
    /// The median time to an answer, in minutes.
    pub response_minutes: Option<Minutes>,
    /// When the freelancer was last active.
    pub last_active_at: Option<Time>,
}

impl FromJson for FreelancerRecord {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut record = Object::of(value, field)?;
        let id = record.optional("id");
        let display_name = record.optional("display_name");
        let headline = record.optional("headline");
        let bio = record.optional("bio").unwrap_or_default();
        let category = record.optional("category");
        let skills = record.required("skills");
        let languages = record.optional("languages").unwrap_or_default();
        let timezone = record.optional("timezone");
        let hourly_rate = record.optional("hourly_rate");
        let weekly_hours = record.optional("weekly_hours");
        let years_experience = record.optional("years_experience");
        let rating = record.optional("rating");
        let completed_jobs = record.optional("completed_jobs");
        let hire_rate = record.optional("hire_rate");
        let response_minutes = record.optional("response_minutes");
        let last_active_at = record.optional("last_active_at");
        Some(Self {
            id,
            display_name,
            headline,
            bio,
            category,
            skills: skills?,
            languages,
            timezone,
            hourly_rate,
            weekly_hours,
            years_experience,
            rating,
            completed_jobs,
            hire_rate,
            response_minutes,
            last_active_at,
        })
    }
}

impl Record for FreelancerRecord {
    const PLURAL: &'static str = "freelancers";
}

impl FreelancerRecord {
    /// The terms that eligibility compares.
    pub fn terms(&self) -> FreelancerTerms<'_> {
        FreelancerTerms {
            id: None,
            languages: self.languages.as_slice(),
            hourly_rate: self.hourly_rate,
            weekly_hours: self.weekly_hours.map(WeeklyHours::get),
        }
    }
}
