//! The pool of projects: what matching reads of one, kept apart from the record so that ranking reads nothing else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

use domain::eligibility::ProjectTerms;
use domain::project::{Project, ProjectBrief, ProjectStatus};
use domain::values::{AccountId, ProjectId};

/// One open project in the pool. A closed project has no row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledProject {
    /// The project.
    pub id: ProjectId,
    /// The client.
    pub owner_id: AccountId,
    /// What the client wants done.
    pub brief: ProjectBrief,
    /// When it was posted.
    pub created_at: Timestamp,
}

impl PooledProject {
    /// The row of a project; `None` where it is closed.
    pub fn of(project: &Project) -> Option<Self> {
        (project.status == ProjectStatus::Open).then(|| Self {
            id: project.id,
            owner_id: project.owner_id,
            brief: project.brief.clone(),
            created_at: project.created_at,
        })
    }

    /// What eligibility reads of the row.
    pub fn terms(&self) -> ProjectTerms<'_> {
        ProjectTerms {
            owner: Some(self.owner_id),
            is_open: true,
            languages: &self.brief.languages,
            budget: self.brief.budget,
        }
    }
}

/// The body of a project's row.
///
/// # Errors
/// [`StoreError::Broken`] if it does not serialize.
pub fn pack(project: &PooledProject) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(project).map_err(StoreError::broken)
}

/// The project in the body of a row.
///
/// # Errors
/// [`StoreError::Broken`] if the body holds something else.
pub fn unpack(body: &[u8]) -> Result<PooledProject, StoreError> {
    serde_json::from_slice(body).map_err(StoreError::broken)
}
