//! Passkeys: how many an account may have, and how long a challenge counts.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::values::AccountId;

/// The most passkeys of one account. A person has a few devices, and every passkey opens the account.
pub const MAX_PASSKEYS: u32 = 10;

/// How long an authenticator may take to answer a challenge.
pub const CHALLENGE_KEPT: SignedDuration = SignedDuration::from_mins(5);

/// The act that an authenticator's answer to a challenge allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "allows", rename_all = "snake_case")]
pub enum PasskeyChallenge {
    /// Adding a passkey to this account, and to no other.
    Add {
        /// The account that asked for the challenge.
        account_id: AccountId,
    },
    /// Proving who one is. The passkey names the account.
    Prove,
}

impl PasskeyChallenge {
    /// Whether an answer at `now` counts for `act`. `expires_at` is in Unix seconds.
    pub fn allows(self, act: Self, expires_at: i64, now: Timestamp) -> bool {
        self == act && now.as_second() < expires_at
    }
}

/// Whether an account with `count` passkeys may have one more.
pub fn may_add_passkey(count: u32) -> bool {
    count < MAX_PASSKEYS
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn the_eleventh_passkey_is_one_too_many() {
        assert!(may_add_passkey(0) && may_add_passkey(9));
        assert!(!may_add_passkey(10) && !may_add_passkey(u32::MAX));
    }

    #[test]
    fn a_challenge_counts_for_its_act_and_for_five_minutes() {
        let [mina, jun] = [1, 2].map(|bits| PasskeyChallenge::Add { account_id: AccountId::new(Ulid(bits)) });
        let asked: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let expires_at = (asked + CHALLENGE_KEPT).as_second();
        let last = asked + CHALLENGE_KEPT - SignedDuration::from_secs(1);
        assert!(
            mina.allows(mina, expires_at, last)
                && PasskeyChallenge::Prove.allows(PasskeyChallenge::Prove, expires_at, last)
        );
        assert!(!mina.allows(mina, expires_at, asked + CHALLENGE_KEPT));
        for (challenge, act) in [(mina, jun), (mina, PasskeyChallenge::Prove), (PasskeyChallenge::Prove, mina)] {
            assert!(!challenge.allows(act, expires_at, asked), "{challenge:?} {act:?}");
        }
    }
}
