//! The passkeys of one's own account.

use audit::{Act, Entry};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::values::{AccountId, PasskeyId, PasskeyName};
use http_api::{
    ApiError, Origin, SignedIn, json, limits::Action, limits::Caller, operation::Existing, operation::Problems,
    operation::SignIn,
};
use jiff::Timestamp;
use runtime::clock;
use serde::Serialize;
use store::Transaction;
use utoipa::ToSchema;

use super::{
    Raced,
    stored::{Owner, Passkey, Passkeys, all},
};
use crate::{
    Accounts,
    letters::{language, tell_owner},
    proof::{Fresh, require_fresh},
};
use mail::LetterKind;

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passkey, example = json!({
    "id": "pky_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
    "name": "My phone",
    "created_at": "2026-11-01T09:00:00Z",
    "last_used_at": "2026-11-02T09:00:00Z"
}))]
pub(crate) struct PasskeyBody {
    /// The passkey.
    id: PasskeyId,
    /// The name that its owner gave it.
    name: PasskeyName,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The last sign-in or proof with it. Absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl PasskeyBody {
    pub(super) fn new(id: PasskeyId, passkey: Passkey) -> Self {
        let Passkey { name, created_at, last_used_at, .. } = passkey;
        Self { id, name, created_at, last_used_at }
    }
}

/// The passkeys of an account, at most ten.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passkeys)]
pub(crate) struct PasskeysBody {
    /// The passkeys, oldest first.
    #[schema(max_items = 10)]
    items: Vec<PasskeyBody>,
}

/// List my passkeys
#[utoipa::path(
    get,
    path = "/accounts/me/passkeys",
    tag = "accounts",
    responses(
        (status = OK, description = "The passkeys of the account.", body = PasskeysBody),
        Problems<(SignIn,)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn list_my_passkeys(
    State(accounts): State<Accounts>,
    SignedIn { account_id, .. }: SignedIn,
) -> Result<Response, ApiError> {
    let items = exported(&accounts, account_id).await?;
    Ok(crate::not_stored(json(StatusCode::OK, &PasskeysBody { items })))
}

/// The passkeys of an account without their keys.
///
/// # Errors
/// The store's.
pub(crate) async fn exported(accounts: &Accounts, account_id: AccountId) -> Result<Vec<PasskeyBody>, ApiError> {
    let passkeys = all(accounts, account_id).await?.into_iter();
    Ok(passkeys.map(|(id, passkey)| PasskeyBody::new(id, passkey)).collect())
}

/// Remove a passkey
///
/// It signs in no more. The account keeps its password or a provider, so no removal locks its owner out. It needs a
/// recent proof of identity.
#[utoipa::path(
    delete,
    path = "/accounts/me/passkeys/{id}",
    tag = "accounts",
    params(("id" = String, Path, description = "A passkey of this account.")),
    responses(
        (status = NO_CONTENT, description = "The passkey is removed."),
        Problems<(SignIn, Fresh, Existing, Raced)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn remove_my_passkey(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let account_id = signed_in.account_id;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let unknown = || ApiError::not_found("Your account has no such passkey.");
    let passkey_id: PasskeyId = id.parse().map_err(|_| unknown())?;
    let passkeys = Passkeys::read(&accounts, account_id).await?;
    let passkey = Passkey::read(&accounts, Owner { account_id, passkey_id }).await?.ok_or_else(unknown)?;
    let mut transaction = Transaction::new();
    passkey.remove(&mut transaction, account_id, passkey_id);
    let count = passkeys.count.saturating_sub(1);
    Passkeys { count, ..passkeys }.save(&mut transaction, account_id)?;
    let letter = LetterKind::PasskeysChanged { added: false };
    tell_owner(&accounts, &mut transaction, account_id, language(&headers), letter, now).await?;
    let removed = Entry::of(account_id, Act::PasskeyRemoved, &origin, now).in_session(signed_in.session_id);
    audit::commit(&accounts.store, transaction, &[removed]).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
