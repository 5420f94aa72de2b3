//! Reading one's own account.

use axum::{extract::State, http::StatusCode, response::Response};
use http_api::{ApiError, SignedIn, json, operation::Problems, operation::SignIn};
use store::keys;

use crate::{
    Accounts,
    registration::{AccountBody, Address},
};

/// Read my account
#[utoipa::path(
    get,
    path = "/accounts/me",
    tag = "accounts",
    responses(
        (status = OK, description = "The account of the access token.", body = AccountBody),
        Problems<(SignIn,)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn get_my_account(
    State(accounts): State<Accounts>,
    SignedIn { account_id, .. }: SignedIn,
) -> Result<Response, ApiError> {
    let account = accounts.store.account(account_id).await?;
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    match (account, address) {
        (Some(account), Some(address)) => Ok(json(StatusCode::OK, &AccountBody::new(account, address.email))),
        _ => Err(ApiError::unauthorized("The account of this access token does not exist any more.")),
    }
}
