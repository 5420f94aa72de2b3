//! Freelancers: one's own profile, and everybody's.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    freelancer::{Freelancer, FreelancerInput},
    values::AccountId,
};
use http_api::{
    ApiError, JsonBody, Preconditions, QueryParameters, SignedIn, json, operation::Body, operation::Conditional,
    operation::Existing, operation::Paged, operation::Problems, operation::ReadCondition, operation::SignIn,
    operation::WriteConditions,
};
use runtime::clock::now;
use store::{Transaction, freelancers::FREELANCER};

use crate::{
    ATTEMPTS, Market,
    body::{FreelancerBody, not_modified, record},
    page::{FilterParameters, Page, PageParameters, public_list},
};

/// A page of freelancers. Named, since utoipa writes generic types out in full.
type FreelancerPage = Page<FreelancerBody>;

/// Put my profile
///
/// Replaces the whole profile; what is left out goes back to its default. The first time, it makes the account a
/// freelancer. Fields that are not the profile's, such as `rating`, are ignored, so that what was read can be edited and
/// put back. Saying what was said already changes nothing, not even the `ETag`.
#[utoipa::path(
    put,
    path = "/freelancers/me",
    tag = "freelancers",
    params(WriteConditions),
    request_body = FreelancerInput,
    responses(
        (status = OK, description = "The profile is replaced.", body = FreelancerBody,
            headers(("ETag" = String, description = "The version written."))),
        (status = CREATED, description = "The account is a freelancer now.", body = FreelancerBody,
            headers(("ETag" = String, description = "The version written."))),
        Problems<(SignIn, Body, Conditional)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn put_my_freelancer(
    State(market): State<Market>,
    SignedIn { account_id }: SignedIn,
    preconditions: Preconditions,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let profile = body.read::<FreelancerInput>()?.validate()?;
    for _ in 0..ATTEMPTS {
        let before = market.store.freelancer(account_id).await?;
        preconditions.check_write(before.as_ref().map(|freelancer| freelancer.version.get()))?;
        let decided = match &before {
            None => {
                let account = market.store.account(account_id).await?.ok_or_else(account_is_gone)?;
                Freelancer::introduce(account_id, account.display_name, profile.clone(), now())
            }
            Some(freelancer) => match freelancer.replace_profile(profile.clone(), now()) {
                Some(decided) => decided,
                None => return Ok(answer(StatusCode::OK, freelancer.clone())),
            },
        };
        let mut transaction = Transaction::new();
        transaction.save_freelancer(before.as_ref(), &decided)?;
        match market.store.commit(transaction).await {
            Err(lost) if lost.is_conflict_on(FREELANCER) => continue,
            committed => committed?,
        }
        let status = if before.is_none() { StatusCode::CREATED } else { StatusCode::OK };
        return Ok(answer(status, decided.state));
    }
    Err(ApiError::conflict("The profile keeps changing at the same time. Read it again and repeat the change on it."))
}

/// Read my profile
#[utoipa::path(
    get,
    path = "/freelancers/me",
    tag = "freelancers",
    params(ReadCondition),
    responses(
        (status = OK, description = "The freelancer that the account is.", body = FreelancerBody,
            headers(("ETag" = String, description = "The version read."))),
        (status = NOT_MODIFIED, description = "The client has this version."),
        Problems<(SignIn, Existing)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn get_my_freelancer(
    State(market): State<Market>,
    SignedIn { account_id }: SignedIn,
    preconditions: Preconditions,
) -> Result<Response, ApiError> {
    let freelancer = market.store.freelancer(account_id).await?;
    let freelancer = freelancer
        .ok_or_else(|| ApiError::not_found("You have no freelancer profile yet. PUT /freelancers/me makes one."))?;
    Ok(read(freelancer, &preconditions))
}

/// Read a freelancer
#[utoipa::path(
    get,
    path = "/freelancers/{id}",
    tag = "freelancers",
    params(
        ("id" = String, Path, description = "The freelancer's account.", example = "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B"),
        ReadCondition,
    ),
    responses(
        (status = OK, description = "The freelancer.", body = FreelancerBody,
            headers(("ETag" = String, description = "The version read."))),
        (status = NOT_MODIFIED, description = "The client has this version."),
        Problems<(Existing,)>,
    )
)]
pub(crate) async fn get_freelancer(
    State(market): State<Market>,
    Path(id): Path<String>,
    preconditions: Preconditions,
) -> Result<Response, ApiError> {
    let id: AccountId = id.parse().map_err(|_| no_such_freelancer())?;
    let freelancer = market.store.freelancer(id).await?.ok_or_else(no_such_freelancer)?;
    Ok(read(freelancer, &preconditions))
}

/// List freelancers
///
/// Everybody who put a profile, newest first, narrowed to a category, a skill, or both.
#[utoipa::path(
    get,
    path = "/freelancers",
    tag = "freelancers",
    params(FilterParameters, PageParameters),
    responses(
        (status = OK, description = "One page of the list.", body = FreelancerPage),
        Problems<(Paged,)>,
    )
)]
pub(crate) async fn list_freelancers(
    State(market): State<Market>,
    parameters: QueryParameters,
) -> Result<Response, ApiError> {
    let (listing, request) = public_list(&parameters, "freelancers")?;
    let listed = market.store.list_freelancers(&listing, request.page).await?;
    Ok(json(StatusCode::OK, &request.answer::<_, FreelancerBody>(listed, |it| it.id.ulid())?))
}

fn read(freelancer: Freelancer, preconditions: &Preconditions) -> Response {
    if preconditions.has(freelancer.version.get()) {
        return not_modified(freelancer.version);
    }
    answer(StatusCode::OK, freelancer)
}

fn answer(status: StatusCode, freelancer: Freelancer) -> Response {
    record(status, freelancer.version, &FreelancerBody::from(freelancer))
}

fn no_such_freelancer() -> ApiError {
    ApiError::not_found("There is no freelancer with this id.")
}

fn account_is_gone() -> ApiError {
    ApiError::unauthorized("The account of this access token does not exist any more.")
}
