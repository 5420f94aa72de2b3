//! Advice for a freelancer: the rank for a project today, and with one more skill.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    eligibility::{self, ProjectTerms},
    freelancer::Freelancer,
    project::Project,
    values::{ProjectId, Skill},
};
use http_api::{
    ApiError, Query, SignedIn,
    operation::{Existing, Problems, Queried, SignIn},
};
use matching::{Features, PackedTalent, Standing};
use runtime::clock;
use serde::Serialize;
use tokio::try_join;
use utoipa::ToSchema;

use crate::{
    Matches,
    body::{ModelBody, in_language, no_profile, no_project},
    language::AcceptLanguage,
    obstacle::Obstacle,
    pools::{Places, Wanted},
    sentence,
    share::{LeastOverlap, Overlap},
};

/// The freelancer's rank for a project, and the rank with each wanted skill that the profile does not name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Advice)]
pub(crate) struct AdviceBody<'a> {
    /// The project.
    #[schema(value_type = String, example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0")]
    project_id: ProjectId,
    /// The model that ranked.
    model: ModelBody,
    /// The freelancer's rank among all eligible freelancers with enough of the skills; 1 is the best. A closed project
    /// is ranked as if it were open. A freelancer with `too_few_skills` is not listed at this rank.
    #[schema(example = 14)]
    rank: usize,
    /// The freelancer's score.
    #[schema(example = 0.12)]
    score: f32,
    /// Why the project does not list the freelancer at any rank: `project_closed`, `own_project`, `unavailable`,
    /// `no_shared_language`, `other_currency`, `above_budget` or `too_few_skills`. Null if it does.
    #[schema(required, example = "above_budget")]
    obstacle: Option<&'static str>,
    /// The obstacle as a sentence in the language that `Accept-Language` prefers.
    #[schema(required, example = "You charge more than the project pays")]
    obstacle_sentence: Option<&'static str>,
    /// The wanted skills that the profile does not name, the most helpful first.
    skills: Vec<SkillAdvice<'a>>,
}

/// The effect of one more skill.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkillAdvice<'a> {
    /// The skill, as the project spells it.
    #[schema(value_type = String, example = "DynamoDB")]
    skill: &'a Skill,
    /// The freelancer's rank with this skill.
    #[schema(example = 3)]
    rank: usize,
    /// The freelancer's score with this skill.
    #[schema(example = 0.29)]
    score: f32,
    /// Whether the freelancer would then have enough of the skills to be listed at this rank.
    #[schema(example = true)]
    shown: bool,
    /// The effect as a sentence in the language that `Accept-Language` prefers.
    #[schema(example = "With DynamoDB you would rank 3rd instead of 14th")]
    sentence: String,
}

/// How to rank higher for a project
///
/// Ranks all eligible freelancers with enough of the project's skills, and ranks them again with each wanted skill that
/// the freelancer does not name yet.
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
        (status = OK, description = "The rank today, and with each skill.", body = AdviceBody<'_>),
        Problems<(SignIn, Existing, Queried)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn get_my_advice(
    State(matches): State<Matches>,
    SignedIn { account_id, .. }: SignedIn,
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
        // No freelancer has one of the skills, so everybody is listed today. With one of them, this freelancer would be
        // the only one.
        let among_all = talents.ask(&asked(true, &[*pair])).await?;
        *today = among_all.into_iter().next().unwrap_or(*today);
        has_enough = true;
    }
    let today = *today;

    let mut skills: Vec<SkillAdvice<'_>> = missing
        .iter()
        .zip(pairs.iter().zip(&places).skip(1))
        .map(|(&skill, (pair, &Standing { rank, score, .. }))| {
            let shown = has_enough || takes(pair);
            let (today, with_it) = (has_enough.then_some(today.rank), shown.then_some(rank));
            let sentence = sentence::advice(language, skill.as_str(), today, with_it);
            SkillAdvice { skill, rank, score, shown, sentence }
        })
        .collect();
    // The sort is stable: skills that help equally stay in the project's order.
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

/// The wanted skills that the freelancer does not name, each under its first name. None if the profile has no room for
/// another skill.
fn missing_skills<'a>(project: &'a Project, freelancer: &Freelancer) -> Vec<&'a Skill> {
    let (named, mut seen) = (&freelancer.profile.skills, BTreeSet::new());
    let skills = project.brief.skills.as_slice().iter();
    skills.filter(|skill| named.with(skill).is_some() && seen.insert(skill.key())).collect()
}
