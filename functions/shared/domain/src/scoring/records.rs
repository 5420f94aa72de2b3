//! Records that another system sends to be scored, and that are stored nowhere: lenient, since all the net needs of a
//! freelancer or a project is its skills, and whatever else is known helps.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::eligibility::{FreelancerTerms, ProjectTerms};
use crate::project::ProjectStatus;
use crate::validation::{Field, Object, Place, Refusal, Rule, Violations, accept};
use crate::values::{
    Bio, Budget, BudgetInput, Category, Description, DisplayName, Headline, Language, MAX_WEEKLY_HOURS,
    MAX_YEARS_EXPERIENCE, Money, MoneyInput, Skills, Text, Timezone, Title,
};

/// The most freelancers one request may send.
pub const MAX_FREELANCERS: usize = 1_000;
/// The most jobs, and the longest response in minutes, taken at their word.
const MAX_COUNT: i64 = 1_000_000_000;
/// The best rating, in stars.
const MAX_RATING: f64 = 5.0;

/// The name another system has for a record: any text of up to 200 characters.
pub type ForeignId = Text<1, 200>;

/// A project and the freelancers to score for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct ScoreInput {
    /// The project.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = ProjectRecordInput, required)]
    pub project: Field<Object<ProjectRecordInput>>,
    /// The freelancers, at most 1,000. Answered in the same order.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Vec<FreelancerRecordInput>, required, min_items = 1, max_items = 1000)]
    pub freelancers: Field<Vec<Field<Object<FreelancerRecordInput>>>>,
}

/// A project to score for, as a request sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProjectRecord, example = json!({
    "title": "결제 시스템 개편",
    "description": "Rust로 결제 서버를 다시 만듭니다.",
    "skills": ["Rust", "결제 시스템"],
    "languages": ["ko"],
    "budget": {"kind": "hourly", "min": 40000, "max": 80000, "currency": "KRW"}
}))]
pub struct ProjectRecordInput {
    /// The work in one line.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 160)]
    pub title: Field<String>,
    /// What is needed.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Field<String>,
    /// The field of work.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50)]
    pub category: Field<String>,
    /// What the work needs.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Vec<String>, required, min_items = 1, max_items = 20)]
    pub skills: Field<Vec<Field<String>>>,
    /// Languages of the work, as BCP 47 tags; any if left out.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    pub languages: Field<Vec<Field<String>>>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>)]
    pub timezone: Field<String>,
    /// What the client will pay.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<BudgetInput>)]
    pub budget: Field<Object<BudgetInput>>,
    /// Hours of work each week.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 168)]
    pub weekly_hours: Field<i64>,
    /// Whether it still looks for somebody; open if left out.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<ProjectStatus>)]
    pub status: Field<String>,
    /// When it was posted, RFC 3339; now if left out.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Field<String>,
}

/// A freelancer to be scored, as a request sends it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FreelancerRecord, example = json!({
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
pub struct FreelancerRecordInput {
    /// The record's name where it comes from; returned as it was sent.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub id: Field<String>,
    /// The freelancer's name.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    pub display_name: Field<String>,
    /// The offer in one line.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub headline: Field<String>,
    /// The freelancer's own words.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, max_length = 5000)]
    pub bio: Field<String>,
    /// The field of work.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50)]
    pub category: Field<String>,
    /// What the freelancer can do.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Vec<String>, required, min_items = 1, max_items = 20)]
    pub skills: Field<Vec<Field<String>>>,
    /// Languages to work in, as BCP 47 tags.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    pub languages: Field<Vec<Field<String>>>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>)]
    pub timezone: Field<String>,
    /// The price of one hour.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<MoneyInput>)]
    pub hourly_rate: Field<Object<MoneyInput>>,
    /// Hours free for work each week.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 168)]
    pub weekly_hours: Field<i64>,
    /// Years in the trade.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 80)]
    pub years_experience: Field<i64>,
    /// The mean rating, in stars: of the completed jobs; where their number is not told, of one.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<f64>, minimum = 0.0, maximum = 5.0)]
    pub rating: Field<f64>,
    /// How many jobs were completed.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000_i64)]
    pub completed_jobs: Field<i64>,
    /// The share of bids that were won: of as many as led to the completed jobs; where none are told, of ten.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<f64>, minimum = 0.0, maximum = 1.0)]
    pub hire_rate: Field<f64>,
    /// The median time to an answer, in minutes.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<f64>, minimum = 0.0, maximum = 1_000_000_000.0)]
    pub response_minutes: Field<f64>,
    /// When the freelancer was last seen at work, RFC 3339.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_active_at: Field<String>,
}

