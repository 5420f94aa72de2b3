//! Closing one's own account. It is erased after thirty days, unless its owner keeps it until then.
//!
//! The transaction that closes or keeps an account also writes what is due: `erase` withdraws or shows the profile and
//! the projects within a minute, and erases the account when its time has come. Withdrawing takes as many writes as the
//! account has projects, so no request can wait for it.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{account::Account, values::AccountId};
use http_api::{
    ApiError, Origin, SignedIn, json,
    limits::{Action, Caller},
    operation::{Limited, ProblemSet, Problems, SignIn},
};
use jiff::Timestamp;
use mail::LetterKind;
use runtime::clock;
use serde::Serialize;
use store::{
    Condition, StoreError, Transaction,
    due::{Due, DueKind},
    keys,
};
use tokens::session::{SESSION, Session};
use utoipa::ToSchema;

use crate::{
    Accounts,
    letters::{language, send},
    proof::{Fresh, require_fresh},
    registration::Address,
    sessions,
};

/// The label of an account's write. A conflict on it means that another request closed or kept the account.
const ACCOUNT: &str = "account";

/// Another request closes or keeps the account at the same time.
struct Contended;

impl ProblemSet for Contended {
    fn codes() -> Vec<http_api::Code> {
        vec![http_api::Code::CONFLICT]
    }
}

/// When the account is erased.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Closing, example = json!({"erased_at": "2026-12-30T09:00:00Z"}))]
pub(crate) struct ClosingBody {
    /// From then on nobody can sign in, and everything of the account is erased.
    #[schema(value_type = String, format = DateTime)]
    erased_at: Timestamp,
}

/// Delete my account
///
/// The account is erased after thirty days. Until then it is closing: its other sessions end at once, its profile and
/// its open projects are withdrawn within a minute, and it can post nothing. Its owner can sign in and keep it:
/// `POST /accounts/me/restore`. Repeating this changes nothing. It needs a recent proof of identity.
#[utoipa::path(
    delete,
    path = "/accounts/me",
    tag = "accounts",
    responses(
        (status = ACCEPTED, description = "The account is closing.", body = ClosingBody),
        Problems<(SignIn, Fresh, Contended, Limited)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn delete_my_account(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let SignedIn { account_id, session_id, .. } = signed_in;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let account = own(&accounts, account_id, now).await?;
    let closing = account.close(now);
    let erased_at = closing.erased_at.ok_or_else(|| ApiError::internal("a time that cannot be written"))?;
    if account.erased_at.is_none() {
        let mut transaction = Transaction::new();
        transaction.put(ACCOUNT, keys::account(account_id), &closing, Condition::Without("erased_at"))?;
        transaction.add_due(&Due { at: now, kind: DueKind::Show, account_id })?;
        transaction.add_due(&Due { at: erased_at, kind: DueKind::Erase, account_id })?;
        Session::close(&mut transaction, (account_id, session_id), Some(erased_at))?;
        let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
        if let Some(Address { email }) = address {
            let letter = LetterKind::AccountWillBeDeleted { at: erased_at };
            send(&mut transaction, email, language(&headers), letter, now)?;
        }
        let requested = Entry::of(account_id, Act::DeletionRequested, &origin, now).in_session(session_id);
        audit::commit(&accounts.store, transaction, &[requested]).await.map_err(refusal)?;
    }
    // A sign-in at the same time reads the account again after its own commit, so it closes its session itself.
    sessions::end_others(&accounts, account_id, Some(session_id)).await?;
    Ok(crate::not_stored(json(StatusCode::ACCEPTED, &ClosingBody { erased_at })))
}

/// Keep my account
///
/// The account is not erased, and within a minute its profile and its projects are shown again as they were. Repeating
/// this changes nothing.
#[utoipa::path(
    post,
    path = "/accounts/me/restore",
    tag = "accounts",
    responses(
        (status = NO_CONTENT, description = "The account is kept."),
        Problems<(SignIn, Contended, Limited)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn restore_my_account(
    State(accounts): State<Accounts>,
    SignedIn { account_id, session_id, .. }: SignedIn,
    caller: Caller,
    origin: Origin,
) -> Result<Response, ApiError> {
    let now = clock::now();
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let account = own(&accounts, account_id, now).await?;
    let Some(erased_at) = account.erased_at else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let mut transaction = Transaction::new();
    let unchanged = Condition::text("erased_at", erased_at.to_string());
    transaction.put(ACCOUNT, keys::account(account_id), &account.keep(), unchanged)?;
    transaction.remove_due(&Due { at: erased_at, kind: DueKind::Erase, account_id });
    transaction.add_due(&Due { at: now, kind: DueKind::Show, account_id })?;
    Session::close(&mut transaction, (account_id, session_id), None)?;
    let restored = Entry::of(account_id, Act::AccountRestored, &origin, now).in_session(session_id);
    audit::commit(&accounts.store, transaction, &[restored]).await.map_err(refusal)?;
    // Other devices that signed in meanwhile.
    for (other, _) in sessions::devices(&accounts, account_id).await? {
        let mut transaction = Transaction::new();
        Session::close(&mut transaction, (account_id, other), None)?;
        match accounts.store.commit(transaction).await {
            Err(ended) if ended.is_conflict_on(SESSION) => {}
            committed => committed?,
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// 401 if the session has ended meanwhile, or 409 if another request closed or kept the account.
fn refusal(error: StoreError) -> ApiError {
    match error {
        lost if lost.is_conflict_on(SESSION) => ApiError::unauthorized("This session has ended. Sign in again."),
        lost if lost.is_conflict_on(ACCOUNT) => {
            ApiError::conflict("Another request closed or kept the account. Read it again.")
        }
        error => error.into(),
    }
}

/// The account, while it is not erased.
async fn own(accounts: &Accounts, account_id: AccountId, now: Timestamp) -> Result<Account, ApiError> {
    let account = accounts.store.account(account_id).await?.filter(|account| !account.is_erased_at(now));
    account.ok_or_else(|| ApiError::unauthorized("The account of this access token does not exist any more."))
}
