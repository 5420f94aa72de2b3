//! Opening accounts by the thousand, for programs that load another market's data. No route leads here.

use domain::{account::Account, validation::Refusal, values::Email};
use store::{StoreError, Transaction};

use crate::{
    password::{Password, PasswordError, Passwords},
    registration::save_account,
};

/// One password for all imported accounts, hashed once: a hash of its own for each of a thousand accounts would take
/// half a minute. Equal hashes tell that the passwords are equal, so this is for passwords that everybody is told
/// anyway.
#[derive(Debug)]
pub struct SharedPassword {
    hash: String,
}

/// Why there is no shared password.
#[derive(Debug, thiserror::Error)]
pub enum SharedPasswordError {
    /// It is no password that an account may have.
    #[error("the password {}", .0.detail)]
    Refused(Refusal),
    /// It could not be hashed.
    #[error(transparent)]
    Unhashed(Box<dyn std::error::Error + Send + Sync>),
}

impl SharedPassword {
    /// Hashes the password.
    ///
    /// # Errors
    /// It is too short or too long, or there is no randomness or memory.
    pub fn new(text: &str) -> Result<Self, SharedPasswordError> {
        let password: Password = text.parse().map_err(SharedPasswordError::Refused)?;
        let unhashed = |error: PasswordError| SharedPasswordError::Unhashed(Box::new(error));
        Ok(Self { hash: Passwords::default().hash(&password).map_err(unhashed)? })
    }

    /// Adds what opens an account with this password: the same as a registration writes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_account_may_have_is_refused() {
        let problem = SharedPassword::new("short").unwrap_err().to_string();
        assert_eq!(problem, "the password must be at least 8 characters long");
    }
}
