//! The audit trail of one's own account.

use audit::{Actor, Row};
use axum::{extract::State, http::StatusCode, response::Response};
use http_api::{
    ApiError, Origin, Query, SignedIn, json, operation::Paged, operation::Problems, operation::SignIn,
    pagination::ListId, pagination::Paging,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Accounts;

/// The actor of an act, as the owner of the account reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// The owner of the account.
    Owner,
    /// Somebody of the market's staff.
    Staff,
    /// The market itself.
    System,
}

/// An act on the account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Activity, example = json!({
    "sequence": 7,
    "at": "2026-11-01T09:00:00Z",
    "act": "signed_in",
    "by": "owner",
    "subject": "password+totp",
    "network": "b0mYx4mWyzK2Qn1d",
    "is_same_network": true,
    "session_id": "ses_01JD8Z3V9K8Y2N6Q4T7W5X1A0B"
}))]
pub(crate) struct ActivityBody {
    /// The number of the act in the account's trail, from 1.
    sequence: u64,
    /// The time.
    #[schema(format = DateTime)]
    at: String,
    /// The act, such as `signed_in`, `session_ended`, `password_changed`. Later versions may add names.
    act: String,
    /// The actor.
    by: By,
    /// The thing that the act concerns: the factors of a sign-in, the session that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// A pseudonym of the actor's network. Equal networks have equal pseudonyms.
    network: String,
    /// Whether this request comes from the same network.
    is_same_network: bool,
    /// The session of the act.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<String>,
}

/// One page of the acts on an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivityPage)]
pub(crate) struct ActivityPageBody {
    /// The acts, newest first.
    #[schema(max_items = 100)]
    items: Vec<ActivityBody>,
    /// The `cursor` of the next page; null at the end of the list.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List my activity
///
/// It shows the acts on your account that matter for its security, newest first. Nobody can change or delete an entry.
#[utoipa::path(
    get,
    path = "/accounts/me/audit",
    tag = "accounts",
    params(Paging<20>),
    responses(
        (status = OK, description = "The acts on the account.", body = ActivityPageBody),
        Problems<(SignIn, Paged)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn list_my_activity(
    State(accounts): State<Accounts>,
    SignedIn { account_id, .. }: SignedIn,
    origin: Origin,
    Query(paging): Query<Paging<20>>,
) -> Result<Response, ApiError> {
    let account = account_id.to_string();
    let list = ListId::new("audit", &[Some(&account)]);
    let before: Option<u128> = paging.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let before = before.map(|position| u64::try_from(position).unwrap_or(u64::MAX));
    let limit = paging.limit.0.get();
    let rows = audit::verify::rows(&accounts.store, &account, before, limit).await?;
    // The first row is the end.
    let last = rows.last().map(|row| row.sequence).filter(|sequence| *sequence > 1 && rows.len() == limit);
    let next_cursor = last.map(|sequence| list.cursor(&u128::from(sequence))).transpose()?;
    let items = rows.into_iter().map(|row| body(row, &account, &origin)).collect();
    Ok(crate::not_stored(json(StatusCode::OK, &ActivityPageBody { items, next_cursor })))
}

fn body(row: Row, account: &str, origin: &Origin) -> ActivityBody {
    let by = match row.actor.as_str() {
        Actor::SYSTEM => By::System,
        actor if actor == account => By::Owner,
        _ => By::Staff,
    };
    let is_same_network = row.network == origin.network;
    let Row { sequence, at, act, subject, network, session, .. } = row;
    ActivityBody { sequence, at, act, by, subject, network, is_same_network, session_id: session }
}
