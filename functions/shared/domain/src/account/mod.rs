//! Accounts: the public part of the people who use the market.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::values::{AccountId, DisplayName};

/// An account. It does not hold the e-mail address and the password hash: only one function may read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The name shown to others.
    pub display_name: DisplayName,
    /// When the account was opened.
    pub created_at: Timestamp,
}
