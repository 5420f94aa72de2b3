//! Counts an owner's open projects. The counter changes in the same transaction as a project's status.
//!
//! A project can be opened or closed only if the counter exists. So a process that finds no counter can count the
//! owner's open projects and write the number, because nothing changes it meanwhile. This also covers owners whose
//! projects were written by earlier versions, which had no counter.

use domain::{
    listing::Listing,
    page::Limit,
    project::{Project, ProjectStatus},
    values::{AccountId, ProjectId},
};
use serde::{Deserialize, Serialize};

use crate::{
    Condition, Key, Store, StoreError, Transaction,
    keys::{self, Collection},
    projects::PROJECT,
};

/// The counter as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct OpenProjects {
    count: i64,
}

/// The attribute of the count.
const COUNT: &str = "count";

/// The label of the write that creates the counter.
const COUNTER: &str = "open projects";

/// The attributes of a project that counting needs.
#[derive(Debug, Clone, Deserialize)]
struct Status {
    status: ProjectStatus,
}

impl Store {
    /// The number of open projects of an owner. Creates the counter if there is none, because
    /// [`Transaction::save_project`] needs it.
    ///
    /// # Errors
    /// As [`Store::get`], [`Store::query`] and [`Store::commit`].
    pub async fn open_projects(&self, owner: AccountId) -> Result<u32, StoreError> {
        let key = keys::open_projects(owner);
        loop {
            if let Some(OpenProjects { count }) = self.get(&key).await? {
                return Ok(u32::try_from(count).unwrap_or(0));
            }
            let count = i64::from(self.count_open_projects(owner).await?);
            let mut transaction = Transaction::new();
            transaction.put(COUNTER, key.clone(), &OpenProjects { count }, Condition::Absent)?;
            match self.commit(transaction).await {
                Err(lost) if lost.is_conflict_on(COUNTER) => {}
                committed => committed?,
            }
        }
    }

    async fn count_open_projects(&self, owner: AccountId) -> Result<u32, StoreError> {
        let (listing, mut after, mut count) = (Listing::Owner(owner), None::<ProjectId>, 0);
        loop {
            let (ids, more) = self.listed_ids(Collection::Projects, &listing, after, Limit::LARGEST).await?;
            let keys: Vec<Key> = ids.iter().map(keys::project).collect();
            let found: Vec<Option<Status>> = self.get_many_of(&keys, &["status"]).await?;
            count += found.iter().flatten().filter(|project| project.status == ProjectStatus::Open).count() as u32;
            after = ids.last().copied();
            if !more {
                return Ok(count);
            }
        }
    }
}

impl Transaction {
    /// Adds the change of the owner's counter that follows from a change of a project. If another project opens, the
    /// condition is that the owner has fewer than `max_open` open projects. A failed condition is reported as a
    /// conflict on [`PROJECT`], like a lost race. Reading again tells the two apart.
    pub(crate) fn count_project(&mut self, before: Option<&Project>, after: &Project, max_open: u32) -> &mut Self {
        let was_open = before.is_some_and(|before| before.status == ProjectStatus::Open);
        let is_open = after.status == ProjectStatus::Open;
        let key = keys::open_projects(after.owner_id);
        match (was_open, is_open) {
            (false, true) => self.add(PROJECT, key, COUNT, 1, Condition::LessThan(COUNT, max_open.into())),
            (true, false) => self.count_closed_project(after.owner_id),
            _ => self,
        }
    }

    /// Adds that an owner has one open project less.
    pub(crate) fn count_closed_project(&mut self, owner: AccountId) -> &mut Self {
        self.add(PROJECT, keys::open_projects(owner), COUNT, -1, Condition::Present)
    }
}
