//! Accounts: the public part of the people who use the market, their roles and their sessions.

mod closing;
mod name;
mod passkey;
mod personal_data;
mod refresh;
mod role;
mod sign_in_with;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::values::{AccountId, DisplayName};

pub use closing::GRACE;
pub use name::check_new_name;
pub use passkey::{CHALLENGE_KEPT, MAX_PASSKEYS, PasskeyChallenge, may_add_passkey};
pub use personal_data::{Country, PayoutAccount, PersonalData, PersonalDataInput, Phone};
pub use refresh::{KEPT, LONGEST, REPEATABLE, Refresh, RefreshState, session_end};
pub use role::Role;
pub use sign_in_with::{AUTHORIZATION_LIFETIME, is_fresh_sign_in, keeps_a_way_to_sign_in, name_of_newcomer};

/// The most sessions of one account. A further sign-in ends the one that was used least recently.
pub const MAX_SESSIONS: usize = 50;

/// An account. It does not hold the e-mail address and the password hash: only one function may read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The name shown to others.
    pub display_name: DisplayName,
    /// When the account was opened.
    pub created_at: Timestamp,
    /// When the account is erased, if its owner has asked for that: the account is closing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
}
