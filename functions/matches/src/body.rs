//! What rankings and scores have in common on the wire.

use domain::{
    budget::{Budget, BudgetInput},
    freelancer::Freelancer,
    id::{AccountId, ProjectId},
    money::{Money, MoneyInput},
    pool::PooledProject,
    record::{ForeignId, FreelancerRecord},
    tag::{Category, Skills},
    text::{DisplayName, Headline, Title},
};
use matching::Features;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a pair got its score: one of ten numbers that the net saw.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reason, example = json!({"feature": "skill_overlap", "value": 0.82}))]
pub(crate) struct ReasonBody {
    /// `skill_overlap`, `skill_experience`, `text_similarity`, `rating`, `hire_rate`, `response_time`, `last_seen`,
    /// `activity_week`, `activity_month` or `activity_half_year`: always all ten, in this order.
    #[schema(example = "skill_overlap")]
    feature: &'static str,
    /// The number; null where it is not known.
    #[schema(required, example = 0.82)]
    value: Option<f32>,
}

/// All ten numbers of a pair.
pub(crate) fn reasons(features: &Features) -> Vec<ReasonBody> {
    features.reasons().iter().map(|reason| ReasonBody { feature: reason.feature, value: reason.value }).collect()
}

/// A freelancer in short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreelancerBrief)]
pub(crate) struct FreelancerBrief<'a> {
    /// The freelancer.
    #[schema(value_type = String, example = "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B")]
    id: AccountId,
    /// The account's name.
    #[schema(value_type = String, example = "김민아")]
    display_name: &'a DisplayName,
    /// The offer in one line.
    #[schema(value_type = String, example = "Rust로 결제 시스템을 만드는 백엔드 개발자")]
    headline: &'a Headline,
    /// What the freelancer can do.
    #[schema(value_type = Vec<String>, example = json!(["Rust", "결제 시스템"]))]
    skills: &'a Skills,
    /// The price of one hour.
    #[schema(value_type = Option<MoneyInput>, required)]
    hourly_rate: Option<Money>,
}

impl<'a> From<&'a Freelancer> for FreelancerBrief<'a> {
    fn from(freelancer: &'a Freelancer) -> Self {
        Self {
            id: freelancer.id,
            display_name: &freelancer.display_name,
            headline: &freelancer.profile.headline,
            skills: &freelancer.profile.skills,
            hourly_rate: freelancer.profile.hourly_rate,
        }
    }
}

/// A project in short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProjectBrief)]
pub(crate) struct ProjectBrief<'a> {
    /// The project.
    #[schema(value_type = String, example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0")]
    id: ProjectId,
    /// The work in one line.
    #[schema(value_type = String, example = "Payment back end in Rust")]
    title: &'a Title,
    /// The field of work.
    #[schema(value_type = String, example = "Software")]
    category: &'a Category,
    /// What the work needs.
    #[schema(value_type = Vec<String>, example = json!(["Rust", "DynamoDB"]))]
    skills: &'a Skills,
    /// What the client will pay.
    #[schema(value_type = Option<BudgetInput>, required)]
    budget: Option<Budget>,
}

impl<'a> From<&'a PooledProject> for ProjectBrief<'a> {
    fn from(project: &'a PooledProject) -> Self {
        Self {
            id: project.id,
            title: &project.brief.title,
            category: &project.brief.category,
            skills: &project.brief.skills,
            budget: project.brief.budget,
        }
    }
}

/// A freelancer as it was sent, in short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreelancerRecordBrief)]
pub(crate) struct FreelancerRecordBrief<'a> {
    /// The record's name where it comes from.
    #[schema(value_type = Option<String>, required, example = "crm-4711")]
    id: Option<&'a ForeignId>,
    /// The freelancer's name.
    #[schema(value_type = Option<String>, required, example = "Mina Kim")]
    display_name: Option<&'a DisplayName>,
    /// The offer in one line.
    #[schema(value_type = Option<String>, required, example = "Payment back ends in Rust")]
    headline: Option<&'a Headline>,
    /// What the freelancer can do.
    #[schema(value_type = Vec<String>, example = json!(["Rust", "DynamoDB"]))]
    skills: &'a Skills,
    /// The price of one hour.
    #[schema(value_type = Option<MoneyInput>, required)]
    hourly_rate: Option<Money>,
}

impl<'a> From<&'a FreelancerRecord> for FreelancerRecordBrief<'a> {
    fn from(record: &'a FreelancerRecord) -> Self {
        Self {
            id: record.id.as_ref(),
            display_name: record.display_name.as_ref(),
            headline: record.headline.as_ref(),
            skills: &record.skills,
            hourly_rate: record.hourly_rate,
        }
    }
}
