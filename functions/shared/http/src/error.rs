//! Errors as responses: `application/problem+json` by RFC 9457.
//!
//! An [`ApiError`] has two audiences. The client reads a status, a stable code and a sentence. The log reads the cause,
//! which never leaves the function. This module turns errors of the domain and the store into answers;
//! [`frame`](mod@crate::frame) logs them.

use std::{error::Error, time::Duration};

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::validation::{Violation, Violations};
use runtime::{entropy::NoEntropy, telemetry::chain};
use store::{StoreError, idempotency::IDEMPOTENCY};

use crate::{Code, Problem, idempotency::in_progress};

type Cause = Box<dyn Error + Send + Sync>;

/// The most wrong fields in a response. A body of 6 MB can have more wrong fields than a response of 6 MB can list.
const MOST_ERRORS: usize = 1_000;

/// Why a request is refused or failed.
#[derive(Debug)]
pub struct ApiError {
    code: Code,
    detail: Box<str>,
    errors: Vec<Violation>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Cause>,
}

impl ApiError {
    /// An error with this code. `detail` is a sentence for the client about this request.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into().into(), errors: Vec::new(), headers: Vec::new(), cause: None }
    }

    /// Adds the cause, for the log alone.
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

    /// Adds `Retry-After`: how long the client should wait before it repeats the request.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)))
    }

    /// 401 `unauthorized`, with the challenge that RFC 6750 demands.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(Code::UNAUTHORIZED, detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"pairwork\""))
    }

    /// 404 `not_found`.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Code::NOT_FOUND, detail)
    }

    /// 403 `forbidden`.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Code::FORBIDDEN, detail)
    }

    /// 409 `conflict`: another request changed the record first.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(Code::CONFLICT, detail)
    }

    fn validation(mut errors: Vec<Violation>) -> Self {
        let detail = match errors.len() {
            1 => "1 field is not acceptable".to_owned(),
            count @ ..=MOST_ERRORS => format!("{count} fields are not acceptable"),
            count => format!("{count} fields are not acceptable: the first {MOST_ERRORS} are named"),
        };
        errors.truncate(MOST_ERRORS);
        Self { errors, ..Self::new(Code::VALIDATION_FAILED, detail) }
    }

    /// 500 `internal`: the fault is in this API. The log gets the cause.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(Code::INTERNAL, "The request could not be handled. It has been logged under its request id.")
            .because(cause)
    }

    /// 503 `busy`: a service that this API needs does not answer. The same request may succeed a moment later.
    pub fn busy(cause: impl Into<Cause>) -> Self {
        Self::new(Code::BUSY, "The market is busy. Try again in a moment.")
            .because(cause)
            .retry_after(Duration::from_secs(1))
    }

    /// The sentence for the client.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The kind of error.
    pub fn code(&self) -> Code {
        self.code
    }
}

impl From<StoreError> for ApiError {
    /// A conflict that no handler expected is a race with another request.
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

/// An error's data for [`frame`](mod@crate::frame), which logs the cause and adds the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Reported {
    pub(crate) problem: Problem,
    /// The cause and its own causes, outermost first.
    pub(crate) cause: Option<String>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem::new(self.code, self.detail.into(), self.errors);
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

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use domain::validation::{Refusal, Rule};

    use super::*;

    async fn rendered(error: ApiError) -> (StatusCode, axum::http::HeaderMap, serde_json::Value) {
        let (parts, body) = error.into_response().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_problem_has_all_documented_members_and_hides_the_cause() {
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
    async fn only_the_first_1000_wrong_fields_are_listed() {
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
    fn a_cause_is_logged_with_its_sources() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] std::io::Error);
        let error = Outer(std::io::Error::other("inner"));
        assert_eq!(chain(&error), "outer: inner");
    }
}
