//! Projects: work that a client wants done.

mod change;

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::eligibility::ProjectTerms;
use crate::event::{Aggregate, Decided, Event, changed_fields};
use crate::validation::{Field, Object, Refusal, Rule, Violations};
use crate::values::{
    AccountId, Budget, BudgetInput, Category, Day, Description, Language, MAX_WEEKLY_HOURS, ProjectId, Skills,
    Timezone, Title, Version,
};

pub use change::ProjectChange;

/// Whether a project still looks for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Listed and matched.
    Open,
    /// Kept, but neither listed nor matched.
    Closed,
}

impl ProjectStatus {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl FromStr for ProjectStatus {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err(Refusal::new(Rule::UnknownValue, "must be open or closed")),
        }
    }
}

/// A project as a request sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "title": "Payment back end in Rust",
    "description": "결제 API를 새로 만듭니다. 문서는 한국어와 영어로 씁니다.",
    "category": "Software",
    "skills": ["Rust", "DynamoDB"],
    "languages": ["ko", "en"],
    "timezone": "Asia/Seoul",
    "budget": {"kind": "hourly", "min": 40000, "max": 80000, "currency": "KRW"},
    "weekly_hours": 20,
    "starts_on": "2026-12-01"
}))]
pub struct ProjectInput {
    /// The work in one line. Any text that is not blank.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = String, required, min_length = 1, max_length = 160)]
    pub title: Field<String>,
    /// What is needed, in the client's words. Empty if left out.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Field<String>,
    /// The field of work: any words. Compared without regard to case and width.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = String, required, min_length = 1, max_length = 50)]
    pub category: Field<String>,
    /// What the work needs: 1 to 20 different words or phrases of up to 50 characters, compared without regard to case and
    /// width.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Vec<String>, required, min_items = 1, max_items = 20)]
    pub skills: Field<Vec<Field<String>>>,
    /// Languages of the work, as BCP 47 tags: a match speaks at least one. Any language if left out.
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
    /// The day the work begins.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, format = Date)]
    pub starts_on: Field<String>,
    /// Read from a patch alone: a new project is open.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(ignore)]
    pub status: Field<String>,
}

impl ProjectInput {
    /// The brief of a new project.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn validate(&self) -> Result<ProjectBrief, Violations> {
        let mut violations = Violations::none();
        match self.read(&mut violations) {
            Some(brief) if violations.is_empty() => Ok(brief),
            _ => Err(violations),
        }
    }

    /// The brief, or `None` after noting what is wrong with a required field. A wrong optional field is noted and left out.
    fn read(&self, violations: &mut Violations) -> Option<ProjectBrief> {
        let mut body = violations.root();
        let title = self.title.parse_required(body.member("title"));
        let description = self.description.parse_optional(body.member("description")).unwrap_or_default();
        let category = self.category.parse_required(body.member("category"));
        let skills = Skills::read(&self.skills, body.member("skills"));
        let languages = Language::read_list(&self.languages, body.member("languages"));
        let timezone = self.timezone.parse_optional(body.member("timezone"));
        let budget = BudgetInput::read(&self.budget, body.member("budget"));
        let weekly_hours = self.weekly_hours.number_optional(0, MAX_WEEKLY_HOURS, body.member("weekly_hours"));
        let starts_on = self.starts_on.parse_optional(body.member("starts_on"));
        Some(ProjectBrief {
            title: title?,
            description,
            category: category?,
            skills: skills?,
            languages,
            timezone,
            budget,
            weekly_hours,
            starts_on,
        })
    }

    /// This patch laid over `base` (RFC 7396): what is absent stays, null removes, objects merge member by member.
    fn over(self, base: Self) -> Self {
        let budget = match (self.budget, base.budget) {
            (Field::Value(Object(patch)), Field::Value(Object(base))) => Field::Value(Object(patch.over(base))),
            (patch, base) => patch.or(base),
        };
        Self {
            title: self.title.or(base.title),
            description: self.description.or(base.description),
            category: self.category.or(base.category),
            skills: self.skills.or(base.skills),
            languages: self.languages.or(base.languages),
            timezone: self.timezone.or(base.timezone),
            budget,
            weekly_hours: self.weekly_hours.or(base.weekly_hours),
            starts_on: self.starts_on.or(base.starts_on),
            status: self.status.or(base.status),
        }
    }
}

