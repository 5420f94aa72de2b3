//! A recent proof of identity, which sensitive acts ask for.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    validation::{Field, Flag, FromJson, Object},
    values::AccountId,
};
use http_api::limits::{Action, Caller, Who};
use http_api::{
    ApiError, Code, JsonBody, Origin, SignedIn, operation::Body, operation::ProblemSet, operation::Problems,
    operation::SignIn,
};
use jiff::Timestamp;
use runtime::clock;
use serde_json::Value;
use store::{Transaction, keys};
use tokens::session::Session;
use utoipa::ToSchema;

use crate::{
    Accounts,
    passkeys::{self, Assertion, PASSKEY},
    password::{Password, Verdict},
    raw_text::RawText,
    registration::Address,
    second_factor::{InvalidCode, PASSWORD, Standing, try_code},
    sessions::{
        self, Client, InvalidCredentials, SecondFactorRequired, SessionBody, invalid_credentials,
        second_factor_required,
    },
};

/// Seconds for which a proof is recent.
const RECENT_SECONDS: i64 = 600;

const REAUTHENTICATION_REQUIRED: Code =
    Code::new(StatusCode::UNAUTHORIZED, "reauthentication_required", "Prove who you are once more");

/// The operation needs a recent proof of identity.
pub(crate) struct Fresh;

impl ProblemSet for Fresh {
    fn codes() -> Vec<Code> {
        vec![REAUTHENTICATION_REQUIRED]
    }
}

/// Refuses a session whose last proof is old, or lacks the second factor that the account has.
///
/// # Errors
/// 401 `reauthentication_required`, with the challenge of RFC 9470.
pub(crate) async fn require_fresh(accounts: &Accounts, signed_in: &SignedIn, now: Timestamp) -> Result<(), ApiError> {
    // The session of a reading request may have been read before the proof.
    let session = Session::read(&accounts.store, signed_in.account_id, signed_in.session_id, now).await?;
    let is_recent = session.is_some_and(|session| now.as_second() - session.proved_at < RECENT_SECONDS);
    let has_factor = session.is_some_and(|session| session.second_factor);
    if is_recent && (has_factor || !Standing::read(accounts, signed_in.account_id).await?.has_second_factor()) {
        return Ok(());
    }
    let challenge = "Bearer realm=\"pairwork\", error=\"insufficient_user_authentication\", max_age=600";
    let detail =
        "Send your password, and a code if you have an app, or a passkey's answer: POST /sessions/current/proof.";
    Err(ApiError::new(REAUTHENTICATION_REQUIRED, detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge)))
}

/// A proof of identity: a passkey's answer, or the password.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"password": "열려라 참깨 2026", "code": "287082"}))]
pub(crate) struct ProofInput {
    /// The account's password. Needed without `credential`.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<RawText>,
    /// A code of the app, or a recovery code. Needed if the account has a second factor.
    #[schema(value_type = Option<String>)]
    code: Option<RawText>,
    /// Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    #[schema(value_type = Option<bool>)]
    cookie: bool,
    /// What `toJSON()` of a passkey's answer to a challenge of `POST /sessions/passkey-challenges` gives. It needs
    /// neither password nor code.
    #[schema(value_type = Option<Object>)]
    credential: Option<Assertion>,
}

impl FromJson for ProofInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (credential, code) = (body.optional("credential"), body.optional("code"));
        let password = if credential.is_some() { body.optional("password") } else { Some(body.required("password")?) };
        let cookie: Option<Flag> = body.optional("cookie");
        Some(Self { password, code, credential, cookie: cookie.unwrap_or_default().0 })
    }
}

/// Prove who I am
///
/// Sensitive acts need a proof that is at most ten minutes old: changing the password or the address, a second factor,
/// the export and the deletion of the account. A sign-in is a proof, too. The answer opens a session in the place of
/// this one, whose tokens count no more.
#[utoipa::path(
    post,
    path = "/sessions/current/proof",
    tag = "accounts",
    request_body = ProofInput,
    responses(
        (status = OK, description = "The proof counts for ten minutes.", body = SessionBody),
        Problems<(SignIn, Body, InvalidCredentials, SecondFactorRequired, InvalidCode)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn prove_identity(
    State(accounts): State<Accounts>,
    SignedIn { account_id, session_id, .. }: SignedIn,
    caller: Caller,
    headers: HeaderMap,
    origin: Origin,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let input: ProofInput = body.read()?;
    let now = clock::now();
    let who = account_id.to_string();
    let who = caller.account(&who);
    let mut transaction = Transaction::new();
    let Standing { role, .. } = Standing::read(&accounts, account_id).await?;
    let (second_factor, factors) = match &input.credential {
        Some(credential) => {
            prove_by_passkey(&accounts, account_id, credential, &caller, &mut transaction, now).await?;
            (true, PASSKEY)
        }
        None => prove_by_password(&accounts, account_id, &input, who, &mut transaction, now).await?,
    };
    let proof = sessions::Proof { account_id, role, second_factor, factors };
    let client = (Client::of(&headers, &caller), &origin);
    let (body, token) = sessions::replace(&accounts, transaction, proof, session_id, client, now).await?;
    Ok(sessions::answer(body, &token, input.cookie))
}

/// Checks the answer of a passkey of this account, and adds the writes that make it count once.
async fn prove_by_passkey(
    accounts: &Accounts,
    account_id: AccountId,
    credential: &Assertion,
    caller: &Caller,
    transaction: &mut Transaction,
    now: Timestamp,
) -> Result<(), ApiError> {
    accounts.limits.take(Action::SignIn, caller.anonymous(), now).await?;
    let site = accounts.passkey_site.as_ref().ok_or_else(invalid_credentials)?;
    let verified = passkeys::verify(accounts, site, credential, now).await?;
    if verified.account_id != account_id {
        return Err(invalid_credentials());
    }
    Ok(verified.save(transaction, now)?)
}

/// Checks the password, and the code if the account has a second factor. Returns whether it has one, and the factors as
/// the audit trail names them. The transaction uses the code up.
async fn prove_by_password(
    accounts: &Accounts,
    account_id: AccountId,
    input: &ProofInput,
    who: Who<'_>,
    transaction: &mut Transaction,
    now: Timestamp,
) -> Result<(bool, &'static str), ApiError> {
    accounts.limits.take(Action::SecondFactor, who, now).await?;
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let login = match address {
        Some(Address { email }) => sessions::login_of(accounts, &email).await?,
        None => None,
    };
    let stored = login.as_ref().map(|(_, login)| login.password_hash.as_str());
    let password = Password::typed(input.password.as_ref().map_or("", RawText::as_str));
    let cost = accounts.imported_hashes.cost(&accounts.store, now).await?;
    if accounts.passwords.check(&password, stored, cost).map_err(ApiError::internal)? == Verdict::Wrong {
        return Err(invalid_credentials());
    }
    let standing = Standing::read(accounts, account_id).await?;
    let second_factor = standing.has_second_factor();
    let mut factors = PASSWORD;
    if second_factor {
        let code = input.code.as_ref().ok_or_else(second_factor_required)?;
        let codes_before = standing.recovery_codes_left();
        let spent = try_code(accounts, (account_id, standing), code, who, now).await?;
        factors = spent.factors_used(codes_before);
        spent.save(transaction, account_id)?;
    }
    accounts.limits.give_back(Action::SecondFactor, who, now).await?;
    Ok((second_factor, factors))
}
