//! Giving an account another role.

use audit::{Act, Entry};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    account::Role,
    validation::{Field, FromJson, Object},
    values::{AccountId, SessionId},
};
use http_api::limits::{Action, Caller};
use http_api::{
    ApiError, Code, JsonBody, Origin, SignedIn, operation::Body, operation::Existing, operation::ProblemSet,
    operation::Problems, operation::SignIn, operation::Staff,
};
use runtime::clock;
use serde_json::Value;
use store::{Store, StoreError, Transaction};
use tokens::session::Session;
use utoipa::ToSchema;

use super::{Admins, entry, existing};
use crate::{Accounts, second_factor::Standing, sessions::devices};

/// A role.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"role": "support"}))]
pub(crate) struct RoleInput {
    role: Role,
}

impl FromJson for RoleInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { role: Object::of(value, field)?.required("role")? })
    }
}

const LAST_ADMIN: Code = Code::new(StatusCode::CONFLICT, "last_admin", "The market needs an admin");

/// The account is the market's last admin.
pub(crate) struct LastAdmin;

impl ProblemSet for LastAdmin {
    fn codes() -> Vec<Code> {
        vec![LAST_ADMIN]
    }
}

/// The outcome of giving a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// The account has the role.
    Role,
    /// The account is the last admin and keeps the role.
    LastAdmin,
}

/// Give a role
///
/// The account's sessions have the role at once. The last admin keeps the role. It needs a session with a second
/// factor.
#[utoipa::path(
    put,
    path = "/accounts/{id}/role",
    tag = "staff",
    params(("id" = String, Path, description = "The account.")),
    request_body = RoleInput,
    responses(
        (status = NO_CONTENT, description = "The account has the role."),
        Problems<(SignIn, Staff, Existing, Body, LastAdmin)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn give_role(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let RoleInput { role } = body.read()?;
    let now = clock::now();
    accounts.limits.take(Action::Write, caller.account(&signed_in.account_id.to_string()), now).await?;
    let account_id = existing(&accounts, &id).await?.id;
    let devices = devices(&accounts, account_id).await?.into_iter();
    let live = devices.filter(|(_, device)| now.as_second() < device.expires_at).map(|(id, _)| id);
    let entry = entry(&signed_in, account_id, Act::RoleGiven, &origin, now).about(role.name());
    match give(&accounts.store, account_id, role, live.collect(), entry).await {
        Ok(Given::Role) => Ok(StatusCode::NO_CONTENT.into_response()),
        Ok(Given::LastAdmin) => {
            Err(ApiError::new(LAST_ADMIN, "Give the role of an admin to somebody else first: this is the last one."))
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives a role to an account and to its live sessions, and records it.
///
/// # Errors
/// As [`audit::commit`]; a conflict if another request changed the account or the list of admins.
pub(crate) async fn give(
    store: &Store,
    account_id: AccountId,
    role: Role,
    sessions: Vec<SessionId>,
    entry: Entry,
) -> Result<Given, StoreError> {
    let mut standing = Standing::of(store, account_id).await?;
    let mut admins = Admins::read(store).await?;
    admins.forget_erased(store).await?;
    let mut transaction = Transaction::new();
    match (standing.role, role) {
        (Role::Admin, Role::Admin) => {}
        (Role::Admin, _) if !admins.remove(account_id) => return Ok(Given::LastAdmin),
        (Role::Admin, _) => admins.save(&mut transaction)?,
        (_, Role::Admin) => {
            admins.add(account_id);
            admins.save(&mut transaction)?;
        }
        _ => {}
    }
    standing.role = role;
    standing.save(&mut transaction, account_id)?;
    for session_id in sessions {
        Session::give_role(&mut transaction, (account_id, session_id), role)?;
    }
    audit::commit(store, transaction, &[entry]).await?;
    Ok(Given::Role)
}
