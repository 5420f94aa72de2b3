//! The accounts at providers that one's own account signs in with.

use std::str::FromStr;

use audit::{Act, Entry};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    account::keeps_a_way_to_sign_in,
    validation::{Field, FromJson, Object, Refusal, Rule},
    values::AccountId,
};
use http_api::limits::{Action, Caller};
use http_api::{
    ApiError, JsonBody, Origin, SignedIn, json, operation::Body, operation::Existing, operation::Problems,
    operation::SignIn,
};
use jiff::Timestamp;
use mail::LetterKind;
use runtime::clock;
use serde::Serialize;
use serde_json::Value;
use store::{Transaction, keys};
use utoipa::ToSchema;

use super::{
    authorization::{AUTHORIZATION, Authorization, Purpose},
    begin::{AuthorizationBody, ProviderBody, begin},
    identity::{self, IDENTITIES, IDENTITY, Identities},
    refusals::{Beginning, Linking, Returning, Unlinking, identity_taken, invalid_authorization, last_way_to_sign_in},
    reply::ProviderReply,
};
use crate::{
    Accounts,
    letters::{language, send},
    proof::{Fresh, require_fresh},
    registration::Address,
    sessions,
};

/// The reason for a round trip of a signed-in person.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum RoundTrip {
    /// To link the account at the provider.
    Link,
    /// To prove who the person is.
    Proof,
}

impl FromStr for RoundTrip {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text {
            "link" => Ok(Self::Link),
            "proof" => Ok(Self::Proof),
            _ => Err(Refusal::new(Rule::UnknownValue, "must be link or proof")),
        }
    }
}

/// A round trip to begin.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"purpose": "link"}))]
pub(crate) struct RoundTripInput {
    /// Its reason.
    purpose: RoundTrip,
}

impl FromJson for RoundTripInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { purpose: Object::of(value, field)?.required("purpose")? })
    }
}

/// An account at a provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Identity, example = json!({
    "provider": {"id": "google", "name": "Google"},
    "email": "mina@example.com",
    "linked_at": "2026-11-01T09:00:00Z"
}))]
pub(crate) struct IdentityBody {
    /// The provider.
    provider: ProviderBody,
    /// The address there, at the time of linking.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The time of linking.
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
}

/// The ways to sign in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Identities)]
pub(crate) struct IdentitiesBody {
    /// Whether the account has a password.
    has_password: bool,
    /// The accounts at providers, at most one of each.
    items: Vec<IdentityBody>,
}

