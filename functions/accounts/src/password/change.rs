//! Another password for one's own account.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, JsonBody, SignedIn, operation::Body, operation::Problems, operation::SignIn};
use runtime::clock;
use store::{Transaction, keys};

use super::reset::{NewPassword, check, invalid_link, replace};
use crate::{
    Accounts,
    proof::{Fresh, require_fresh},
    registration::Address,
    sessions,
};

/// Change my password
///
/// It ends the account's other sessions. It needs a recent proof of identity: `POST /sessions/current/proof`.
#[utoipa::path(
    put,
    path = "/accounts/me/password",
    tag = "accounts",
    request_body = NewPassword,
    responses(
        (status = NO_CONTENT, description = "The new password counts."),
        Problems<(SignIn, Fresh, Body)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn change_my_password(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let NewPassword { password } = body.read()?;
    let SignedIn { account_id, session_id, .. } = signed_in;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Address { email } = address.ok_or_else(invalid_link)?;
    check(&accounts, &password, &email, account_id).await?;
    let mut transaction = Transaction::new();
    replace(&accounts, &mut transaction, &email, &password, &headers, now).await?;
    accounts.store.commit(transaction).await?;
    sessions::end_others(&accounts, account_id, Some(session_id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
