//! Adding a passkey.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    account::{MAX_PASSKEYS, PasskeyChallenge, may_add_passkey},
    validation::{Field, FromJson, Object, Refusal, Rule},
    values::{PasskeyId, PasskeyName},
};
use http_api::{
    ApiError, Code, JsonBody, Origin, SignedIn, idempotency::IdempotencyHeader, idempotency::Reply,
    idempotency::Request, idempotency::Sender, idempotency::Ticket, idempotency::once, json, limits::Action,
    limits::Caller, operation::Body, operation::Idempotent, operation::ProblemSet, operation::Problems,
    operation::SignIn,
};
use jiff::Timestamp;
use mail::LetterKind;
use runtime::{clock, entropy};
use serde::Serialize;
use serde_json::Value;
use store::{Transaction, keys};
use utoipa::ToSchema;
use webauthn_rp::{
    PublicKeyCredentialCreationOptions, Registration, RegistrationServerState,
    bin::{Decode, Encode},
    request::{
        PublicKeyCredentialDescriptor,
        register::{CredProtect, RegistrationVerificationOptions, USER_HANDLE_MAX_LEN, UserHandle64},
    },
    response::{AuthTransports, CredentialId, SentChallenge, register::error::RegCeremonyErr},
};

use super::{
    ANSWER_BYTES, Offered, Site,
    challenge::{self, CHALLENGE},
    mine::PasskeyBody,
    not_offered,
    stored::{Bytes, OWNER, PASSKEYS, Passkey, Passkeys, all},
};
use crate::{
    Accounts,
    letters::{language, tell_owner},
    proof::{Fresh, require_fresh},
    registration::Address,
};

const PASSKEY_REFUSED: Code =
    Code::new(StatusCode::UNPROCESSABLE_ENTITY, "passkey_refused", "The authenticator's answer is not valid here");
const TOO_MANY_PASSKEYS: Code =
    Code::new(StatusCode::CONFLICT, "too_many_passkeys", "The account has as many passkeys as it may have");

/// The account has ten passkeys.
struct TooManyPasskeys;

impl ProblemSet for TooManyPasskeys {
    fn codes() -> Vec<Code> {
        vec![TOO_MANY_PASSKEYS]
    }
}

/// The answer does not fit its challenge, the account has ten passkeys, or another request changed them meanwhile.
struct NotAdded;

impl ProblemSet for NotAdded {
    fn codes() -> Vec<Code> {
        vec![PASSKEY_REFUSED, TOO_MANY_PASSKEYS, Code::CONFLICT]
    }
}

/// A new passkey.
#[derive(ToSchema)]
#[schema(as = NewPasskey, example = json!({
    "name": "My phone",
    "credential": {
        "id": "M9Rrh4i3R0…",
        "rawId": "M9Rrh4i3R0…",
        "type": "public-key",
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRl…",
            "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRo…",
            "transports": ["internal"]
        },
        "clientExtensionResults": {}
    }
}))]
pub(crate) struct NewPasskey {
    name: PasskeyName,
    /// What `toJSON()` of the answer to `navigator.credentials.create()` gives.
    #[schema(value_type = Object)]
    credential: Answer,
}

/// The answer of `navigator.credentials.create()`, as `toJSON()` gives it.
struct Answer(Registration);

impl FromJson for Answer {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        let json = serde_json::to_vec(value).ok()?;
        match Registration::from_json_relaxed(&json) {
            Ok(answer) => Some(Self(answer)),
            Err(_) => {
                let detail = "must be what `toJSON()` of the answer to `navigator.credentials.create()` gives";
                field.refuse(Refusal::new(Rule::WrongType, detail));
                None
            }
        }
    }
}

impl FromJson for NewPasskey {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (name, credential) = (body.required("name"), body.required("credential"));
        Some(Self { name: name?, credential: credential? })
    }
}

/// The options of a new passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON()`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasskeyCreationOptions, value_type = Object, example = json!({
    "rp": {"name": "Pairwork", "id": "market.example.com"},
    "user": {"name": "mina@example.com", "id": "3fA9…", "displayName": "김민아"},
    "challenge": "l2kT5mUxgJ4Rz1xHcQm3Sw",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    "timeout": 300000,
    "excludeCredentials": [],
    "authenticatorSelection": {
        "residentKey": "required", "requireResidentKey": true, "userVerification": "required"
    },
    "attestation": "none"
}))]
pub(crate) struct CreationOptions(Value);

