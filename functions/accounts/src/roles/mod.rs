//! The market's staff: giving roles, reading accounts, locking and unlocking them.
//!
//! Every act of the staff needs a session with a second factor (the access table says so), and is recorded in the trail
//! of the account that it concerns.

mod admins;
mod give;
mod lock;
mod operator;
mod view;

pub use self::operator::{NotGiven, give_as_operator};
pub(crate) use self::{
    admins::Admins,
    give::{__path_give_role, Given, give, give_role},
    lock::{
        __path_lock_account, __path_unlock_account, AccountLocked, LOCK, account_locked, lock_account,
        require_unlocked, unlock_account,
    },
    view::{__path_get_account, get_account},
};

use audit::{Act, Actor, Entry};
use domain::values::AccountId;
use http_api::{ApiError, Origin, SignedIn};
use jiff::Timestamp;

use crate::Accounts;

/// The entry of a staff member's act on an account.
fn entry(signed_in: &SignedIn, account_id: AccountId, act: Act, origin: &Origin, now: Timestamp) -> Entry {
    let by = Actor::Account(signed_in.account_id);
    Entry::of(account_id, act, origin, now).by(by).in_session(signed_in.session_id)
}

/// The account of a path, which must exist.
///
/// # Errors
/// 404 `not_found`.
async fn existing(accounts: &Accounts, id: &str) -> Result<domain::account::Account, ApiError> {
    let found = match id.parse() {
        Ok(id) => accounts.store.account(id).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| ApiError::not_found("There is no such account."))
}
