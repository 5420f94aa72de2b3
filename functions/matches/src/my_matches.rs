//! Projects for a freelancer.

use axum::{extract::State, response::Response};
use domain::{
    eligibility,
    freelancer::{Freelancer, WorkHistory},
    values::{AccountId, ProjectId},
};
use http_api::{
    ApiError, Query, SignedIn,
    operation::{Existing, Paged, Problems, SignIn},
};
use jiff::Timestamp;
use matching::{Features, PackedTalent};
use pool::PooledProject;
use runtime::clock;
use serde::Serialize;
use tokio::{join, task::yield_now, try_join};
use ulid::Ulid;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{JudgementBody, ModelBody, ProjectSummaryBody, in_language, judgements, no_profile},
    cursor::Basis,
    language::AcceptLanguage,
    page::{PageRequest, Paging},
    pools::{Counts, ProjectPool, Talents},
    ranking::{Candidate, rank},
    share::Overlap,
};

/// Projects for a freelancer, best first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreelancerMatches)]
pub(crate) struct FreelancerMatchesBody<'a> {
    /// The freelancer.
    #[schema(value_type = String, example = "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B")]
    freelancer_id: AccountId,
    /// The model that ranked.
    model: ModelBody,
    /// The number of scored projects: the open ones that the freelancer is eligible for and has enough of the skills
    /// for (`min_skill_overlap`).
    #[schema(example = 57)]
    pool_size: usize,
    /// The page, best first.
    items: Vec<FreelancerMatch<'a>>,
    /// The `cursor` of the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A project for the freelancer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FreelancerMatch<'a> {
    /// The project.
    project: ProjectSummaryBody<'a>,
    /// The score and its reasons. The owner of the project sees the same.
    #[serde(flatten)]
    judgement: JudgementBody,
}

/// Projects for me
///
/// Scores every open project that the freelancer is eligible for and has a wanted skill of. If there is no such
/// project, it scores every project that the freelancer is eligible for. A change may take a second to show.
#[utoipa::path(
    get,
    path = "/freelancers/me/matches",
    tag = "matches",
    params(Overlap, Paging, AcceptLanguage),
    responses(
        (status = OK, description = "The best projects, best first.", body = FreelancerMatchesBody<'_>),
        Problems<(SignIn, Existing, Paged)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn list_my_matches(
    State(matches): State<Matches>,
    SignedIn { account_id, .. }: SignedIn,
    AcceptLanguage(language): AcceptLanguage,
    Query((overlap, paging)): Query<(Overlap, Paging)>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    let ranking = ("freelancer matches", &*account_id.to_string(), &*matches.model);
    let page = PageRequest::new(ranking, &overlap, &paging, now)?;
    let (freelancer, talents, projects) =
        try_join!(matches.store.talent(account_id), matches.pools.freelancers(now), matches.pools.projects(now))?;
    let (freelancer, history) = freelancer.ok_or_else(no_profile)?;
    let eligible = eligible(&freelancer, &history, &talents, &projects, &page, now).await?;
    let enough = eligible.iter().filter(|(_, has_enough)| *has_enough).count();
    let everybody = page.basis.everybody || page.is_for_everybody(enough);
    let ranked = eligible.into_iter().filter(|(_, has_enough)| *has_enough || everybody);
    let candidates: Vec<Candidate> = ranked.map(|(candidate, _)| candidate).collect();
    let basis = Basis { everybody, ..page.basis.clone() };
    let ranked = rank(&matches.model, &candidates, &page, basis)?;
    let pairs: Vec<(Features, f32)> = ranked.items.iter().map(|(it, score)| (it.features, *score)).collect();
    let ids: Vec<ProjectId> = ranked.items.iter().map(|(candidate, _)| ProjectId::new(candidate.id)).collect();
    drop((talents, projects));
    // The explanations are computed while the projects are loaded. The request for the projects is sent first.
    let judged = async {
        yield_now().await;
        judgements(&matches.model, &pairs, language)
    };
    let (shown, judgements) = join!(matches.store.project_summaries(&ids), judged);
    let (shown, judgements) = (shown?, judgements.map_err(ApiError::internal)?);
    // A project that was just closed is left out.
    let items = shown.iter().zip(judgements).filter_map(|(project, judgement)| {
        let project = project.as_ref().filter(|project| project.is_open_at(now))?.into();
        Some(FreelancerMatch { project, judgement })
    });
    let body = FreelancerMatchesBody {
        freelancer_id: account_id,
        model: matches.model.as_ref().into(),
        pool_size: ranked.pool_size,
        items: items.collect(),
        next_cursor: ranked.next_cursor,
    };
    Ok(in_language(language, &body))
}

/// Every project that the freelancer is eligible for, and whether they have enough of its skills.
async fn eligible(
    freelancer: &Freelancer,
    history: &WorkHistory,
    talents: &Talents<'_>,
    projects: &ProjectPool,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Vec<(Candidate, bool)>, ApiError> {
    let talent = PackedTalent::of(&pool::talent(freelancer, history));
    let terms = freelancer.terms();
    let is_eligible = |(_, project): &(Ulid, &PooledProject)| eligibility::check(project.terms(now), terms).is_ok();
    let wanted: Vec<(Ulid, &PooledProject)> = projects.iter().filter(is_eligible).collect();
    // One question counts the skills of all projects.
    let skills = wanted.iter().flat_map(|(_, project)| project.need.skill_hashes().iter().copied());
    let statistics = talents.ask(&Counts::of(skills)).await?;
    let candidate = |(id, project): (Ulid, &PooledProject)| {
        let need = statistics.prepare_packed(&project.need, page.basis.ranked_at.as_second());
        let need = page.least_overlap.of(need, false);
        let features = Features::of(&need, &talent);
        (Candidate { id, asked: project.need.fingerprint(), features }, need.takes(&features))
    };
    Ok(wanted.into_iter().map(candidate).collect())
}