/// Ask for a challenge to add a passkey
///
/// The challenge counts once, within five minutes, for `POST /accounts/me/passkeys`. It needs a recent proof of
/// identity.
#[utoipa::path(
    post,
    path = "/accounts/me/passkeys/challenges",
    tag = "accounts",
    responses(
        (status = CREATED, description = "Let the browser make a passkey.", body = CreationOptions),
        Problems<(SignIn, Fresh, Offered, TooManyPasskeys)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn begin_my_passkey(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let site = accounts.passkey_site.as_ref().ok_or_else(not_offered)?;
    let account_id = signed_in.account_id;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let passkeys = Passkeys::read(&accounts, account_id).await?;
    if !may_add_passkey(passkeys.count) {
        return Err(too_many());
    }
    let handle = passkeys.user_handle.and_then(|handle| <[u8; USER_HANDLE_MAX_LEN]>::try_from(handle.get()?).ok());
    let Ok(handle) = UserHandle64::decode(match handle {
        Some(handle) => handle,
        None => entropy::bytes()?,
    });
    let known = all(&accounts, account_id).await?.into_iter().filter_map(|(_, passkey)| descriptor(&passkey)).collect();
    let mut options = PublicKeyCredentialCreationOptions::passkey(&site.rp_id, (&handle).into(), known);
    // The library would demand this extension, which many phones and laptops lack. Every answer has to show anyway that
    // the person was verified.
    options.extensions.cred_protect = CredProtect::None;
    let challenge = SentChallenge(options.challenge.as_data());
    let (state, options) = options.start_ceremony().map_err(ApiError::internal)?;
    let state = state.encode().map_err(ApiError::internal)?;
    let mut options = serde_json::to_value(&options).map_err(ApiError::internal)?;
    // Authenticators show these names to the owner. The library would refuse some that are valid here.
    options["rp"]["name"] = "Pairwork".into();
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    options["user"]["name"] = address.map_or_else(String::new, |address| address.email.as_str().to_owned()).into();
    let account = accounts.store.account(account_id).await?;
    options["user"]["displayName"] = account.map_or_else(String::new, |it| it.display_name.as_str().to_owned()).into();
    challenge::put(&accounts, challenge, PasskeyChallenge::Add { account_id }, &state, now).await?;
    Ok(crate::not_stored(json(StatusCode::CREATED, &CreationOptions(options))))
}

/// The passkey as a browser looks for it, so that no device makes a second one.
fn descriptor(passkey: &Passkey) -> Option<PublicKeyCredentialDescriptor<Vec<u8>>> {
    let id = CredentialId::<Vec<u8>>::decode(passkey.credential_id.get()?).ok()?;
    Some(PublicKeyCredentialDescriptor { id, transports: AuthTransports::decode(passkey.transports).ok()? })
}

/// Add a passkey
///
/// From now on, it signs in alone. It needs a recent proof of identity.
#[utoipa::path(
    post,
    path = "/accounts/me/passkeys",
    tag = "accounts",
    params(IdempotencyHeader),
    request_body = NewPasskey,
    responses(
        (status = CREATED, description = "The passkey is added.", body = PasskeyBody,
            headers(("Location" = String, description = "The path of the passkey."))),
        Problems<(SignIn, Fresh, Offered, Body, Idempotent, NotAdded)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn add_my_passkey(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    IdempotencyHeader(key): IdempotencyHeader,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody<ANSWER_BYTES>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let site = accounts.passkey_site.as_ref().ok_or_else(not_offered)?;
    let new = body.read::<NewPasskey>()?;
    let account = signed_in.account_id.to_string();
    accounts.limits.take(Action::Write, caller.account(&account), now).await?;
    let sender = Sender::Account(&account);
    let request = Request { sender, route: "POST /accounts/me/passkeys", key: key.as_ref(), body: body.value() };
    let added = once(&accounts.store, request, now, |ticket| {
        add(&accounts, site, &signed_in, (&headers, &origin), new, ticket, now)
    });
    Ok(crate::not_stored(added.await?))
}

async fn add(
    accounts: &Accounts,
    site: &Site,
    signed_in: &SignedIn,
    (headers, origin): (&HeaderMap, &Origin),
    NewPasskey { name, credential: Answer(answer) }: NewPasskey,
    ticket: Ticket,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let account_id = signed_in.account_id;
    let challenge = answer.challenge_relaxed().map_err(|_| refused("Its client data has no challenge."))?;
    let ceremony = challenge::read(accounts, challenge, PasskeyChallenge::Add { account_id }, now).await?;
    let ceremony = ceremony.ok_or_else(stale)?;
    let passkey = check(site, &answer, &ceremony, name, now)?;
    let passkeys = Passkeys::read(accounts, account_id).await?;
    if !may_add_passkey(passkeys.count) {
        return Err(too_many());
    }
    let mut transaction = Transaction::new();
    challenge::use_up(&mut transaction, challenge);
    let passkey_id = PasskeyId::new(entropy::ulid(now)?);
    passkey.add(&mut transaction, account_id, passkey_id)?;
    let user_handle = passkeys.user_handle.or_else(|| Some(passkey.user_handle.clone()));
    let count = passkeys.count + 1;
    Passkeys { user_handle, count, ..passkeys }.save(&mut transaction, account_id)?;
    let letter = LetterKind::PasskeysChanged { added: true };
    tell_owner(accounts, &mut transaction, account_id, language(headers), letter, now).await?;
    let location = HeaderValue::try_from(format!("/accounts/me/passkeys/{passkey_id}")).map_err(ApiError::internal)?;
    let reply = Reply::json(StatusCode::CREATED, &PasskeyBody::new(passkey_id, passkey))?;
    let reply = reply.with_header(header::LOCATION, &location);
    ticket.complete(&mut transaction, &reply)?;
    let added = Entry::of(account_id, Act::PasskeyAdded, origin, now).in_session(signed_in.session_id);
    match audit::commit(&accounts.store, transaction, &[added]).await {
        Ok(()) => Ok(reply),
        Err(lost) if lost.is_conflict_on(CHALLENGE) => Err(stale()),
        Err(lost) if lost.is_conflict_on(OWNER) => Err(refused("This passkey belongs to an account already.")),
        Err(lost) if lost.is_conflict_on(PASSKEYS) => {
            Err(ApiError::conflict("Another request changed the passkeys of the account. Ask for a new challenge."))
        }
        Err(error) => Err(error.into()),
    }
}

/// The passkey of a valid answer.
///
/// # Errors
/// 422 `passkey_refused`, or 500: the state of the ceremony is unreadable.
fn check(
    site: &Site,
    answer: &Registration,
    ceremony: &[u8],
    name: PasskeyName,
    now: Timestamp,
) -> Result<Passkey, ApiError> {
    let ceremony = RegistrationServerState::<USER_HANDLE_MAX_LEN>::decode(ceremony).map_err(ApiError::internal)?;
    let origins = [site.origin.as_str()];
    let options = RegistrationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        // A browser's extensions may answer to what nobody asked.
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let registered = ceremony.verify(&site.rp_id, answer, &options).map_err(|error| refused(reason(&error)))?;
    let (Ok(handle), Ok(key)) = (registered.user_id().encode(), registered.static_state().encode());
    let (Ok(state), Ok(transports)) = (registered.dynamic_state().encode(), registered.transports().encode());
    Ok(Passkey {
        name,
        credential_id: Bytes::of(registered.id().as_ref()),
        user_handle: Bytes::of(&handle),
        key: Bytes::of(&key),
        state: Bytes::of(&state),
        transports,
        created_at: now,
        last_used_at: None,
    })
}

/// A sentence about a refused answer.
fn reason(error: &RegCeremonyErr) -> &'static str {
    match error {
        RegCeremonyErr::OriginMismatch | RegCeremonyErr::CrossOrigin | RegCeremonyErr::TopOriginMismatch => {
            "It was made on another page."
        }
        RegCeremonyErr::RpIdHashMismatch => "It is for another site.",
        RegCeremonyErr::UserNotPresent | RegCeremonyErr::UserNotVerified => {
            "The authenticator did not verify the person by a finger, a face or a PIN."
        }
        RegCeremonyErr::PublicKeyAlgorithmMismatch => "Its kind of key was not asked for.",
        _ => "Let the browser make another passkey.",
    }
}

fn refused(detail: &'static str) -> ApiError {
    ApiError::new(PASSKEY_REFUSED, detail)
}

fn stale() -> ApiError {
    refused("Its challenge was used, is older than five minutes, or was for another account. Ask for a new one.")
}

fn too_many() -> ApiError {
    ApiError::new(TOO_MANY_PASSKEYS, format!("An account has at most {MAX_PASSKEYS} passkeys. Remove one first."))
}
