//! Problem codes: stable names of the reasons for which a request fails.
//!
//! The codes here are those that several functions answer with. A feature declares its own codes beside itself:
//!
//! ```
//! use axum::http::StatusCode;
//! use http_api::Code;
//!
//! const EMAIL_TAKEN: Code = Code::new(StatusCode::CONFLICT, "email_taken", "This e-mail address has an account");
//! assert_eq!(EMAIL_TAKEN.name(), "email_taken");
//! ```

use axum::http::StatusCode;

/// A kind of problem, with a name that clients may rely on. Codes with equal names are equal.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    status: StatusCode,
    name: &'static str,
    title: &'static str,
}

impl Code {
    /// Declares a code: its HTTP status, its name in snake case, and its title, a sentence without a full stop.
    pub const fn new(status: StatusCode, name: &'static str, title: &'static str) -> Self {
        Self { status, name, title }
    }

    /// The HTTP status of answers with this code.
    pub const fn status(self) -> StatusCode {
        self.status
    }

    /// The code as clients read it.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The kind of problem as a sentence. It is the same in every answer with this code.
    pub const fn title(self) -> &'static str {
        self.title
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

/// Declares the codes that functions share, and the list of them.
macro_rules! shared_codes {
    ($($(#[$doc:meta])* $constant:ident: $status:ident $name:literal $title:literal;)+) => {
        impl Code {
            $($(#[$doc])* pub const $constant: Self = Self::new(StatusCode::$status, $name, $title);)+

            /// Every code of this crate.
            pub const SHARED: &'static [Self] = &[$(Self::$constant),+];
        }
    };
}

shared_codes! {
    /// The event is not one of an HTTP API.
    UNSUPPORTED_EVENT: BAD_REQUEST "unsupported_event" "The event is not one of an HTTP API";
    /// The body is not JSON.
    MALFORMED_JSON: BAD_REQUEST "malformed_json" "The body is not JSON";
    /// An object of the body has a key twice.
    DUPLICATE_KEY: BAD_REQUEST "duplicate_key" "The body has a key twice";
    /// `cursor` belongs to another list, or to an older release.
    INVALID_CURSOR: BAD_REQUEST "invalid_cursor" "The cursor does not fit this request";
    /// `limit` is out of range.
    INVALID_LIMIT: BAD_REQUEST "invalid_limit" "The limit is out of range";
    /// A query parameter is unknown, repeated, or has a wrong value.
    INVALID_QUERY: BAD_REQUEST "invalid_query" "The query string is wrong";
    /// `Idempotency-Key` is malformed.
    INVALID_IDEMPOTENCY_KEY: BAD_REQUEST "invalid_idempotency_key" "The idempotency key is malformed";
    /// The request has no valid access token.
    UNAUTHORIZED: UNAUTHORIZED "unauthorized" "Sign in first";
    /// The record belongs to another account.
    FORBIDDEN: FORBIDDEN "forbidden" "The record belongs to another account";
    /// There is no such record or path.
    NOT_FOUND: NOT_FOUND "not_found" "Not found";
    /// The path has no operation with this method.
    METHOD_NOT_ALLOWED: METHOD_NOT_ALLOWED "method_not_allowed" "This path does not support this method";
    /// A request with the same idempotency key is still running.
    REQUEST_IN_PROGRESS: CONFLICT "request_in_progress" "The same request is still being handled";
    /// The account is closing.
    ACCOUNT_CLOSING: CONFLICT "account_closing" "The account is closing";
    /// Another request changed the record first.
    CONFLICT: CONFLICT "conflict" "Another request changed the record first";
    /// `If-Match` or `If-None-Match` does not hold.
    PRECONDITION_FAILED: PRECONDITION_FAILED "precondition_failed" "This has changed since you read it";
    /// The body, or the answer to it, would be too large.
    TOO_LARGE: PAYLOAD_TOO_LARGE "too_large" "The body is too large";
    /// The body's media type is not JSON.
    UNSUPPORTED_MEDIA_TYPE: UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "The body must be JSON";
    /// The body is compressed, or is text in another encoding than UTF-8.
    UNSUPPORTED_ENCODING: UNSUPPORTED_MEDIA_TYPE "unsupported_encoding" "The body must be uncompressed UTF-8";
    /// Fields of the body are wrong.
    VALIDATION_FAILED: UNPROCESSABLE_ENTITY "validation_failed" "Some fields are not acceptable";
    /// The idempotency key came with another body before.
    IDEMPOTENCY_KEY_REUSED:
        UNPROCESSABLE_ENTITY "idempotency_key_reused" "This idempotency key was used with another body";
    /// The caller sends too many requests of this kind.
    TOO_MANY_REQUESTS: TOO_MANY_REQUESTS "too_many_requests" "Too many requests";
    /// The fault is in this API.
    INTERNAL: INTERNAL_SERVER_ERROR "internal" "Internal error";
    /// A service that this API needs does not answer.
    BUSY: SERVICE_UNAVAILABLE "busy" "The market is busy";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn shared_codes_have_different_names_in_snake_case() {
        let names: BTreeSet<&str> = Code::SHARED.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::SHARED.len());
        for code in Code::SHARED {
            let is_snake = code.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(is_snake && !code.title().ends_with('.'), "{code:?}");
        }
    }
}
