//! Projects as they are stored: the record, its events and its list entries are always written together.

use std::collections::BTreeSet;

use domain::{
    event::{Decided, Event},
    listing::Listing,
    project::{Project, ProjectChange, ProjectStatus},
    values::{AccountId, Budget, Category, ProjectId, Skills, Time, Title, Version},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Condition, Key, Listed, PageOf, Store, StoreError, StoreFuture, Transaction,
    keys::{self, Collection},
};

/// The part of a project that a page of matches shows: everything except its text.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProjectSummary {
    /// The project.
    pub id: ProjectId,
    /// The short form of the brief.
    pub brief: BriefSummary,
    status: ProjectStatus,
}

impl ProjectSummary {
    /// The attributes of a stored project that a summary needs.
    const ATTRIBUTES: &'static [&'static str] =
        &["id", "status", "brief.title", "brief.category", "brief.skills", "brief.budget", "brief.expires_at"];

    /// Whether the project is open and has not expired at `now`.
    pub fn is_open_at(&self, now: Timestamp) -> bool {
        self.status == ProjectStatus::Open && self.brief.expires_at.is_none_or(|time| now < time.get())
    }
}

/// The short form of a brief.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BriefSummary {
    /// The work in one line.
    pub title: Title,
    /// The field of work.
    pub category: Category,
    /// The skills that the work needs.
    pub skills: Skills,
    /// The client's budget.
    pub budget: Option<Budget>,
    expires_at: Option<Time>,
}

/// The note of a deletion, as it is stored.
#[derive(Debug, Serialize)]
struct DeletedProject {
    deleted_at: Timestamp,
}

/// The label of the write that requires the version to be unchanged.
pub const PROJECT: &str = "project";

impl Store {
    /// Reads a project; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub fn project(&self, id: ProjectId) -> StoreFuture<'_, Option<Project>> {
        Box::pin(async move { self.get(&keys::project(id)).await })
    }

    /// Reads the summaries of several projects, in the order of their ids; `None` for a project that does not exist.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub fn project_summaries(&self, ids: &[ProjectId]) -> StoreFuture<'_, Vec<Option<ProjectSummary>>> {
        let keys: Vec<Key> = ids.iter().map(keys::project).collect();
        Box::pin(async move { self.get_many_of(&keys, ProjectSummary::ATTRIBUTES).await })
    }

    /// Reads one page of a list of projects as it is at `now`, newest first.
    ///
    /// # Errors
    /// As [`Store::query`] and [`Store::get_many`].
    pub fn list_projects<'a>(
        &'a self,
        listing: &'a Listing,
        page: PageOf,
        now: Timestamp,
    ) -> StoreFuture<'a, Listed<Project>> {
        Box::pin(async move {
            let after = page.after.map(ProjectId::new);
            let (ids, more) = self.listed_ids(Collection::Projects, listing, after, page.limit).await?;
            let keys: Vec<Key> = ids.iter().map(keys::project).collect();
            let mut items: Vec<Project> = self.get_many(&keys).await?.into_iter().flatten().collect();
            items.retain(|project| listing.shows_project(project, now));
            let next_after = ids.last().filter(|_| more).map(|id| id.ulid());
            Ok(Listed { items, next_after })
        })
    }

    /// Writes a project's list entries again. Versions up to 0.1 made the keys of lists differently.
    ///
    /// # Errors
    /// As [`Store::commit`]; a lost race is a conflict on [`PROJECT`].
    pub async fn list_project_again(&self, project: &Project) -> Result<(), StoreError> {
        let mut transaction = Transaction::new();
        let unchanged = Condition::version(project.version.get());
        transaction.check(PROJECT, keys::project(project.id), unchanged);
        transaction.list_project(project);
        self.commit(transaction).await
    }

    /// Reads one page of an account's own projects, open or closed, newest first.
    ///
    /// # Errors
    /// As [`Store::list_projects`].
    pub async fn list_projects_of(
        &self,
        owner: AccountId,
        page: PageOf,
        now: Timestamp,
    ) -> Result<Listed<Project>, StoreError> {
        self.list_projects(&Listing::Owner(owner), page, now).await
    }
}

