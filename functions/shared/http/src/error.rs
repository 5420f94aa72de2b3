//! Errors as answers: `application/problem+json` after RFC 9457.
//!
//! An [`ApiError`] has two audiences. The client reads a status, a stable code, and a sentence; the log reads the cause,
//! which never leaves the function. Here is the one place that turns errors of the domain and the store into answers;
//! [`super::frame`](mod@super::frame) is the one place that logs them.

use std::{error::Error, time::Duration};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::validation::{Violation, Violations};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::idempotency::in_progress;
use runtime::entropy::NoEntropy;
use store::{StoreError, idempotency::IDEMPOTENCY};

type Cause = Box<dyn Error + Send + Sync>;

/// The most wrong fields that an answer names. A body of 6 MB can hold more than an answer of 6 MB has room for.
const MOST_ERRORS: usize = 1_000;

/// What went wrong, as a name that clients may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "status, name and title of each stand in the table below")]
pub enum Code {
    MalformedJson,
    InvalidCursor,
    InvalidLimit,
    InvalidQuery,
    InvalidIdempotencyKey,
    Unauthorized,
    InvalidCredentials,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    EmailTaken,
    RequestInProgress,
    Conflict,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    ValidationFailed,
    InvalidNewcomers,
    IdempotencyKeyReused,
    TooManyRequests,
    Internal,
    Busy,
}

impl Code {
    const fn row(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::MalformedJson => (S::BAD_REQUEST, "malformed_json", "The body is not JSON"),
            Self::InvalidCursor => (S::BAD_REQUEST, "invalid_cursor", "The cursor does not fit this request"),
            Self::InvalidLimit => (S::BAD_REQUEST, "invalid_limit", "The limit is out of range"),
            Self::InvalidQuery => (S::BAD_REQUEST, "invalid_query", "The query string is wrong"),
            Self::InvalidIdempotencyKey => {
                (S::BAD_REQUEST, "invalid_idempotency_key", "The idempotency key is malformed")
            }
            Self::Unauthorized => (S::UNAUTHORIZED, "unauthorized", "Sign in first"),
            Self::InvalidCredentials => (S::UNAUTHORIZED, "invalid_credentials", "E-mail address or password is wrong"),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", "This is not yours"),
            Self::NotFound => (S::NOT_FOUND, "not_found", "There is nothing here"),
            Self::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "method_not_allowed", "This path does not take this method")
            }
            Self::EmailTaken => (S::CONFLICT, "email_taken", "This e-mail address has an account"),
            Self::RequestInProgress => (S::CONFLICT, "request_in_progress", "The same request is still being handled"),
            Self::Conflict => (S::CONFLICT, "conflict", "Somebody else was first"),
            Self::PreconditionFailed => {
                (S::PRECONDITION_FAILED, "precondition_failed", "This has changed since you read it")
            }
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too_large", "The body is too large"),
            Self::UnsupportedMediaType => {
                (S::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body must be JSON")
            }
            Self::ValidationFailed => (S::UNPROCESSABLE_ENTITY, "validation_failed", "Some fields are not acceptable"),
            Self::InvalidNewcomers => {
                (S::UNPROCESSABLE_ENTITY, "invalid_newcomers", "The share for newcomers is out of range")
            }
            Self::IdempotencyKeyReused => {
                (S::UNPROCESSABLE_ENTITY, "idempotency_key_reused", "This idempotency key was used with another body")
            }
            Self::TooManyRequests => (S::TOO_MANY_REQUESTS, "too_many_requests", "Slow down"),
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "Something is broken on our side"),
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy", "The market is busy"),
        }
    }

    /// The HTTP status this code comes with.
    pub const fn status(self) -> StatusCode {
        self.row().0
    }

    /// The code as clients see it.
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    pub(crate) const fn title(self) -> &'static str {
        self.row().2
    }
}

/// An error as clients read it (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "https://pairwork.dev/problems/validation_failed")]
    pub kind: String,
    /// The kind of problem as a sentence.
    #[schema(example = "Some fields are not acceptable")]
    pub title: String,
    /// The HTTP status, again.
    #[schema(example = 422)]
    pub status: u16,
    /// The kind of problem as a stable name.
    #[schema(example = "validation_failed")]
    pub code: String,
    /// What happened this time.
    #[schema(example = "1 field is not acceptable")]
    pub detail: String,
    /// Every wrong field, if fields are what is wrong; of more than 1,000 the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Violation>,
    /// The request this answers, as the log knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "JKJaXmPLvHcESHA=")]
    pub request_id: Option<String>,
}

impl Problem {
    /// The media type of problems.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// The URI of a kind of problem.
    pub(crate) fn kind_of(code: Code) -> String {
        format!("https://pairwork.dev/problems/{}", code.as_str())
    }

    pub(crate) fn body(&self) -> Body {
        // Strings and numbers alone: serialization has nothing to fail on.
        Body::from(serde_json::to_vec(self).unwrap_or_default())
    }
}

/// A request that is not answered as hoped.
#[derive(Debug)]
pub struct ApiError {
    code: Code,
    detail: String,
    errors: Vec<Violation>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Cause>,
}

