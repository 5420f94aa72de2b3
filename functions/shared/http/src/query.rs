//! Query strings, parameter by parameter. A parameter that is not asked for is ignored.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};

use crate::{ApiError, Code};

/// The parameters of a request, decoded, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryParameters(Vec<(String, String)>);

impl QueryParameters {
    /// The one value of a parameter, if it was given.
    ///
    /// # Errors
    /// 400 `invalid_query` if it was given more than once.
    pub fn one(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let mut values = self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(_) => Err(ApiError::new(Code::InvalidQuery, format!("Give {name} once."))),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for QueryParameters {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(pairs)| Self(pairs))
            .map_err(|error| ApiError::new(Code::InvalidQuery, "The query string cannot be read.").because(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parse(uri: &str) -> QueryParameters {
        let (mut parts, ()) = axum::http::Request::builder().uri(uri).body(()).unwrap().into_parts();
        QueryParameters::from_request_parts(&mut parts, &()).await.unwrap()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn values_are_decoded_and_may_be_given_once() {
        let query = parse("/projects?category=%EA%B0%9C%EB%B0%9C&skill=c%23&limit=5&limit=6&empty=").await;
        assert_eq!(query.one("category").unwrap(), Some("개발"));
        assert_eq!(query.one("skill").unwrap(), Some("c#"));
        assert_eq!(query.one("empty").unwrap(), Some(""));
        assert_eq!(query.one("cursor").unwrap(), None);
        assert_eq!(query.one("limit").unwrap_err().code(), Code::InvalidQuery);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn no_query_is_no_parameters() {
        assert_eq!(parse("/projects").await.one("limit").unwrap(), None);
    }
}