/// A JSON merge patch (RFC 7396) of a project: what is absent stays, null goes back to the default, the rest replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProjectPatch(pub ProjectInput);

impl PartialSchema for ProjectPatch {
    fn schema() -> RefOr<Schema> {
        let mut schema = ProjectInput::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description = Some("What to change; null removes what may be left out.".to_owned());
            object.required.clear();
            object.properties.insert("status".to_owned(), ProjectStatus::schema());
            object.example = None;
        }
        schema
    }
}

impl ToSchema for ProjectPatch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProjectInput::schemas(schemas);
    }
}

/// What a client wants done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectBrief {
    /// The work in one line.
    pub title: Title,
    /// What is needed, in the client's words; may be empty.
    pub description: Description,
    /// The field of work.
    pub category: Category,
    /// What the work needs.
    pub skills: Skills,
    /// Languages of the work; none means any.
    pub languages: Vec<Language>,
    /// Where the client's day runs.
    pub timezone: Option<Timezone>,
    /// What the client will pay.
    pub budget: Option<Budget>,
    /// Hours of work each week, 0 to [`MAX_WEEKLY_HOURS`].
    pub weekly_hours: Option<i64>,
    /// The day the work begins.
    pub starts_on: Option<Day>,
}

impl ProjectBrief {
    /// The brief as a request would send it: what `validate` reads back as this brief.
    pub fn to_input(&self) -> ProjectInput {
        ProjectInput {
            title: Field::Value(self.title.to_string()),
            description: Field::Value(self.description.to_string()),
            category: Field::Value(self.category.to_string()),
            skills: self.skills.to_field(),
            languages: Language::list_to_field(&self.languages),
            timezone: self.timezone.as_ref().map(Timezone::to_string).into(),
            budget: self.budget.map(|budget| Object(budget.into())).into(),
            weekly_hours: self.weekly_hours.into(),
            starts_on: self.starts_on.as_ref().map(Day::to_string).into(),
            status: Field::Absent,
        }
    }

    /// The names of the fields in which `other` differs.
    fn differences(&self, other: &Self) -> Vec<String> {
        changed_fields([
            ("title", self.title != other.title),
            ("description", self.description != other.description),
            ("category", self.category != other.category),
            ("skills", self.skills != other.skills),
            ("languages", self.languages != other.languages),
            ("timezone", self.timezone != other.timezone),
            ("budget", self.budget != other.budget),
            ("weekly_hours", self.weekly_hours != other.weekly_hours),
            ("starts_on", self.starts_on != other.starts_on),
        ])
    }
}

/// One project of one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The project.
    pub id: ProjectId,
    /// The client's account, the only one that may change it or see its matches.
    pub owner_id: AccountId,
    /// What the client wants done.
    pub brief: ProjectBrief,
    /// Whether it still looks for somebody.
    pub status: ProjectStatus,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When anything here last changed.
    pub updated_at: Timestamp,
    /// How often it was committed.
    pub version: Version,
}

impl Aggregate for Project {
    type Change = ProjectChange;
}

impl Project {
    /// The account `owner_id` posts a new, open project.
    pub fn post(id: ProjectId, owner_id: AccountId, brief: ProjectBrief, now: Timestamp) -> Decided<Self> {
        let version = Version::FIRST;
        let event = Event { version, at: now, change: ProjectChange::ProjectPosted { project_id: id, owner_id } };
        let status = ProjectStatus::Open;
        let state = Self { id, owner_id, brief, status, created_at: now, updated_at: now, version };
        Decided { state, event }
    }