/// List my accounts at providers
#[utoipa::path(
    get,
    path = "/accounts/me/identities",
    tag = "accounts",
    responses(
        (status = OK, description = "The accounts at providers that this account signs in with.",
            body = IdentitiesBody),
        Problems<(SignIn,)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn list_my_identities(
    State(accounts): State<Accounts>,
    SignedIn { account_id, .. }: SignedIn,
) -> Result<Response, ApiError> {
    let items = exported(&accounts, account_id).await?;
    let body = IdentitiesBody { has_password: has_password(&accounts, account_id).await?, items };
    Ok(crate::not_stored(json(StatusCode::OK, &body)))
}

/// The accounts at providers that an account signs in with.
///
/// # Errors
/// The store's.
pub(crate) async fn exported(accounts: &Accounts, account_id: AccountId) -> Result<Vec<IdentityBody>, ApiError> {
    let Identities { linked, .. } = Identities::read(accounts, account_id).await?;
    let items = linked.into_iter().map(|linked| {
        let name = accounts.providers.all().find(|provider| provider.id == linked.provider);
        let name = name.map_or_else(|| linked.provider.clone(), |provider| provider.name.clone());
        let provider = ProviderBody { id: linked.provider, name };
        IdentityBody { provider, email: linked.email, linked_at: linked.linked_at }
    });
    Ok(items.collect())
}

async fn has_password(accounts: &Accounts, account_id: AccountId) -> Result<bool, ApiError> {
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let login = match address {
        Some(Address { email }) => sessions::login_of(accounts, &email).await?,
        None => None,
    };
    Ok(login.is_some_and(|(_, login)| login.has_password()))
}

/// Begin a round trip to a provider
///
/// It is for people who have signed in: to link an account at the provider, or to prove who they are. The rest is as
/// with `POST /sign-in-providers/{id}/authorizations`.
#[utoipa::path(
    post,
    path = "/accounts/me/identities/{id}/authorizations",
    tag = "accounts",
    params(("id" = String, Path, description = "The provider.", example = "google")),
    request_body = RoundTripInput,
    responses(
        (status = CREATED, description = "The way to the provider.", body = AuthorizationBody),
        Problems<(SignIn, Body, Beginning)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn begin_with_provider(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
    SignedIn { account_id, session_id, .. }: SignedIn,
    caller: Caller,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let RoundTripInput { purpose } = body.read()?;
    let now = clock::now();
    accounts.limits.take(Action::SignIn, caller.anonymous(), now).await?;
    let purpose = match purpose {
        RoundTrip::Link => Purpose::Link { account_id },
        RoundTrip::Proof => Purpose::Proof { account_id, session_id },
    };
    begin(&accounts, &id, purpose, &headers, now).await
}

/// Link an account at a provider
///
/// Begin with `POST /accounts/me/identities/{id}/authorizations` and `"purpose": "link"`. It needs a recent proof of
/// identity.
#[utoipa::path(
    post,
    path = "/accounts/me/identities/{id}",
    tag = "accounts",
    params(("id" = String, Path, description = "The provider.", example = "google")),
    request_body = ProviderReply,
    responses(
        (status = NO_CONTENT, description = "The account at the provider signs in to this account."),
        Problems<(SignIn, Fresh, Body, Returning, Linking)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn link_identity(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
    signed_in: SignedIn,
    caller: Caller,
    headers: HeaderMap,
    origin: Origin,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let reply: ProviderReply = body.read()?;
    let account_id = signed_in.account_id;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let client = accounts.providers.get(&id)?;
    let purpose = Purpose::Link { account_id };
    let authorization = Authorization::take(&accounts, client, &reply, &headers, &purpose, now).await?;
    let identities = Identities::read(&accounts, account_id).await?;
    let owner = identity::owner(&accounts, &id, &authorization.identified).await?;
    if owner.is_some() || identities.at(&id).is_some() {
        return Err(identity_taken());
    }
    let mut transaction = Transaction::new();
    identities.link(&mut transaction, account_id, &id, &authorization.identified, now)?;
    authorization.use_up(&mut transaction);
    tell(&accounts, &mut transaction, account_id, (&client.provider.name, true), &headers, now).await?;
    let linked = Entry::of(account_id, Act::ProviderLinked, &origin, now).in_session(signed_in.session_id).about(&id);
    match audit::commit(&accounts.store, transaction, &[linked]).await {
        Err(lost) if lost.is_conflict_on(IDENTITY) || lost.is_conflict_on(IDENTITIES) => Err(identity_taken()),
        Err(lost) if lost.is_conflict_on(AUTHORIZATION) => Err(invalid_authorization()),
        committed => {
            committed?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
    }
}

/// Unlink an account at a provider
///
/// Its sessions stay. The last way to sign in cannot be removed. It needs a recent proof of identity.
#[utoipa::path(
    delete,
    path = "/accounts/me/identities/{id}",
    tag = "accounts",
    params(("id" = String, Path, description = "The provider.", example = "google")),
    responses(
        (status = NO_CONTENT, description = "The account at the provider signs in to nothing here."),
        Problems<(SignIn, Fresh, Existing, Unlinking)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn unlink_identity(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
    signed_in: SignedIn,
    caller: Caller,
    headers: HeaderMap,
    origin: Origin,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let account_id = signed_in.account_id;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let identities = Identities::read(&accounts, account_id).await?;
    if identities.at(&id).is_none() {
        return Err(ApiError::not_found("No account at this provider is linked."));
    }
    if !keeps_a_way_to_sign_in(has_password(&accounts, account_id).await?, identities.linked.len()) {
        return Err(last_way_to_sign_in());
    }
    let mut transaction = Transaction::new();
    identities.unlink(&mut transaction, account_id, &id)?;
    let name = accounts.providers.all().find(|provider| provider.id == id).map_or(&id, |provider| &provider.name);
    tell(&accounts, &mut transaction, account_id, (name, false), &headers, now).await?;
    let unlinked =
        Entry::of(account_id, Act::ProviderUnlinked, &origin, now).in_session(signed_in.session_id).about(&id);
    audit::commit(&accounts.store, transaction, &[unlinked]).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Adds a letter about a provider that was linked or unlinked.
async fn tell(
    accounts: &Accounts,
    transaction: &mut Transaction,
    account_id: AccountId,
    (provider, added): (&str, bool),
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<(), ApiError> {
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Some(Address { email }) = address else { return Ok(()) };
    let kind = LetterKind::ProviderChanged { provider: provider.to_owned(), added };
    send(transaction, email, language(headers), kind, now)
}
