//! The parts of answers that rankings and scores share.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    scoring::{ForeignId, FreelancerRecord},
    values::{AccountId, Budget, Category, DisplayName, Headline, Money, ProjectId, Skills, Title},
};
use http_api::{ApiError, json};
use matching::{AwardModel, Explanation, Feature, Features, Model, ScoreError};
use serde::Serialize;
use store::{freelancers::FreelancerSummary, projects::ProjectSummary};
use utoipa::ToSchema;

use crate::{language::Language, sentence::sentence};

/// One of the ten inputs of the net, and its effect on the score.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reason, example = json!({
    "feature": "skill_overlap", "value": 0.82, "contribution": 1.31,
    "sentence": "82% of the wanted skills, rare skills count more"
}))]
pub(crate) struct ReasonBody {
    /// `skill_overlap`, `skill_experience`, `text_similarity`, `rating`, `hire_rate`, `response_time`, `last_seen`,
    /// `activity_week`, `activity_month` or `activity_half_year`. All ten are always there, in this order.
    #[schema(example = "skill_overlap")]
    feature: &'static str,
    /// The number; null if it is unknown.
    #[schema(required, example = 0.82)]
    value: Option<f32>,
    /// The number's share of the difference between `log_odds` and `base_log_odds`: its exact Shapley value. A positive
    /// value speaks for the match.
    #[schema(example = 1.31)]
    contribution: f32,
    /// The number as a sentence in the language that `Accept-Language` prefers: English or Korean.
    #[schema(example = "82% of the wanted skills, rare skills count more")]
    sentence: String,
}

/// The net's score of a pair, with reasons.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Judgement)]
pub(crate) struct JudgementBody {
    /// The probability that the freelancer proposes and the client hires: the product of the two probabilities below.
    #[schema(example = 0.31)]
    score: f32,
    /// The probability that the freelancer proposes if this ranking invites them.
    #[schema(example = 0.55)]
    freelancer_interest: f32,
    /// The probability that the client hires if the freelancer proposes.
    #[schema(example = 0.57)]
    client_choice: f32,
    /// ln(score / (1 − score)).
    #[schema(example = -0.8)]
    log_odds: f32,
    /// The log-odds of a pair without any known number.
    #[schema(example = -3.9)]
    base_log_odds: f32,
    /// The ten numbers behind the score. Their contributions add up to `log_odds` − `base_log_odds`.
    reasons: Vec<ReasonBody>,
}

/// The judgements of pairs and their scores, in the same order.
///
/// # Errors
/// The tensor library's. The shipped weights cause none.
pub(crate) fn judgements(
    model: &Model,
    pairs: &[(Features, f32)],
    language: Language,
) -> Result<Vec<JudgementBody>, ScoreError> {
    let features: Vec<Features> = pairs.iter().map(|(features, _)| *features).collect();
    let explained = model.explain(&features)?.into_iter().zip(pairs);
    explained
        .map(|(explanation, (features, score))| judgement(model, features, *score, &explanation, language))
        .collect()
}

fn judgement(
    model: &Model,
    features: &Features,
    score: f32,
    explanation: &Explanation,
    language: Language,
) -> Result<JudgementBody, ScoreError> {
    let [freelancer_interest, client_choice] = model.sides(features)?;
    let reasons = Feature::ALL.iter().zip(explanation.contributions).map(|(&feature, contribution)| ReasonBody {
        feature: feature.name(),
        value: features.get(feature),
        contribution: contribution as f32,
        sentence: sentence(language, feature, features.get(feature)),
    });
    Ok(JudgementBody {
        score,
        freelancer_interest,
        client_choice,
        log_odds: explanation.log_odds as f32,
        base_log_odds: explanation.base_log_odds as f32,
        reasons: reasons.collect(),
    })
}

/// The model that ranked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Model, example = json!({"version": "1-5f3a9c1e"}))]
pub(crate) struct ModelBody {
    /// The version of the weights. Equal versions give equal scores.
    version: String,
}

