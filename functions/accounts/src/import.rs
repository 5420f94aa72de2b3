//! Opening thousands of accounts, for programs that import another market's data. It has no route.

use domain::{
    account::Account,
    validation::Refusal,
    values::{AccountId, DisplayName, Email, SessionId},
};
use jiff::Timestamp;
use store::{StoreError, Transaction};
use tokens::session::Session;

use crate::{
    password::{self, Password, PasswordError, Passwords},
    permit::{LoginMark, Permit},
    registration::{Login, save_account},
    sessions,
};

/// Adds a session with a known refresh token, for a sample market.
///
/// # Errors
/// As [`Transaction::put`]; [`StoreError::Broken`] if the text is not a refresh token.
pub fn open_session(
    transaction: &mut Transaction,
    refresh_token: &str,
    session: Session,
    now: Timestamp,
) -> Result<(), StoreError> {
    let token = refresh_token.parse().map_err(|_| StoreError::Broken("not a refresh token".into()))?;
    sessions::save(transaction, &token, &session, sessions::Client::default(), now)
}

/// Ends such a session, so that neither its access tokens nor its refresh token are accepted any more.
pub fn end_session(transaction: &mut Transaction, account_id: AccountId, session_id: SessionId) {
    sessions::end(transaction, account_id, session_id);
}

/// Adds the writes of a registration with a bcrypt hash from another market. The first sign-in replaces the hash. All
/// imported hashes must have one cost.
///
/// # Errors
/// As [`Transaction::put`]; [`StoreError::Broken`] if the text is not a bcrypt hash.
pub fn open_account_with_bcrypt(
    transaction: &mut Transaction,
    account: &Account,
    email: &Email,
    hash: &str,
) -> Result<(), StoreError> {
    let cost = password::bcrypt_cost(hash).ok_or_else(|| StoreError::Broken("not a bcrypt hash".into()))?;
    password::imported::note(transaction, cost)?;
    save_account(transaction, account, email, hash.to_owned())
}

/// One password for all imported accounts. It is hashed once, because a thousand hashes would take half a minute. Equal
/// hashes reveal that the passwords are equal, so use this only for passwords that are not secret.
#[derive(Debug)]
pub struct SharedPassword {
    hash: String,
}

/// Why the shared password could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SharedPasswordError {
    /// The password is too short or too long.
    #[error("the password {}", .0.detail)]
    Refused(Refusal),
    /// The password could not be hashed.
    #[error(transparent)]
    Unhashed(Box<dyn std::error::Error + Send + Sync>),
}

impl SharedPassword {
    /// Hashes the password.
    ///
    /// # Errors
    /// The password is too short or too long, or there is no randomness or memory.
    pub fn new(text: &str) -> Result<Self, SharedPasswordError> {
        let password: Password = text.parse().map_err(SharedPasswordError::Refused)?;
        let unhashed = |error: PasswordError| SharedPasswordError::Unhashed(Box::new(error));
        Ok(Self { hash: Passwords::default().hash(&password).map_err(unhashed)? })
    }

    /// Adds the writes of a registration with this password.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn open_account(
        &self,
        transaction: &mut Transaction,
        account: &Account,
        email: &Email,
    ) -> Result<(), StoreError> {
        save_account(transaction, account, email, self.hash.clone())
    }
}

impl SharedPassword {
    /// Adds a letter's secret that allows to reset the password of an account with this password, for a sample market.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn allow_password_reset(
        &self,
        transaction: &mut Transaction,
        secret: &str,
        (account_id, email): (AccountId, &Email),
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let login = Login { account_id, password_hash: self.hash.clone() };
        let login = LoginMark::of(email, &login);
        Permit::ResetPassword { account_id, login }.write(transaction, secret, expires_at)
    }

    /// Adds a letter's secret that allows to open an account with this password, for a sample market.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn allow_opening(
        &self,
        transaction: &mut Transaction,
        secret: &str,
        email: Email,
        display_name: DisplayName,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let permit = Permit::OpenAccount { email, password_hash: self.hash.clone(), display_name };
        permit.write(transaction, secret, expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_out_of_bounds_is_refused() {
        let problem = SharedPassword::new("short").unwrap_err().to_string();
        assert_eq!(problem, "the password must be at least 8 characters long");
    }
}
