//! Another password for one's own account.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::validation::{Field, FromJson, Object};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, JsonBody, Origin, SignedIn, operation::Body, operation::Problems, operation::SignIn};
use runtime::clock;
use serde_json::Value;
use store::{Transaction, keys};
use utoipa::ToSchema;

use super::{
    Password, Verdict,
    reset::{check, invalid_link, replace},
};
use crate::{
    Accounts,
    proof::{Fresh, require_fresh},
    raw_text::RawText,
    registration::Address,
    sessions::{self, InvalidCredentials, invalid_credentials},
};

/// The present password and a new one.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"current_password": "열려라 참깨 2026", "password": "새벽 기차와 노란 등대"}))]
pub(crate) struct PasswordChange {
    /// The password that counts until now.
    #[schema(value_type = String, format = Password)]
    current_password: RawText,
    /// 8 to 128 characters of any kind, and not easily guessed.
    password: Password,
}

impl FromJson for PasswordChange {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (current_password, password) = (body.required("current_password"), body.required("password"));
        Some(Self { current_password: current_password?, password: password? })
    }
}

/// Change my password
///
/// It ends the account's other sessions. It asks for the present password, and for a recent proof of
/// identity: `POST /sessions/current/proof`.
#[utoipa::path(
    put,
    path = "/accounts/me/password",
    tag = "accounts",
    request_body = PasswordChange,
    responses(
        (status = NO_CONTENT, description = "The new password counts."),
        Problems<(SignIn, Fresh, Body, InvalidCredentials)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn change_my_password(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let PasswordChange { current_password, password } = body.read()?;
    let SignedIn { account_id, session_id, .. } = signed_in;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Address { email } = address.ok_or_else(invalid_link)?;
    let device = session_id.to_string();
    let attempt = accounts.limits.attempt_sign_in(&email.key(), &caller, Some(&device), now).await?;
    let login = sessions::login_of(&accounts, &email).await?;
    let stored = login.as_ref().map(|(_, login)| login.password_hash.as_str());
    let current = Password::typed(current_password.as_str());
    if accounts.passwords.check(&current, stored, None).map_err(ApiError::internal)? == Verdict::Wrong {
        return Err(invalid_credentials());
    }
    attempt.succeeded().await?;
    check(&accounts, &password, &email, account_id).await?;
    let mut transaction = Transaction::new();
    replace(&accounts, &mut transaction, &email, &password, &headers, now).await?;
    let changed = Entry::of(account_id, Act::PasswordChanged, &origin, now).in_session(session_id);
    audit::commit(&accounts.store, transaction, &[changed]).await?;
    sessions::end_others(&accounts, account_id, Some(session_id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
