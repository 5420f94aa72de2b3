//! The `Idempotency-Key` header.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use domain::idempotency::{IdempotencyKey, KEPT};
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::{ApiError, Code};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The `Idempotency-Key` of a request, if it has one, as an extractor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyHeader(pub Option<IdempotencyKey>);

/// Implemented by hand, because the derive cannot take bounds from constants.
impl IntoParams for IdempotencyHeader {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(IdempotencyKey::MAX_LENGTH))
            .pattern(Some("^[!-~]+$"));
        let description = format!(
            "1 to {} visible ASCII characters, new for each thing to create. A repeat of the same request within {} \
             hours gets the first reply again, with `Idempotency-Replayed: true`, and has no further effect.",
            IdempotencyKey::MAX_LENGTH,
            KEPT.as_hours()
        );
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(description))
            .example(Some("01JD8Z3V9K8Y2N6Q4T7W5X1A0B".into()))
            .schema(Some(schema))
            .build();
        vec![parameter]
    }
}

impl<S: Sync> FromRequestParts<S> for IdempotencyHeader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Self::from_headers(&parts.headers)
    }
}

impl IdempotencyHeader {
    fn from_headers(headers: &HeaderMap) -> Result<Self, ApiError> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let key = value.to_str().ok().filter(|_| values.next().is_none()).and_then(|text| text.parse().ok());
        let detail =
            format!("Send one Idempotency-Key of 1 to {} visible ASCII characters.", IdempotencyKey::MAX_LENGTH);
        key.map(|key| Self(Some(key))).ok_or_else(|| ApiError::new(Code::INVALID_IDEMPOTENCY_KEY, detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (IDEMPOTENCY_KEY, value.parse().unwrap())).collect()
    }

    fn read(values: &[&str]) -> Result<Option<String>, Code> {
        let header = IdempotencyHeader::from_headers(&headers(values)).map_err(|error| error.code())?;
        Ok(header.0.map(|key| key.as_str().to_owned()))
    }

    #[test]
    fn a_key_is_optional_and_visible_ascii() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["01JD-first try"]), Err(Code::INVALID_IDEMPOTENCY_KEY));
        assert_eq!(read(&["01JD"]), Ok(Some("01JD".to_owned())));
        assert_eq!(read(&[&"x".repeat(255)]), Ok(Some("x".repeat(255))));
        for wrong in [&[""][..], &[&"x".repeat(256)], &["키"], &["a", "b"], &["a", "a"]] {
            assert_eq!(read(wrong), Err(Code::INVALID_IDEMPOTENCY_KEY), "{wrong:?}");
        }
    }
}