    /// What eligibility reads of the record.
    pub fn terms(&self) -> ProjectTerms<'_> {
        ProjectTerms {
            owner: Some(self.owner_id),
            is_open: self.status == ProjectStatus::Open,
            languages: &self.brief.languages,
            budget: self.brief.budget,
        }
    }

    /// Whether `account` is the client.
    pub fn is_owned_by(&self, account: AccountId) -> bool {
        self.owner_id == account
    }

    /// The client patches the project. `None` if that changes nothing: nothing is to be committed.
    ///
    /// # Errors
    /// Every wrong field of the patched project.
    pub fn patch(&self, patch: ProjectPatch, now: Timestamp) -> Result<Option<Decided<Self>>, Violations> {
        let current = ProjectInput { status: Field::Value(self.status.as_str().to_owned()), ..self.brief.to_input() };
        let patched = patch.0.over(current);

        let mut violations = Violations::none();
        let brief = patched.read(&mut violations);
        let status = patched.status.parse_required::<ProjectStatus>(violations.root().member("status"));
        let (Some(brief), Some(status), true) = (brief, status, violations.is_empty()) else {
            return Err(violations);
        };

        let mut fields = self.brief.differences(&brief);
        if status != self.status {
            fields.push("status".to_owned());
        }
        if fields.is_empty() {
            return Ok(None);
        }
        let version = self.version.next();
        let change = ProjectChange::ProjectChanged { project_id: self.id, owner_id: self.owner_id, fields, status };
        let event = Event { version, at: now, change };
        let state = Self { brief, status, updated_at: now, version, ..*self };
        Ok(Some(Decided { state, event }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use ulid::Ulid;

    use super::*;
    use crate::freelancer::tests::{LANGUAGES, SKILLS};
    use crate::values::BudgetKind;

    fn read(body: Value) -> ProjectInput {
        serde_json::from_value::<Object<ProjectInput>>(body).unwrap().0
    }

    fn posted(brief: ProjectBrief) -> Project {
        let (id, owner_id) = (ProjectId::new(Ulid(1)), AccountId::new(Ulid(2)));
        Project::post(id, owner_id, brief, Timestamp::UNIX_EPOCH).state
    }

    fn later() -> Timestamp {
        Timestamp::from_second(60).unwrap()
    }

    prop_compose! {
        fn inputs()(
            title in "\\PC{0,20}가",
            description in proptest::option::of("\\PC{0,40}"),
            category in prop::sample::select(vec!["Software", "software ", "번역", "c#", "#"]),
            skills in prop::sample::subsequence(SKILLS.to_vec(), 1..=20),
            languages in prop::sample::subsequence(LANGUAGES.to_vec(), 0..=10),
            timezone in proptest::option::of(prop::sample::select(vec!["Asia/Seoul", "UTC", "America/New_York"])),
            budget in proptest::option::of((any::<bool>(), 0..1_000_000_i64, 0..1_000_000_i64)),
            weekly_hours in proptest::option::of(0..=MAX_WEEKLY_HOURS),
            starts_on in proptest::option::of((1990..2100_i32, 1..=12_u32, 1..=28_u32)),
        ) -> ProjectInput {
            read(json!({
                "title": title, "description": description, "category": category, "skills": skills,
                "languages": languages, "timezone": timezone, "weekly_hours": weekly_hours,
                "budget": budget.map(|(hourly, a, b)| json!({
                    "kind": if hourly { "hourly" } else { "fixed" }, "min": a.min(b), "max": a.max(b), "currency": "KRW",
                })),
                "starts_on": starts_on.map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
            }))
        }
    }

    prop_compose! {
        fn briefs()(input in inputs()) -> ProjectBrief {
            input.validate().expect("generated inputs are valid")
        }
    }

    proptest! {
        #[test]
        fn a_brief_reads_back_from_its_own_input(brief in briefs()) {
            prop_assert_eq!(brief.to_input().validate().unwrap(), brief);
        }

        #[test]
        fn a_project_reads_back_from_its_stored_form(brief in briefs()) {
            let project = posted(brief);
            let stored = serde_json::to_string(&project).unwrap();
            prop_assert_eq!(serde_json::from_str::<Project>(&stored).unwrap(), project);
        }

        #[test]
        fn an_empty_patch_changes_nothing(brief in briefs()) {
            prop_assert_eq!(posted(brief).patch(ProjectPatch::default(), later()).unwrap(), None);
        }

        #[test]
        fn patching_with_its_own_values_changes_nothing(brief in briefs()) {
            let patch = ProjectPatch(brief.to_input());
            prop_assert_eq!(posted(brief).patch(patch, later()).unwrap(), None);
        }

        #[test]
        fn a_patch_sets_what_it_names_once_and_counts_one_version(from in briefs(), to in inputs()) {
            let project = posted(from);
            let Some(Decided { state, event }) = project.patch(ProjectPatch(to.clone()), later()).unwrap() else {
                return Ok(());
            };
            prop_assert_eq!(state.version, project.version.next());
            prop_assert_eq!(event.version, state.version);
            prop_assert_eq!((state.id, state.owner_id, state.created_at), (project.id, project.owner_id, project.created_at));
            prop_assert_eq!(state.updated_at, later());
            prop_assert_eq!(&state.brief, &to.validate().unwrap(), "every field was named");
            prop_assert_eq!(state.patch(ProjectPatch(to), later()).unwrap(), None, "a second time it changes nothing");
        }

        #[test]
        fn only_the_named_field_changes(brief in briefs(), title in "[a-z]{1,20}") {
            let project = posted(brief.clone());
            let patch = ProjectPatch(read(json!({"title": title})));
            if let Some(Decided { state, event }) = project.patch(patch, later()).unwrap() {
                prop_assert_eq!(state.brief, ProjectBrief { title: title.parse().unwrap(), ..brief });
                let fields_changed = matches!(event.change, ProjectChange::ProjectChanged { fields, .. } if fields == ["title"]);
                prop_assert!(fields_changed);
            }
        }
    }

    fn sample() -> Project {
        let budget = json!({"kind": "hourly", "min": 10, "max": 20, "currency": "KRW"});
        let body = json!({"title": "t", "description": "d", "category": "c", "skills": ["s"], "budget": budget});
        posted(read(body).validate().unwrap())
    }

    #[test]
    fn null_goes_back_to_the_default_and_objects_merge() {
        let patch = ProjectPatch(read(json!({"description": null, "budget": {"max": 30}, "status": "closed"})));
        let state = sample().patch(patch, later()).unwrap().unwrap().state;
        assert_eq!(state.brief.description.as_str(), "");
        let budget = state.brief.budget.unwrap();
        assert_eq!((budget.kind(), budget.min(), budget.max()), (BudgetKind::Hourly, 10, 30));
        assert_eq!(state.status, ProjectStatus::Closed);

        let state = state.patch(ProjectPatch(read(json!({"budget": null}))), later()).unwrap().unwrap().state;
        assert_eq!(state.brief.budget, None);
    }

    #[test]
    fn a_patch_is_judged_as_the_project_it_makes() {
        let patch = read(json!({"title": null, "budget": {"min": 21, "kind": null}, "skills": 5, "status": "done"}));
        let violations = sample().patch(ProjectPatch(patch), later()).unwrap_err();
        let wrong: Vec<_> = violations.as_slice().iter().map(|v| (v.pointer.as_str(), v.code)).collect();
        assert_eq!(
            wrong,
            [
                ("/title", Rule::Required),
                ("/skills", Rule::WrongType),
                ("/budget/kind", Rule::Required),
                ("/budget/max", Rule::MinAboveMax),
                ("/status", Rule::UnknownValue),
            ]
        );
    }

    #[test]
    fn a_new_project_is_open_whatever_its_body_says() {
        let body = json!({"title": "t", "category": "c", "skills": ["s"], "status": "closed"});
        assert_eq!(posted(read(body).validate().unwrap()).status, ProjectStatus::Open);
    }
}
