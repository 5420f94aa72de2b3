//! Sessions: a device that is signed in to an account.
//!
//! A session has two items. `trust` holds what every function may know of it (`tokens::session`), and `credentials`
//! holds the device and the hashes of its refresh token. Ending a session deletes both.

mod cookie;
mod device;
mod mine;
mod refresh;
mod refresh_token;
mod sign_in;

use audit::{Act, Entry};
use axum::{
    http::{StatusCode, header},
    response::Response,
};
use domain::{
    account::{MAX_SESSIONS, Role, session_end},
    values::{AccountId, SessionId},
};
use http_api::{ApiError, Origin, json};
use jiff::Timestamp;
use runtime::entropy;
use serde::Serialize;
use store::{Condition, Slice, Store, StoreError, Transaction, keys};
use tokens::{Subject, session, session::Session};
use utoipa::ToSchema;

use crate::{
    Accounts, passkeys,
    providers::{AUTHORIZATION, account_exists, invalid_authorization},
    registration::{EMAIL, LOGIN},
    roles::{LOCK, account_locked, require_unlocked},
    second_factor::{STANDING, invalid_code},
};

use self::refresh_token::RefreshToken;
pub(crate) use self::{
    device::{Client, Device},
    mine::{__path_end_session, __path_list_my_sessions, end_session, list_my_sessions},
    refresh::{__path_refresh_session, refresh_session},
    sign_in::{
        __path_sign_in, InvalidCredentials, SecondFactorRequired, invalid_credentials, login_of,
        second_factor_required, session_of_cookie, sign_in,
    },
};

/// The most sessions that one sign-in ends, so that its writes fit one transaction.
const ENDED_AT_ONCE: usize = 40;

/// The label of a device's write.
const DEVICE: &str = "device";

/// The tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJhbGciOiJFUzI1NiIs…",
    "token_type": "Bearer",
    "expires_in": 600,
    "session_id": "ses_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
    "refresh_token": "prt_AZNOj…"
}))]
pub(crate) struct SessionBody {
    /// Send it as `Authorization: Bearer <token>`. An ES256 JWT; its keys are at `/.well-known/jwks.json`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token expires.
    expires_in: u32,
    /// The session.
    session_id: SessionId,
    /// Exchange it for new tokens at `POST /sessions/refresh`, once. Absent if it is in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// A person who has proved who they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    pub(crate) account_id: AccountId,
    pub(crate) role: Role,
    pub(crate) second_factor: bool,
    /// The factors, as the audit trail names them.
    pub(crate) factors: &'static str,
}

/// Opens a session together with the writes of `transaction`, and returns its tokens. The account's oldest sessions end
/// if there are too many.
pub(crate) async fn open(
    accounts: &Accounts,
    transaction: Transaction,
    proof: Proof,
    client: (Client, &Origin),
    now: Timestamp,
) -> Result<(SessionBody, RefreshToken), ApiError> {
    open_after(accounts, transaction, Vec::new(), proof, client, now).await
}

