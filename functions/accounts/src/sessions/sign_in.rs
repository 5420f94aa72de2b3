//! Signing in.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    validation::{Field, Flag, FromJson, Object},
    values::Email,
};
use http_api::limits::Caller;
use http_api::{ApiError, Code, JsonBody, Origin, operation::Body, operation::ProblemSet, operation::Problems};
use runtime::clock;
use serde_json::Value;
use store::{Condition, Key, Transaction, keys};
use utoipa::ToSchema;

use super::{Client, Device, Proof, SessionBody, answer, cookie, end, open, refresh_token::RefreshToken};
use crate::{
    Accounts,
    password::{Password, Verdict},
    raw_text::RawText,
    registration::{LOGIN, Login},
    roles::AccountLocked,
    second_factor::{InvalidCode, PASSWORD, Standing, try_code},
};

/// The credentials of a sign-in.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"email": "mina@example.com", "password": "열려라 참깨 2026"}))]
pub(crate) struct SignInInput {
    /// The account's address, in any case.
    #[schema(value_type = String, format = Email)]
    email: RawText,
    /// The account's password.
    #[schema(value_type = String, format = Password)]
    password: RawText,
    /// A code of the authenticator app, or a recovery code. Needed if the account has a second factor.
    #[schema(value_type = Option<String>)]
    code: Option<RawText>,
    /// Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    #[schema(value_type = Option<bool>)]
    cookie: bool,
}

impl FromJson for SignInInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (email, password) = (body.required("email"), body.required("password"));
        let code = body.optional("code");
        let cookie: Option<Flag> = body.optional("cookie");
        Some(Self { email: email?, password: password?, code, cookie: cookie.unwrap_or_default().0 })
    }
}

const INVALID_CREDENTIALS: Code =
    Code::new(StatusCode::UNAUTHORIZED, "invalid_credentials", "E-mail address or password is wrong");

/// No account has this address and this password.
pub(crate) struct InvalidCredentials;

impl ProblemSet for InvalidCredentials {
    fn codes() -> Vec<Code> {
        vec![INVALID_CREDENTIALS]
    }
}

/// 401 `invalid_credentials`.
pub(crate) fn invalid_credentials() -> ApiError {
    ApiError::new(INVALID_CREDENTIALS, "There is no account with this address and password.")
}

const SECOND_FACTOR_REQUIRED: Code =
    Code::new(StatusCode::UNAUTHORIZED, "second_factor_required", "The account asks for a code");

/// The account has a second factor.
pub(crate) struct SecondFactorRequired;

impl ProblemSet for SecondFactorRequired {
    fn codes() -> Vec<Code> {
        vec![SECOND_FACTOR_REQUIRED]
    }
}

/// 401 `second_factor_required`.
pub(crate) fn second_factor_required() -> ApiError {
    ApiError::new(SECOND_FACTOR_REQUIRED, "Repeat the request with `code`: six digits of your app, or a recovery code.")
}

