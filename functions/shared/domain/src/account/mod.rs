//! Accounts: the people who use the market, as everybody may know them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::values::{AccountId, DisplayName};

/// Somebody with an account. The e-mail address and the password are kept elsewhere, by the one function that may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The name shown to others.
    pub display_name: DisplayName,
    /// When the account was opened.
    pub created_at: Timestamp,
}
