//! What a freelancer could do to rank higher for a project: the same ranking, with one skill more.

use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    eligibility::{self, Ineligible, ProjectTerms},
    freelancer::Freelancer,
    project::Project,
    values::{ProjectId, Skill},
};
use http_api::{
    ApiError, Query, SignedIn,
    operation::{Existing, Problems, Queried, SignIn},
};
use matching::{Features, PackedTalent, Place};
use runtime::clock;
use serde::Serialize;
use tokio::try_join;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{ModelBody, in_language, no_profile, no_project},
    language::AcceptLanguage,
    pools::{Places, Wanted},
    sentence,
    share::{LeastOverlap, Overlap},
};

/// Where I stand for a project, and where each of its skills that I do not name would put me.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Advice)]
pub(crate) struct AdviceBody<'a> {
    /// The project.
    #[schema(value_type = String, example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0")]
    project_id: ProjectId,
    /// The net that ranked.
    model: ModelBody,
    /// My place among all who can be paired with the project and have enough of its skills, 1 for the best; of a closed
    /// one, as if it were open. Who has not enough of them (`too_few_skills`) is not shown at that place.
    #[schema(example = 14)]
    rank: usize,
    /// My score.
    #[schema(example = 0.12)]
    score: f32,
    /// What keeps me from being paired with the project at all, whatever my rank: `project_closed`, `own_project`,
    /// `unavailable`, `no_shared_language`, `other_currency`, `above_budget` or `too_few_skills`; null when nothing
    /// does.
    #[schema(required, example = "above_budget")]
    obstacle: Option<&'static str>,
    /// The same in words, in the language that `Accept-Language` prefers.
    #[schema(required, example = "You charge more than the project pays")]
    obstacle_sentence: Option<&'static str>,
    /// The wanted skills that I do not name, the most helpful first.
    skills: Vec<SkillAdvice<'a>>,
}

/// What one more skill would change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkillAdvice<'a> {
    /// The skill, as the project says it.
    #[schema(value_type = String, example = "DynamoDB")]
    skill: &'a Skill,
    /// My place with it.
    #[schema(example = 3)]
    rank: usize,
    /// My score with it.
    #[schema(example = 0.29)]
    score: f32,
    /// Whether I would have enough of the skills then to be shown at that place.
    #[schema(example = true)]
    shown: bool,
    /// The same in words, in the language that `Accept-Language` prefers.
    #[schema(example = "With DynamoDB you would rank 3rd instead of 14th")]
    sentence: String,
}

/// How to rank higher for a project
///
/// Everybody who can be paired with the project and has enough of its skills is ranked anew for each skill that it
/// wants and the freelancer does not name.
#[utoipa::path(
    get,
    path = "/freelancers/me/matches/{project_id}/advice",
    tag = "matches",
    params(
        ("project_id" = String, Path, description = "The project.", example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0"),
        Overlap,
        AcceptLanguage,
    ),
    responses(
        (status = OK, description = "The place as it is, and with each skill.", body = AdviceBody<'_>),
        Problems<(SignIn, Existing, Queried)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn get_my_advice(
    State(matches): State<Matches>,
    SignedIn { account_id }: SignedIn,
    Path(id): Path<String>,
    AcceptLanguage(language): AcceptLanguage,
    Query(overlap): Query<Overlap>,
) -> Result<Response, ApiError> {
    let (now, least) = (clock::now(), overlap.least());
    let id: ProjectId = id.parse().map_err(|_| no_project())?;
    let (project, freelancer, talents) =
        try_join!(matches.store.project(id), matches.store.talent(account_id), matches.pools.freelancers(now))?;
    let project = project.ok_or_else(no_project)?;
    let (freelancer, history) = freelancer.ok_or_else(no_profile)?;

    let need = talents.prepare(&pool::packed_need(&project.brief), now).await?;
    let missing = missing_skills(&project, &freelancer);
    let talents_with_each = pool::talents_with_each(&freelancer, &history, &missing);
    let pair_of = |talent| Features::of(&need, &PackedTalent::of(talent));
    let pairs: Vec<Features> = talents_with_each.iter().map(pair_of).collect();
    let open = ProjectTerms { is_open: true, ..project.terms(now) };
    let asked = |everybody, pairs: &[Features]| {
        let wanted = Wanted::new(least.of(need.clone(), everybody), open);
        Places { wanted, id: account_id, pairs: pairs.to_vec() }
    };
    let mut places = talents.ask(&asked(false, &pairs)).await?;
    let (Some(pair), Some(today)) = (pairs.first(), places.first_mut()) else {
        return Err(ApiError::internal("a pair without a place"));
    };
    let takes = |pair: &Features| least.of(need.clone(), false).takes(pair);
    let mut has_enough = takes(pair);
    if !has_enough && today.others == 0 && least == LeastOverlap::OneSkill {
        // Nobody has one of the skills: today everybody is shown, and with one of them I would be alone.
        let among_all = talents.ask(&asked(true, &[*pair])).await?;
        *today = among_all.into_iter().next().unwrap_or(*today);
        has_enough = true;
    }
    let today = *today;

    let mut skills: Vec<SkillAdvice<'_>> = missing
        .iter()
        .zip(pairs.iter().zip(&places).skip(1))
        .map(|(&skill, (pair, &Place { rank, score, .. }))| {
            let shown = has_enough || takes(pair);
            let (today, with_it) = (has_enough.then_some(today.rank), shown.then_some(rank));
            let sentence = sentence::advice(language, skill.as_str(), today, with_it);
            SkillAdvice { skill, rank, score, shown, sentence }
        })
        .collect();
    // Stable: skills that help alike stay in the project's order.
    skills.sort_by(|a, b| b.shown.cmp(&a.shown).then(a.rank.cmp(&b.rank)).then(b.score.total_cmp(&a.score)));
    let obstacle = eligibility::check(project.terms(now), freelancer.terms()).err().map(Obstacle::Terms);
    let obstacle = obstacle.or((!has_enough).then_some(Obstacle::TooFewSkills));
    let body = AdviceBody {
        project_id: id,
        model: matches.model.as_ref().into(),
        rank: today.rank,
        score: today.score,
        obstacle: obstacle.map(Obstacle::code),
        obstacle_sentence: obstacle.map(|obstacle| sentence::obstacle(language, obstacle)),
        skills,
    };
    Ok(in_language(language, &body))
}

/// The wanted skills that the freelancer does not name. None for a profile that is full of skills.
fn missing_skills<'a>(project: &'a Project, freelancer: &Freelancer) -> Vec<&'a Skill> {
    let named = &freelancer.profile.skills;
    project.brief.skills.as_slice().iter().filter(|skill| named.with(skill).is_some()).collect()
}

/// What keeps a freelancer from being shown for a project.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Obstacle {
    /// What either of them has said.
    Terms(Ineligible),
    /// Fewer of the wanted skills than are asked for.
    TooFewSkills,
}

impl Obstacle {
    const fn code(self) -> &'static str {
        match self {
            Self::Terms(Ineligible::ProjectClosed) => "project_closed",
            Self::Terms(Ineligible::OwnProject) => "own_project",
            Self::Terms(Ineligible::Unavailable) => "unavailable",
            Self::Terms(Ineligible::NoSharedLanguage) => "no_shared_language",
            Self::Terms(Ineligible::OtherCurrency) => "other_currency",
            Self::Terms(Ineligible::AboveBudget) => "above_budget",
            Self::TooFewSkills => "too_few_skills",
        }
    }
}
