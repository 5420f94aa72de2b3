//! Confirming an address by the link in a letter to it.
//!
//! The link alone is not enough. Anybody may register a stranger's address with a password of their own; if the
//! stranger's click opened that account, both would hold it. And an address may be mistyped; if its owner's click moved
//! the account there, they could reset its password. So the password of the registration or of the account goes along.

use audit::{Act, Entry};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    account::Account,
    validation::{Field, FromJson, Object},
    values::{AccountId, DisplayName, Email},
};
use http_api::{ApiError, JsonBody, Origin, json, limits::Caller, operation::Body, operation::Problems};
use jiff::Timestamp;
use mail::LetterKind;
use runtime::{clock, entropy};
use serde_json::Value;
use store::{Condition, Key, Transaction, keys};
use utoipa::ToSchema;

use crate::{
    Accounts,
    letters::{language, send},
    password::{
        Password, Verdict,
        reset::{InvalidLink, invalid_link},
    },
    permit::{LoginMark, PERMIT, Permit},
    raw_text::RawText,
    registration::{AccountBody, Address, EMAIL, EmailTaken, Login, email_taken, save_account},
    sessions::{self, InvalidCredentials, invalid_credentials},
};

/// The label of the login under the former address.
const FORMER: &str = "former address";

/// The password that belongs to the confirmed address.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"password": "열려라 참깨 2026"}))]
pub(crate) struct ConfirmationInput {
    /// The password of the registration, or of the account that moves.
    #[schema(value_type = String, format = Password)]
    password: RawText,
}

impl FromJson for ConfirmationInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { password: Object::of(value, field)?.required("password")? })
    }
}

/// Confirm an address
///
/// It opens the account that was asked for, or gives an account its new address. It needs the password that was chosen
/// at the registration, or the account's. So a letter that somebody else has asked for opens nothing of theirs.
#[utoipa::path(
    put,
    path = "/email-confirmations/{token}",
    tag = "accounts",
    params(("token" = String, Path, description = "The secret of the letter.")),
    request_body = ConfirmationInput,
    responses(
        (status = OK, description = "The address counts.", body = AccountBody),
        (status = CREATED, description = "The account is open.", body = AccountBody),
        Problems<(Body, InvalidLink, InvalidCredentials, EmailTaken)>,
    )
)]
pub(crate) async fn confirm_email(
    State(accounts): State<Accounts>,
    Path(token): Path<String>,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let ConfirmationInput { password } = body.read()?;
    let now = clock::now();
    let permit = Permit::read(&accounts, &token, now).await?.ok_or_else(invalid_link)?;
    let mut transaction = Transaction::new();
    Permit::use_up(&mut transaction, &token);
    let (status, body, act) = match permit {
        Permit::OpenAccount { email, password_hash, display_name } => {
            check(&accounts, &email, &password, &password_hash, (&caller, now)).await?;
            let body = open(&mut transaction, email, password_hash, display_name, now)?;
            (StatusCode::CREATED, body, Act::Registered)
        }
        Permit::ChangeEmail { account_id, email, login: mark } => {
            let old = former(&accounts, account_id, &mark).await?;
            check(&accounts, &old.email, &password, &old.login.password_hash, (&caller, now)).await?;
            let body = change(&accounts, &mut transaction, email, old, &headers, now).await?;
            (StatusCode::OK, body, Act::AddressChanged)
        }
        Permit::ResetPassword { .. } | Permit::Nothing => return Err(invalid_link()),
    };
    let confirmed = Entry::of(body.id(), act, &origin, now);
    match audit::commit(&accounts.store, transaction, &[confirmed]).await {
        Err(lost) if lost.is_conflict_on(PERMIT) || lost.is_conflict_on(FORMER) => Err(invalid_link()),
        Err(lost) if lost.is_conflict_on(EMAIL) => Err(email_taken()),
        committed => {
            committed?;
            Ok(json(status, &body))
        }
    }
}

fn open(
    transaction: &mut Transaction,
    email: Email,
    password_hash: String,
    display_name: DisplayName,
    now: Timestamp,
) -> Result<AccountBody, ApiError> {
    let account = Account { id: AccountId::new(entropy::ulid(now)?), display_name, created_at: now, erased_at: None };
    save_account(transaction, &account, &email, password_hash)?;
    Ok(AccountBody::new(account, email))
}

/// Checks the password that belongs to a link. The limits of sign-in count the tries.
async fn check(
    accounts: &Accounts,
    email: &Email,
    password: &RawText,
    stored: &str,
    (caller, now): (&Caller, Timestamp),
) -> Result<(), ApiError> {
    let attempt = accounts.limits.attempt_sign_in(&email.key(), caller, None, now).await?;
    let password = Password::typed(password.as_str());
    match accounts.passwords.check(&password, Some(stored), None).map_err(ApiError::internal)? {
        Verdict::Wrong => Err(invalid_credentials()),
        Verdict::Right | Verdict::RightButOutdated => attempt.succeeded().await,
    }
}

/// The login of an account that moves to another address.
struct Former {
    email: Email,
    key: Key,
    login: Login,
}

/// Reads the login that the letter was sent for.
///
/// # Errors
/// 404 `invalid_link` if the address or the password has changed since.
async fn former(accounts: &Accounts, account_id: AccountId, mark: &LoginMark) -> Result<Former, ApiError> {
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Address { email } = address.ok_or_else(invalid_link)?;
    let (key, login) = sessions::login_of(accounts, &email).await?.ok_or_else(invalid_link)?;
    if LoginMark::of(&email, &login) == *mark { Ok(Former { email, key, login }) } else { Err(invalid_link()) }
}

/// Moves the login to its new address, and tells the old one.
async fn change(
    accounts: &Accounts,
    transaction: &mut Transaction,
    email: Email,
    Former { email: old, key, login }: Former,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<AccountBody, ApiError> {
    let account_id = login.account_id;
    let account = accounts.store.account(account_id).await?.ok_or_else(invalid_link)?;
    let new_key = keys::email(&email.key());
    let unchanged = Condition::text("password_hash", login.password_hash.clone());
    if key == new_key {
        transaction.put(EMAIL, key, &login, unchanged)?;
    } else {
        transaction.delete(FORMER, key, unchanged);
        transaction.put(EMAIL, new_key, &login, Condition::Absent)?;
    }
    let address = Address { email: email.clone() };
    transaction.put("account's address", keys::account_email(account_id), &address, Condition::Present)?;
    send(transaction, old, language(headers), LetterKind::EmailChanged, now)?;
    Ok(AccountBody::new(account, email))
}
