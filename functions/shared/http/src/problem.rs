//! The body of an error: a problem document (RFC 9457).

use axum::body::Body;
use domain::validation::Violation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Code;

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
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// The kind of problem as a stable name.
    #[schema(example = "validation_failed")]
    pub code: String,
    /// A sentence about this request. It may change between releases.
    #[schema(example = "1 field is not acceptable")]
    pub detail: String,
    /// The wrong fields of the body, the first 1,000 of them. Left out if the body's fields are not the problem.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Violation>,
    /// The id of the request, as the log has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "JKJaXmPLvHcESHA=")]
    pub request_id: Option<String>,
}

impl Problem {
    /// The media type of problems.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// The problem of a code, with a sentence about this request.
    pub(crate) fn new(code: Code, detail: String, errors: Vec<Violation>) -> Self {
        Self {
            kind: format!("https://pairwork.dev/problems/{}", code.name()),
            title: code.title().to_owned(),
            status: code.status().as_u16(),
            code: code.name().to_owned(),
            detail,
            errors,
            request_id: None,
        }
    }

    pub(crate) fn body(&self) -> Body {
        // Serialization cannot fail, because a problem holds only strings and numbers.
        Body::from(serde_json::to_vec(self).unwrap_or_default())
    }
}
