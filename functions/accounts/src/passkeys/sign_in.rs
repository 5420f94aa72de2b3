//! Signing in with a passkey alone.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    account::PasskeyChallenge,
    validation::{Field, Flag, FromJson, Object},
};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, JsonBody, Origin, json, operation::Body, operation::Problems};
use runtime::clock;
use serde::Serialize;
use serde_json::Value;
use store::Transaction;
use utoipa::ToSchema;
use webauthn_rp::{DiscoverableCredentialRequestOptions, bin::Encode, response::SentChallenge};

use super::{ANSWER_BYTES, Assertion, Offered, PASSKEY, challenge, not_offered, verify};
use crate::{
    Accounts,
    roles::AccountLocked,
    second_factor::Standing,
    sessions::{self, Client, InvalidCredentials, Proof, SessionBody},
};

/// A passkey's answer.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "credential": {
        "id": "M9Rrh4i3R0…",
        "rawId": "M9Rrh4i3R0…",
        "type": "public-key",
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0Iiwi…",
            "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLH…",
            "signature": "MEUCIQDw…",
            "userHandle": "3fA9…"
        },
        "clientExtensionResults": {}
    },
    "cookie": true
}))]
pub(crate) struct PasskeySignInInput {
    /// What `toJSON()` of the answer to `navigator.credentials.get()` gives.
    #[schema(value_type = Object)]
    credential: Assertion,
    /// Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    #[schema(value_type = Option<bool>)]
    cookie: bool,
}

impl FromJson for PasskeySignInInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let credential = body.required("credential");
        let cookie: Option<Flag> = body.optional("cookie");
        Some(Self { credential: credential?, cookie: cookie.unwrap_or_default().0 })
    }
}

/// The options of a proof, for `PublicKeyCredential.parseRequestOptionsFromJSON()`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasskeyRequestOptions, value_type = Object, example = json!({
    "challenge": "l2kT5mUxgJ4Rz1xHcQm3Sw",
    "timeout": 300000,
    "rpId": "market.example.com",
    "allowCredentials": [],
    "userVerification": "required",
    "hints": [],
    "extensions": {}
}))]
pub(crate) struct RequestOptions(Value);

/// Ask for a challenge to prove who I am
///
/// The browser lets the person choose among the passkeys that the device has for this site. The challenge counts once,
/// within five minutes, for `POST /sessions/passkeys` or `POST /sessions/current/proof`.
#[utoipa::path(
    post,
    path = "/sessions/passkey-challenges",
    tag = "accounts",
    responses(
        (status = CREATED, description = "Let the browser answer the challenge.", body = RequestOptions),
        Problems<(Offered,)>,
    )
)]
pub(crate) async fn begin_passkey_sign_in(
    State(accounts): State<Accounts>,
    caller: Caller,
) -> Result<Response, ApiError> {
    let now = clock::now();
    accounts.limits.take(Action::PasskeyChallenge, caller.anonymous(), now).await?;
    let site = accounts.passkey_site.as_ref().ok_or_else(not_offered)?;
    let options = DiscoverableCredentialRequestOptions::passkey(&site.rp_id);
    let challenge = SentChallenge(options.0.challenge.as_data());
    let (state, options) = options.start_ceremony().map_err(ApiError::internal)?;
    let state = state.encode().map_err(ApiError::internal)?;
    let options = RequestOptions(serde_json::to_value(&options).map_err(ApiError::internal)?);
    challenge::put(&accounts, challenge, PasskeyChallenge::Prove, &state, now).await?;
    Ok(crate::not_stored(json(StatusCode::CREATED, &options)))
}

/// Sign in with a passkey
///
/// It needs no address, no password and no code. Every answer that proves nothing is refused in the same way.
#[utoipa::path(
    post,
    path = "/sessions/passkeys",
    tag = "accounts",
    request_body = PasskeySignInInput,
    responses(
        (status = OK, description = "Signed in.", body = SessionBody),
        Problems<(Offered, Body, InvalidCredentials, AccountLocked)>,
    )
)]
pub(crate) async fn sign_in_with_passkey(
    State(accounts): State<Accounts>,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody<ANSWER_BYTES>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    let input: PasskeySignInInput = body.read()?;
    accounts.limits.take(Action::SignIn, caller.anonymous(), now).await?;
    let site = accounts.passkey_site.as_ref().ok_or_else(not_offered)?;
    let verified = verify(&accounts, site, &input.credential, now).await?;
    let account_id = verified.account_id;
    let who = account_id.to_string();
    let _noted = caller.account(&who);
    let Standing { role, .. } = Standing::read(&accounts, account_id).await?;
    let mut transaction = Transaction::new();
    verified.save(&mut transaction, now)?;
    // As with a password: the new token replaces the one in the browser.
    if input.cookie
        && let Some(token) = sessions::session_of_cookie(&accounts, &headers).await?
    {
        sessions::end(&mut transaction, token.account_id, token.session_id);
    }
    let proof = Proof { account_id, role, second_factor: true, factors: PASSKEY };
    let client = (Client::of(&headers, &caller), &origin);
    let (body, token) = sessions::open(&accounts, transaction, proof, client, now).await?;
    Ok(sessions::answer(body, &token, input.cookie))
}