/// As [`open`], and the audit trail records other acts on the account before the sign-in.
pub(crate) async fn open_after(
    accounts: &Accounts,
    mut transaction: Transaction,
    mut acts: Vec<Entry>,
    proof: Proof,
    (client, origin): (Client, &Origin),
    now: Timestamp,
) -> Result<(SessionBody, RefreshToken), ApiError> {
    let Proof { account_id, role, second_factor, factors } = proof;
    let session_id = SessionId::new(entropy::ulid(now)?);
    let token = RefreshToken::new(account_id, session_id)?;
    let erased_at = erased_at(accounts, account_id, now).await?;
    let expires_at = session_end(now, now).as_second();
    let closing = erased_at.map(Timestamp::as_second);
    let session = Session { role, proved_at: now.as_second(), second_factor, expires_at, erased_at: closing };
    save(&mut transaction, &token, &session, client, now)?;
    require_unlocked(&mut transaction, account_id);
    let mut devices = devices(accounts, account_id).await?;
    devices.sort_by_key(|(_, device)| std::cmp::Reverse(device.last_used_at));
    for (ended, _) in devices.into_iter().skip(MAX_SESSIONS - 1).take(ENDED_AT_ONCE) {
        end(&mut transaction, account_id, ended);
    }
    acts.push(Entry::of(account_id, Act::SignedIn, origin, now).in_session(session_id).about(factors));
    match audit::commit(&accounts.store, transaction, &acts).await {
        Err(lost) if lost.is_conflict_on(STANDING) => return Err(invalid_code()),
        Err(lost) if lost.is_conflict_on(LOGIN) => return Err(invalid_credentials()),
        Err(lost) if lost.is_conflict_on(LOCK) => return Err(account_locked()),
        Err(lost) if lost.is_conflict_on(EMAIL) => return Err(account_exists()),
        Err(lost) if lost.is_conflict_on(AUTHORIZATION) => return Err(invalid_authorization()),
        Err(lost) if passkeys::is_lost_race(&lost) => return Err(invalid_credentials()),
        // Nobody else has this random id: an earlier attempt of this commit took effect, and its reply was lost.
        Err(lost) if lost.is_conflict_on(session::SESSION) => {}
        committed => committed?,
    }
    close_if_needed(accounts, (account_id, session_id), erased_at, now).await?;
    let body = tokens_of(accounts, Subject { account_id, session_id }, now).await?;
    Ok((body, token))
}

/// Opens a session in the place of another one, together with the writes of `transaction`, and returns its tokens. The
/// tokens of the other one count no more. The time since its sign-in goes on.
///
/// # Errors
/// 401 if the other session has ended, or the store's.
pub(crate) async fn replace(
    accounts: &Accounts,
    mut transaction: Transaction,
    proof: Proof,
    replaced: SessionId,
    (client, origin): (Client, &Origin),
    now: Timestamp,
) -> Result<(SessionBody, RefreshToken), ApiError> {
    let Proof { account_id, role, second_factor, factors } = proof;
    let place = keys::devices(account_id).item(replaced.to_string());
    let device: Option<Device> = accounts.store.get(&place).await?;
    let created_at = device.ok_or_else(ended)?.created_at;
    session::end_present(&mut transaction, account_id, replaced);
    transaction.delete(DEVICE, place, Condition::Always);
    let session_id = SessionId::new(entropy::ulid(now)?);
    let token = RefreshToken::new(account_id, session_id)?;
    let expires_at = session_end(created_at, now).as_second();
    let erased_at = erased_at(accounts, account_id, now).await?;
    let closing = erased_at.map(Timestamp::as_second);
    let session = Session { role, proved_at: now.as_second(), second_factor, expires_at, erased_at: closing };
    session.open(&mut transaction, account_id, session_id)?;
    require_unlocked(&mut transaction, account_id);
    let device = Device { created_at, ..Device::new(&token, expires_at, client, now) };
    transaction.put(DEVICE, keys::devices(account_id).item(session_id.to_string()), &device, Condition::Absent)?;
    let proved = Entry::of(account_id, Act::Proved, origin, now).in_session(session_id).about(factors);
    match audit::commit(&accounts.store, transaction, &[proved]).await {
        Err(lost) if lost.is_conflict_on(STANDING) => return Err(invalid_code()),
        Err(lost) if lost.is_conflict_on(AUTHORIZATION) => return Err(invalid_authorization()),
        Err(lost) if passkeys::is_lost_race(&lost) => return Err(invalid_credentials()),
        Err(lost) if lost.is_conflict_on(session::SESSION) || lost.is_conflict_on(LOCK) => return Err(ended()),
        committed => committed?,
    }
    close_if_needed(accounts, (account_id, session_id), erased_at, now).await?;
    let body = tokens_of(accounts, Subject { account_id, session_id }, now).await?;
    Ok((body, token))
}

fn ended() -> ApiError {
    ApiError::unauthorized("This session has ended. Sign in again.")
}