impl Transaction {
    /// Adds the writes that commit a decision about a project: the new state, its event, its moves between lists, and
    /// the count of the owner's open projects. The condition is that `before` is still stored.
    ///
    /// A lost race is reported as a conflict on [`PROJECT`]. So is a project that opens although the owner has
    /// `max_open` open projects. If the status changes, [`Store::open_projects`] must have been called before.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn save_project(
        &mut self,
        before: Option<&Project>,
        decided: &Decided<Project>,
        max_open: u32,
    ) -> Result<&mut Self, StoreError> {
        let Decided { state, event } = decided;
        let condition = before.map_or(Condition::Absent, |before| Condition::version(before.version.get()));
        self.put(PROJECT, keys::project(state.id), state, condition)?;
        let event_key = keys::project_event(state.id, event.version.get());
        self.put("project event", event_key, event, Condition::Absent)?;
        self.count_project(before, state, max_open);
        let listed_before = before.map(Listing::of_project).unwrap_or_default();
        let listed = Listing::of_project(state);
        Ok(self.relist(PROJECT, Collection::Projects, (state.id, state.version), &listed_before, &listed))
    }

    /// Adds the writes that delete a project: the record and its list entries go, the owner's open projects are
    /// counted, and the event stays with a note for the owner's erasure. The condition is that `before` is still
    /// stored.
    ///
    /// A lost race is reported as a conflict on [`PROJECT`]. [`Store::open_projects`] must have been called before if
    /// the project is open.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn delete_project(&mut self, before: &Project, event: &Event<ProjectChange>) -> Result<&mut Self, StoreError> {
        let note = keys::deleted_project(before.owner_id, before.id);
        self.put("deleted project", note, &DeletedProject { deleted_at: event.at }, Condition::Always)?;
        let event_key = keys::project_event(before.id, event.version.get());
        self.put("project event", event_key, event, Condition::Absent)?;
        if before.status == ProjectStatus::Open {
            self.count_closed_project(before.owner_id);
        }
        Ok(self.remove_project(before, event.version))
    }

    /// Adds the removal of a project's record and list entries, and writes nothing else.
    pub(crate) fn remove_project(&mut self, before: &Project, version: Version) -> &mut Self {
        let unchanged = Condition::version(before.version.get());
        self.delete(PROJECT, keys::project(before.id), unchanged);
        let listed = Listing::of_project(before);
        self.relist(PROJECT, Collection::Projects, (before.id, version), &listed, &BTreeSet::new())
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        project::{ProjectBrief, ProjectPatch},
        validation::read,
    };
    use jiff::Timestamp;
    use serde_json::json;
    use ulid::Ulid;

    use super::*;

    fn posted() -> Decided<Project> {
        let body = json!({
            "title": "t", "category": "c", "skills": ["a", "b"], "starts_on": "2026-12-01",
            "budget": {"kind": "fixed", "min": 1, "max": 2, "currency": "KRW"}
        });
        let now = "2026-12-01T09:00:00Z".parse().unwrap();
        let (id, owner) = (ProjectId::new(Ulid(1)), AccountId::new(Ulid(2)));
        Project::post(id, owner, ProjectBrief::of_new(&body, now).unwrap(), now)
    }

    #[test]
    fn a_closed_project_leaves_every_list_except_its_owners() {
        let first = posted();
        let mut transaction = Transaction::new();
        transaction.save_project(None, &first, 1).unwrap();
        // State, event and counter; the lists of all, of the owner, of the category, of two skills, and of two skills
        // within the category.
        assert_eq!(transaction.len(), 3 + 7);

        let patch: ProjectPatch = read(&json!({"status": "closed"})).unwrap();
        let second = first.state.patch(&patch, Timestamp::UNIX_EPOCH).unwrap().unwrap();
        let mut transaction = Transaction::new();
        transaction.save_project(Some(&first.state), &second, 1).unwrap();
        assert_eq!(transaction.len(), 3 + 6);

        // The note, the event, the record and the owner's list; an open project also leaves the public lists and is
        // counted no more.
        let deletion = |project: &Project| {
            let mut transaction = Transaction::new();
            transaction.delete_project(project, &project.delete(Timestamp::UNIX_EPOCH)).unwrap();
            transaction.len()
        };
        assert_eq!((deletion(&second.state), deletion(&first.state)), (4, 4 + 1 + 6));
    }

    #[test]
    fn a_project_reads_back_from_its_attributes() {
        let project = posted().state;
        let item: std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue> =
            serde_dynamo::to_item(&project).unwrap();
        assert_eq!(serde_dynamo::from_item::<_, Project>(item).unwrap(), project);
    }
}
