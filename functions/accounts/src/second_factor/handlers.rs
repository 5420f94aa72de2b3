//! Adding and removing an authenticator app.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::validation::{Field, FromJson, Object};
use http_api::limits::{Action, Caller};
use http_api::operation::SignIn;
use http_api::{
    ApiError, Code, JsonBody, Origin, SignedIn, json, operation::Body, operation::ProblemSet, operation::Problems,
};
use jiff::Timestamp;
use mail::LetterKind;
use qrcode::{EcLevel, QrCode, render::svg};
use runtime::clock;
use serde::Serialize;
use serde_json::Value;
use store::{Transaction, keys};
use utoipa::ToSchema;

use super::{STANDING, Standing, totp::Totp, try_code};
use crate::{
    Accounts,
    letters::{language, tell_owner},
    proof::{Fresh, require_fresh},
    raw_text::RawText,
    registration::Address,
};

/// The least size of a QR code, in pixels.
const QR_PIXELS: u32 = 240;

/// A code.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"code": "287082"}))]
pub(crate) struct CodeInput {
    /// Six digits of the app, or a recovery code.
    #[schema(value_type = String)]
    code: RawText,
}

impl FromJson for CodeInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        Some(Self { code: Object::of(value, field)?.required("code")? })
    }
}

/// A new authenticator app. Nobody can read its secret again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TotpBody {
    /// The shared secret, base32, for typing into an app.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same as an address that apps open.
    #[schema(example = "otpauth://totp/Pairwork:mina%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    otpauth_uri: String,
    /// The address as a QR code, an SVG image.
    qr_svg: String,
}

/// The codes for the day when the app is lost. Nobody can read them again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodesBody {
    /// Ten codes, each good for one sign-in.
    #[schema(min_items = 10, max_items = 10, example = json!(["k7mq3x-9w2pfa-hd65tr-40ysen"]))]
    recovery_codes: Vec<String>,
}

const INVALID_CODE: Code =
    Code::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_code", "The code is wrong, or was used before");
const TOTP_EXISTS: Code = Code::new(StatusCode::CONFLICT, "totp_exists", "The account has an authenticator app");

const NO_SECOND_FACTOR: Code =
    Code::new(StatusCode::CONFLICT, "no_second_factor", "The account has no authenticator app");

/// The account has no app.
struct NoSecondFactor;

impl ProblemSet for NoSecondFactor {
    fn codes() -> Vec<Code> {
        vec![NO_SECOND_FACTOR]
    }
}

/// The code of the second factor is wrong.
pub(crate) struct InvalidCode;

impl ProblemSet for InvalidCode {
    fn codes() -> Vec<Code> {
        vec![INVALID_CODE]
    }
}

/// The account has an app already.
struct TotpExists;

impl ProblemSet for TotpExists {
    fn codes() -> Vec<Code> {
        vec![TOTP_EXISTS]
    }
}

/// 422 `invalid_code`.
pub(crate) fn invalid_code() -> ApiError {
    ApiError::new(INVALID_CODE, "Type the code that the app shows now, or a recovery code that is left.")
}

