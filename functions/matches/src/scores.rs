//! Scores of records that another system sends. Nothing is stored, and no sign-in is needed.

use axum::{extract::State, response::Response};
use domain::{eligibility, scoring::ScoreRecords};
use http_api::{
    Action, ApiError, Caller, JsonBody, body::LARGEST_BYTES, operation::Body, operation::Limited, operation::Problems,
};
use jiff::Timestamp;
use matching::{Features, TalentRecord};
use runtime::clock;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Matches, answer_size,
    body::{FreelancerRecordSummaryBody, JudgementBody, ModelBody, in_language, judgements},
    language::AcceptLanguage,
    mapping,
};

/// The scores of the freelancers of the request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scores)]
pub(crate) struct ScoresBody<'a> {
    /// The model that scored.
    model: ModelBody,
    /// One item for each freelancer, in the order of the request.
    items: Vec<ScoreBody<'a>>,
}

/// The score of one freelancer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Score)]
pub(crate) struct ScoreBody<'a> {
    /// The freelancer's index in the request, from 0.
    index: usize,
    /// The freelancer.
    freelancer: FreelancerRecordSummaryBody<'a>,
    /// The score and its reasons.
    #[serde(flatten)]
    judgement: JudgementBody,
    /// Whether the market would match the two: by languages, budget, the project's status and availability.
    eligible: bool,
}

/// Score freelancers
///
/// Scores up to 1,000 freelancers for a project. The request holds all of them, and nothing is stored. The freelancers
/// of the request determine how rare a skill is, so scores of different requests compare only roughly. The model
/// determines how rare a word is. The answer repeats the freelancers' ids, names, headlines, skills and prices. These
/// may take 3,000,000 bytes, some 900 characters of Korean for each of 1,000 freelancers; a request with more gets
/// `too_large`. API Gateway refuses a body of more than about 6 MB with a 413 of its own; quotes and line breaks count
/// twice.
#[utoipa::path(
    post,
    path = "/matches/score",
    tag = "matches",
    params(AcceptLanguage),
    request_body = ScoreRecords,
    responses(
        (status = OK, description = "A score for each freelancer.", body = ScoresBody<'_>),
        Problems<(Body, Limited)>,
    )
)]
pub(crate) async fn score_freelancers(
    State(matches): State<Matches>,
    caller: Caller,
    AcceptLanguage(language): AcceptLanguage,
    body: JsonBody<LARGEST_BYTES>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    matches.limits.take(Action::Rank, caller.anonymous(), now).await?;
    let records: ScoreRecords = body.read()?;
    answer_size::check(&records.freelancers)?;
    let rows = features(&records, now);
    let scores = matches.model.score(&rows).map_err(ApiError::internal)?;
    let project = records.project.terms();
    let pairs: Vec<(Features, f32)> = rows.into_iter().zip(scores).collect();
    let judgements = judgements(&matches.model, &pairs, language).map_err(ApiError::internal)?;
    let items = records.freelancers.iter().zip(judgements).enumerate();
    let items = items.map(|(index, (freelancer, judgement))| ScoreBody {
        index,
        freelancer: freelancer.into(),
        judgement,
        eligible: eligibility::check(project, freelancer.terms()).is_ok(),
    });
    let body = ScoresBody { model: matches.model.as_ref().into(), items: items.collect() };
    Ok(in_language(language, &body))
}

fn features(records: &ScoreRecords, now: Timestamp) -> Vec<Features> {
    let talents: Vec<TalentRecord<'_>> = records.freelancers.iter().map(mapping::talent_record).collect();
    Features::of_records(&mapping::need_of_record(&records.project, now), &talents)
}
