//! Request and response bodies.
//!
//! A body is read in two steps. The extractor turns bytes into JSON, and refuses other bytes. [`JsonBody::read`] reads
//! the JSON as a request, and one answer names every wrong field.

mod json;

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::validation::FromJson;
use serde::Serialize;
use serde_json::Value;

use self::json::Unread;
use crate::{ApiError, Code};

/// The largest body of a request about one record. The longest description takes half of it if every character is
/// escaped as a surrogate pair.
pub const RECORD_BYTES: usize = 256 * 1024;

/// The largest body that can reach a function: Lambda's limit for an event.
pub const LARGEST_BYTES: usize = 6 * 1024 * 1024;

/// A body that is JSON, of at most `LIMIT` bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonBody<const LIMIT: usize = RECORD_BYTES>(Value);

impl<const LIMIT: usize> JsonBody<LIMIT> {
    /// The body as it was sent.
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
        require_plain_json(request.headers())?;
        let bytes = axum::body::to_bytes(request.into_body(), LIMIT).await.map_err(|error| {
            ApiError::new(Code::TOO_LARGE, format!("The body must have at most {LIMIT} bytes.")).because(error)
        })?;
        parse(&bytes).map(Self)
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Parses JSON. A byte order mark in front of it is ignored, as RFC 8259, section 8.1, allows.
fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    json::read(text).map_err(|unread| match unread {
        Unread::Malformed(error) => {
            let detail = match bytes {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "The body is UTF-16. Send it as UTF-8.".to_owned(),
                _ => format!("The body is not JSON: {error}."),
            };
            ApiError::new(Code::MALFORMED_JSON, detail)
        }
        Unread::DuplicateKey(pointer) => {
            ApiError::new(Code::DUPLICATE_KEY, format!("The body has the key {pointer:?} twice. Send it once."))
        }
        Unread::TooLarge => {
            ApiError::new(Code::TOO_LARGE, "The body holds more values than any request needs. Send fewer.")
        }
    })
}

/// Accepts `application/json` and `application/*+json`, uncompressed and in UTF-8. Missing headers have that meaning
/// too.
fn require_plain_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let codings = codings.flat_map(|value| value.to_str().unwrap_or("?").split(',')).map(str::trim);
    for coding in codings {
        if !(coding.is_empty() || coding.eq_ignore_ascii_case("identity")) {
            return Err(unsupported_encoding("Send the body without Content-Encoding."));
        }
    }
    let Some(given) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let given = given.to_str().unwrap_or_default().to_ascii_lowercase();
    let (essence, parameters) = given.split_once(';').unwrap_or((&given, ""));
    let is_json = match essence.trim().strip_prefix("application/") {
        Some(subtype) => subtype == "json" || subtype.ends_with("+json"),
        None => false,
    };
    if !is_json {
        let detail = "Send the body with Content-Type: application/json.";
        return Err(ApiError::new(Code::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let charsets = parameters.split(';').filter_map(|parameter| parameter.trim().strip_prefix("charset="));
    for charset in charsets {
        // ASCII is a subset of UTF-8.
        if !["utf-8", "utf8", "us-ascii"].contains(&charset.trim().trim_matches('"')) {
            return Err(unsupported_encoding("Send the body as UTF-8."));
        }
    }
    Ok(())
}

/// 415 `unsupported_encoding`. The `Accept-Encoding` header marks the encoding as the problem (RFC 9110, section
/// 12.5.3).
fn unsupported_encoding(detail: &str) -> ApiError {
    ApiError::new(Code::UNSUPPORTED_ENCODING, detail)
        .with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
}

/// A response with a JSON body.
pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let media_type = HeaderValue::from_static("application/json");
            (status, [(header::CONTENT_TYPE, media_type)], bytes).into_response()
        }
        Err(error) => ApiError::internal(error).into_response(),
    }
}

/// The number of bytes that JSON takes in a function's reply to API Gateway. The reply holds it as a JSON string, in
/// which every quote and every backslash is escaped.
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
    async fn json_media_types_and_no_media_type_are_taken() {
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
    async fn other_bytes_than_json_are_malformed() {
        for body in ["", "{", "{\"a\":1,}", "nul", "{} {}", "\u{feff}", "\u{feff}\u{feff}{}", "{'a':1}"] {
            assert_eq!(extract(None, body).await, Err(Code::MALFORMED_JSON), "{body:?}");
        }
        assert_eq!(extract(None, vec![b'"', 0xff, b'"']).await, Err(Code::MALFORMED_JSON));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_byte_order_mark_is_ignored_and_utf_16_is_named() {
        assert_eq!(extract(None, "\u{feff}{\"a\":1}").await, Ok(serde_json::json!({"a": 1})));
        for utf_16 in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}"] {
            let error = parse(utf_16).unwrap_err();
            assert_eq!((error.code(), error.detail()), (Code::MALFORMED_JSON, "The body is UTF-16. Send it as UTF-8."));
        }
    }

    #[test]
    fn a_compressed_body_and_another_charset_are_refused() {
        let refusal = |name: header::HeaderName, value: &str| {
            require_plain_json(&HeaderMap::from_iter([(name, value.parse().unwrap())])).err()
        };
        for coding in ["gzip", "br", "identity, gzip", "x-unknown"] {
            let error = refusal(header::CONTENT_ENCODING, coding).unwrap();
            assert_eq!(error.code(), Code::UNSUPPORTED_ENCODING, "{coding}");
            assert_eq!(error.into_response().headers()[header::ACCEPT_ENCODING], "identity");
        }
        for media_type in ["application/json; charset=utf-16", "application/json;x=1;CHARSET=\"euc-kr\""] {
            let error = refusal(header::CONTENT_TYPE, media_type).unwrap();
            assert_eq!(error.code(), Code::UNSUPPORTED_ENCODING, "{media_type}");
        }
        for (name, value) in [
            (header::CONTENT_ENCODING, "Identity"),
            (header::CONTENT_TYPE, "application/json; charset=\"UTF-8\""),
            (header::CONTENT_TYPE, "application/json; charset=us-ascii"),
        ] {
            assert!(refusal(name, value).is_none(), "{value}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_body_beyond_the_limit_is_too_large() {
        assert_eq!(extract(None, format!("\"{}\"", "x".repeat(62))).await.map(|_| ()), Ok(()));
        assert_eq!(extract(None, format!("\"{}\"", "x".repeat(63))).await, Err(Code::TOO_LARGE));
    }
}
