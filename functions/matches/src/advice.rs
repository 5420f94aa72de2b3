//! What a freelancer could do to rank higher for a project: the same ranking, with one skill more.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use domain::{
    eligibility::{self, Ineligible, ProjectTerms},
    freelancer::Freelancer,
    id::ProjectId,
    project::{Project, ProjectStatus},
    tag::Skill,
};
use matching::{Features, PackedTalent, Place};
use platform::{
    api::{
        ApiError, SignedIn,
        operation::{Existing, Problems, SignIn},
    },
    clock,
};
use serde::Serialize;
use tokio::try_join;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{in_language, no_profile, no_project},
    cursor::ModelBody,
    language::{Language, LanguageParameter},
    mapping,
    pools::{Places, Wanted},
    sentence,
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
    /// My place among all who can be paired with the project, 1 for the best; of a closed one, as if it were open.
    #[schema(example = 14)]
    rank: usize,
    /// My score.
    #[schema(example = 0.12)]
    score: f32,
    /// What keeps me from being paired with the project at all, whatever my rank: `project_closed`, `own_project`,
    /// `unavailable`, `no_shared_language`, `other_currency` or `above_budget`; null when nothing does.
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
    /// The same in words, in the language that `Accept-Language` prefers.
    #[schema(example = "With DynamoDB you would rank 3rd instead of 14th")]
    sentence: String,
}

/// How to rank higher for a project
///
/// Everybody who can be paired with the project is ranked anew for each skill that it wants and the freelancer does not name.
#[utoipa::path(
    get,
    path = "/freelancers/me/matches/{project_id}/advice",
    tag = "matches",
    params(
        ("project_id" = String, Path, description = "The project.", example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0"),
        LanguageParameter,
    ),
    responses(
        (status = OK, description = "The place as it is, and with each skill.", body = AdviceBody<'_>),
        Problems<(SignIn, Existing)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn advice(
    State(matches): State<Matches>,
    SignedIn { account_id }: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (now, language) = (clock::now(), Language::of(&headers));
    let id: ProjectId = id.parse().map_err(|_| no_project())?;
    let (project, freelancer, talents) =
        try_join!(matches.store.project(id), matches.store.freelancer(account_id), matches.pools.freelancers(now))?;
    let project = project.ok_or_else(no_project)?;
    let freelancer = freelancer.ok_or_else(no_profile)?;

    let need = talents.prepare(&mapping::need(&project.brief, now)).await?;
    let missing = missing_skills(&project, &freelancer);
    let talents_with_each = pool::talents_with_each(&freelancer, &missing);
    let pairs = talents_with_each.iter().map(|talent| Features::of(&need, &PackedTalent::of(talent))).collect();
    let open = ProjectTerms { status: ProjectStatus::Open, ..project.terms() };
    let places = talents.ask(&Places { wanted: Wanted::new(need, open), id: account_id, pairs }).await?;
    let Some((today, others)) = places.split_first() else {
        return Err(ApiError::internal("a pair without a place"));
    };

    let mut skills: Vec<SkillAdvice<'_>> = missing
        .iter()
        .zip(others)
        .map(|(&skill, &Place { rank, score })| {
            let sentence = sentence::advice(language, skill.as_str(), today.rank, rank);
            SkillAdvice { skill, rank, score, sentence }
        })
        .collect();
    // Stable: skills that help alike stay in the project's order.
    skills.sort_by(|a, b| a.rank.cmp(&b.rank).then(b.score.total_cmp(&a.score)));
    let obstacle = eligibility::check(project.terms(), freelancer.terms()).err();
    let body = AdviceBody {
        project_id: id,
        model: matches.model.as_ref().into(),
        rank: today.rank,
        score: today.score,
        obstacle: obstacle.map(code),
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

const fn code(obstacle: Ineligible) -> &'static str {
    match obstacle {
        Ineligible::ProjectClosed => "project_closed",
        Ineligible::OwnProject => "own_project",
        Ineligible::Unavailable => "unavailable",
        Ineligible::NoSharedLanguage => "no_shared_language",
        Ineligible::OtherCurrency => "other_currency",
        Ineligible::AboveBudget => "above_budget",
    }
}
