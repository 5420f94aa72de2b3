//! Signing in.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    validation::{Field, Violations},
    values::Email,
};
use http_api::{ApiError, Code, JsonBody, json, operation::Body, operation::ProblemSet, operation::Problems};
use runtime::clock;
use serde::{Deserialize, Serialize};
use store::{Condition, Key, Transaction, keys};
use utoipa::ToSchema;

use crate::{
    Accounts,
    password::{Password, Verdict},
    registration::Login,
};

/// Somebody who signs in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"email": "mina@example.com", "password": "열려라 참깨 2026"}))]
pub(crate) struct SignInInput {
    /// The account's address, in any case.
    #[serde(default)]
    #[schema(value_type = String, required, format = Email)]
    email: Field<String>,
    /// The account's password.
    #[serde(default)]
    #[schema(value_type = String, required, format = Password)]
    password: Field<String>,
}

impl SignInInput {
    fn validate(&self) -> Result<(&str, Password), Violations> {
        let mut violations = Violations::none();
        let mut body = violations.root();
        let email = self.email.required(&mut body.member("email"));
        let password = self.password.required(&mut body.member("password"));
        match (email, password) {
            (Some(email), Some(password)) => Ok((email, Password::typed(password))),
            _ => Err(violations),
        }
    }
}

/// What signed-in requests are sent with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"access_token": "eyJhbGciOiJFUzI1NiIs…", "token_type": "Bearer", "expires_in": 3600}))]
pub(crate) struct SessionBody {
    /// Send it as `Authorization: Bearer <token>`. An ES256 JWT; its keys are at `/.well-known/jwks.json`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds until it no longer counts.
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
/// An unknown address and a wrong password get the same answer, after the same time.
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
    let (email, password) = input.validate()?;
    // What is no address can't have an account.
    let key = email.parse::<Email>().ok().map(|email| keys::email(&email.folded()));
    let login: Option<Login> = match &key {
        Some(key) => accounts.store.get(key).await?,
        None => None,
    };
    let stored = login.as_ref().map(|login| login.password_hash.as_str());
    let verdict = accounts.passwords.check(&password, stored).map_err(ApiError::internal)?;
    let (Some(key), Some(login), Verdict::Right | Verdict::RightButOutdated) = (key, login, verdict) else {
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

/// Replaces a hash that was made under other parameters. If that fails the old one serves until the next sign-in.
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
    use domain::validation::Rule;
    use serde_json::json;

    use super::*;

    #[test]
    fn both_fields_are_needed() {
        let input: SignInInput = serde_json::from_value(json!({"password": []})).unwrap();
        let violations = input.validate().err().unwrap().into_vec();
        let wrong: Vec<(&str, Rule)> =
            violations.iter().map(|violation| (violation.pointer.as_str(), violation.code)).collect();
        assert_eq!(wrong, [("/email", Rule::Required), ("/password", Rule::WrongType)]);
    }

    #[test]
    fn any_text_may_be_tried() {
        let input: SignInInput = serde_json::from_value(json!({"email": "", "password": "x"})).unwrap();
        assert!(input.validate().is_ok());
    }
}
