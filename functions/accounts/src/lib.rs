//! The `accounts` function: registration, sign-in, and the keys that tokens are signed with.
//!
//! It is the only function that may read the credentials table. No password, no hash and no private half of a signing
//! key leaves it.

pub mod import;
mod keyring;
mod me;
mod password;
mod published_keys;
mod registration;
mod session;

use std::sync::Arc;

use axum::{Router, extract::FromRef};
use http_api::{Function, openapi};
use runtime::Serving;
use store::Store;
use tokens::{Authenticator, Terms};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{keyring::Keyring, password::Passwords};

/// The state of the handlers.
#[derive(Debug, Clone)]
struct Accounts {
    store: Store,
    authenticator: Authenticator,
    terms: Arc<Terms>,
    keyring: Arc<Keyring>,
    passwords: Passwords,
}

impl FromRef<Accounts> for Authenticator {
    fn from_ref(accounts: &Accounts) -> Self {
        accounts.authenticator.clone()
    }
}

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub fn run() -> Serving {
    Box::pin(async {
        let function = Function::start().await?;
        http_api::run(router(&function)).await
    })
}

/// The function's routes.
pub fn router(function: &Function) -> Router {
    let terms = Terms::from(&function.config);
    let accounts = Accounts {
        store: function.store.clone(),
        authenticator: function.authenticator.clone(),
        keyring: Arc::new(Keyring::new(function.store.clone(), &terms)),
        terms: Arc::new(terms),
        passwords: Passwords::default(),
    };
    operations().with_state(accounts).into()
}

/// The function's part of the API's description.
pub fn openapi() -> OpenApi {
    operations().into_openapi()
}

fn operations() -> OpenApiRouter<Accounts> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(registration::register))
        .routes(routes!(session::sign_in))
        .routes(routes!(me::get_my_account))
        .routes(routes!(published_keys::get_jwks))
}
