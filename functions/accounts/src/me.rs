//! Reading one's own account.

use axum::{extract::State, http::StatusCode, response::Response};
use http_api::{ApiError, SignedIn, json, operation::Problems, operation::SignIn};
use serde::Serialize;
use store::keys;
use utoipa::ToSchema;

use crate::{
    Accounts,
    registration::{AccountBody, Address},
    second_factor::Standing,
};

/// One's own account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyAccount)]
pub(crate) struct MyAccountBody {
    #[serde(flatten)]
    account: AccountBody,
    /// Whether signing in takes a code.
    has_second_factor: bool,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

/// Read my account
#[utoipa::path(
    get,
    path = "/accounts/me",
    tag = "accounts",
    responses(
        (status = OK, description = "The account of the access token.", body = MyAccountBody),
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
    let standing = Standing::read(&accounts, account_id).await?;
    match (account, address) {
        (Some(account), Some(address)) => {
            let body = MyAccountBody {
                account: AccountBody::new(account, address.email),
                has_second_factor: standing.has_second_factor(),
                recovery_codes_left: standing.recovery_codes_left(),
            };
            Ok(json(StatusCode::OK, &body))
        }
        _ => Err(ApiError::unauthorized("The account of this access token does not exist any more.")),
    }
}
