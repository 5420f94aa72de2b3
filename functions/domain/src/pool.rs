//! The talent pool: what matching reads of one record, kept apart from the record so that scoring the whole pool reads
//! nothing else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::eligibility::{FreelancerTerms, ProjectTerms};
use crate::freelancer::{Freelancer, FreelancerProfile};
use crate::id::{AccountId, ProjectId};
use crate::project::{Project, ProjectBrief, ProjectStatus};
use crate::text::DisplayName;
use crate::track_record::TrackRecord;

/// One freelancer in the pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledFreelancer {
    /// The freelancer.
    pub id: AccountId,
    /// The account's name.
    pub display_name: DisplayName,
    /// What the freelancer says.
    pub profile: FreelancerProfile,
    /// What the market knows.
    #[serde(default)]
    pub track_record: TrackRecord,
}

impl PooledFreelancer {
    /// What eligibility reads of the row.
    pub fn terms(&self) -> FreelancerTerms<'_> {
        FreelancerTerms {
            id: Some(self.id),
            languages: &self.profile.languages,
            hourly_rate: self.profile.hourly_rate,
            weekly_hours: self.profile.weekly_hours,
        }
    }
}

impl From<&Freelancer> for PooledFreelancer {
    fn from(freelancer: &Freelancer) -> Self {
        Self {
            id: freelancer.id,
            display_name: freelancer.display_name.clone(),
            profile: freelancer.profile.clone(),
            track_record: freelancer.track_record.clone(),
        }
    }
}

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
            status: ProjectStatus::Open,
            languages: &self.brief.languages,
            budget: self.brief.budget,
        }
    }
}