/// The answer with a session's tokens. The refresh token goes into the cookie or into the body.
pub(crate) fn answer(mut body: SessionBody, token: &RefreshToken, in_cookie: bool) -> Response {
    if !in_cookie {
        body.refresh_token = Some(token.to_string());
    }
    let mut response = json(StatusCode::OK, &body);
    if in_cookie {
        response.headers_mut().extend(cookie::set(token).map(|cookie| (header::SET_COOKIE, cookie)));
    }
    crate::not_stored(response)
}

/// When an account that is closing is erased.
///
/// # Errors
/// 401 `invalid_credentials` once that time has come, however late the erasure itself is.
async fn erased_at(accounts: &Accounts, account_id: AccountId, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    match accounts.store.account(account_id).await? {
        Some(account) if account.is_erased_at(now) => Err(invalid_credentials()),
        account => Ok(account.and_then(|account| account.erased_at)),
    }
}

/// Closes a session whose account began to close, or was kept, while the session was opened.
async fn close_if_needed(
    accounts: &Accounts,
    session: (AccountId, SessionId),
    known: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), ApiError> {
    let erased_at = erased_at(accounts, session.0, now).await?;
    if erased_at == known {
        return Ok(());
    }
    let mut transaction = Transaction::new();
    Session::close(&mut transaction, session, erased_at)?;
    match accounts.store.commit(transaction).await {
        // The one who closed the account has ended this session already.
        Err(lost) if lost.is_conflict_on(session::SESSION) => Err(invalid_credentials()),
        committed => Ok(committed?),
    }
}

/// Adds a new session with its device.
pub(crate) fn save(
    transaction: &mut Transaction,
    token: &RefreshToken,
    session: &Session,
    client: Client,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (account_id, session_id) = (token.account_id, token.session_id);
    let device = Device::new(token, session.expires_at, client, now);
    session.open(transaction, account_id, session_id)?;
    transaction.put(DEVICE, keys::devices(account_id).item(session_id.to_string()), &device, Condition::Absent)?;
    Ok(())
}

/// A session's new access token. The refresh token is left out.
async fn tokens_of(accounts: &Accounts, subject: Subject, now: Timestamp) -> Result<SessionBody, ApiError> {
    let key = accounts.keyring.signing_key(now).await?;
    let access_token = tokens::issue(&key, &accounts.terms, subject, now)?;
    Ok(SessionBody {
        access_token,
        token_type: "Bearer",
        expires_in: accounts.terms.lifetime_seconds,
        session_id: subject.session_id,
        refresh_token: None,
    })
}

/// The devices that an account is signed in on, by session.
pub(crate) async fn devices(accounts: &Accounts, account_id: AccountId) -> Result<Vec<(SessionId, Device)>, ApiError> {
    Ok(stored_devices(&accounts.store, account_id).await?)
}

/// As [`devices`], for programs that have no handler's state.
pub(crate) async fn stored_devices(
    store: &Store,
    account_id: AccountId,
) -> Result<Vec<(SessionId, Device)>, StoreError> {
    let devices: Vec<device::Stored> = store.query(&keys::devices(account_id), Slice::ALL).await?;
    Ok(devices.into_iter().map(|device::Stored { sk, device }| (sk, device)).collect())
}

/// Adds the end of a session.
pub(crate) fn end(transaction: &mut Transaction, account_id: AccountId, session_id: SessionId) {
    session::end(transaction, account_id, session_id);
    transaction.delete(DEVICE, keys::devices(account_id).item(session_id.to_string()), Condition::Always);
}

/// Ends every session of an account but one.
pub(crate) async fn end_others(
    accounts: &Accounts,
    account_id: AccountId,
    kept: Option<SessionId>,
) -> Result<(), ApiError> {
    let ended = devices(accounts, account_id).await?.into_iter().map(|(id, _)| id).filter(|id| Some(*id) != kept);
    let ended: Vec<SessionId> = ended.collect();
    // Two writes for each session, and a transaction takes a hundred.
    for part in ended.chunks(MAX_SESSIONS) {
        let mut transaction = Transaction::new();
        part.iter().for_each(|id| end(&mut transaction, account_id, *id));
        accounts.store.commit(transaction).await?;
    }
    Ok(())
}
