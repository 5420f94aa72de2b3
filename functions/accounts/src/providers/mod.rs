//! Signing in with an account at another organisation, by OpenID Connect.
//!
//! An *authorization* is one round trip of a browser to a *provider* and back. It begins with
//! `POST /sign-in-providers/{id}/authorizations`, which answers the address at the provider. The provider sends the
//! browser back to `GET /sign-in-providers/{id}/callback`, which passes `state` and code on to the page in the fragment
//! of its address. The page sends both to the operation that the round trip was for: a sign-in, a link, or a proof of
//! identity.
//!
//! - The authorization is stored under the hash of its `state`, for ten minutes, and is good for one use.
//! - It belongs to one browser, by a cookie that no script can read. So nobody can be signed in to somebody else's
//!   account by a link.
//! - Each provider has a redirect URI of its own, and announced issuers are compared (RFC 9207). So an answer of one
//!   provider is never taken to another.
//! - An identity is the provider's issuer and its `sub`. The e-mail address is never enough to get into an account.

mod authorization;
mod begin;
mod browser;
mod client;
mod config;
mod document;
mod identity;
mod link;
mod prove;
mod refusals;
mod reply;
mod sign_in;

pub(crate) use self::{
    authorization::AUTHORIZATION,
    begin::{
        __path_begin_sign_in_with, __path_list_sign_in_providers, __path_return_from_provider, begin_sign_in_with,
        list_sign_in_providers, return_from_provider,
    },
    client::Providers,
    config::InvalidProviders,
    link::{
        __path_begin_with_provider, __path_link_identity, __path_list_my_identities, __path_unlink_identity,
        IdentityBody, begin_with_provider, exported, link_identity, list_my_identities, unlink_identity,
    },
    prove::{__path_prove_identity_with, prove_identity_with},
    refusals::{account_exists, invalid_authorization},
    sign_in::{__path_sign_in_with, sign_in_with},
};