impl From<&Model> for ModelBody {
    fn from(model: &Model) -> Self {
        Self { version: model.version().to_owned() }
    }
}

impl From<&AwardModel> for ModelBody {
    fn from(model: &AwardModel) -> Self {
        Self { version: model.version().to_owned() }
    }
}

/// 404: no such project.
pub(crate) fn no_project() -> ApiError {
    ApiError::not_found("There is no project with this id.")
}

/// 404: the account is no freelancer.
pub(crate) fn no_profile() -> ApiError {
    ApiError::not_found("This account has no freelancer profile yet. Save one with PUT /freelancers/me.")
}

/// An answer with sentences in one language.
pub(crate) fn in_language<T: Serialize>(language: Language, body: &T) -> Response {
    let headers = [(header::CONTENT_LANGUAGE, language.tag()), (header::VARY, "accept-language")];
    (headers, json(StatusCode::OK, body)).into_response()
}

/// A freelancer in brief.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreelancerSummary)]
pub(crate) struct FreelancerSummaryBody<'a> {
    /// The freelancer.
    #[schema(example = "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B")]
    id: AccountId,
    /// The account's name.
    #[schema(example = "김민아")]
    display_name: &'a DisplayName,
    /// The offer in one line.
    #[schema(example = "Rust로 결제 시스템을 만드는 백엔드 개발자")]
    headline: &'a Headline,
    /// The freelancer's skills.
    #[schema(example = json!(["Rust", "결제 시스템"]))]
    skills: &'a Skills,
    /// The price of one hour.
    #[schema(required)]
    hourly_rate: Option<Money>,
}

impl<'a> From<&'a FreelancerSummary> for FreelancerSummaryBody<'a> {
    fn from(freelancer: &'a FreelancerSummary) -> Self {
        Self {
            id: freelancer.id,
            display_name: &freelancer.display_name,
            headline: &freelancer.profile.headline,
            skills: &freelancer.profile.skills,
            hourly_rate: freelancer.profile.hourly_rate,
        }
    }
}

/// A project in brief.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProjectSummary)]
pub(crate) struct ProjectSummaryBody<'a> {
    /// The project.
    #[schema(example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0")]
    id: ProjectId,
    /// The work in one line.
    #[schema(example = "Payment back end in Rust")]
    title: &'a Title,
    /// The field of work.
    #[schema(example = "Software")]
    category: &'a Category,
    /// The required skills.
    #[schema(example = json!(["Rust", "DynamoDB"]))]
    skills: &'a Skills,
    /// The client's budget.
    #[schema(required)]
    budget: Option<Budget>,
}

impl<'a> From<&'a ProjectSummary> for ProjectSummaryBody<'a> {
    fn from(project: &'a ProjectSummary) -> Self {
        Self {
            id: project.id,
            title: &project.brief.title,
            category: &project.brief.category,
            skills: &project.brief.skills,
            budget: project.brief.budget,
        }
    }
}

/// A freelancer of the request in brief.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreelancerRecordSummary)]
pub(crate) struct FreelancerRecordSummaryBody<'a> {
    /// The record's id in the system that it comes from.
    #[schema(required, example = "crm-4711")]
    id: Option<&'a ForeignId>,
    /// The freelancer's name.
    #[schema(required, example = "Mina Kim")]
    display_name: Option<&'a DisplayName>,
    /// The offer in one line.
    #[schema(required, example = "Payment back ends in Rust")]
    headline: Option<&'a Headline>,
    /// The freelancer's skills.
    #[schema(example = json!(["Rust", "DynamoDB"]))]
    skills: &'a Skills,
    /// The price of one hour.
    #[schema(required)]
    hourly_rate: Option<Money>,
}

impl<'a> From<&'a FreelancerRecord> for FreelancerRecordSummaryBody<'a> {
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
