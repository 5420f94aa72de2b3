//! Projects: the work that clients offer.

mod brief;
mod change;
mod patch;
mod status;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::eligibility::ProjectTerms;
use crate::event::{Aggregate, Decided, Event, changed_fields, fields};
use crate::validation::{Violations, read_object};
use crate::values::{AccountId, ProjectId, Version};

pub use brief::ProjectBrief;
pub use change::ProjectChange;
pub use patch::ProjectPatch;
pub use status::ProjectStatus;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The id.
    pub id: ProjectId,
    /// The account of the client. No other account may change the project or read its matches.
    pub owner_id: AccountId,
    /// The brief: the client's description of the work.
    pub brief: ProjectBrief,
    /// Whether the project looks for a freelancer.
    pub status: ProjectStatus,
    /// When the client posted it.
    pub created_at: Timestamp,
    /// When the record last changed.
    pub updated_at: Timestamp,
    /// The number of commits.
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

    /// The terms that eligibility compares, at `now`.
    pub fn terms(&self, now: Timestamp) -> ProjectTerms<'_> {
        ProjectTerms {
            owner: Some(self.owner_id),
            is_open: self.is_open_at(now),
            languages: self.brief.languages.as_slice(),
            budget: self.brief.budget,
        }
    }

    /// Whether the project looks for a freelancer at `now`: it is open and has not expired.
    pub fn is_open_at(&self, now: Timestamp) -> bool {
        self.status == ProjectStatus::Open && !self.brief.is_expired_at(now)
    }

    /// Whether `account` is the client.
    pub fn is_owned_by(&self, account: AccountId) -> bool {
        self.owner_id == account
    }

    /// The project is withdrawn while the client's account is closing. `None` if it is not open.
    pub fn withdraw(&self, now: Timestamp) -> Option<Decided<Self>> {
        (self.status == ProjectStatus::Open).then(|| self.turn(ProjectStatus::Withdrawn, now))
    }

    /// The project opens again, because the client's account is kept. `None` if it was not withdrawn.
    pub fn restore(&self, now: Timestamp) -> Option<Decided<Self>> {
        (self.status == ProjectStatus::Withdrawn).then(|| self.turn(ProjectStatus::Open, now))
    }

    fn turn(&self, status: ProjectStatus, now: Timestamp) -> Decided<Self> {
        let (version, fields) = (self.version.next(), vec!["status".to_owned()]);
        let change = ProjectChange::ProjectChanged { project_id: self.id, owner_id: self.owner_id, fields, status };
        let event = Event { version, at: now, change };
        Decided { state: Self { status, updated_at: now, version, ..self.clone() }, event }
    }

    /// The client deletes the project. This is its last event.
    pub fn delete(&self, now: Timestamp) -> Event<ProjectChange> {
        let change = ProjectChange::ProjectDeleted { project_id: self.id, owner_id: self.owner_id };
        Event { version: self.version.next(), at: now, change }
    }

    /// The client patches the project. `None` if the patch changes nothing, so that no commit is needed.
    ///
    /// Only changed members are checked. Members that the patch leaves alone stay as they are, even if a newer rule
    /// would refuse them.
    ///
    /// # Errors
    /// Every wrong field of the patch, and of the project that it makes.
    pub fn patch(&self, patch: &ProjectPatch, now: Timestamp) -> Result<Option<Decided<Self>>, Violations> {
        let mut patched = fields(&self.brief);
        patched.insert("status".to_owned(), self.status.as_str().into());
        patch.apply(&mut patched);
        let patched = Value::Object(patched);

        let read = read_object(&patched, |body| {
            let brief = ProjectBrief::read(body, Some(&self.brief), now);
            let status = body.required("status");
            Some((brief?, status?))
        });
        let (brief, status) = match read {
            Ok(read) => read,
            Err(mut violations) => {
                violations.retain(|violation| patch.touches(&violation.pointer));
                match stored(patched) {
                    Some(unchecked) if violations.is_empty() => unchecked,
                    _ => return Err(violations),
                }
            }
        };

        let mut fields = changed_fields(&self.brief, &brief);
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

/// Reads a brief and a status from the store without checking them.
fn stored(patched: Value) -> Option<(ProjectBrief, ProjectStatus)> {
    let status = serde_json::from_value(patched.get("status")?.clone()).ok()?;
    Some((serde_json::from_value(patched).ok()?, status))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::freelancer::tests::{LANGUAGES, SKILLS};
    use crate::validation::{Rule, read};
    use crate::values::{BudgetKind, WeeklyHours};

    const POSTED: Timestamp = Timestamp::UNIX_EPOCH;

    fn posted(body: &Value) -> Project {
        let (id, owner_id) = (ProjectId::new(Ulid(1)), AccountId::new(Ulid(2)));
        Project::post(id, owner_id, ProjectBrief::of_new(body, POSTED).unwrap(), POSTED).state
    }

    fn patch(body: &Value) -> ProjectPatch {
        read(body).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn later() -> Timestamp {
        at(60)
    }

    fn wrong(violations: &Violations) -> Vec<(&str, Rule)> {
        violations.as_slice().iter().map(|violation| (violation.pointer.as_str(), violation.code)).collect()
    }

    prop_compose! {
        fn bodies()(
            title in "[^\\p{C}\\p{Zl}\\p{Zp}]{0,20}가",
            description in proptest::option::of("\\PC{0,40}"),
            category in prop::sample::select(vec!["Software", "software ", "번역", "c#", "#"]),
            skills in prop::sample::subsequence(SKILLS.to_vec(), 1..=20),
            languages in prop::sample::subsequence(LANGUAGES.to_vec(), 0..=10),
            timezone in proptest::option::of(prop::sample::select(vec!["Asia/Seoul", "UTC", "America/New_York"])),
            budget in proptest::option::of((any::<bool>(), proptest::option::of(0..1_000_000_i64), 0..1_000_000_i64)),
            weekly_hours in proptest::option::of(0..=WeeklyHours::MAX),
            starts_on in proptest::option::of((1990..2100_i32, 1..=12_u32, 1..=28_u32)),
            expires_at in proptest::option::of(61..2_000_000_000_i64),
        ) -> Value {
            json!({
                "title": title, "description": description, "category": category, "skills": skills,
                "languages": languages, "timezone": timezone, "weekly_hours": weekly_hours,
                "budget": budget.map(|(hourly, min, more)| json!({
                    "kind": if hourly { "hourly" } else { "fixed" }, "min": min,
                    "max": min.unwrap_or_default() + more, "currency": "KRW",
                })),
                "starts_on": starts_on.map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
                "expires_at": expires_at.map(|second| at(second).to_string()),
            })
        }
    }

    proptest! {
        #[test]
        fn a_project_reads_back_from_its_stored_form(body in bodies()) {
            let project = posted(&body);
            let stored = serde_json::to_string(&project).unwrap();
            prop_assert_eq!(serde_json::from_str::<Project>(&stored).unwrap(), project);
        }

        #[test]
        fn a_brief_as_it_is_answered_can_be_posted_again(body in bodies()) {
            let brief = posted(&body).brief;
            let answered = serde_json::to_value(&brief).unwrap();
            prop_assert_eq!(ProjectBrief::of_new(&answered, POSTED).unwrap(), brief);
        }

        #[test]
        fn a_patch_of_nothing_new_changes_nothing(body in bodies()) {
            let project = posted(&body);
            prop_assert_eq!(project.patch(&ProjectPatch::default(), later()).unwrap(), None);
            prop_assert_eq!(project.patch(&patch(&body), later()).unwrap(), None);
        }

        #[test]
        fn a_patch_sets_what_it_names_once_and_counts_one_version(from in bodies(), to in bodies()) {
            let project = posted(&from);
            let Some(Decided { state, event }) = project.patch(&patch(&to), later()).unwrap() else {
                return Ok(());
            };
            prop_assert_eq!(state.version, project.version.next());
            prop_assert_eq!(event.version, state.version);
            let unchanged = |project: &Project| (project.id, project.owner_id, project.created_at);
            prop_assert_eq!(unchanged(&state), unchanged(&project));
            prop_assert_eq!(state.updated_at, later());
            prop_assert_eq!(&state.brief.title, &posted(&to).brief.title);
            prop_assert_eq!(state.patch(&patch(&to), later()).unwrap(), None, "a second time it changes nothing");
        }

        #[test]
        fn only_the_named_field_changes(body in bodies(), title in "[a-z]{1,20}") {
            let project = posted(&body);
            if let Some(Decided { state, event }) = project.patch(&patch(&json!({"title": title})), later()).unwrap() {
                let brief = project.brief.clone();
                prop_assert_eq!(state.brief, ProjectBrief { title: title.parse().unwrap(), ..brief });
                let fields = match event.change {
                    ProjectChange::ProjectChanged { fields, .. } => fields,
                    _ => Vec::new(),
                };
                let is_title = fields == ["title"];
                prop_assert!(is_title);
            }
        }
    }

    fn sample() -> Value {
        let budget = json!({"kind": "hourly", "min": 10, "max": 20, "currency": "KRW"});
        json!({"title": "t", "description": "d", "category": "c", "skills": ["s"], "budget": budget})
    }

    fn sample_with(name: &str, value: Value) -> Value {
        let mut body = sample();
        body[name] = value;
        body
    }

    #[test]
    fn an_open_project_is_withdrawn_and_restored() {
        let project = posted(&sample());
        let withdrawn = project.withdraw(later()).unwrap().state;
        assert_eq!((withdrawn.status, withdrawn.version), (ProjectStatus::Withdrawn, project.version.next()));
        assert!(!withdrawn.is_open_at(at(0)) && withdrawn.withdraw(later()).is_none());
        assert_eq!(withdrawn.restore(later()).unwrap().state.status, ProjectStatus::Open);
        let closed = project.patch(&patch(&json!({"status": "closed"})), later()).unwrap().unwrap().state;
        assert!(closed.withdraw(later()).is_none() && closed.restore(later()).is_none());
        // Nobody can ask for it, and other fields of a withdrawn project can be changed.
        let refused = project.patch(&patch(&json!({"status": "withdrawn"})), later()).unwrap_err();
        assert_eq!(wrong(&refused), [("/status", Rule::UnknownValue)]);
        let renamed = withdrawn.patch(&patch(&json!({"title": "new"})), later()).unwrap().unwrap().state;
        assert_eq!((renamed.brief.title.as_str(), renamed.status), ("new", ProjectStatus::Withdrawn));
    }

    #[test]
    fn a_deletion_is_the_last_event() {
        let project = posted(&sample());
        let deleted = project.delete(later());
        assert_eq!((deleted.version, deleted.at), (project.version.next(), later()));
        let change = ProjectChange::ProjectDeleted { project_id: project.id, owner_id: project.owner_id };
        assert_eq!(deleted.change, change);
    }

    #[test]
    fn null_goes_back_to_the_default_and_objects_merge() {
        let change = json!({"description": null, "budget": {"max": 30}, "status": "closed"});
        let state = posted(&sample()).patch(&patch(&change), later()).unwrap().unwrap().state;
        assert_eq!(state.brief.description.as_str(), "");
        let budget = state.brief.budget.unwrap();
        assert_eq!((budget.kind(), budget.min(), budget.max()), (BudgetKind::Hourly, Some(10), 30));
        assert_eq!(state.status, ProjectStatus::Closed);

        let state = state.patch(&patch(&json!({"budget": null})), later()).unwrap().unwrap().state;
        assert_eq!(state.brief.budget, None);
    }

    #[test]
    fn a_patch_is_checked_as_the_project_that_results() {
        let change = json!({"title": null, "budget": {"min": 21, "kind": null}, "skills": 5, "status": "done"});
        let expected = [
            ("/title", Rule::Required),
            ("/skills", Rule::WrongType),
            ("/budget/kind", Rule::Required),
            ("/budget/max", Rule::MinAboveMax),
            ("/status", Rule::UnknownValue),
        ];
        assert_eq!(wrong(&posted(&sample()).patch(&patch(&change), later()).unwrap_err()), expected);
    }

    #[test]
    fn a_patch_does_not_check_members_that_it_leaves_alone() {
        let mut stored = serde_json::to_value(posted(&sample())).unwrap();
        stored["brief"]["languages"] = json!(["kr"]);
        stored["brief"]["skills"] = json!(["JS", "JavaScript"]);
        let project: Project = serde_json::from_value(stored).unwrap();
        let state = project.patch(&patch(&json!({"title": "new"})), later()).unwrap().unwrap().state;
        assert_eq!((state.brief.title.as_str(), &state.brief.skills), ("new", &project.brief.skills));

        let refused = project.patch(&patch(&json!({"title": " ", "languages": ["kr"]})), later()).unwrap_err();
        assert_eq!(wrong(&refused), [("/title", Rule::Blank), ("/languages/0", Rule::InvalidLanguage)]);
    }

    #[test]
    fn a_new_project_must_not_say_that_it_is_closed() {
        let new = |status: Value| ProjectBrief::of_new(&sample_with("status", status), POSTED);
        assert!(new(json!("open")).is_ok() && new(Value::Null).is_ok());
        for status in [json!("closed"), json!("done")] {
            assert_eq!(wrong(&new(status).unwrap_err()), [("/status", Rule::UnknownValue)]);
        }
        assert_eq!(wrong(&new(json!(7)).unwrap_err()), [("/status", Rule::WrongType)]);
    }

    #[test]
    fn a_day_or_a_time_must_not_have_passed_when_it_is_set() {
        let now: Timestamp = "2026-12-01T09:00:00Z".parse().unwrap();
        let body = json!({
            "title": " ", "category": "c", "skills": ["s"],
            "starts_on": "1990-01-01", "expires_at": "2026-12-01T09:00:00Z",
        });
        let expected = [("/title", Rule::Blank), ("/starts_on", Rule::InThePast), ("/expires_at", Rule::InThePast)];
        assert_eq!(wrong(&ProjectBrief::of_new(&body, now).unwrap_err()), expected);

        let project = posted(&sample_with("starts_on", json!("1970-01-02")));
        let renamed = project.patch(&patch(&json!({"title": "new", "starts_on": "1970-01-02"})), now).unwrap();
        assert!(renamed.is_some(), "the day was set when it was still to come");
        let refused = project.patch(&patch(&json!({"starts_on": "1970-01-03"})), now).unwrap_err();
        assert_eq!(wrong(&refused), [("/starts_on", Rule::InThePast)]);
    }

    #[test]
    fn a_project_is_open_until_it_expires_or_is_closed() {
        let project = posted(&sample_with("expires_at", json!("1970-01-01T09:00:10+09:00")));
        assert!(project.is_open_at(at(9)) && project.terms(at(9)).is_open);
        assert!(!project.is_open_at(at(10)) && !project.terms(at(10)).is_open);
        let closed = posted(&sample()).patch(&patch(&json!({"status": "closed"})), later()).unwrap().unwrap().state;
        assert!(posted(&sample()).is_open_at(Timestamp::MAX) && !closed.is_open_at(at(0)));
    }
}
