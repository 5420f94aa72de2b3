//! Signing in.

use std::str::FromStr;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    validation::{Field, FromJson, Object, Refusal},
    values::Email,
};
use http_api::{ApiError, Code, JsonBody, json, operation::Body, operation::ProblemSet, operation::Problems};
use runtime::clock;
use serde::Serialize;
use serde_json::Value;
use store::{Condition, Key, Transaction, keys};
use utoipa::ToSchema;

use crate::{
    Accounts,
    password::{Password, Verdict},
    registration::Login,
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
}

/// Any text. An invalid address belongs to no account, and an old password may be outside today's bounds.
#[derive(Debug)]
struct RawText(String);

impl FromStr for RawText {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Ok(Self(text.to_owned()))
    }
}

impl FromJson for SignInInput {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (email, password) = (body.required("email"), body.required("password"));
        Some(Self { email: email?, password: password? })
    }
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"access_token": "eyJhbGciOiJFUzI1NiIs…", "token_type": "Bearer", "expires_in": 3600}))]
pub(crate) struct SessionBody {
    /// Send it as `Authorization: Bearer <token>`. An ES256 JWT; its keys are at `/.well-known/jwks.json`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds until the token expires.
    expires_in: u32,
}

const INVALID_CREDENTIALS: Code =
    Code::new(StatusCode::UNAUTHORIZED, "invalid_credentials", "E-mail address or password is wrong");

/// No account has this address and this password.
struct InvalidCredentials;

impl ProblemSet for InvalidCredentials {
    fn codes() -> Vec<Code> {
        vec![INVALID_CREDENTIALS]
    }
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
        Problems<(Body, InvalidCredentials)>,
    )
)]
pub(crate) async fn sign_in(State(accounts): State<Accounts>, body: JsonBody) -> Result<Response, ApiError> {
    let input: SignInInput = body.read()?;
    let password = Password::typed(&input.password.0);
    let found = match input.email.0.parse::<Email>() {
        Ok(email) => login_of(&accounts, &email).await?,
        Err(_) => None,
    };
    let stored = found.as_ref().map(|(_, login)| login.password_hash.as_str());
    let verdict = accounts.passwords.check(&password, stored).map_err(ApiError::internal)?;
    let (Some((key, login)), Verdict::Right | Verdict::RightButOutdated) = (found, verdict) else {
        return Err(ApiError::new(INVALID_CREDENTIALS, "There is no account with this address and password."));
    };
    let now = clock::now();
    let signing_key = accounts.keyring.signing_key(now).await?;
    let access_token = tokens::issue(&signing_key, &accounts.terms, &login.account_id.to_string(), now)?;
    if verdict == Verdict::RightButOutdated {
        rehash(&accounts, key, login, &password).await;
    }
    let session = SessionBody { access_token, token_type: "Bearer", expires_in: accounts.terms.lifetime_seconds };
    let mut response = json(StatusCode::OK, &session);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The login of an address, by its key or by its key in earlier versions.
async fn login_of(accounts: &Accounts, email: &Email) -> Result<Option<(Key, Login)>, ApiError> {
    for key in [Some(email.key()), email.legacy_key()].into_iter().flatten() {
        let key = keys::email(&key);
        if let Some(login) = accounts.store.get(&key).await? {
            return Ok(Some((key, login)));
        }
    }
    Ok(None)
}

/// Replaces an outdated hash. If that fails, the old hash stays until the next sign-in.
async fn rehash(accounts: &Accounts, key: Key, login: Login, password: &Password) {
    let replaced = async {
        let password_hash = accounts.passwords.hash(password).map_err(ApiError::internal)?;
        let condition = Condition::text("password_hash", login.password_hash);
        let mut transaction = Transaction::new();
        transaction.put("login", key, &Login { account_id: login.account_id, password_hash }, condition)?;
        accounts.store.commit(transaction).await?;
        Ok::<_, ApiError>(())
    };
    if let Err(error) = replaced.await {
        tracing::warn!(code = error.code().name(), "an outdated password hash stays for now");
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
