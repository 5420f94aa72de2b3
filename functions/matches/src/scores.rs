//! Scores for records that another system sends. Nothing is stored, and nobody need sign in.

use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    eligibility,
    record::{ScoreInput, ScoreRecords},
};
use jiff::Timestamp;
use matching::{Features, PackedTalent, PoolStatistics, Talent};
use platform::{
    api::{
        ApiError, JsonBody,
        body::LARGEST_BYTES,
        json,
        operation::{Body, Problems},
    },
    clock,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{FreelancerRecordBrief, ReasonBody, reasons},
    cursor::ModelBody,
    mapping,
};

/// The scores of the freelancers that were sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scores)]
pub(crate) struct ScoresBody<'a> {
    /// The net that scored.
    model: ModelBody,
    /// One for each freelancer, in the order they were sent.
    items: Vec<ScoreBody<'a>>,
}

/// The score of one freelancer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Score)]
pub(crate) struct ScoreBody<'a> {
    /// Its place in the request, from 0.
    index: usize,
    /// Who.
    freelancer: FreelancerRecordBrief<'a>,
    /// The net's probability that this freelancer is the right one, between 0 and 1.
    #[schema(example = 0.71)]
    score: f32,
    /// Whether the market would match the two at all: languages, budget, openness and availability.
    eligible: bool,
    /// The ten numbers behind the score.
    reasons: Vec<ReasonBody>,
}

/// Score records
///
/// Scores up to 1,000 freelancers for a project, all of them sent in the request. Nothing is stored. How rare a word or a
/// skill is, is judged by the freelancers that are sent, so scores of different requests compare only roughly.
#[utoipa::path(
    post,
    path = "/matches/score",
    tag = "matches",
    request_body = ScoreInput,
    responses(
        (status = OK, description = "A score for each freelancer.", body = ScoresBody<'_>),
        Problems<(Body,)>,
    )
)]
pub(crate) async fn score_records(
    State(matches): State<Matches>,
    body: JsonBody<LARGEST_BYTES>,
) -> Result<Response, ApiError> {
    let records = body.read::<ScoreInput>()?.validate()?;
    let rows = features(&records, clock::now());
    let scores = matches.model.score(&rows).map_err(ApiError::internal)?;
    let project = records.project.terms();
    let items = records.freelancers.iter().zip(rows).zip(scores).enumerate();
    let items = items.map(|(index, ((freelancer, features), score))| ScoreBody {
        index,
        freelancer: freelancer.into(),
        score,
        eligible: eligibility::check(project, freelancer.terms()).is_ok(),
        reasons: reasons(&features),
    });
    let body = ScoresBody { model: matches.model.as_ref().into(), items: items.collect() };
    Ok(json(StatusCode::OK, &body))
}

fn features(records: &ScoreRecords, now: Timestamp) -> Vec<Features> {
    let talents: Vec<Talent> = records.freelancers.iter().map(mapping::talent_of_record).collect();
    let statistics = PoolStatistics::of_pool(&talents);
    let need = statistics.prepare_need(&mapping::need_of_record(&records.project, now));
    let pairs = talents.iter().map(|talent| Features::of(&need, &PackedTalent::of(talent)));
    pairs.zip(&records.freelancers).map(|(pair, record)| mapping::told_features(pair, record)).collect()
}
