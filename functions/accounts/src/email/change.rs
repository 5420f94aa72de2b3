//! Another address for one's own account.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    validation::{Field, FromJson, Object},
    values::{AccountId, Email},
};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, JsonBody, Origin, SignedIn, operation::Body, operation::Problems, operation::SignIn};
use mail::LetterKind;
use runtime::clock;
use serde_json::Value;
use store::{Transaction, keys};
use utoipa::ToSchema;

use crate::{
    Accounts,
    letters::{language, send},
    permit::{CONFIRMABLE, LoginMark, Permit},
    proof::{Fresh, require_fresh},
    registration::{Address, Login},
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
    origin: Origin,
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
    let (old, login) = own_login(&accounts, account_id).await?;
    let permit = match is_taken {
        true => Permit::Nothing,
        false => Permit::ChangeEmail { account_id, email: email.clone(), login: LoginMark::of(&old, &login) },
    };
    let token = permit.issue(&mut transaction, CONFIRMABLE, now)?;
    let kind = if is_taken { LetterKind::AddressHasAccount } else { LetterKind::ConfirmEmail { token } };
    send(&mut transaction, email, language(&headers), kind, now)?;
    let asked = Entry::of(account_id, Act::AddressChangeRequested, &origin, now).in_session(signed_in.session_id);
    audit::commit(&accounts.store, transaction, &[asked]).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// The address and the login of an account.
async fn own_login(accounts: &Accounts, account_id: AccountId) -> Result<(Email, Login), ApiError> {
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Address { email } = address.ok_or_else(|| ApiError::internal("an account without an address"))?;
    let login = sessions::login_of(accounts, &email).await?;
    let (_, login) = login.ok_or_else(|| ApiError::internal("an address without a login"))?;
    Ok((email, login))
}