/// A project and freelancers that are fit to be scored.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRecords {
    /// The project.
    pub project: ProjectRecord,
    /// The freelancers, in the order they were sent; 1 to [`MAX_FREELANCERS`].
    pub freelancers: Vec<FreelancerRecord>,
}

impl ScoreInput {
    /// The records.
    ///
    /// # Errors
    /// Every wrong field of every record.
    pub fn validate(&self) -> Result<ScoreRecords, Violations> {
        let mut violations = Violations::none();
        let mut body = violations.root();
        let project = {
            let mut place = body.member("project");
            self.project.required(&mut place).and_then(|Object(project)| project.read(place))
        };
        let freelancers = read_freelancers(&self.freelancers, body.member("freelancers"));
        match (project, freelancers) {
            (Some(project), Some(freelancers)) if violations.is_empty() => Ok(ScoreRecords { project, freelancers }),
            _ => Err(violations),
        }
    }
}

fn read_freelancers(
    field: &Field<Vec<Field<Object<FreelancerRecordInput>>>>,
    mut place: Place<'_>,
) -> Option<Vec<FreelancerRecord>> {
    let elements = field.required(&mut place)?;
    if elements.is_empty() {
        place.refuse(Refusal::new(Rule::TooFew, "must hold at least one freelancer"));
        return None;
    }
    if elements.len() > MAX_FREELANCERS {
        place.refuse(Refusal::new(Rule::TooMany, format!("must hold at most {MAX_FREELANCERS} freelancers")));
        return None;
    }
    let mut freelancers = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        let mut place = place.element(index);
        let record = element.required(&mut place).and_then(|Object(record)| record.read(place));
        freelancers.extend(record);
    }
    Some(freelancers)
}

/// A project to score for.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectRecord {
    /// The work in one line.
    pub title: Option<Title>,
    /// What is needed; may be empty.
    pub description: Description,
    /// The field of work.
    pub category: Option<Category>,
    /// What the work needs.
    pub skills: Skills,
    /// Languages of the work; none means any.
    pub languages: Vec<Language>,
    /// Where the client's day runs.
    pub timezone: Option<Timezone>,
    /// What the client will pay.
    pub budget: Option<Budget>,
    /// Hours of work each week.
    pub weekly_hours: Option<i64>,
    /// Whether it still looks for somebody.
    pub status: ProjectStatus,
    /// When it was posted; `None` means now.
    pub created_at: Option<Timestamp>,
}

