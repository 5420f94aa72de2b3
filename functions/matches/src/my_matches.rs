//! Projects for a freelancer.

use axum::{extract::State, response::Response};
use domain::{eligibility, freelancer::Freelancer, values::AccountId};
use http_api::{
    ApiError, Query, SignedIn,
    operation::{Existing, Paged, Problems, SignIn},
};
use matching::{Features, PackedTalent};
use runtime::clock;
use serde::Serialize;
use tokio::try_join;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{JudgementBody, ModelBody, ProjectBrief, in_language, judgements, no_profile},
    cursor::Basis,
    language::AcceptLanguage,
    page::{PageRequest, Paging},
    pools::{Counts, OpenProject, ProjectPool, Talents},
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
    /// The net that ranked.
    model: ModelBody,
    /// How many open projects the freelancer is eligible for and has enough of the skills for, as `min_skill_overlap` has it: all
    /// were scored.
    #[schema(example = 57)]
    pool_size: usize,
    /// The best of them, behind the cursor.
    items: Vec<FreelancerMatch<'a>>,
    /// Asks for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A project for the freelancer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FreelancerMatch<'a> {
    /// Which.
    project: ProjectBrief<'a>,
    /// What the net makes of the pair: the same that the owner of the project sees.
    #[serde(flatten)]
    judgement: JudgementBody,
}

/// Projects for me
///
/// Scores every open project that I am eligible for and have at least one wanted skill of; if there is no such project, every one
/// that I am eligible for. A change may take a second to show.
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
    SignedIn { account_id }: SignedIn,
    AcceptLanguage(language): AcceptLanguage,
    Query((overlap, paging)): Query<(Overlap, Paging)>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    let ranking = ("freelancer matches", &*account_id.to_string(), &*matches.model);
    let page = PageRequest::new(ranking, &overlap, &paging, now)?;
    let (freelancer, talents, projects) =
        try_join!(matches.store.freelancer(account_id), matches.pools.freelancers(now), matches.pools.projects(now))?;
    let freelancer = freelancer.ok_or_else(no_profile)?;
    let eligible = eligible(&freelancer, &talents, &projects, &page).await?;
    let enough = eligible.iter().filter(|(_, has_enough)| *has_enough).count();
    let everybody = page.basis.everybody || page.is_for_everybody(enough);
    let ranked = eligible.into_iter().filter(|(_, has_enough)| *has_enough || everybody);
    let candidates: Vec<Candidate<&OpenProject>> = ranked.map(|(candidate, _)| candidate).collect();
    let basis = Basis { everybody, ..page.basis.clone() };
    let ranked = rank(&matches.model, &candidates, &page, basis)?;
    let pairs: Vec<(Features, f32)> = ranked.items.iter().map(|(it, score)| (it.features, *score)).collect();
    let judgements = judgements(&matches.model, &pairs, language).map_err(ApiError::internal)?.into_iter();
    let items = ranked.items.iter().zip(judgements);
    let items = items.map(|((candidate, _), judgement)| FreelancerMatch { project: candidate.what.into(), judgement });
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
async fn eligible<'a>(
    freelancer: &Freelancer,
    talents: &Talents<'_>,
    projects: &'a ProjectPool,
    page: &PageRequest,
) -> Result<Vec<(Candidate<&'a OpenProject>, bool)>, ApiError> {
    let talent = PackedTalent::of(&pool::talent(freelancer));
    let terms = freelancer.terms();
    let is_eligible = |project: &&OpenProject| eligibility::check(project.row.terms(), terms).is_ok();
    let wanted: Vec<&OpenProject> = projects.iter().filter(is_eligible).collect();
    // What all of them ask for is counted at once.
    let skills = wanted.iter().flat_map(|project| project.need.skill_hashes().iter().copied());
    let statistics = talents.ask(&Counts::of(skills)).await?;
    let candidate = |what: &'a OpenProject| {
        let need = statistics.prepare_packed(&what.need, page.basis.ranked_at.as_second());
        let need = page.least_overlap.of(need, false);
        let features = Features::of(&need, &talent);
        (Candidate { id: what.row.id.ulid(), asked: what.need.fingerprint(), features, what }, need.takes(&features))
    };
    Ok(wanted.into_iter().map(candidate).collect())
}