/// Add an authenticator app
///
/// The app counts after `POST /accounts/me/totp/confirm`. A second call before that replaces the secret.
#[utoipa::path(
    post,
    path = "/accounts/me/totp",
    tag = "accounts",
    responses(
        (status = CREATED, description = "Scan the code, then confirm.", body = TotpBody),
        Problems<(SignIn, Fresh, TotpExists)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn add_totp(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let account_id = signed_in.account_id;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let mut standing = Standing::read(&accounts, account_id).await?;
    if standing.has_second_factor() {
        return Err(ApiError::new(TOTP_EXISTS, "Remove the app first: DELETE /accounts/me/totp."));
    }
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let Address { email } = address.ok_or_else(|| ApiError::internal("an account without an address"))?;
    let mut totp = Totp::new()?;
    totp.open(&accounts.sealer, account_id).await?;
    let otpauth_uri = totp.uri(&email).map_err(|error| ApiError::internal(error.to_string()))?;
    let qr = QrCode::with_error_correction_level(&otpauth_uri, EcLevel::M).map_err(ApiError::internal)?;
    let qr_svg = qr.render::<svg::Color<'_>>().min_dimensions(QR_PIXELS, QR_PIXELS).build();
    let body = TotpBody { secret: totp.secret().unwrap_or_default().to_owned(), otpauth_uri, qr_svg };
    standing.totp = Some(totp);
    let mut transaction = Transaction::new();
    standing.save(&mut transaction, account_id)?;
    commit(&accounts, transaction, &[]).await?;
    Ok(crate::not_stored(json(StatusCode::CREATED, &body)))
}

/// Confirm an authenticator app
///
/// From now on, sign-in asks for a code.
#[utoipa::path(
    post,
    path = "/accounts/me/totp/confirm",
    tag = "accounts",
    request_body = CodeInput,
    responses(
        (status = OK, description = "The app counts. Keep the recovery codes.", body = RecoveryCodesBody),
        Problems<(SignIn, Fresh, Body, InvalidCode, TotpExists)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn confirm_totp(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let CodeInput { code } = body.read()?;
    let account_id = signed_in.account_id;
    let who = account_id.to_string();
    accounts.limits.take(Action::SecondFactor, caller.account(&who), now).await?;
    let mut standing = Standing::read(&accounts, account_id).await?;
    if standing.has_second_factor() {
        return Err(ApiError::new(TOTP_EXISTS, "The app is confirmed already."));
    }
    let totp = standing.totp.as_mut().ok_or_else(invalid_code)?;
    totp.open(&accounts.sealer, account_id).await?;
    if !totp.spend(code.as_str().trim(), now) {
        return Err(invalid_code());
    }
    accounts.limits.give_back(Action::SecondFactor, caller.account(&who), now).await?;
    totp.is_confirmed = true;
    let recovery_codes = standing.renew_recovery_codes()?;
    let mut transaction = Transaction::new();
    standing.save(&mut transaction, account_id)?;
    tell(&accounts, &mut transaction, &signed_in, &headers, true, now).await?;
    let added = Entry::of(account_id, Act::TotpAdded, &origin, now).in_session(signed_in.session_id);
    commit(&accounts, transaction, &[added]).await?;
    Ok(crate::not_stored(json(StatusCode::OK, &RecoveryCodesBody { recovery_codes })))
}

/// Make new recovery codes
///
/// They replace the ones that are left. It needs a recent proof of identity.
#[utoipa::path(
    post,
    path = "/accounts/me/recovery-codes",
    tag = "accounts",
    responses(
        (status = CREATED, description = "Keep the recovery codes.", body = RecoveryCodesBody),
        Problems<(SignIn, Fresh, NoSecondFactor)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn make_recovery_codes(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let account_id = signed_in.account_id;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let mut standing = Standing::read(&accounts, account_id).await?;
    if !standing.has_second_factor() {
        return Err(ApiError::new(NO_SECOND_FACTOR, "Add an app first: POST /accounts/me/totp."));
    }
    let recovery_codes = standing.renew_recovery_codes()?;
    let mut transaction = Transaction::new();
    standing.save(&mut transaction, account_id)?;
    tell(&accounts, &mut transaction, &signed_in, &headers, true, now).await?;
    let made = Entry::of(account_id, Act::RecoveryCodesMade, &origin, now).in_session(signed_in.session_id);
    commit(&accounts, transaction, &[made]).await?;
    Ok(crate::not_stored(json(StatusCode::CREATED, &RecoveryCodesBody { recovery_codes })))
}

/// Remove the authenticator app
///
/// It takes a code of the app, or a recovery code. It needs a recent proof of identity.
#[utoipa::path(
    delete,
    path = "/accounts/me/totp",
    tag = "accounts",
    request_body = CodeInput,
    responses(
        (status = NO_CONTENT, description = "Sign-in asks for no code any more."),
        Problems<(SignIn, Fresh, Body, InvalidCode)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn remove_totp(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let CodeInput { code } = body.read()?;
    let account_id = signed_in.account_id;
    let who = account_id.to_string();
    let standing = Standing::read(&accounts, account_id).await?;
    let codes_before = standing.recovery_codes_left();
    let mut standing = try_code(&accounts, (account_id, standing), &code, caller.account(&who), now).await?;
    let factor = standing.factors_used(codes_before).trim_start_matches("password+");
    standing.totp = None;
    standing.recovery_codes.clear();
    let mut transaction = Transaction::new();
    standing.save(&mut transaction, account_id)?;
    tell(&accounts, &mut transaction, &signed_in, &headers, false, now).await?;
    let removed = Entry::of(account_id, Act::TotpRemoved, &origin, now).in_session(signed_in.session_id);
    commit(&accounts, transaction, &[removed.about(factor)]).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Adds a letter about the change.
async fn tell(
    accounts: &Accounts,
    transaction: &mut Transaction,
    signed_in: &SignedIn,
    headers: &HeaderMap,
    added: bool,
    now: Timestamp,
) -> Result<(), ApiError> {
    let letter = LetterKind::SecondFactorChanged { added };
    tell_owner(accounts, transaction, signed_in.account_id, language(headers), letter, now).await
}

/// Of two requests with one code, the second finds it used.
async fn commit(accounts: &Accounts, transaction: Transaction, entries: &[Entry]) -> Result<(), ApiError> {
    match audit::commit(&accounts.store, transaction, entries).await {
        Err(lost) if lost.is_conflict_on(STANDING) => Err(invalid_code()),
        committed => Ok(committed?),
    }
}
