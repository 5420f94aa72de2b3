//! Versions as entity tags, and the conditions of requests on them (RFC 9110, section 13).

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};
use utoipa::IntoParams;

use crate::{ApiError, Code};

/// The entity tag of a version: the number in quotes.
pub fn etag(version: u64) -> HeaderValue {
    let mut digits = version.to_string();
    digits.insert(0, '"');
    digits.push('"');
    HeaderValue::from_str(&digits).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The condition of a read, as an extractor.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ReadCondition {
    /// An `ETag` that the client has, or `*`. If it is the current one, the answer is 304 without a body.
    #[param(rename = "If-None-Match", value_type = String, required = false, example = "\"3\"")]
    if_none_match: Option<Tags>,
}

/// The conditions of a write, as an extractor.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct WriteConditions {
    /// The `ETag` of the version that the change is based on, or `*` for any version. If it is not the current one, the
    /// answer is 412.
    #[param(rename = "If-Match", value_type = String, required = false, example = "\"3\"")]
    if_match: Option<Tags>,
    /// `*` writes only if nothing is stored yet.
    #[param(rename = "If-None-Match", value_type = String, required = false, example = "*")]
    if_none_match: Option<Tags>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    /// Each tag as it was sent, with its quotes and its mark of weakness. Text that is not an entity tag matches
    /// nothing.
    These(Vec<String>),
}

impl ReadCondition {
    /// Reads the condition of a request.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self { if_none_match: tags(headers, header::IF_NONE_MATCH) }
    }

    /// Whether the client already has this version, so that the response is 304. Tags are compared weakly.
    pub fn has(&self, version: u64) -> bool {
        let tag = quoted(version);
        match &self.if_none_match {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(|given| given.strip_prefix("W/").unwrap_or(given) == tag),
        }
    }
}

impl WriteConditions {
    /// Reads the conditions of a request.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self { if_match: tags(headers, header::IF_MATCH), if_none_match: tags(headers, header::IF_NONE_MATCH) }
    }

    /// Compares the conditions with the stored version; `None` if nothing is stored.
    ///
    /// # Errors
    /// 412 if a condition fails. `If-Match` compares strongly, so a weak tag never matches.
    pub fn check(&self, stored: Option<u64>) -> Result<(), ApiError> {
        let tag = stored.map(quoted);
        let matches = |tags: &Tags| match (tags, &tag) {
            (_, None) => false,
            (Tags::Any, Some(_)) => true,
            (Tags::These(tags), Some(tag)) => tags.contains(tag),
        };
        if self.if_match.as_ref().is_some_and(|tags| !matches(tags)) {
            return Err(ApiError::new(
                Code::PRECONDITION_FAILED,
                "If-Match does not name the stored version. Read it again and repeat the change on it.",
            ));
        }
        if self.if_none_match.as_ref().is_some_and(matches) {
            return Err(ApiError::new(Code::PRECONDITION_FAILED, "If-None-Match names the stored version."));
        }
        Ok(())
    }
}

impl<S: Sync> FromRequestParts<S> for ReadCondition {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::from_headers(&parts.headers))
    }
}

impl<S: Sync> FromRequestParts<S> for WriteConditions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::from_headers(&parts.headers))
    }
}

fn quoted(version: u64) -> String {
    format!("\"{version}\"")
}

fn tags(headers: &HeaderMap, name: HeaderName) -> Option<Tags> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    // The tags of this API hold no comma, so splitting at commas loses none of them.
    let tags: Vec<String> = values
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(|tag| tag.trim().to_owned())
        .collect();
    Some(if tags == ["*"] { Tags::Any } else { Tags::These(tags) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    fn refuses(name: HeaderName, values: &[&str], stored: Option<u64>) -> bool {
        let checked = WriteConditions::from_headers(&headers(name, values)).check(stored);
        checked.is_err_and(|error| error.code() == Code::PRECONDITION_FAILED)
    }

    fn has(values: &[&str], version: u64) -> bool {
        ReadCondition::from_headers(&headers(header::IF_NONE_MATCH, values)).has(version)
    }

    #[test]
    fn a_version_becomes_a_quoted_tag() {
        assert_eq!(etag(0), "\"0\"");
        assert_eq!(etag(u64::MAX), "\"18446744073709551615\"");
    }

    #[test]
    fn without_conditions_everything_may_be_written() {
        assert!(!refuses(header::IF_MATCH, &[], None));
        assert!(!refuses(header::IF_MATCH, &[], Some(3)));
        assert!(!has(&[], 3));
    }

    #[test]
    fn if_match_requires_the_stored_version() {
        assert!(!refuses(header::IF_MATCH, &["\"3\""], Some(3)));
        assert!(!refuses(header::IF_MATCH, &["\"1\", \"3\""], Some(3)));
        assert!(!refuses(header::IF_MATCH, &["\"1\"", "\"3\""], Some(3)));
        for stale in ["\"2\"", "W/\"3\"", "3", "\"03\"", "", "\"\"", "nonsense"] {
            assert!(refuses(header::IF_MATCH, &[stale], Some(3)), "{stale}");
        }
        assert!(refuses(header::IF_MATCH, &["\"3\""], None));
    }

    #[test]
    fn a_star_stands_for_any_version() {
        assert!(!refuses(header::IF_MATCH, &["*"], Some(3)));
        assert!(refuses(header::IF_MATCH, &["*"], None));
        assert!(refuses(header::IF_NONE_MATCH, &["*"], Some(3)));
        assert!(!refuses(header::IF_NONE_MATCH, &["*"], None));
    }

    #[test]
    fn if_none_match_compares_weakly() {
        assert!(has(&["\"3\""], 3));
        assert!(has(&["\"1\", W/\"3\""], 3));
        assert!(has(&["*"], 3));
        assert!(!has(&["\"4\""], 3));
    }
}
