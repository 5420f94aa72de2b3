//! Freelancers for a project.

use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::values::{AccountId, ProjectId};
use http_api::{
    ApiError, Query, SignedIn,
    operation::{Existing, Owner, Paged, Problems, SignIn},
};
use matching::Features;
use runtime::clock;
use serde::Serialize;
use tokio::{join, task::yield_now, try_join};
use ulid::Ulid;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{FreelancerSummaryBody, JudgementBody, ModelBody, in_language, judgements, no_project},
    language::AcceptLanguage,
    order::{Newcomers, Order},
    page::Paging,
    share::Overlap,
};

/// Freelancers for a project, best first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProjectMatches)]
pub(crate) struct ProjectMatchesBody<'a> {
    /// The project.
    #[schema(value_type = String, example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0")]
    project_id: ProjectId,
    /// The model that ranked.
    model: ModelBody,
    /// The number of scored freelancers: the eligible ones with enough of the wanted skills (`min_skill_overlap`).
    #[schema(example = 412)]
    pool_size: usize,
    /// The page, best first.
    items: Vec<ProjectMatch<'a>>,
    /// The `cursor` of the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A freelancer for the project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectMatch<'a> {
    /// The freelancer.
    freelancer: FreelancerSummaryBody<'a>,
    /// Whether the freelancer is a newcomer, who has made no proposal and done no job.
    newcomer: bool,
    /// The score and its reasons.
    #[serde(flatten)]
    judgement: JudgementBody,
}

/// Freelancers for my project
///
/// Scores every eligible freelancer with one of the wanted skills. A freelancer is eligible if the project is open,
/// they share a language, the price is within the budget, and the freelancer is available. If no freelancer has one of
/// the skills, every eligible freelancer is scored. A change may take a second to show. All pages of a ranking are
/// ranked as of the time of the first page.
#[utoipa::path(
    get,
    path = "/projects/{id}/matches",
    tag = "matches",
    params(
        ("id" = String, Path, description = "The project.", example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0"),
        Newcomers,
        Overlap,
        Paging,
        AcceptLanguage,
    ),
    responses(
        (status = OK, description = "The best freelancers, best first.", body = ProjectMatchesBody<'_>),
        Problems<(SignIn, Owner, Existing, Paged, Newcomers)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn list_project_matches(
    State(matches): State<Matches>,
    SignedIn { account_id, .. }: SignedIn,
    Path(id): Path<String>,
    AcceptLanguage(language): AcceptLanguage,
    Query(parameters): Query<(Newcomers, Overlap, Paging)>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    let order = Order::new(&parameters, &id, &matches.model, now)?;
    let id: ProjectId = id.parse().map_err(|_| no_project())?;
    let (project, talents) = try_join!(matches.store.project(id), matches.pools.freelancers(now))?;
    let project = project.ok_or_else(no_project)?;
    if !project.is_owned_by(account_id) {
        return Err(ApiError::forbidden("Only the owner of a project may read its matches."));
    }
    let need = pool::packed_need(&project.brief);
    let (ranking, next_cursor) = order.rank(&talents, &need, project.terms(now)).await?;
    drop(talents);
    let ids: Vec<AccountId> = ranking.matches.iter().map(|it| AccountId::new(Ulid(it.id))).collect();
    let pairs: Vec<(Features, f32)> = ranking.matches.iter().map(|it| (it.features, it.score)).collect();
    // The explanations are computed while the profiles are loaded, but only after the request for the profiles is sent.
    let judged = async {
        yield_now().await;
        judgements(&matches.model, &pairs, language)
    };
    let (freelancers, judgements) = join!(matches.store.freelancer_summaries(&ids), judged);
    let (freelancers, judgements) = (freelancers?, judgements.map_err(ApiError::internal)?);
    // A freelancer who has just left is left out.
    let items =
        pairs.iter().zip(judgements).zip(&freelancers).filter_map(|(((features, _), judgement), freelancer)| {
            let freelancer = freelancer.as_ref()?.into();
            Some(ProjectMatch { freelancer, newcomer: features.is_of_newcomer(), judgement })
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
