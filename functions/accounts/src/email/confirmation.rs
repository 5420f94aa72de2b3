//! Confirming an address by the link in a letter to it.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    account::Account,
    values::{AccountId, DisplayName, Email},
};
use http_api::{ApiError, json, operation::Problems};
use jiff::Timestamp;
use mail::LetterKind;
use runtime::{clock, entropy};
use store::{Condition, Transaction, keys};

use crate::{
    Accounts,
    letters::{language, send},
    password::reset::{InvalidLink, invalid_link},
    permit::{LoginMark, PERMIT, Permit},
    registration::{AccountBody, Address, EMAIL, EmailTaken, Login, email_taken, save_account},
    sessions,
};

/// The label of the login under the former address.
const FORMER: &str = "former address";

/// Confirm an address
///
/// It opens the account that was asked for, or gives an account its new address.
#[utoipa::path(
    put,
    path = "/email-confirmations/{token}",
    tag = "accounts",
    params(("token" = String, Path, description = "The secret of the letter.")),
    responses(
        (status = OK, description = "The address counts.", body = AccountBody),
        (status = CREATED, description = "The account is open.", body = AccountBody),
        Problems<(InvalidLink, EmailTaken)>,
    )
)]
pub(crate) async fn confirm_email(
    State(accounts): State<Accounts>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let now = clock::now();
    let mut transaction = Transaction::new();
    Permit::use_up(&mut transaction, &token);
    let (status, body) = match Permit::read(&accounts, &token, now).await? {
        Some(Permit::OpenAccount { email, password_hash, display_name }) => {
            let body = open(&mut transaction, email, password_hash, display_name, now)?;
            (StatusCode::CREATED, body)
        }
        Some(Permit::ChangeEmail { account_id, email, login }) => {
            let body = change(&accounts, &mut transaction, account_id, (email, login), &headers, now).await?;
            (StatusCode::OK, body)
        }
        _ => return Err(invalid_link()),
    };
    match accounts.store.commit(transaction).await {
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
    let account = Account { id: AccountId::new(entropy::ulid(now)?), display_name, created_at: now };
    save_account(transaction, &account, &email, password_hash)?;
    Ok(AccountBody::new(account, email))
}

/// Moves the login to its new address, and tells the old one.
async fn change(
    accounts: &Accounts,
    transaction: &mut Transaction,
    account_id: AccountId,
    (email, mark): (Email, LoginMark),
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<AccountBody, ApiError> {
    let account = accounts.store.account(account_id).await?.ok_or_else(invalid_link)?;
    let old: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Address { email: old } = old.ok_or_else(invalid_link)?;
    let (key, login) = sessions::login_of(accounts, &old).await?.ok_or_else(invalid_link)?;
    if LoginMark::of(&old, &login) != mark {
        return Err(invalid_link());
    }
    let new_key = keys::email(&email.key());
    let unchanged = Condition::text("password_hash", login.password_hash.clone());
    let login = Login { account_id, password_hash: login.password_hash };
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
