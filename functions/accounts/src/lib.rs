//! The `accounts` function: registration, sign-in, and the keys that tokens are signed with.
//!
//! It is the only function that may read the credentials table. No password, no hash and no private half of a signing
//! key leaves it.

mod audit_trail;
mod closing;
mod email;
mod export;
pub mod import;
mod keyring;
mod letters;
mod me;
mod passkeys;
mod password;
mod permit;
mod personal_data;
mod proof;
mod providers;
mod published_keys;
mod raw_text;
mod registration;
mod roles;
mod sealed;
mod second_factor;
mod sessions;

pub use roles::{NotGiven, give_as_operator};

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http_api::{Function, access, limits::Limits, openapi};
use runtime::{
    Serving,
    entropy::{self, NoEntropy},
};
use sealing::Sealer;
use sha2::{Digest, Sha256};
use store::Store;
use tokens::Terms;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    keyring::Keyring,
    passkeys::Site,
    password::{Passwords, imported::ImportedHashes},
    providers::{InvalidProviders, Providers},
};

/// The state of the handlers.
#[derive(Debug, Clone)]
struct Accounts {
    store: Store,
    terms: Arc<Terms>,
    keyring: Arc<Keyring>,
    sealer: Sealer,
    passwords: Passwords,
    imported_hashes: Arc<ImportedHashes>,
    registration_by_mail: bool,
    /// `None`: the market offers no passkeys.
    passkey_site: Option<Arc<Site>>,
    limits: Limits,
    providers: Providers,
    /// The address of the page, if the configuration names it.
    page_url: Option<String>,
}

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub fn run() -> Serving {
    Box::pin(async {
        let function = Function::start().await?;
        http_api::run(&function, router(&function)?).await
    })
}

/// The function's routes.
fn router(function: &Function) -> Result<Router, InvalidProviders> {
    let terms = Terms::from(&function.config);
    let sealer = Sealer::new(&function.config);
    let accounts = Accounts {
        store: function.store.clone(),
        keyring: Arc::new(Keyring::new(function.store.clone(), sealer.clone(), &terms)),
        sealer,
        terms: Arc::new(terms),
        passwords: Passwords::default(),
        imported_hashes: Arc::default(),
        registration_by_mail: function.config.registration_by_mail,
        passkey_site: passkey_site(function.config.passkey_origin.as_deref()).map(Arc::new),
        limits: function.limits.clone(),
        providers: Providers::new(function.config.sign_in_providers.as_ref())?,
        page_url: function.config.page_url.clone(),
    };
    Ok(access::guard(operations().with_state(accounts).into(), function.authenticator.clone()))
}

/// The site of passkeys. An origin that no browser takes is logged, and the rest of the function works without it.
fn passkey_site(origin: Option<&str>) -> Option<Site> {
    let origin = origin?;
    let site = Site::of(origin);
    if site.is_none() {
        tracing::error!(origin, "PASSKEY_ORIGIN is no origin that browsers bind passkeys to, so none are offered");
    }
    site
}

/// The function's part of the API's description.
pub fn openapi() -> OpenApi {
    operations().into_openapi()
}

fn operations() -> OpenApiRouter<Accounts> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(registration::register))
        .routes(routes!(sessions::sign_in, sessions::list_my_sessions))
        .routes(routes!(sessions::refresh_session))
        .routes(routes!(sessions::end_session))
        .routes(routes!(proof::prove_identity))
        .routes(routes!(providers::list_sign_in_providers))
        .routes(routes!(providers::begin_sign_in_with))
        .routes(routes!(providers::return_from_provider))
        .routes(routes!(providers::sign_in_with))
        .routes(routes!(providers::prove_identity_with))
        .routes(routes!(providers::list_my_identities))
        .routes(routes!(providers::begin_with_provider))
        .routes(routes!(providers::link_identity, providers::unlink_identity))
        .routes(routes!(password::reset::request_password_reset))
        .routes(routes!(password::reset::reset_password))
        .routes(routes!(password::change::change_my_password))
        .routes(routes!(email::confirm_email))
        .routes(routes!(email::change_my_email))
        .routes(routes!(second_factor::add_totp, second_factor::remove_totp))
        .routes(routes!(second_factor::confirm_totp))
        .routes(routes!(second_factor::make_recovery_codes))
        .routes(routes!(audit_trail::list_my_activity))
        .routes(routes!(personal_data::get_my_personal_data, personal_data::put_my_personal_data))
        .routes(routes!(roles::get_account))
        .routes(routes!(roles::give_role))
        .routes(routes!(roles::lock_account))
        .routes(routes!(roles::unlock_account))
        .routes(routes!(passkeys::begin_my_passkey))
        .routes(routes!(passkeys::list_my_passkeys, passkeys::add_my_passkey))
        .routes(routes!(passkeys::remove_my_passkey))
        .routes(routes!(passkeys::begin_passkey_sign_in))
        .routes(routes!(passkeys::sign_in_with_passkey))
        .routes(routes!(me::get_my_account, closing::delete_my_account))
        .routes(routes!(closing::restore_my_account))
        .routes(routes!(export::export_my_account))
        .routes(routes!(published_keys::get_jwks))
}

/// The hash by which the store knows a random secret.
fn hash(secret: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

/// `N` random bytes, base64url.
fn random_text<const N: usize>() -> Result<String, NoEntropy> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(entropy::bytes::<N>()?))
}

/// Marks a response that holds secrets, so that no cache stores it.
fn not_stored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
