//! The sessions of one's own account.

use audit::{Act, Entry};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::values::SessionId;
use http_api::{ApiError, Origin, SignedIn, json, operation::Existing, operation::Problems, operation::SignIn};
use jiff::Timestamp;
use runtime::clock;
use serde::Serialize;
use store::Transaction;
use utoipa::ToSchema;

use super::{Device, cookie, devices, end};
use crate::Accounts;

/// A device that is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session, example = json!({
    "id": "ses_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
    "device": "Mozilla/5.0 (Linux; Android 16) …",
    "place": "203.0.113.7",
    "is_current": true,
    "created_at": "2026-11-01T09:00:00Z",
    "last_used_at": "2026-11-02T09:00:00Z"
}))]
pub(crate) struct DeviceBody {
    /// The session.
    id: SessionId,
    /// The `User-Agent` of the sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    /// The IP address of the sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// Whether this request belongs to it.
    is_current: bool,
    /// The time of the sign-in.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The time of its last refresh.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
}

/// The devices that are signed in, at most 50.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sessions)]
pub(crate) struct DevicesBody {
    /// The devices, last used first.
    #[schema(max_items = 50)]
    items: Vec<DeviceBody>,
}

/// List my sessions
#[utoipa::path(
    get,
    path = "/sessions",
    tag = "accounts",
    responses(
        (status = OK, description = "The devices that are signed in.", body = DevicesBody),
        Problems<(SignIn,)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn list_my_sessions(
    State(accounts): State<Accounts>,
    SignedIn { account_id, session_id, .. }: SignedIn,
) -> Result<Response, ApiError> {
    let mut devices = devices(&accounts, account_id).await?;
    devices.sort_by_key(|(_, device)| std::cmp::Reverse(device.last_used_at));
    let now = clock::now().as_second();
    let live = devices.into_iter().filter(|(id, device)| now < device.expires_at || *id == session_id);
    let items = live.map(|(id, device)| body(id, id == session_id, device)).collect();
    Ok(json(StatusCode::OK, &DevicesBody { items }))
}

fn body(id: SessionId, is_current: bool, device: Device) -> DeviceBody {
    let Device { client, created_at, last_used_at, .. } = device;
    DeviceBody { id, device: client.user_agent, place: client.address, is_current, created_at, last_used_at }
}

/// End a session
///
/// `current` names the session of this request. The access tokens of an ended session change nothing any more, and
/// read for half a minute at most.
#[utoipa::path(
    delete,
    path = "/sessions/{id}",
    tag = "accounts",
    params(("id" = String, Path, description = "A session of this account, or `current`.")),
    responses(
        (status = NO_CONTENT, description = "The session has ended."),
        Problems<(SignIn, Existing)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn end_session(
    State(accounts): State<Accounts>,
    SignedIn { account_id, session_id, .. }: SignedIn,
    Path(id): Path<String>,
    origin: Origin,
) -> Result<Response, ApiError> {
    let ended = if id == "current" { Some(session_id) } else { id.parse().ok() };
    let known = devices(&accounts, account_id).await?.into_iter().map(|(id, _)| id);
    let Some(ended) = ended.filter(|ended| known.chain([session_id]).any(|id| id == *ended)) else {
        return Err(ApiError::not_found("Your account has no such session."));
    };
    let mut transaction = Transaction::new();
    end(&mut transaction, account_id, ended);
    let entry = Entry::of(account_id, Act::SessionEnded, &origin, clock::now()).in_session(session_id);
    audit::commit(&accounts.store, transaction, &[entry.about(ended.to_string())]).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if ended == session_id {
        response.headers_mut().append(header::SET_COOKIE, cookie::removed());
    }
    Ok(response)
}
