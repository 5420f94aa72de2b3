//! Putting letters into the outbox.

use axum::http::{HeaderMap, header};
use domain::values::{AccountId, Email};
use http_api::ApiError;
use jiff::Timestamp;
use mail::{Language, Letter, LetterKind};
use runtime::entropy;
use store::{Transaction, keys};

use crate::{Accounts, registration::Address};

/// The language for letters to the sender of a request.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    Language::preferred(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

/// Adds a letter to the transaction of its cause.
///
/// # Errors
/// As [`Letter::put`], or there is no randomness.
pub(crate) fn send(
    transaction: &mut Transaction,
    to: Email,
    language: Language,
    kind: LetterKind,
    now: Timestamp,
) -> Result<(), ApiError> {
    Ok(Letter { to, language, kind }.put(transaction, now, entropy::ulid(now)?)?)
}

/// Adds a letter to the owner of an account about a change of it.
///
/// # Errors
/// As [`send`], or the store's.
pub(crate) async fn tell_owner(
    accounts: &Accounts,
    transaction: &mut Transaction,
    account_id: AccountId,
    language: Language,
    kind: LetterKind,
    now: Timestamp,
) -> Result<(), ApiError> {
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    match address {
        Some(Address { email }) => send(transaction, email, language, kind, now),
        None => Ok(()),
    }
}
