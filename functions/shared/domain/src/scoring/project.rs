//! Projects that another system sends.

use serde_json::Value;
use utoipa::ToSchema;

use crate::eligibility::ProjectTerms;
use crate::project::ProjectStatus;
use crate::validation::{Field, FromJson, Object};
use crate::values::{Budget, Category, Description, Languages, Skills, Time, Timezone, Title, WeeklyHours};

/// A project to score freelancers for. Its skills are enough; the rest makes scores better.
#[derive(Clone, Debug, PartialEq, ToSchema)]
#[schema(example = json!({
    "title": "결제 시스템 개편",
    "description": "Rust로 결제 서버를 다시 만듭니다.",
    "skills": ["Rust", "결제 시스템"],
    "languages": ["ko"],
    "budget": {"kind": "hourly", "min": 40000, "max": 80000, "currency": "KRW"}
}))]
pub struct ProjectRecord {
    /// The work in one line.
    pub title: Option<Title>,
    /// What is needed.
    #[schema(nullable, required = false)]
    pub description: Description,
    /// The field of work.
    pub category: Option<Category>,
    /// The required skills.
    pub skills: Skills,
    /// Languages of the work. Any if left out.
    #[schema(nullable, required = false)]
    pub languages: Languages,
    /// IANA time zone.
    pub timezone: Option<Timezone>,
    /// The client's budget.
    pub budget: Option<Budget>,
    /// Hours of work each week.
    pub weekly_hours: Option<WeeklyHours>,
    /// Whether the project still looks for a freelancer. Open if left out.
    pub status: Option<ProjectStatus>,
    /// When the project was posted. Now if left out.
    pub created_at: Option<Time>,
}

impl FromJson for ProjectRecord {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut record = Object::of(value, field)?;
        let title = record.optional("title");
        let description = record.optional("description").unwrap_or_default();
        let category = record.optional("category");
        let skills = record.required("skills");
        let languages = record.optional("languages").unwrap_or_default();
        let timezone = record.optional("timezone");
        let budget = record.optional("budget");
        let weekly_hours = record.optional("weekly_hours");
        let status = record.optional("status");
        let created_at = record.optional("created_at");
        Some(Self {
            title,
            description,
            category,
            skills: skills?,
            languages,
            timezone,
            budget,
            weekly_hours,
            status,
            created_at,
        })
    }
}

impl ProjectRecord {
    /// The terms that eligibility compares.
    pub fn terms(&self) -> ProjectTerms<'_> {
        ProjectTerms {
            owner: None,
            is_open: matches!(self.status, None | Some(ProjectStatus::Open)),
            languages: self.languages.as_slice(),
            budget: self.budget,
        }
    }
}
