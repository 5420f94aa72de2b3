//! Giving a role as an operator: for the market's first admin, who can then give roles by the API.

use audit::{Act, Actor, Entry};
use domain::{
    account::Role,
    values::{AccountId, Email},
};
use http_api::Origin;
use jiff::Timestamp;
use store::{Store, StoreError, keys};

use super::{Given, give};
use crate::{registration::Login, sessions::stored_devices};

/// Why an operator could not give a role.
#[derive(Debug, thiserror::Error)]
pub enum NotGiven {
    /// No account has the address.
    #[error("no account has this address")]
    Unknown,
    /// The account is the last admin.
    #[error("this is the last admin; give the role to another account first")]
    LastAdmin,
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives a role to the account of an address. The row of its trail names the system as the actor.
///
/// # Errors
/// As [`NotGiven`].
pub async fn give_as_operator(store: &Store, email: &Email, role: Role, now: Timestamp) -> Result<AccountId, NotGiven> {
    let mut login: Option<Login> = None;
    for key in [Some(email.key()), email.legacy_key()].into_iter().flatten() {
        login = login.or(store.get(&keys::email(&key)).await?);
    }
    let account_id = login.ok_or(NotGiven::Unknown)?.account_id;
    let devices = stored_devices(store, account_id).await?.into_iter();
    let live = devices.filter(|(_, device)| now.as_second() < device.expires_at).map(|(id, _)| id).collect();
    let origin = Origin { network: String::new(), request_id: String::new() };
    let entry = Entry::of(account_id, Act::RoleGiven, &origin, now).by(Actor::System).about(role.name());
    match give(store, account_id, role, live, entry).await? {
        Given::Role => Ok(account_id),
        Given::LastAdmin => Err(NotGiven::LastAdmin),
    }
}
