//! Passkeys (WebAuthn): an authenticator's key pair that signs a challenge of this market, for this site alone.
//!
//! A passkey proves two factors at once: the device, and the finger, face or PIN that unlocks it. So a sign-in with it
//! needs no password and no code. It is a further way to sign in, and no condition of the others: a password alone goes
//! on opening an account without an app. Otherwise a person who lost the one device would be locked out. A person who
//! wants two factors with every sign-in adds an app, which has recovery codes.
//!
//! A passkey has two items in `credentials`: itself under its account, and its owner under a hash of the credential id.
//! The user handle that authenticators keep is random, because anybody who holds the device can read it.

mod assertion;
mod challenge;
mod mine;
mod register;
mod sign_in;
mod site;
mod stored;

use axum::http::StatusCode;
use http_api::{ApiError, Code, operation::ProblemSet};

pub(crate) use self::{
    assertion::{Assertion, is_lost_race, verify},
    mine::{
        __path_list_my_passkeys, __path_remove_my_passkey, PasskeyBody, exported, list_my_passkeys, remove_my_passkey,
    },
    register::{__path_add_my_passkey, __path_begin_my_passkey, add_my_passkey, begin_my_passkey},
    sign_in::{__path_begin_passkey_sign_in, __path_sign_in_with_passkey, begin_passkey_sign_in, sign_in_with_passkey},
    site::Site,
};

/// The most bytes of a body that holds an authenticator's answer. The longest real ones have some five thousand.
const ANSWER_BYTES: usize = 32 * 1024;

const NOT_OFFERED: Code = Code::new(StatusCode::NOT_FOUND, "passkeys_not_offered", "This market offers no passkeys");

/// A proof by a passkey, as the audit trail names it. It is two factors.
pub(crate) const PASSKEY: &str = "passkey";

/// Another request changed the passkeys of the account at the same time.
struct Raced;

impl ProblemSet for Raced {
    fn codes() -> Vec<Code> {
        vec![Code::CONFLICT]
    }
}

/// The market has no site that passkeys could be bound to.
struct Offered;

impl ProblemSet for Offered {
    fn codes() -> Vec<Code> {
        vec![NOT_OFFERED]
    }
}

/// 404 `passkeys_not_offered`.
fn not_offered() -> ApiError {
    ApiError::new(NOT_OFFERED, "Sign in with the password. The operator has to configure the address of the page.")
}