impl ApiError {
    /// An error of this kind; `detail` is a sentence for the client about this very request.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), headers: Vec::new(), cause: None }
    }

    /// Adds what only the log may read.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Tells the client when asking again makes sense.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)))
    }

    /// 401 with the challenge that RFC 6750 asks for.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(Code::Unauthorized, detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"pairwork\""))
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Code::NotFound, detail)
    }

    /// 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, detail)
    }

    /// 409 after a lost race.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(Code::Conflict, detail)
    }

    fn validation(mut errors: Vec<Violation>) -> Self {
        let detail = match errors.len() {
            1 => "1 field is not acceptable".to_owned(),
            count @ ..=MOST_ERRORS => format!("{count} fields are not acceptable"),
            count => format!("{count} fields are not acceptable: the first {MOST_ERRORS} are named"),
        };
        errors.truncate(MOST_ERRORS);
        Self { errors, ..Self::new(Code::ValidationFailed, detail) }
    }

    /// 500: the fault is ours, and `cause` says what it is.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(Code::Internal, "The request could not be handled. It has been logged under its request id.")
            .because(cause)
    }

    /// 503: somebody we depend on does not answer, and `cause` says who. The same request may succeed a moment later.
    pub fn busy(cause: impl Into<Cause>) -> Self {
        Self::new(Code::Busy, "The market is busy. Try again in a moment.")
            .because(cause)
            .retry_after(Duration::from_secs(1))
    }

    /// Which kind of error this is.
    pub fn code(&self) -> Code {
        self.code
    }
}

impl From<StoreError> for ApiError {
    /// A conflict that a handler did not recognise itself was a race with another request.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } if error.is_conflict_on(IDEMPOTENCY) => in_progress().because(error),
            StoreError::Conflict { .. } => {
                Self::conflict("Another request changed this at the same time. Read it again and retry.").because(error)
            }
            StoreError::Busy(_) => Self::busy(error),
            StoreError::Broken(_) => Self::internal(error),
        }
    }
}

impl From<Violations> for ApiError {
    /// 422 with every wrong field, or the first 1,000.
    fn from(violations: Violations) -> Self {
        Self::validation(violations.into_vec())
    }
}

impl From<NoEntropy> for ApiError {
    fn from(error: NoEntropy) -> Self {
        Self::internal(error)
    }
}

/// What the frame around a request needs to log an error once and name its request.
#[derive(Debug, Clone)]
pub(crate) struct Reported {
    pub(crate) problem: Problem,
    /// The cause and what caused it, outermost first.
    pub(crate) cause: Option<String>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: Problem::kind_of(self.code),
            title: self.code.title().to_owned(),
            status: self.code.status().as_u16(),
            code: self.code.as_str().to_owned(),
            detail: self.detail,
            errors: self.errors,
            request_id: None,
        };
        let mut response = Response::new(problem.body());
        *response.status_mut() = self.code.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::MEDIA_TYPE));
        headers.extend(self.headers);
        let cause = self.cause.map(|cause| chain(cause.as_ref()));
        response.extensions_mut().insert(Reported { problem, cause });
        response
    }
}

/// An error and its sources as one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        // Many errors repeat their source in their own text.
        if !line.ends_with(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use domain::validation::{Refusal, Rule};

    use super::*;

    async fn rendered(error: ApiError) -> (StatusCode, axum::http::HeaderMap, serde_json::Value) {
        let (parts, body) = error.into_response().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_problem_says_what_the_client_needs_and_hides_the_cause() {
        let error = ApiError::from(StoreError::Busy("password of 010-1234".into()));
        let (status, headers, problem) = rendered(error).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(headers[header::RETRY_AFTER], "1");
        assert_eq!(
            problem,
            serde_json::json!({
                "type": "https://pairwork.dev/problems/busy",
                "title": "The market is busy",
                "status": 503,
                "code": "busy",
                "detail": "The market is busy. Try again in a moment.",
            })
        );
    }

    #[tokio::test(flavor = "current_thread")]
    async fn validation_lists_every_field() {
        let mut violations = Violations::none();
        for name in ["email", "password"] {
            violations.root().member(name).refuse(Refusal::new(Rule::Required, "필수 항목입니다"));
        }
        let (status, _, problem) = rendered(violations.into()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["detail"], "2 fields are not acceptable");
        assert_eq!(
            problem["errors"][1],
            serde_json::json!({"pointer": "/password", "code": "required", "detail": "필수 항목입니다"})
        );
    }

    #[tokio::test(flavor = "current_thread")]
    async fn of_too_many_wrong_fields_the_first_are_listed() {
        for (wrong, detail) in [
            (MOST_ERRORS, "1000 fields are not acceptable"),
            (MOST_ERRORS + 1, "1001 fields are not acceptable: the first 1000 are named"),
        ] {
            let mut violations = Violations::none();
            for place in 0..wrong {
                violations.root().element(place).refuse(Refusal::new(Rule::Required, "is required"));
            }
            let (_, _, problem) = rendered(violations.into()).await;
            assert_eq!(
                (&problem["detail"], problem["errors"].as_array().unwrap().len()),
                (&detail.into(), MOST_ERRORS)
            );
            assert_eq!(problem["errors"][MOST_ERRORS - 1]["pointer"], "/999");
        }
    }

    #[test]
    fn unauthorized_carries_its_challenge() {
        let response = ApiError::unauthorized("No token.").into_response();
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer realm=\"pairwork\"");
    }

    #[test]
    fn a_cause_is_told_with_its_sources_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] std::io::Error);
        let error = Outer(std::io::Error::other("inner"));
        assert_eq!(chain(&error), "outer: inner");
    }
}
