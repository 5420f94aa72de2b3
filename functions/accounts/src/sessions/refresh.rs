//! Exchanging a refresh token for new tokens.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    account::{Refresh, session_end},
    validation::{Field, FromJson, Object},
};
use http_api::limits::{Action, Caller};
use http_api::{
    ApiError, Code, Decision, JsonBody, Origin, commit_with_retries, idempotency::IdempotencyHeader, operation::Body,
    operation::ProblemSet, operation::Problems,
};
use jiff::Timestamp;
use runtime::{clock, entropy};
use serde_json::Value;
use store::{Condition, Transaction, keys};
use tokens::{Subject, session::Session};
use utoipa::ToSchema;

use super::{DEVICE, Device, answer, cookie, end, refresh_token::RefreshToken, tokens_of};
use crate::{Accounts, raw_text::RawText};

/// A refresh token. A page that keeps it in the cookie sends `{}`.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"refresh_token": "prt_AZNOj…"}))]
pub(crate) struct RefreshInput {
    /// The token of the last answer.
    #[schema(value_type = Option<String>)]
    refresh_token: Option<RawText>,
}

impl FromJson for RefreshInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { refresh_token: Object::of(value, field)?.optional("refresh_token") })
    }
}

const INVALID_REFRESH_TOKEN: Code =
    Code::new(StatusCode::UNAUTHORIZED, "invalid_refresh_token", "The refresh token is not valid");

/// The refresh token belongs to no session, or was used before.
struct InvalidRefreshToken;

impl ProblemSet for InvalidRefreshToken {
    fn codes() -> Vec<Code> {
        vec![INVALID_REFRESH_TOKEN]
    }
}

/// The outcome of an exchange.
#[derive(Clone)]
enum Exchanged {
    For(RefreshToken),
    /// The session must end.
    Reused,
    Unknown,
}

/// Refresh a session
///
/// A refresh token is good for one exchange. Using it again ends the session, because somebody else may have it. A
/// client that got no answer repeats the request with the same `Idempotency-Key` and gets the same tokens for ten
/// minutes, as long as it has not used the new one.
#[utoipa::path(
    post,
    path = "/sessions/refresh",
    tag = "accounts",
    params(IdempotencyHeader),
    request_body = RefreshInput,
    responses(
        (status = OK, description = "New tokens.", body = super::SessionBody),
        Problems<(Body, InvalidRefreshToken)>,
    )
)]
pub(crate) async fn refresh_session(
    State(accounts): State<Accounts>,
    IdempotencyHeader(key): IdempotencyHeader,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let RefreshInput { refresh_token } = body.read()?;
    let in_cookie = refresh_token.is_none();
    let text = refresh_token.as_ref().map(RawText::as_str).or_else(|| cookie::get(&headers));
    let Some(token) = text.and_then(|text| text.parse::<RefreshToken>().ok()) else {
        return Err(invalid("This is not a refresh token. Sign in again."));
    };
    let now = clock::now();
    let session_id = token.session_id.to_string();
    accounts.limits.take(Action::Refresh, caller.account(&session_id), now).await?;
    let request = key.map(|key| crate::hash(key.as_str().as_bytes()));
    let exchanged = exchange(&accounts, &token, request, now).await?;
    if matches!(exchanged, Exchanged::Reused) {
        end_reused(&accounts, &token, &origin, now).await?;
    }
    match exchanged {
        Exchanged::For(successor) => {
            let subject = Subject { account_id: token.account_id, session_id: token.session_id };
            let body = tokens_of(&accounts, subject, now).await?;
            Ok(answer(body, &successor, in_cookie))
        }
        refused => {
            let detail = match refused {
                Exchanged::Reused => "This refresh token was used before, so its session has ended. Sign in again.",
                _ => "The session of this refresh token has ended. Sign in again.",
            };
            let mut response = invalid(detail).into_response();
            if in_cookie {
                response.headers_mut().append(header::SET_COOKIE, cookie::removed());
            }
            Ok(response)
        }
    }
}

async fn exchange(
    accounts: &Accounts,
    token: &RefreshToken,
    request: Option<String>,
    now: Timestamp,
) -> Result<Exchanged, ApiError> {
    let (account_id, session_id) = (token.account_id, token.session_id);
    let key = keys::devices(account_id).item(session_id.to_string());
    let salt = crate::random_text::<16>()?;
    let decide = async || {
        let session = Session::read(&accounts.store, account_id, session_id, now).await?;
        let device: Option<Device> = accounts.store.get(&key).await?;
        let (Some(_), Some(device)) = (session, device) else {
            return Ok(Decision::Unchanged(Exchanged::Unknown));
        };
        if device.family != token.family_hash() {
            return Ok(Decision::Unchanged(Exchanged::Unknown));
        }
        let mut transaction = Transaction::new();
        match device.refresh.present(&token.hash(), request.as_deref(), now) {
            Refresh::Rotate => {
                let successor = token.successor(&salt);
                // The attribute changes with every rotation, so one of two rotations at once is lost.
                let unchanged = Condition::text("stamp", device.stamp.clone());
                let refresh = device.refresh.rotate(successor.hash(), salt.clone(), request.clone(), now);
                let stamp = entropy::ulid(now)?.to_string();
                let end = session_end(device.created_at, now);
                let device = Device { refresh, last_used_at: now, expires_at: end.as_second(), stamp, ..device };
                transaction.put(DEVICE, key.clone(), &device, unchanged)?;
                Session::extend(&mut transaction, (account_id, session_id), end)?;
                Ok(Decision::Commit(transaction, Exchanged::For(successor)))
            }
            Refresh::Repeat { salt } => Ok(Decision::Unchanged(Exchanged::For(token.successor(&salt)))),
            // This request rotated the token itself, and the store's reply was lost.
            Refresh::Reused if device.refresh.previous.as_ref().is_some_and(|last| last.salt == salt) => {
                Ok(Decision::Unchanged(Exchanged::For(token.successor(&salt))))
            }
            Refresh::Reused => {
                tracing::warn!(%session_id, "a refresh token was used twice, so its session ends");
                Ok(Decision::Unchanged(Exchanged::Reused))
            }
        }
    };
    commit_with_retries(&accounts.store, DEVICE, decide).await
}

/// Ends the session of a token that was used twice.
async fn end_reused(
    accounts: &Accounts,
    token: &RefreshToken,
    origin: &Origin,
    now: Timestamp,
) -> Result<(), ApiError> {
    let mut transaction = Transaction::new();
    end(&mut transaction, token.account_id, token.session_id);
    let reused = Entry::of(token.account_id, Act::RefreshReused, origin, now).about(token.session_id.to_string());
    Ok(audit::commit(&accounts.store, transaction, &[reused]).await?)
}

fn invalid(detail: &str) -> ApiError {
    ApiError::new(INVALID_REFRESH_TOKEN, detail)
}
