//! The published keys. Everybody can check tokens with them.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use http_api::{ApiError, json, operation::Problems};
use runtime::clock;
use serde::Serialize;
use tokens::Jwk;
use utoipa::ToSchema;

use crate::Accounts;

/// A JSON Web Key Set (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JwksBody {
    /// The keys, each with the `kid` that tokens name in their header.
    keys: Vec<Jwk>,
}

/// Public signing keys
///
/// A service that checks tokens should cache these keys, and read them again when a token names an unknown key. A new
/// key is published a day before it signs.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    tag = "accounts",
    responses(
        (status = OK, description = "The keys that tokens may be signed with.", body = JwksBody,
            headers(("Cache-Control" = String, description = "How long the keys may be cached."))),
        Problems<()>,
    )
)]
pub(crate) async fn get_jwks(State(accounts): State<Accounts>) -> Result<Response, ApiError> {
    let now = clock::now();
    // This makes the first key, or the next one if it is due.
    accounts.keyring.signing_key(now).await?;
    let published = tokens::published::published_keys(&accounts.store).await?;
    let keys = published.into_iter().filter(|published| now < published.not_after).map(|published| published.jwk);
    let mut response = json(StatusCode::OK, &JwksBody { keys: keys.collect() });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(response)
}