/// Sign in
///
/// An unknown address and a wrong password get the same answer after the same time.
#[utoipa::path(
    post,
    path = "/sessions",
    tag = "accounts",
    request_body = SignInInput,
    responses(
        (status = OK, description = "Signed in.", body = SessionBody),
        Problems<(Body, InvalidCredentials, SecondFactorRequired, InvalidCode, AccountLocked)>,
    )
)]
pub(crate) async fn sign_in(
    State(accounts): State<Accounts>,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let input: SignInInput = body.read()?;
    let password = Password::typed(input.password.as_str());
    let now = clock::now();
    let email = input.email.as_str().parse::<Email>().ok();
    let email_key = email.as_ref().map_or_else(|| input.email.as_str().to_owned(), Email::key);
    let found = match &email {
        Some(email) => login_of(&accounts, email).await?,
        None => None,
    };
    let earlier = session_of_cookie(&accounts, &headers).await?;
    // Strangers cannot use up the tries of somebody who has signed in with this browser before.
    let is_owner =
        |token: &&RefreshToken| found.as_ref().is_some_and(|(_, login)| login.account_id == token.account_id);
    let device = earlier.as_ref().filter(is_owner).map(|token| token.session_id.to_string());
    let attempt = accounts.limits.attempt_sign_in(&email_key, &caller, device.as_deref(), now).await?;
    let stored = found.as_ref().map(|(_, login)| login.password_hash.as_str());
    let cost = accounts.imported_hashes.cost(&accounts.store, now).await?;
    let verdict = accounts.passwords.check(&password, stored, cost).map_err(ApiError::internal)?;
    let (Some((key, login)), Verdict::Right | Verdict::RightButOutdated) = (found, verdict) else {
        return Err(invalid_credentials());
    };
    let account_id = login.account_id;
    let mut transaction = Transaction::new();
    // A password that was reset meanwhile opens no session any more.
    let unchanged = Condition::text("password_hash", login.password_hash.clone());
    let login = if verdict == Verdict::RightButOutdated { rehashed(&accounts, login, &password) } else { login };
    transaction.put(LOGIN, key, &login, unchanged)?;
    let standing = Standing::read(&accounts, account_id).await?;
    let (role, second_factor) = (standing.role, standing.has_second_factor());
    let mut factors = PASSWORD;
    if second_factor {
        let code = input.code.as_ref().ok_or_else(second_factor_required)?;
        let who = account_id.to_string();
        let codes_before = standing.recovery_codes_left();
        let spent = try_code(&accounts, (account_id, standing), code, caller.account(&who), now).await?;
        factors = spent.factors_used(codes_before);
        spent.save(&mut transaction, account_id)?;
    }
    // The new token replaces this one in the browser, so nobody could use or end its session any more.
    if let Some(token) = earlier.filter(|_| input.cookie) {
        end(&mut transaction, token.account_id, token.session_id);
    }
    let proof = Proof { account_id, role, second_factor, factors };
    let client = (Client::of(&headers, &caller), &origin);
    let (body, token) = open(&accounts, transaction, proof, client, now).await?;
    attempt.succeeded().await?;
    Ok(answer(body, &token, input.cookie))
}

/// The login of an address, by its key or by its key in earlier versions.
pub(crate) async fn login_of(accounts: &Accounts, email: &Email) -> Result<Option<(Key, Login)>, ApiError> {
    for key in [Some(email.key()), email.legacy_key()].into_iter().flatten() {
        let key = keys::email(&key);
        if let Some(login) = accounts.store.get(&key).await? {
            return Ok(Some((key, login)));
        }
    }
    Ok(None)
}

/// The token in the cookie, if it belongs to a session. A token that was exchanged meanwhile does as well.
pub(crate) async fn session_of_cookie(
    accounts: &Accounts,
    headers: &HeaderMap,
) -> Result<Option<RefreshToken>, ApiError> {
    let Some(token) = cookie::get(headers).and_then(|text| text.parse::<RefreshToken>().ok()) else { return Ok(None) };
    let key = keys::devices(token.account_id).item(token.session_id.to_string());
    let device: Option<Device> = accounts.store.get(&key).await?;
    Ok(device.filter(|device| device.family == token.family_hash()).map(|_| token))
}

/// The login with a hash of today's parameters. If that fails, the old hash stays until the next sign-in.
fn rehashed(accounts: &Accounts, login: Login, password: &Password) -> Login {
    match accounts.passwords.hash(password) {
        Ok(password_hash) => Login { password_hash, ..login },
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "an outdated password hash stays for now");
            login
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::validation::{Rule, read};
    use serde_json::json;

    use super::*;

    #[test]
    fn both_fields_are_needed() {
        let violations = read::<SignInInput>(&json!({"password": []})).err().unwrap().into_vec();
        let wrong: Vec<(&str, Rule)> =
            violations.iter().map(|violation| (violation.pointer.as_str(), violation.code)).collect();
        assert_eq!(wrong, [("/email", Rule::Required), ("/password", Rule::WrongType)]);
    }

    #[test]
    fn any_text_may_be_tried() {
        assert!(read::<SignInInput>(&json!({"email": "", "password": "x"})).is_ok());
    }
}
