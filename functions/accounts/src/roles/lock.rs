//! Locking an account: its sessions end, and nobody can sign in to it.
//!
//! A lock is an item. Every transaction that opens a session checks that it is absent, so no sign-in slips through
//! while an account is being locked. A caller learns of a lock only after the right password.

use audit::Act;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{account::Role, values::AccountId};
use http_api::limits::{Action, Caller};
use http_api::{
    ApiError, Code, Origin, SignedIn, operation::Existing, operation::ProblemSet, operation::Problems,
    operation::SignIn, operation::Staff,
};
use jiff::Timestamp;
use runtime::clock;
use serde::{Deserialize, Serialize};
use store::{Condition, Transaction, keys};

use super::{entry, existing};
use crate::{Accounts, second_factor::Standing, sessions};

/// The label of a lock's write and check.
pub(crate) const LOCK: &str = "lock";

const ACCOUNT_LOCKED: Code = Code::new(StatusCode::FORBIDDEN, "account_locked", "The account is locked");

/// The account is locked.
pub(crate) struct AccountLocked;

impl ProblemSet for AccountLocked {
    fn codes() -> Vec<Code> {
        vec![ACCOUNT_LOCKED]
    }
}

/// 403 `account_locked`.
pub(crate) fn account_locked() -> ApiError {
    ApiError::new(ACCOUNT_LOCKED, "The market's support locked this account. Write to the support to unlock it.")
}

/// A lock, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Lock {
    by: AccountId,
    at: Timestamp,
}

/// Adds the check that an account is not locked. The commit reports a conflict on [`LOCK`] if it is.
pub(crate) fn require_unlocked(transaction: &mut Transaction, account_id: AccountId) {
    transaction.check(LOCK, keys::lock(account_id), Condition::Absent);
}

/// Lock an account
///
/// Its sessions end, and a sign-in with the right password answers 403 `account_locked`. Locking twice does no harm. It
/// needs a session with a second factor.
#[utoipa::path(
    post,
    path = "/accounts/{id}/lock",
    tag = "staff",
    params(("id" = String, Path, description = "The account.")),
    responses(
        (status = NO_CONTENT, description = "The account is locked."),
        Problems<(SignIn, Staff, Existing)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn lock_account(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    accounts.limits.take(Action::Write, caller.account(&signed_in.account_id.to_string()), now).await?;
    let account_id = existing(&accounts, &id).await?.id;
    refuse_peer(&accounts, &signed_in, account_id).await?;
    let mut transaction = Transaction::new();
    let lock = Lock { by: signed_in.account_id, at: now };
    transaction.put(LOCK, keys::lock(account_id), &lock, Condition::Absent)?;
    let entry = entry(&signed_in, account_id, Act::AccountLocked, &origin, now);
    match audit::commit(&accounts.store, transaction, &[entry]).await {
        // It is locked already. Sessions may be left if an earlier request failed.
        Err(lost) if lost.is_conflict_on(LOCK) => {}
        committed => committed?,
    }
    sessions::end_others(&accounts, account_id, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Unlock an account
///
/// Its owner can sign in again. It needs a session with a second factor.
#[utoipa::path(
    post,
    path = "/accounts/{id}/unlock",
    tag = "staff",
    params(("id" = String, Path, description = "The account.")),
    responses(
        (status = NO_CONTENT, description = "The account is not locked."),
        Problems<(SignIn, Staff, Existing)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn unlock_account(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    accounts.limits.take(Action::Write, caller.account(&signed_in.account_id.to_string()), now).await?;
    let account_id = existing(&accounts, &id).await?.id;
    refuse_peer(&accounts, &signed_in, account_id).await?;
    let mut transaction = Transaction::new();
    transaction.delete(LOCK, keys::lock(account_id), Condition::Present);
    let entry = entry(&signed_in, account_id, Act::AccountUnlocked, &origin, now);
    match audit::commit(&accounts.store, transaction, &[entry]).await {
        Err(lost) if lost.is_conflict_on(LOCK) => {}
        committed => committed?,
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Nobody locks an account with their own role or a higher one: an admin takes the role away first.
async fn refuse_peer(accounts: &Accounts, signed_in: &SignedIn, account_id: AccountId) -> Result<(), ApiError> {
    let role = Standing::read(accounts, account_id).await?.role;
    if role > Role::Member && role >= signed_in.session.role {
        return Err(ApiError::forbidden("This account has your own role or a higher one."));
    }
    Ok(())
}