impl ProjectRecordInput {
    pub(crate) fn read(&self, mut place: Place<'_>) -> Option<ProjectRecord> {
        let title = self.title.parse_optional(place.member("title"));
        let description = self.description.parse_optional(place.member("description")).unwrap_or_default();
        let category = self.category.parse_optional(place.member("category"));
        let skills = Skills::read(&self.skills, place.member("skills"));
        let languages = Language::read_list(&self.languages, place.member("languages"));
        let timezone = self.timezone.parse_optional(place.member("timezone"));
        let budget = BudgetInput::read(&self.budget, place.member("budget"));
        let weekly_hours = self.weekly_hours.number_optional(0, MAX_WEEKLY_HOURS, place.member("weekly_hours"));
        let status = self.status.parse_optional(place.member("status")).unwrap_or(ProjectStatus::Open);
        let created_at = read_time(&self.created_at, place.member("created_at"));
        Some(ProjectRecord {
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
    /// What eligibility reads of the record.
    pub fn terms(&self) -> ProjectTerms<'_> {
        ProjectTerms {
            owner: None,
            is_open: self.status == ProjectStatus::Open,
            languages: &self.languages,
            budget: self.budget,
        }
    }
}

/// A freelancer to be scored.
#[derive(Clone, Debug, PartialEq)]
pub struct FreelancerRecord {
    /// The record's name where it comes from.
    pub id: Option<ForeignId>,
    /// The freelancer's name.
    pub display_name: Option<DisplayName>,
    /// The offer in one line.
    pub headline: Option<Headline>,
    /// The freelancer's own words; may be empty.
    pub bio: Bio,
    /// The field of work.
    pub category: Option<Category>,
    /// What the freelancer can do.
    pub skills: Skills,
    /// Languages to work in.
    pub languages: Vec<Language>,
    /// Where the freelancer's day runs.
    pub timezone: Option<Timezone>,
    /// The price of one hour.
    pub hourly_rate: Option<Money>,
    /// Hours free for work each week.
    pub weekly_hours: Option<i64>,
    /// Years in the trade.
    pub years_experience: Option<i64>,
    /// The mean rating, 0 to 5 stars.
    pub rating: Option<f64>,
    /// How many jobs were completed.
    pub completed_jobs: Option<u32>,
    /// The share of bids that were won, 0 to 1.
    pub hire_rate: Option<f64>,
    /// The median time to an answer, in minutes.
    pub response_minutes: Option<f64>,
    /// When the freelancer was last active.
    pub last_active_at: Option<Timestamp>,
}

impl FreelancerRecordInput {
    pub(crate) fn read(&self, mut place: Place<'_>) -> Option<FreelancerRecord> {
        let id = self.id.parse_optional(place.member("id"));
        let display_name = self.display_name.parse_optional(place.member("display_name"));
        let headline = self.headline.parse_optional(place.member("headline"));
        let bio = self.bio.parse_optional(place.member("bio")).unwrap_or_default();
        let category = self.category.parse_optional(place.member("category"));
        let skills = Skills::read(&self.skills, place.member("skills"));
        let languages = Language::read_list(&self.languages, place.member("languages"));
        let timezone = self.timezone.parse_optional(place.member("timezone"));
        let hourly_rate = MoneyInput::read(&self.hourly_rate, place.member("hourly_rate"));
        let weekly_hours = self.weekly_hours.number_optional(0, MAX_WEEKLY_HOURS, place.member("weekly_hours"));
        let years_experience =
            self.years_experience.number_optional(0, MAX_YEARS_EXPERIENCE, place.member("years_experience"));
        let rating = self.rating.number_optional(0.0, MAX_RATING, place.member("rating"));
        let completed_jobs = self.completed_jobs.number_optional(0, MAX_COUNT, place.member("completed_jobs"));
        let hire_rate = self.hire_rate.number_optional(0.0, 1.0, place.member("hire_rate"));
        let response_minutes =
            self.response_minutes.number_optional(0.0, MAX_COUNT as f64, place.member("response_minutes"));
        let last_active_at = read_time(&self.last_active_at, place.member("last_active_at"));
        Some(FreelancerRecord {
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
            completed_jobs: completed_jobs.and_then(|jobs| u32::try_from(jobs).ok()),
            hire_rate,
            response_minutes,
            last_active_at,
        })
    }
}

impl FreelancerRecord {
    /// What eligibility reads of the record.
    pub fn terms(&self) -> FreelancerTerms<'_> {
        FreelancerTerms {
            id: None,
            languages: &self.languages,
            hourly_rate: self.hourly_rate,
            weekly_hours: self.weekly_hours,
        }
    }
}

/// Reads an optional RFC 3339 date and time.
fn read_time(field: &Field<String>, mut place: Place<'_>) -> Option<Timestamp> {
    let text = field.optional(&mut place)?;
    let refusal = Refusal::new(Rule::InvalidTime, "must be a date and time, like 2026-12-01T09:00:00Z");
    accept(text.parse::<Timestamp>().map_err(|_| refusal), &mut place)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: Value) -> ScoreInput {
        serde_json::from_value::<Object<ScoreInput>>(body).unwrap().0
    }

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read(body).validate().unwrap_err();
        violations.into_vec().into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    #[test]
    fn skills_are_enough() {
        let body = json!({"project": {"skills": ["Rust"]}, "freelancers": [{"skills": ["Rust"]}]});
        let records = read(body).validate().unwrap();
        assert_eq!(records.project.status, ProjectStatus::Open);
        assert_eq!(records.freelancers[0].skills.as_slice()[0].as_str(), "Rust");
        assert_eq!(crate::eligibility::check(records.project.terms(), records.freelancers[0].terms()), Ok(()));
    }

