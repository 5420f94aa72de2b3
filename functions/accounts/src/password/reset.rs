//! A new password for somebody who forgot the old one, by a link in a letter.

use audit::{Act, Entry};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    validation::{Field, FromJson, Object, Violations},
    values::{AccountId, Email},
};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, Code, JsonBody, Origin, operation::Body, operation::ProblemSet, operation::Problems};
use mail::{LetterKind, RESETTABLE};
use runtime::clock;
use serde_json::Value;
use store::{Condition, Transaction, keys};
use ulid::Ulid;
use utoipa::ToSchema;

use super::{Password, strength};
use crate::{
    Accounts,
    letters::{language, send},
    permit::{LoginMark, PERMIT, Permit},
    registration::{Address, LOGIN, Login},
    sessions,
};

/// The address whose password was forgotten.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"email": "mina@example.com"}))]
pub(crate) struct ForgottenPassword {
    email: Email,
}

impl FromJson for ForgottenPassword {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { email: Object::of(value, field)?.required("email")? })
    }
}

/// A new password.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"password": "열려라 참깨 2026"}))]
pub(crate) struct NewPassword {
    /// 8 to 128 characters of any kind, and not easily guessed.
    password: Password,
}

impl FromJson for NewPassword {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { password: Object::of(value, field)?.required("password")? })
    }
}

const INVALID_LINK: Code = Code::new(StatusCode::NOT_FOUND, "invalid_link", "The link was used, or is too old");

/// The secret of a letter allows nothing any more.
pub(crate) struct InvalidLink;

impl ProblemSet for InvalidLink {
    fn codes() -> Vec<Code> {
        vec![INVALID_LINK]
    }
}

/// 404 `invalid_link`.
pub(crate) fn invalid_link() -> ApiError {
    ApiError::new(INVALID_LINK, "Ask for a new letter. A link is good for one use.")
}

/// Ask for a new password
///
/// The answer is the same whether the address has an account or not. If it has one, a letter with a link goes to it.
#[utoipa::path(
    post,
    path = "/password-resets",
    tag = "accounts",
    request_body = ForgottenPassword,
    responses(
        (status = ACCEPTED, description = "If the address has an account, a letter is on its way."),
        Problems<(Body,)>,
    )
)]
pub(crate) async fn request_password_reset(
    State(accounts): State<Accounts>,
    caller: Caller,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let ForgottenPassword { email } = body.read()?;
    let now = clock::now();
    accounts.limits.take(Action::Reset, caller.account(&email.key()), now).await?;
    let found = sessions::login_of(&accounts, &email).await?;
    let mut transaction = Transaction::new();
    // An unknown address costs the same reads.
    let account_id = found.as_ref().map_or(AccountId::new(Ulid::nil()), |(_, login)| login.account_id);
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let (permit, to) = match (found, address) {
        // The letter goes to the address as its owner gave it. Another spelling may be another mailbox.
        (Some((_, login)), Some(address)) => {
            let login = LoginMark::of(&address.email, &login);
            (Permit::ResetPassword { account_id, login }, Some(address.email))
        }
        _ => (Permit::Nothing, None),
    };
    let token = permit.issue(&mut transaction, RESETTABLE, now)?;
    let kind = if to.is_some() { LetterKind::ResetPassword { token } } else { LetterKind::Nothing };
    send(&mut transaction, to.unwrap_or(email), language(&headers), kind, now)?;
    accounts.store.commit(transaction).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Choose a new password
///
/// It ends every session of the account.
#[utoipa::path(
    put,
    path = "/password-resets/{token}",
    tag = "accounts",
    params(("token" = String, Path, description = "The secret of the letter.")),
    request_body = NewPassword,
    responses(
        (status = NO_CONTENT, description = "The new password counts."),
        Problems<(Body, InvalidLink)>,
    )
)]
pub(crate) async fn reset_password(
    State(accounts): State<Accounts>,
    Path(token): Path<String>,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let NewPassword { password } = body.read()?;
    let now = clock::now();
    let Some(Permit::ResetPassword { account_id, login: mark }) = Permit::read(&accounts, &token, now).await? else {
        return Err(invalid_link());
    };
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Some(Address { email }) = address else { return Err(invalid_link()) };
    let login = sessions::login_of(&accounts, &email).await?;
    if login.is_none_or(|(_, login)| LoginMark::of(&email, &login) != mark) {
        return Err(invalid_link());
    }
    check(&accounts, &password, &email, account_id).await?;
    let mut transaction = Transaction::new();
    Permit::use_up(&mut transaction, &token);
    replace(&accounts, &mut transaction, &email, &password, &headers, now).await?;
    // If this fails, the link is still good. Afterwards the sessions end that were opened meanwhile.
    sessions::end_others(&accounts, account_id, None).await?;
    let reset = Entry::of(account_id, Act::PasswordReset, &origin, now);
    match audit::commit(&accounts.store, transaction, &[reset]).await {
        Err(lost) if lost.is_conflict_on(PERMIT) || lost.is_conflict_on(LOGIN) => return Err(invalid_link()),
        committed => committed?,
    }
    sessions::end_others(&accounts, account_id, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Checks a new password for an existing account.
///
/// # Errors
/// 422 if it is too easily guessed.
pub(crate) async fn check(
    accounts: &Accounts,
    password: &Password,
    email: &Email,
    account_id: AccountId,
) -> Result<(), ApiError> {
    let account = accounts.store.account(account_id).await?;
    let name = account.map(|account| account.display_name);
    strength::check(password, Some(email), name.as_ref()).map_err(|refusal| {
        let mut violations = Violations::none();
        violations.root().member("password").refuse(refusal);
        ApiError::from(violations)
    })
}

/// Adds the replacement of an account's password, with a letter about it.
pub(crate) async fn replace(
    accounts: &Accounts,
    transaction: &mut Transaction,
    email: &Email,
    password: &Password,
    headers: &HeaderMap,
    now: jiff::Timestamp,
) -> Result<(), ApiError> {
    let (key, login) = sessions::login_of(accounts, email).await?.ok_or_else(invalid_link)?;
    let password_hash = accounts.passwords.hash(password).map_err(ApiError::internal)?;
    let unchanged = Condition::text("password_hash", login.password_hash);
    transaction.put(LOGIN, key, &Login { account_id: login.account_id, password_hash }, unchanged)?;
    send(transaction, email.clone(), language(headers), LetterKind::PasswordChanged, now)
}
