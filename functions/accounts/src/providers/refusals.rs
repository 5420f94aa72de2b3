//! The problems of signing in with a provider.

use axum::http::StatusCode;
use http_api::{ApiError, Code, operation::ProblemSet};

const UNKNOWN_PROVIDER: Code =
    Code::new(StatusCode::NOT_FOUND, "unknown_provider", "The market knows no such provider");
pub(super) const PROVIDER_UNAVAILABLE: Code =
    Code::new(StatusCode::SERVICE_UNAVAILABLE, "provider_unavailable", "The provider does not answer as it should");
const UNKNOWN_ORIGIN: Code =
    Code::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_origin", "The request does not come from a page");
const INVALID_AUTHORIZATION: Code = Code::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "invalid_authorization",
    "This visit to the provider was used, is too old, or began in another browser",
);
const PROVIDER_REFUSED: Code =
    Code::new(StatusCode::UNPROCESSABLE_ENTITY, "provider_refused", "The provider's answer proves nothing");
const EMAIL_NOT_VERIFIED: Code = Code::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "email_not_verified",
    "The provider does not vouch for an e-mail address",
);
const ACCOUNT_EXISTS: Code =
    Code::new(StatusCode::CONFLICT, "account_exists", "The e-mail address has an account that signs in otherwise");
const IDENTITY_TAKEN: Code =
    Code::new(StatusCode::CONFLICT, "identity_taken", "The account at the provider is linked already");
const LAST_WAY_TO_SIGN_IN: Code =
    Code::new(StatusCode::CONFLICT, "last_way_to_sign_in", "The account would have no way to sign in");

macro_rules! problem_sets {
    ($($(#[$doc:meta])* $name:ident: $($code:ident)+;)+) => {
        $(
            $(#[$doc])*
            pub(crate) struct $name;

            impl ProblemSet for $name {
                fn codes() -> Vec<Code> {
                    vec![$($code),+]
                }
            }
        )+
    };
}

problem_sets! {
    /// The operation names a provider.
    KnownProvider: UNKNOWN_PROVIDER;
    /// The operation begins a round trip.
    Beginning: UNKNOWN_PROVIDER PROVIDER_UNAVAILABLE UNKNOWN_ORIGIN;
    /// The operation ends a round trip.
    Returning: UNKNOWN_PROVIDER PROVIDER_UNAVAILABLE INVALID_AUTHORIZATION PROVIDER_REFUSED;
    /// The operation opens an account for a newcomer.
    Newcomer: EMAIL_NOT_VERIFIED ACCOUNT_EXISTS;
    /// The operation links an account at a provider.
    Linking: IDENTITY_TAKEN;
    /// The operation removes a way to sign in.
    Unlinking: LAST_WAY_TO_SIGN_IN;
}

/// 404 `unknown_provider`.
pub(super) fn unknown_provider() -> ApiError {
    ApiError::new(UNKNOWN_PROVIDER, "GET /sign-in-providers lists the providers.")
}

/// 503 `provider_unavailable`.
pub(super) fn provider_unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> ApiError {
    ApiError::new(PROVIDER_UNAVAILABLE, "Try again in a moment, or sign in another way.").because(cause)
}

/// 422 `unknown_origin`.
pub(super) fn unknown_origin() -> ApiError {
    ApiError::new(UNKNOWN_ORIGIN, "A browser says with `Origin` which page sends the request. Use the market's page.")
}

/// 422 `invalid_authorization`.
pub(crate) fn invalid_authorization() -> ApiError {
    ApiError::new(INVALID_AUTHORIZATION, "Begin once more, and come back within ten minutes in the same browser.")
}

/// 422 `provider_refused`. The log tells the reason.
pub(super) fn provider_refused(cause: impl std::error::Error + Send + Sync + 'static) -> ApiError {
    ApiError::new(PROVIDER_REFUSED, "Begin once more. If that does not help, sign in another way.").because(cause)
}

/// 422 `provider_refused`, for a proof of identity that is not recent.
pub(super) fn not_fresh() -> ApiError {
    ApiError::new(PROVIDER_REFUSED, "The provider did not ask you to sign in. Sign out here and in again.")
}

/// 422 `provider_refused`, for an account at the provider that is not linked.
pub(super) fn not_linked() -> ApiError {
    ApiError::new(PROVIDER_REFUSED, "This account at the provider is not linked to yours.")
}

/// 422 `email_not_verified`.
pub(super) fn email_not_verified() -> ApiError {
    let detail = "Open an account with an e-mail address and a password. Then link the provider to it.";
    ApiError::new(EMAIL_NOT_VERIFIED, detail)
}

/// 409 `account_exists`.
pub(crate) fn account_exists() -> ApiError {
    let detail = "Sign in with your password. Then link the provider: POST /accounts/me/identities/{id}.";
    ApiError::new(ACCOUNT_EXISTS, detail)
}

/// 409 `identity_taken`.
pub(super) fn identity_taken() -> ApiError {
    ApiError::new(
        IDENTITY_TAKEN,
        "It belongs to another account, or yours has one at this provider. Unlink that first.",
    )
}

/// 409 `last_way_to_sign_in`.
pub(super) fn last_way_to_sign_in() -> ApiError {
    ApiError::new(LAST_WAY_TO_SIGN_IN, "Choose a password first: POST /password-resets sends a letter.")
}
