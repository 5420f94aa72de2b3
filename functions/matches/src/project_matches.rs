//! Freelancers for a project.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use domain::{
    id::{AccountId, ProjectId},
    project::Project,
};
use jiff::Timestamp;
use matching::{Features, Position, Ranking};
use platform::{
    api::{
        ApiError, QueryParameters, SignedIn,
        operation::{Existing, Owner, Paged, Problems, SignIn},
    },
    clock,
};
use serde::Serialize;
use ulid::Ulid;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{FreelancerBrief, JudgementBody, in_language, judgements, no_project},
    cursor::{ModelBody, PageRequest, RankingParameters},
    language::{Language, LanguageParameter},
    mapping,
};

/// Freelancers for a project, best first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProjectMatches)]
pub(crate) struct ProjectMatchesBody<'a> {
    /// The project.
    #[schema(value_type = String, example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0")]
    project_id: ProjectId,
    /// The net that ranked.
    model: ModelBody,
    /// How many eligible freelancers were scored: all there are.
    #[schema(example = 412)]
    pool_size: usize,
    /// The best of them, behind the cursor.
    items: Vec<ProjectMatch<'a>>,
    /// Asks for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A freelancer for the project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectMatch<'a> {
    /// Who.
    freelancer: FreelancerBrief<'a>,
    /// What the net makes of the pair.
    #[serde(flatten)]
    judgement: JudgementBody,
}

/// Freelancers for my project
///
/// Every eligible freelancer is scored: the project is open, a language is shared, the price is within the budget, and the
/// freelancer takes work. A change may take a second to show.
#[utoipa::path(
    get,
    path = "/projects/{id}/matches",
    tag = "matches",
    params(
        ("id" = String, Path, description = "The project.", example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0"),
        RankingParameters,
        LanguageParameter,
    ),
    responses(
        (status = OK, description = "The best freelancers, best first.", body = ProjectMatchesBody<'_>),
        Problems<(SignIn, Owner, Existing, Paged)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn project_matches(
    State(matches): State<Matches>,
    SignedIn { account_id }: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    parameters: QueryParameters,
) -> Result<Response, ApiError> {
    let (now, language) = (clock::now(), Language::of(&headers));
    let page = PageRequest::read(&parameters, "project matches", &id, &matches.model, now)?;
    let id: ProjectId = id.parse().map_err(|_| no_project())?;
    let project = matches.store.project(id).await?.ok_or_else(no_project)?;
    if !project.is_owned_by(account_id) {
        return Err(ApiError::forbidden("Only its owner may read a project's matches."));
    }
    let (ranking, next_cursor) = rank(&matches, &project, &page, now).await?;
    let ids: Vec<AccountId> = ranking.matches.iter().map(|it| AccountId::new(Ulid(it.id))).collect();
    let freelancers = matches.store.freelancers(&ids).await?;
    // Who left a moment ago is left out.
    let pairs: Vec<(Features, f32)> = ranking.matches.iter().map(|it| (it.features, it.score)).collect();
    let judgements = judgements(&matches.model, &pairs, language);
    let items = judgements.into_iter().zip(&freelancers).filter_map(|(judgement, freelancer)| {
        let freelancer = freelancer.as_ref()?.into();
        Some(ProjectMatch { freelancer, judgement })
    });
    let body = ProjectMatchesBody {
        project_id: id,
        model: matches.model.as_ref().into(),
        pool_size: ranking.scored,
        items: items.collect(),
        next_cursor,
    };
    Ok(in_language(language, &body))
}

/// The page of everybody who is eligible, and the cursor behind it.
async fn rank(
    matches: &Matches,
    project: &Project,
    page: &PageRequest,
    now: Timestamp,
) -> Result<(Ranking, Option<String>), ApiError> {
    let need = mapping::need(&project.brief, page.ranked_at);
    let after = page.after.map(|after| Position { score: after.score, id: after.id.0 });
    let talents = matches.pools.freelancers(now).await?;
    // One more than asked for tells whether there is a next page.
    let mut ranking = talents
        .rank(&matches.model, &need, project.terms(), page.limit + 1, after.as_ref())
        .map_err(ApiError::internal)?;
    let more = ranking.matches.len() > page.limit;
    ranking.matches.truncate(page.limit);
    let last = ranking.matches.last().filter(|_| more);
    let next_cursor = last.map(|last| page.cursor(last.score, Ulid(last.id)));
    Ok((ranking, next_cursor))
}
