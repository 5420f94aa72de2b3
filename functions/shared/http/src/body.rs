//! Bodies, in and out.
//!
//! Reading takes two steps. The extractor turns bytes into JSON and refuses other bytes. [`JsonBody::read`] reads the JSON as
//! a request, and one answer names every wrong field. Text passes through both untouched.

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::validation::FromJson;
use serde::Serialize;
use serde_json::Value;

use crate::{ApiError, Code};

/// The largest body that a request about one record may have. The longest description, every character escaped as a
/// surrogate pair, takes half of it.
pub const RECORD_BYTES: usize = 256 * 1024;

/// The largest body that reaches a function at all: Lambda's own limit for an event.
pub const LARGEST_BYTES: usize = 6 * 1024 * 1024;

/// A body that is JSON, of at most `LIMIT` bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonBody<const LIMIT: usize = RECORD_BYTES>(Value);

impl<const LIMIT: usize> JsonBody<LIMIT> {
    /// The body as it came.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Reads the body as a request.
    ///
    /// # Errors
    /// 422 with every wrong field.
    pub fn read<T: FromJson>(&self) -> Result<T, ApiError> {
        Ok(domain::validation::read(&self.0)?)
    }
}

impl<S: Sync, const LIMIT: usize> FromRequest<S> for JsonBody<LIMIT> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        let bytes = axum::body::to_bytes(request.into_body(), LIMIT).await.map_err(|error| {
            ApiError::new(Code::TOO_LARGE, format!("The body must have at most {LIMIT} bytes.")).because(error)
        })?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ApiError::new(Code::MALFORMED_JSON, format!("The body is not JSON: {error}.")))
    }
}

/// Accepts `application/json`, `application/*+json`, and saying nothing.
fn require_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(given) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = given.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = match essence.strip_prefix("application/") {
        Some(subtype) => subtype == "json" || subtype.ends_with("+json"),
        None => false,
    };
    if json {
        return Ok(());
    }
    Err(ApiError::new(Code::UNSUPPORTED_MEDIA_TYPE, "Send the body with Content-Type: application/json."))
}

/// Answers with JSON.
pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let media_type = HeaderValue::from_static("application/json");
            (status, [(header::CONTENT_TYPE, media_type)], bytes).into_response()
        }
        Err(error) => ApiError::internal(error).into_response(),
    }
}

/// What JSON takes in a function's reply to API Gateway. There it is a string of JSON, in which every quote and every
/// backslash has another backslash before it.
pub fn bytes_in_reply(json: &[u8]) -> usize {
    json.len() + json.iter().filter(|byte| matches!(byte, b'"' | b'\\')).count()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn extract(media_type: Option<&str>, body: impl Into<Body>) -> Result<Value, Code> {
        let mut request = Request::new(body.into());
        if let Some(media_type) = media_type {
            request.headers_mut().insert(header::CONTENT_TYPE, media_type.parse().unwrap());
        }
        JsonBody::<64>::from_request(request, &()).await.map(|body| body.0).map_err(|error| error.code())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn json_media_types_and_none_are_taken() {
        for media_type in [
            None,
            Some("application/json"),
            Some("Application/JSON; charset=utf-8"),
            Some("application/merge-patch+json"),
        ] {
            assert_eq!(extract(media_type, "{}").await, Ok(serde_json::json!({})), "{media_type:?}");
        }
        for media_type in ["text/plain", "application/xml", "application/jsonp", "multipart/form-data", "json"] {
            assert_eq!(extract(Some(media_type), "{}").await, Err(Code::UNSUPPORTED_MEDIA_TYPE), "{media_type}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_is_not_json_is_malformed() {
        for body in ["", "{", "{\"a\":1,}", "nul", "{} {}", "\u{feff}{}", "{'a':1}"] {
            assert_eq!(extract(None, body).await, Err(Code::MALFORMED_JSON), "{body:?}");
        }
        assert_eq!(extract(None, vec![b'"', 0xff, b'"']).await, Err(Code::MALFORMED_JSON));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_body_beyond_the_limit_is_too_large() {
        assert_eq!(extract(None, format!("\"{}\"", "x".repeat(62))).await.map(|_| ()), Ok(()));
        assert_eq!(extract(None, format!("\"{}\"", "x".repeat(63))).await, Err(Code::TOO_LARGE));
    }
}
