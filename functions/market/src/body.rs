//! Records in answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    freelancer::{Freelancer, FreelancerProfile},
    project::{Project, ProjectBrief, ProjectStatus},
    values::{AccountId, DisplayName, ProjectId, Version},
};
use http_api::{etag, json};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A freelancer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Freelancer, example = json!({
    "id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
    "display_name": "김민아",
    "headline": "Rust로 결제 시스템을 만드는 백엔드 개발자",
    "bio": "12년째 금융권 서버를 만들고 있습니다. I answer in Korean and English.",
    "category": "Software",
    "skills": ["Rust", "DynamoDB", "결제 시스템"],
    "languages": ["ko", "en-GB"],
    "timezone": "Asia/Seoul",
    "hourly_rate": {"amount": 65000, "currency": "KRW"},
    "weekly_hours": 30,
    "years_experience": 12,
    "rating": 4.8,
    "completed_jobs": 31,
    "hire_rate": 0.42,
    "response_minutes": 35.0,
    "last_active_at": "2026-11-20T08:30:00Z",
    "created_at": "2026-11-01T09:00:00Z",
    "updated_at": "2026-11-20T08:30:00Z"
}))]
pub(crate) struct FreelancerBody {
    /// The freelancer's id, which is the account's id.
    id: AccountId,
    /// The account's name.
    display_name: DisplayName,
    /// The profile.
    #[serde(flatten)]
    profile: FreelancerProfile,
    /// The mean rating, 0 to 5 stars; null before the first.
    #[schema(required)]
    rating: Option<f64>,
    /// How many jobs were completed here.
    completed_jobs: u32,
    /// The share of bids that were won, 0 to 1; null before the first bid.
    #[schema(required)]
    hire_rate: Option<f64>,
    /// The median time to an answer, in minutes; null before the first.
    #[schema(required)]
    response_minutes: Option<f64>,
    /// The last time the freelancer did something in the market.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_active_at: Option<Timestamp>,
    /// The time when the profile was first saved.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The last change of any of these fields.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Freelancer> for FreelancerBody {
    fn from(freelancer: Freelancer) -> Self {
        let (updated_at, last_active_at) = (freelancer.changed_at(), freelancer.last_active_at());
        let Freelancer { id, display_name, profile, track_record, created_at, .. } = freelancer;
        Self {
            id,
            display_name,
            profile,
            rating: track_record.rating,
            completed_jobs: track_record.completed_jobs,
            hire_rate: track_record.hire_rate(),
            response_minutes: track_record.response_minutes,
            last_active_at,
            created_at,
            updated_at,
        }
    }
}

/// A project.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Project, example = json!({
    "id": "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0",
    "owner_id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
    "title": "Payment back end in Rust",
    "description": "결제 API를 새로 만듭니다. 문서는 한국어와 영어로 씁니다.",
    "category": "Software",
    "skills": ["Rust", "DynamoDB"],
    "languages": ["ko", "en"],
    "timezone": "Asia/Seoul",
    "budget": {"kind": "hourly", "min": 40000, "max": 80000, "currency": "KRW"},
    "weekly_hours": 20,
    "starts_on": "2030-01-07",
    "expires_at": null,
    "status": "open",
    "created_at": "2026-11-20T08:30:00Z",
    "updated_at": "2026-11-20T08:30:00Z"
}))]
pub(crate) struct ProjectBody {
    /// The project.
    id: ProjectId,
    /// The client's account.
    owner_id: AccountId,
    /// The brief.
    #[serde(flatten)]
    brief: ProjectBrief,
    /// Whether the project is listed and matched.
    status: ProjectStatus,
    /// When it was posted.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The last change of any of these fields.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Project> for ProjectBody {
    fn from(project: Project) -> Self {
        let Project { id, owner_id, brief, status, created_at, updated_at, version: _ } = project;
        Self { id, owner_id, brief, status, created_at, updated_at }
    }
}

/// Answers with one record and its entity tag.
pub(crate) fn record<B: Serialize>(status: StatusCode, version: Version, body: &B) -> Response {
    tagged(version, json(status, body))
}

/// Answers that the client has the current version.
pub(crate) fn not_modified(version: Version) -> Response {
    tagged(version, StatusCode::NOT_MODIFIED.into_response())
}

fn tagged(version: Version, mut response: Response) -> Response {
    let tag: HeaderValue = etag(version.get());
    response.headers_mut().insert(header::ETAG, tag);
    response
}
