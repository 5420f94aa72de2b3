//! Query strings: one struct per group of parameters both reads and documents them.
//!
//! ```
//! use http_api::{Query, QueryParameters, query};
//! use serde::Deserialize;
//! use utoipa::IntoParams;
//!
//! /// How far away a shop may be.
//! #[derive(Deserialize, IntoParams)]
//! #[into_params(parameter_in = Query)]
//! struct Distance {
//!     /// The greatest distance in kilometres.
//!     #[serde(default, deserialize_with = "query::parsed")]
//!     kilometres: Option<u32>,
//! }
//!
//! impl QueryParameters for Distance {}
//!
//! async fn list_shops(Query(distance): Query<Distance>) {}
//! ```
//!
//! A handler takes several groups as a tuple. An unknown parameter is refused, because a misspelt filter would widen
//! the answer. Parameters whose name begins with `utm_` are ignored: links in mails and advertisements contain them.

mod reader;

use std::{borrow::Cow, fmt::Display, str::FromStr};

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};

use self::reader::{Reader, Wrong};
use crate::{ApiError, Code};

/// The prefix of names that are ignored.
const IGNORED_PREFIX: &str = "utm_";

/// The query parameters of a request, read as `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

/// A group of query parameters: a struct with an optional field for each parameter, of the same name.
pub trait QueryParameters: DeserializeOwned {
    /// The code that refuses a wrong value of the parameter `name`.
    fn code(_name: &str) -> Code {
        Code::INVALID_QUERY
    }
}

/// One or several groups of query parameters.
pub trait FromQuery: Sized {
    /// Reads the parameters.
    ///
    /// # Errors
    /// A parameter is repeated or has a wrong value.
    fn from_query(pairs: &mut Pairs<'_>) -> Result<Self, ApiError>;
}

impl<T: QueryParameters> FromQuery for T {
    fn from_query(pairs: &mut Pairs<'_>) -> Result<Self, ApiError> {
        T::deserialize(Reader { pairs: &pairs.pairs, known: &mut pairs.known }).map_err(|wrong| match wrong {
            Wrong::Value { name, detail } => ApiError::new(T::code(&name), format!("{name} {detail}.")),
            Wrong::Repeated(name) => ApiError::new(Code::INVALID_QUERY, format!("Send {name} only once.")),
        })
    }
}

macro_rules! from_query_for_tuples {
    ($(($($group:ident)+))+) => {
        $(
            impl<$($group: FromQuery),+> FromQuery for ($($group,)+) {
                fn from_query(pairs: &mut Pairs<'_>) -> Result<Self, ApiError> {
                    Ok(($($group::from_query(pairs)?,)+))
                }
            }
        )+
    };
}

from_query_for_tuples! { (A B) (A B C) }

/// The decoded parameters of a request, and the names that its groups have asked for.
#[derive(Debug)]
pub struct Pairs<'q> {
    pairs: Vec<(Cow<'q, str>, Cow<'q, str>)>,
    known: Vec<&'static str>,
}

impl<'q> Pairs<'q> {
    fn parse(query: &'q str) -> Self {
        Self { pairs: form_urlencoded::parse(query.as_bytes()).collect(), known: Vec::new() }
    }

    fn refuse_unknown(&self) -> Result<(), ApiError> {
        let is_known = |name: &str| self.known.contains(&name) || name.starts_with(IGNORED_PREFIX);
        let Some((name, _)) = self.pairs.iter().find(|(name, _)| !is_known(name)) else { return Ok(()) };
        let known = self.known.join(", ");
        let detail = format!("There is no query parameter {name:?} here. The query parameters are: {known}.");
        Err(ApiError::new(Code::INVALID_QUERY, detail))
    }
}

impl<S: Sync, T: FromQuery> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

impl<T: FromQuery> Query<T> {
    /// Reads a query string, without its `?`.
    ///
    /// # Errors
    /// 400 `invalid_query` for an unknown or repeated parameter; the parameter's own code for a wrong value.
    pub fn parse(query: &str) -> Result<Self, ApiError> {
        let mut pairs = Pairs::parse(query);
        let parameters = T::from_query(&mut pairs)?;
        pairs.refuse_unknown()?;
        Ok(Self(parameters))
    }
}

/// Deserializes a parameter by its [`FromStr`]. The error's text completes the sentence "`name` …".
///
/// # Errors
/// The text is not a valid `T`.
pub fn parsed<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use utoipa::IntoParams;

    use super::*;

    const INVALID_COUNT: Code = Code::new(axum::http::StatusCode::BAD_REQUEST, "invalid_count", "Not a count");

    #[derive(Debug, Default, PartialEq, Deserialize, IntoParams)]
    struct Filters {
        category: Option<String>,
        #[serde(default, deserialize_with = "parsed")]
        count: Option<u8>,
    }

    impl QueryParameters for Filters {
        fn code(name: &str) -> Code {
            if name == "count" { INVALID_COUNT } else { Code::INVALID_QUERY }
        }
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Sort {
        by: Option<String>,
    }

    impl QueryParameters for Sort {}

    fn read(query: &str) -> Result<(Filters, Sort), (Code, String)> {
        Query::parse(query).map(|Query(groups)| groups).map_err(|error| (error.code(), error.detail().to_owned()))
    }

    #[test]
    fn values_are_decoded() {
        let (filters, sort) = read("category=%EA%B0%9C%EB%B0%9C+a&count=5&by=").unwrap();
        assert_eq!(filters, Filters { category: Some("개발 a".to_owned()), count: Some(5) });
        assert_eq!(sort.by.as_deref(), Some(""));
        assert_eq!(read("").unwrap(), (Filters::default(), Sort { by: None }));
    }

    #[test]
    fn an_unknown_parameter_is_named_with_the_known_ones() {
        let detail = "There is no query parameter \"skills\" here. The query parameters are: category, count, by.";
        assert_eq!(read("skills=rust"), Err((Code::INVALID_QUERY, detail.to_owned())));
        assert!(read("by=x&=").is_err());
        assert!(read("utm_source=mail&utm_campaign=x&by=name").is_ok());
    }

    #[test]
    fn a_repeated_parameter_is_refused() {
        for query in ["by=a&by=b", "by=a&by=a", "count=1&category=x&count=1"] {
            let (code, detail) = read(query).unwrap_err();
            assert_eq!(code, Code::INVALID_QUERY);
            assert!(detail.starts_with("Send ") && detail.ends_with(" only once."), "{detail}");
        }
    }

    #[test]
    fn a_wrong_value_has_the_code_of_its_parameter() {
        let detail = "count number too large to fit in target type.";
        assert_eq!(read("count=256"), Err((INVALID_COUNT, detail.to_owned())));
    }
}
