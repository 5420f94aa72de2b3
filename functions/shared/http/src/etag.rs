//! Versions as entity tags, and the conditions that clients put on them (RFC 9110, section 13).

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};

use crate::{ApiError, Code};

/// The entity tag of a version: the number in quotes.
pub fn etag(version: u64) -> HeaderValue {
    let mut digits = version.to_string();
    digits.insert(0, '"');
    digits.push('"');
    HeaderValue::from_str(&digits).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The conditions of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preconditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    /// Each as sent, quotes and weakness mark included. What is no entity tag matches nothing.
    These(Vec<String>),
}

impl Preconditions {
    /// Reads the conditions of a request.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self { if_match: tags(headers, header::IF_MATCH), if_none_match: tags(headers, header::IF_NONE_MATCH) }
    }

    /// Holds the conditions of a write against what is stored now: its version, or `None` if there is nothing.
    ///
    /// # Errors
    /// 412 if one fails. `If-Match` compares strongly, so a weak tag never matches.
    pub fn check_write(&self, stored: Option<u64>) -> Result<(), ApiError> {
        let tag = stored.map(quoted);
        let matches = |tags: &Tags| match (tags, &tag) {
            (_, None) => false,
            (Tags::Any, Some(_)) => true,
            (Tags::These(tags), Some(tag)) => tags.contains(tag),
        };
        if self.if_match.as_ref().is_some_and(|tags| !matches(tags)) {
            return Err(ApiError::new(
                Code::PreconditionFailed,
                "If-Match does not name the stored version. Read it again and repeat the change on it.",
            ));
        }
        if self.if_none_match.as_ref().is_some_and(matches) {
            return Err(ApiError::new(Code::PreconditionFailed, "If-None-Match names what is already stored."));
        }
        Ok(())
    }

    /// Whether a reader already has this version, so that 304 is the answer. `If-None-Match` compares weakly.
    pub fn has(&self, version: u64) -> bool {
        let tag = quoted(version);
        match &self.if_none_match {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(|given| given.strip_prefix("W/").unwrap_or(given) == tag),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Preconditions {
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
    // Our own tags hold no comma, so what a comma tears apart can't be one of them.
    let tags: Vec<String> = values
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(|tag| tag.trim().to_owned())
        .collect();
    Some(if tags == ["*"] { Tags::Any } else { Tags::These(tags) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: HeaderName, values: &[&str]) -> Preconditions {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), value.parse().unwrap());
        }
        Preconditions::from_headers(&headers)
    }

    fn refuses(preconditions: &Preconditions, stored: Option<u64>) -> bool {
        preconditions.check_write(stored).is_err_and(|error| error.code() == Code::PreconditionFailed)
    }

    #[test]
    fn a_version_becomes_a_quoted_tag() {
        assert_eq!(etag(0), "\"0\"");
        assert_eq!(etag(u64::MAX), "\"18446744073709551615\"");
    }

    #[test]
    fn without_conditions_everything_may_be_written() {
        assert!(!refuses(&Preconditions::default(), None));
        assert!(!refuses(&Preconditions::default(), Some(3)));
        assert!(!Preconditions::default().has(3));
    }

    #[test]
    fn if_match_wants_the_stored_version() {
        assert!(!refuses(&given(header::IF_MATCH, &["\"3\""]), Some(3)));
        assert!(!refuses(&given(header::IF_MATCH, &["\"1\", \"3\""]), Some(3)));
        assert!(!refuses(&given(header::IF_MATCH, &["\"1\"", "\"3\""]), Some(3)));
        for stale in ["\"2\"", "W/\"3\"", "3", "\"03\"", "", "\"\"", "nonsense"] {
            assert!(refuses(&given(header::IF_MATCH, &[stale]), Some(3)), "{stale}");
        }
        assert!(refuses(&given(header::IF_MATCH, &["\"3\""]), None));
    }

    #[test]
    fn a_star_asks_whether_there_is_anything() {
        assert!(!refuses(&given(header::IF_MATCH, &["*"]), Some(3)));
        assert!(refuses(&given(header::IF_MATCH, &["*"]), None));
        assert!(refuses(&given(header::IF_NONE_MATCH, &["*"]), Some(3)));
        assert!(!refuses(&given(header::IF_NONE_MATCH, &["*"]), None));
    }

    #[test]
    fn a_reader_that_has_the_version_is_told_so() {
        assert!(given(header::IF_NONE_MATCH, &["\"3\""]).has(3));
        assert!(given(header::IF_NONE_MATCH, &["\"1\", W/\"3\""]).has(3));
        assert!(given(header::IF_NONE_MATCH, &["*"]).has(3));
        assert!(!given(header::IF_NONE_MATCH, &["\"4\""]).has(3));
    }
}
