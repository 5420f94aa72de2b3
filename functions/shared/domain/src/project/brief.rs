//! Briefs: the descriptions of work by clients.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::ProjectStatus;
use crate::validation::{Object, Refusal, Rule, Violations, read_object};
use crate::values::{Budget, Category, Day, Description, Languages, Skills, Time, Timezone, Title, WeeklyHours};

/// A project as its client describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProjectInput, example = json!({
    "title": "Payment back end in Rust",
    "description": "결제 API를 새로 만듭니다. 문서는 한국어와 영어로 씁니다.",
    "category": "Software",
    "skills": ["Rust", "DynamoDB"],
    "languages": ["ko", "en"],
    "timezone": "Asia/Seoul",
    "budget": {"kind": "hourly", "min": 40000, "max": 80000, "currency": "KRW"},
    "weekly_hours": 20,
    "starts_on": "2030-01-07"
}))]
pub struct ProjectBrief {
    /// The work in one line. Any text that is not blank.
    pub title: Title,
    /// The client's description of the work. Empty if left out.
    #[serde(default)]
    #[schema(nullable)]
    pub description: Description,
    /// The field of work: any words.
    pub category: Category,
    /// The required skills.
    pub skills: Skills,
    /// Languages of the work. A match speaks at least one of them. Any language if left out.
    #[serde(default)]
    #[schema(nullable)]
    pub languages: Languages,
    /// IANA time zone.
    pub timezone: Option<Timezone>,
    /// The client's budget.
    pub budget: Option<Budget>,
    /// Hours of work each week.
    pub weekly_hours: Option<WeeklyHours>,
    /// The day the work begins. Not in the past when it is set.
    pub starts_on: Option<Day>,
    /// When the project expires, if ever: from then on it is neither listed nor matched. In the future when it is set.
    pub expires_at: Option<Time>,
}

impl ProjectBrief {
    /// Reads the body of a new project. It is open, so the body must not say that it is closed.
    ///
    /// # Errors
    /// Every wrong field, among them days and times that are past at `now`.
    pub fn of_new(body: &Value, now: Timestamp) -> Result<Self, Violations> {
        read_object(body, |body| {
            let brief = Self::read(body, None, now);
            if body.optional("status") == Some(ProjectStatus::Closed) {
                let detail = "must be open for a new project: post it, then close it with PATCH";
                body.refuse("status", Refusal::new(Rule::UnknownValue, detail));
            }
            brief
        })
    }

    /// Whether the project has expired at `now`.
    pub fn is_expired_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|time| time.get() <= now)
    }

    /// Reads a brief that replaces `before`. A day or time that is unchanged may have passed meanwhile.
    pub(super) fn read(body: &mut Object<'_>, before: Option<&Self>, now: Timestamp) -> Option<Self> {
        let title = body.required("title");
        let description = body.optional("description").unwrap_or_default();
        let category = body.required("category");
        let skills = body.required("skills");
        let languages = body.optional("languages").unwrap_or_default();
        let timezone = body.optional("timezone");
        let budget = body.optional("budget");
        let weekly_hours = body.optional("weekly_hours");
        let starts_on: Option<Day> = body.optional("starts_on");
        if starts_on != before.and_then(|before| before.starts_on) && starts_on.is_some_and(|day| day.has_passed(now)) {
            body.refuse("starts_on", Refusal::new(Rule::InThePast, "must not be in the past"));
        }
        let expires_at: Option<Time> = body.optional("expires_at");
        if expires_at != before.and_then(|before| before.expires_at) && expires_at.is_some_and(|time| time.get() <= now)
        {
            body.refuse("expires_at", Refusal::new(Rule::InThePast, "must be in the future"));
        }
        Some(Self {
            title: title?,
            description,
            category: category?,
            skills: skills?,
            languages,
            timezone,
            budget,
            weekly_hours,
            starts_on,
            expires_at,
        })
    }
}
