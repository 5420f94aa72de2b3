//! Another address for one's own account.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    validation::{Field, FromJson, Object},
    values::Email,
};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, JsonBody, SignedIn, operation::Body, operation::Problems, operation::SignIn};
use mail::LetterKind;
use runtime::clock;
use serde_json::Value;
use store::Transaction;
use utoipa::ToSchema;

use crate::{
    Accounts,
    letters::{language, send},
    permit::{CONFIRMABLE, Permit},
    proof::{Fresh, require_fresh},
    sessions,
};

/// A new address.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"email": "mina.kim@example.com"}))]
pub(crate) struct NewEmail {
    email: Email,
}

impl FromJson for NewEmail {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { email: Object::of(value, field)?.required("email")? })
    }
}

/// Change my address
///
/// The new address counts after its owner follows the link in a letter to it. The answer does not tell whether the
/// address has an account. It needs a recent proof of identity.
#[utoipa::path(
    put,
    path = "/accounts/me/email",
    tag = "accounts",
    request_body = NewEmail,
    responses(
        (status = ACCEPTED, description = "A letter to the new address is on its way."),
        Problems<(SignIn, Fresh, Body)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn change_my_email(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let NewEmail { email } = body.read()?;
    accounts.limits.take(Action::Reset, caller.account(&email.key()), now).await?;
    let account_id = signed_in.account_id;
    let owner = sessions::login_of(&accounts, &email).await?.map(|(_, login)| login.account_id);
    let mut transaction = Transaction::new();
    let is_taken = owner.is_some_and(|owner| owner != account_id);
    let permit = if is_taken { Permit::Nothing } else { Permit::ChangeEmail { account_id, email: email.clone() } };
    let token = permit.issue(&mut transaction, CONFIRMABLE, now)?;
    let kind = if is_taken { LetterKind::AddressHasAccount } else { LetterKind::ConfirmEmail { token } };
    send(&mut transaction, email, language(&headers), kind, now)?;
    accounts.store.commit(transaction).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}
