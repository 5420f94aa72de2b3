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
    /// The net that ranked.
    model: ModelBody,
    /// How many eligible freelancers were scored: all there are with enough of the wanted skills, as
    /// `min_skill_overlap` has it.
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
    freelancer: FreelancerSummaryBody<'a>,
    /// Whether they are new here: have neither made a proposal nor done a job.
    newcomer: bool,
    /// What the net makes of the pair.
    #[serde(flatten)]
    judgement: JudgementBody,
}

/// Freelancers for my project
///
/// Every eligible freelancer with one of the wanted skills is scored: the project is open, a language is shared, the
/// price is within the budget, and the freelancer takes work. Where nobody has any of the skills, everybody who is
/// eligible is. A change may take a second to show. The pages of a ranking are of one time: who joins meanwhile moves
/// nobody from one to another.
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
    SignedIn { account_id }: SignedIn,
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
        return Err(ApiError::forbidden("Only its owner may read a project's matches."));
    }
    let need = pool::packed_need(&project.brief);
    let (ranking, next_cursor) = order.rank(&talents, &need, project.terms(now)).await?;
    drop(talents);
    let ids: Vec<AccountId> = ranking.matches.iter().map(|it| AccountId::new(Ulid(it.id))).collect();
    let pairs: Vec<(Features, f32)> = ranking.matches.iter().map(|it| (it.features, it.score)).collect();
    // Explained while the profiles are on their way: not before the connection has had its turn to ask for them.
    let judged = async {
        yield_now().await;
        judgements(&matches.model, &pairs, language)
    };
    let (freelancers, judgements) = join!(matches.store.freelancer_summaries(&ids), judged);
    let (freelancers, judgements) = (freelancers?, judgements.map_err(ApiError::internal)?);
    // Who left a moment ago is left out.
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
