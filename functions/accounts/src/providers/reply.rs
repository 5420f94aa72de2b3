//! A provider's answer, as the page sends it.

use domain::validation::{Field, Flag, FromJson, Object};
use serde_json::Value;
use utoipa::ToSchema;

use crate::raw_text::RawText;

/// The answer that a browser brings back from a provider.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "state": "hB3…",
    "authorization_code": "SplxlOBeZQQYbYS6WxSbIA",
    "iss": "https://accounts.google.com",
    "cookie": true
}))]
pub(crate) struct ProviderReply {
    /// The `state` of the answer.
    #[schema(value_type = String)]
    pub(super) state: RawText,
    /// The `code` of the answer. A repeat with `code` needs no other one.
    #[schema(value_type = String)]
    pub(super) authorization_code: RawText,
    /// The `iss` of the answer, if it has one.
    #[schema(value_type = Option<String>)]
    pub(super) iss: Option<RawText>,
    /// A code of the authenticator app, or a recovery code. Needed to sign in or to prove the identity if the account
    /// has a second factor.
    #[schema(value_type = Option<String>)]
    pub(super) code: Option<RawText>,
    /// Whether a refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    #[schema(value_type = Option<bool>)]
    pub(super) cookie: bool,
}

impl FromJson for ProviderReply {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (state, authorization_code) = (body.required("state"), body.required("authorization_code"));
        let (iss, code) = (body.optional("iss"), body.optional("code"));
        let cookie: Option<Flag> = body.optional("cookie");
        let cookie = cookie.unwrap_or_default().0;
        Some(Self { state: state?, authorization_code: authorization_code?, iss, code, cookie })
    }
}
