//! Profiles: what freelancers write about themselves.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::validation::{Field, FromJson, Object};
use crate::values::{Bio, Category, Headline, Languages, Money, Skills, Timezone, WeeklyHours, YearsOfExperience};

/// The complete profile. It replaces the previous one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FreelancerInput, example = json!({
    "headline": "Rust로 결제 시스템을 만드는 백엔드 개발자",
    "bio": "12년째 금융권 서버를 만들고 있습니다. I answer in Korean and English.",
    "category": "Software",
    "skills": ["Rust", "DynamoDB", "결제 시스템"],
    "languages": ["ko", "en-GB"],
    "timezone": "Asia/Seoul",
    "hourly_rate": {"amount": 65000, "currency": "KRW"},
    "weekly_hours": 30,
    "years_experience": 12
}))]
pub struct FreelancerProfile {
    /// The offer in one line. Any text that is not blank.
    pub headline: Headline,
    /// The freelancer's own words. Empty if left out.
    #[serde(default)]
    #[schema(nullable)]
    pub bio: Bio,
    /// The field of work: any words.
    pub category: Category,
    /// The freelancer's skills.
    pub skills: Skills,
    /// Languages to work in. None if left out.
    #[serde(default)]
    #[schema(nullable)]
    pub languages: Languages,
    /// IANA time zone.
    pub timezone: Option<Timezone>,
    /// The price of one hour.
    pub hourly_rate: Option<Money>,
    /// Hours free for work each week. A freelancer with 0 is busy and matched with nothing.
    pub weekly_hours: Option<WeeklyHours>,
    /// Years in the trade.
    pub years_experience: Option<YearsOfExperience>,
}

impl FromJson for FreelancerProfile {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let headline = body.required("headline");
        let bio = body.optional("bio").unwrap_or_default();
        let category = body.required("category");
        let skills = body.required("skills");
        let languages = body.optional("languages").unwrap_or_default();
        let timezone = body.optional("timezone");
        let hourly_rate = body.optional("hourly_rate");
        let weekly_hours = body.optional("weekly_hours");
        let years_experience = body.optional("years_experience");
        Some(Self {
            headline: headline?,
            bio,
            category: category?,
            skills: skills?,
            languages,
            timezone,
            hourly_rate,
            weekly_hours,
            years_experience,
        })
    }
}
