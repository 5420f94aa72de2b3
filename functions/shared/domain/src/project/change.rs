//! The events of a project.

use serde::{Deserialize, Serialize};

use super::ProjectStatus;
use crate::values::{AccountId, ProjectId};

/// The events of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ProjectChange {
    /// A client posted the project.
    ProjectPosted {
        /// The project.
        project_id: ProjectId,
        /// The client.
        owner_id: AccountId,
    },
    /// The client changed the project.
    ProjectChanged {
        /// The project.
        project_id: ProjectId,
        /// The client.
        owner_id: AccountId,
        /// The names of the changed fields.
        fields: Vec<String>,
        /// The status afterwards.
        status: ProjectStatus,
    },
    /// The client deleted the project. It is the project's last event.
    ProjectDeleted {
        /// The project.
        project_id: ProjectId,
        /// The client.
        owner_id: AccountId,
    },
}
