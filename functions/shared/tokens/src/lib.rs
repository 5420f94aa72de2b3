//! Access tokens: JSON Web Tokens (RFC 7519) signed with ES256 and nothing else.
//!
//! A token is valid if its header names ES256, the type `at+jwt` (RFC 9068) and a published key, its signature is valid
//! under that key, its claims name this market and have not expired, and its session lives. A header with anything else
//! (another algorithm, an extension) is refused, and an embedded key is never used. The time is an argument.

mod authenticator;
mod es256;
#[cfg(test)]
mod fuzz;
mod key;
pub mod life;
pub mod published;
pub mod session;

use domain::values::{AccountId, SessionId};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Header};
use serde::{Deserialize, Serialize};

pub use authenticator::{AuthenticationError, Authenticator, Freshness, Identity};
pub use key::{Jwk, NotOurs, PublicKey, SigningKey};

/// The type of a token (RFC 9068, section 2.1). It keeps other tokens of the same key from passing as access tokens.
const TYPE: &str = "at+jwt";

/// How far the clock of the function that issued a token may be ahead of the one that reads it.
const CLOCK_SKEW_SECONDS: i64 = 5;

/// The issuer, the audience and the lifetime of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The `iss` claim.
    pub issuer: String,
    /// The `aud` claim.
    pub audience: String,
    /// Seconds from `iat` to `exp`.
    pub lifetime_seconds: u32,
}

impl From<&runtime::Config> for Terms {
    fn from(config: &runtime::Config) -> Self {
        Self {
            issuer: config.token_issuer.clone(),
            audience: config.token_audience.clone(),
            lifetime_seconds: config.token_lifetime_seconds.get(),
        }
    }
}

/// The claims of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The issuer.
    pub iss: String,
    /// The audience.
    pub aud: String,
    /// The account that is signed in.
    pub sub: AccountId,
    /// The session.
    pub sid: SessionId,
    /// The id of the token.
    pub jti: String,
    /// The time of issue, Unix seconds.
    pub iat: i64,
    /// The end of its life, Unix seconds.
    pub exp: i64,
    /// The beginning of its life, Unix seconds, if it begins after `iat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
}

/// Why a token is not valid, or could not be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The token is not three parts of base64url with the right JSON in them.
    #[error("the token is malformed")]
    Malformed,
    /// The header names another type than `at+jwt`, another algorithm than ES256, or an extension.
    #[error("the token is not a plain ES256 access token")]
    Unacceptable,
    /// The signature is not valid.
    #[error("the token's signature is not valid")]
    Forged,
    /// The token has another issuer or audience.
    #[error("the token is not for this market")]
    Foreign,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `iat` or `nbf` is in the future.
    #[error("the token is not valid yet")]
    Premature,
    /// The session has ended.
    #[error("the session of the token has ended")]
    Ended,
    /// The key could not sign.
    #[error("the token could not be signed")]
    Unsigned,
}

/// Whom a token is issued to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The account.
    pub account_id: AccountId,
    /// Its session.
    pub session_id: SessionId,
}

/// Issues a token.
///
/// # Errors
/// [`TokenError::Unsigned`]: the key can't sign, or there is no randomness. No valid key causes it.
pub fn issue(key: &SigningKey, terms: &Terms, subject: Subject, now: Timestamp) -> Result<String, TokenError> {
    es256::install();
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.public().kid().to_owned());
    let iat = now.as_second();
    let claims = Claims {
        iss: terms.issuer.clone(),
        aud: terms.audience.clone(),
        sub: subject.account_id,
        sid: subject.session_id,
        jti: runtime::entropy::ulid(now).map_err(|_| TokenError::Unsigned)?.to_string(),
        iat,
        exp: iat + i64::from(terms.lifetime_seconds),
        nbf: None,
    };
    jsonwebtoken::encode(&header, &claims, key.encoding()).map_err(|_| TokenError::Unsigned)
}

/// The id of the key that a token names. The signature is not checked.
///
/// # Errors
/// [`TokenError::Malformed`], or [`TokenError::Unacceptable`] if it names no key or another algorithm than ES256.
pub fn key_id(token: &str) -> Result<String, TokenError> {
    acceptable_header(token)?.kid.ok_or(TokenError::Unacceptable)
}

/// Checks a token and returns its claims.
///
/// # Errors
/// Any [`TokenError`], except for [`TokenError::Ended`] and [`TokenError::Unsigned`].
pub fn verify(token: &str, key: &PublicKey, terms: &Terms, now: Timestamp) -> Result<Claims, TokenError> {
    if acceptable_header(token)?.typ.as_deref() != Some(TYPE) {
        return Err(TokenError::Unacceptable);
    }
    let payload = authentic_payload(token, key)?;
    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TokenError::Malformed)?;
    if claims.iss != terms.issuer || claims.aud != terms.audience {
        return Err(TokenError::Foreign);
    }
    if claims.exp <= now.as_second() {
        return Err(TokenError::Expired);
    }
    if claims.iat.max(claims.nbf.unwrap_or(i64::MIN)) > now.as_second() + CLOCK_SKEW_SECONDS {
        return Err(TokenError::Premature);
    }
    Ok(claims)
}

/// The payload of a compact JWS (RFC 7515, section 5.2) whose signature is valid under `key`.
fn authentic_payload(token: &str, key: &PublicKey) -> Result<Vec<u8>, TokenError> {
    es256::install();
    acceptable_header(token)?;
    let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (_, payload) = message.split_once('.').ok_or(TokenError::Malformed)?;
    match jsonwebtoken::crypto::verify(signature, message.as_bytes(), key.decoding(), Algorithm::ES256) {
        Ok(true) => key::base64url(payload).ok_or(TokenError::Malformed),
        Ok(false) => Err(TokenError::Forged),
        Err(_) => Err(TokenError::Malformed),
    }
}

fn acceptable_header(token: &str) -> Result<Header, TokenError> {
    let mut parts = token.split('.');
    let (Some(header), Some(_), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(TokenError::Malformed);
    };
    let header = key::base64url(header).ok_or(TokenError::Malformed)?;
    // An algorithm that the library does not know does not parse. `none` is one of them.
    let header: Header = serde_json::from_slice(&header).map_err(|_| TokenError::Unacceptable)?;
    if header.alg != Algorithm::ES256 || header.crit.is_some() {
        return Err(TokenError::Unacceptable);
    }
    Ok(header)
}

#[cfg(test)]
mod tests;
