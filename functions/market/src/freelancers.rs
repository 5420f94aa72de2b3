//! Freelancers: the account's own profile, and the public list.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    freelancer::{Freelancer, FreelancerProfile},
    values::AccountId,
};
use http_api::{
    Action, ApiError, Caller, Decision, JsonBody, Query, ReadCondition, SignedIn, WriteConditions, commit_with_retries,
    json,
    operation::{Body, Conditional, Existing, Limited, OpenAccount, Paged, Problems, SignIn},
};
use runtime::clock::now;
use store::{Transaction, freelancers::FREELANCER};

use crate::{
    Market,
    body::{FreelancerBody, not_modified, record},
    filters::Filters,
    page::{Page, PageRequest, Paging},
};

/// A page of freelancers. It has a name because utoipa writes generic types out in full.
type FreelancerPage = Page<FreelancerBody>;

/// Put my profile
///
/// Replaces the whole profile. Fields that are left out go back to their defaults. The first profile makes the account
/// a freelancer. Fields that are not part of the profile, such as `rating`, are ignored, so a client may read a
/// profile, edit it and put it back. A profile that is equal to the stored one changes nothing, not even the `ETag`.
#[utoipa::path(
    put,
    path = "/freelancers/me",
    tag = "freelancers",
    params(WriteConditions),
    request_body = FreelancerProfile,
    responses(
        (status = OK, description = "The profile is replaced.", body = FreelancerBody,
            headers(("ETag" = String, description = "The version written."))),
        (status = CREATED, description = "The account is a freelancer now.", body = FreelancerBody,
            headers(("ETag" = String, description = "The version written."))),
        Problems<(SignIn, OpenAccount, Body, Conditional, Limited)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn put_my_freelancer(
    State(market): State<Market>,
    signed_in: SignedIn,
    caller: Caller,
    conditions: WriteConditions,
    body: JsonBody,
) -> Result<Response, ApiError> {
    signed_in.require_open()?;
    let account_id = signed_in.account_id;
    market.limits.take(Action::Write, caller.account(&account_id.to_string()), now()).await?;
    let profile = body.read::<FreelancerProfile>()?;
    let (status, freelancer) = commit_with_retries(&market.store, FREELANCER, || async {
        let before = market.store.freelancer_to_change(account_id).await?;
        conditions.check(before.as_ref().map(|freelancer| freelancer.combined_version().get()))?;
        let (status, decided) = match &before {
            None => {
                let account = market.store.account(account_id).await?.ok_or_else(account_is_gone)?;
                let last = market.store.last_freelancer_version(account_id).await?;
                let (name, profile) = (account.display_name, profile.clone());
                let introduced = Freelancer::introduce_after(last, account_id, name, profile, now());
                (StatusCode::CREATED, introduced)
            }
            Some(freelancer) => match freelancer.replace_profile(profile.clone(), now()) {
                Some(replaced) => (StatusCode::OK, replaced),
                None => return Ok(Decision::Unchanged((StatusCode::OK, freelancer.clone()))),
            },
        };
        let mut transaction = Transaction::new();
        transaction.save_freelancer(before.as_ref(), &decided)?;
        Ok(Decision::Commit(transaction, (status, decided.state)))
    })
    .await?;
    Ok(answer(status, freelancer))
}

/// Read my profile
#[utoipa::path(
    get,
    path = "/freelancers/me",
    tag = "freelancers",
    params(ReadCondition),
    responses(
        (status = OK, description = "The account as a freelancer.", body = FreelancerBody,
            headers(("ETag" = String, description = "The version read."))),
        (status = NOT_MODIFIED, description = "The client has this version."),
        Problems<(SignIn, Existing)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn get_my_freelancer(
    State(market): State<Market>,
    SignedIn { account_id, .. }: SignedIn,
    condition: ReadCondition,
) -> Result<Response, ApiError> {
    let freelancer = market.store.freelancer(account_id).await?.ok_or_else(no_profile)?;
    Ok(read(freelancer, &condition))
}

/// Delete my profile
///
/// The freelancer leaves the lists and the matches, and the track record goes with the profile. The account stays, and
/// may put a new profile.
#[utoipa::path(
    delete,
    path = "/freelancers/me",
    tag = "freelancers",
    params(WriteConditions),
    responses(
        (status = NO_CONTENT, description = "The account is no freelancer any more."),
        Problems<(SignIn, Existing, Conditional, Limited)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn delete_my_freelancer(
    State(market): State<Market>,
    SignedIn { account_id, .. }: SignedIn,
    caller: Caller,
    conditions: WriteConditions,
) -> Result<Response, ApiError> {
    market.limits.take(Action::Write, caller.account(&account_id.to_string()), now()).await?;
    commit_with_retries(&market.store, FREELANCER, || async {
        let before = market.store.freelancer_to_change(account_id).await?.ok_or_else(no_profile)?;
        conditions.check(Some(before.combined_version().get()))?;
        let mut transaction = Transaction::new();
        transaction.delete_freelancer(&before, &before.leave(now()))?;
        Ok(Decision::Commit(transaction, ()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
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
    condition: ReadCondition,
) -> Result<Response, ApiError> {
    let id: AccountId = id.parse().map_err(|_| no_such_freelancer())?;
    let freelancer = market.store.freelancer(id).await?.filter(|freelancer| !freelancer.withdrawn);
    let freelancer = freelancer.ok_or_else(no_such_freelancer)?;
    Ok(read(freelancer, &condition))
}

/// List freelancers
///
/// All freelancers, newest first, or those of one category, with one skill, or both.
#[utoipa::path(
    get,
    path = "/freelancers",
    tag = "freelancers",
    params(Filters, Paging),
    responses(
        (status = OK, description = "One page of the list.", body = FreelancerPage),
        Problems<(Paged,)>,
    )
)]
pub(crate) async fn list_freelancers(
    State(market): State<Market>,
    Query((filters, paging)): Query<(Filters, Paging)>,
) -> Result<Response, ApiError> {
    let request = PageRequest::new(filters.list_id("freelancers"), &paging)?;
    let listed = market.store.list_freelancers(&filters.listing(), request.page).await?;
    Ok(json(StatusCode::OK, &request.answer::<_, FreelancerBody>(listed, |it| it.id.ulid())?))
}

fn read(freelancer: Freelancer, condition: &ReadCondition) -> Response {
    if condition.has(freelancer.combined_version().get()) {
        return not_modified(freelancer.combined_version());
    }
    answer(StatusCode::OK, freelancer)
}

fn answer(status: StatusCode, freelancer: Freelancer) -> Response {
    record(status, freelancer.combined_version(), &FreelancerBody::from(freelancer))
}

fn no_profile() -> ApiError {
    ApiError::not_found("This account has no freelancer profile yet. Save one with PUT /freelancers/me.")
}

fn no_such_freelancer() -> ApiError {
    ApiError::not_found("There is no freelancer with this id.")
}

fn account_is_gone() -> ApiError {
    ApiError::unauthorized("The account of this access token does not exist any more.")
}