    #[test]
    fn what_the_market_would_know_may_be_sent() {
        let freelancer = json!({
            "id": "crm/4711", "skills": ["a"], "rating": 4, "completed_jobs": 3, "hire_rate": 0.5,
            "response_minutes": 12.5, "last_active_at": "2026-11-20T17:30:00+09:00", "hourly_rate": null
        });
        let body =
            json!({"project": {"skills": ["a"], "created_at": "2026-11-21T00:00:00Z"}, "freelancers": [freelancer]});
        let records = read(body).validate().unwrap();
        let freelancer = &records.freelancers[0];
        assert_eq!(
            (freelancer.rating, freelancer.completed_jobs, freelancer.hire_rate),
            (Some(4.0), Some(3), Some(0.5))
        );
        assert_eq!(freelancer.last_active_at, Some("2026-11-20T08:30:00Z".parse().unwrap()));
        assert_eq!(freelancer.id.as_ref().map(ForeignId::as_str), Some("crm/4711"));
    }

    #[test]
    fn every_wrong_field_of_every_record_is_named() {
        let body = json!({
            "project": {"skills": [], "budget": {"kind": "daily", "min": 1, "max": 2, "currency": "KRW"}},
            "freelancers": [
                {"skills": ["ok"]},
                {"rating": 5.1, "hire_rate": -0.1, "completed_jobs": 1.5, "last_active_at": "yesterday"},
                "somebody",
                {"skills": ["", "ok"], "hourly_rate": {"amount": 5}}
            ]
        });
        let expected = [
            ("/project/skills", Rule::TooFew),
            ("/project/budget/kind", Rule::UnknownValue),
            ("/freelancers/1/skills", Rule::Required),
            ("/freelancers/1/rating", Rule::OutOfRange),
            ("/freelancers/1/completed_jobs", Rule::WrongType),
            ("/freelancers/1/hire_rate", Rule::OutOfRange),
            ("/freelancers/1/last_active_at", Rule::InvalidTime),
            ("/freelancers/2", Rule::WrongType),
            ("/freelancers/3/skills/0", Rule::Blank),
            ("/freelancers/3/hourly_rate/currency", Rule::Required),
        ];
        assert_eq!(wrong(body), expected.map(|(pointer, rule)| (pointer.to_owned(), rule)));
    }

    #[test]
    fn a_request_is_bounded() {
        let many = vec![json!({"skills": ["a"]}); MAX_FREELANCERS + 1];
        let project = json!({"skills": ["a"]});
        assert!(read(json!({"project": project, "freelancers": many[1..]})).validate().is_ok());
        let too_many = wrong(json!({"project": project, "freelancers": many}));
        assert_eq!(too_many, [("/freelancers".to_owned(), Rule::TooMany)]);
        let none = wrong(json!({"freelancers": []}));
        assert_eq!(none, [("/project".to_owned(), Rule::Required), ("/freelancers".to_owned(), Rule::TooFew)]);
    }
}
