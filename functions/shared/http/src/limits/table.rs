//! Every limit of the market: what it counts, by whom, how much at once, how fast, and its sentence for the client.

use std::time::Duration;

/// An action that a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Trying a password.
    SignIn,
    /// Opening an account.
    Register,
    /// Asking for a letter that resets a password or confirms an address.
    Reset,
    /// Exchanging a refresh token.
    Refresh,
    /// Trying a code of a second factor, or a recovery code.
    SecondFactor,
    /// Asking for a challenge that a passkey signs.
    PasskeyChallenge,
    /// Any change of the market by a signed-in account.
    Write,
    /// Scoring or comparing the records of a request.
    Rank,
}

impl Action {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Register => "register",
            Self::Reset => "reset",
            Self::Refresh => "refresh",
            Self::SecondFactor => "second-factor",
            Self::PasskeyChallenge => "passkey-challenge",
            Self::Write => "write",
            Self::Rank => "rank",
        }
    }
}

/// The callers that share a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// All requests about one account. Before sign-in, the e-mail address stands for the account.
    Account,
    /// All requests from one network address: an IPv4 address, or an IPv6 network of 64 bits.
    Address,
    /// The requests about one account from one network address.
    AccountAtAddress,
}

impl Per {
    const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
            Self::AccountAtAddress => "account-at-address",
        }
    }
}

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The counted action.
    pub action: Action,
    /// Whose requests it counts together.
    pub per: Per,
    /// How many are allowed at once.
    pub burst: u32,
    /// After how long one more is allowed.
    pub refill: Duration,
    /// The sentence for a client that comes too often.
    pub message: &'static str,
}

impl Limit {
    /// The name in headers and in keys, e.g. `write-by-account`.
    pub fn name(&self) -> String {
        format!("{}-by-{}", self.action.name(), self.per.name())
    }
}

const fn of(action: Action, per: Per, burst: u32, refill_seconds: u64, message: &'static str) -> Limit {
    Limit { action, per, burst, refill: Duration::from_secs(refill_seconds), message }
}

/// Every limit: the action, by whom, the burst, the seconds until one more is allowed, and the message. Two parameters
/// of `infra/template.yaml` multiply burst and speed: `AccountLimitFactor` and `AddressLimitFactor`.
///
/// An office or a school shares one IPv4 address, so the limits by address allow more than one person needs. Sign-in
/// has three limits, which `sign_in` explains.
#[rustfmt::skip] // A row each.
pub const LIMITS: &[Limit] = {
    use Action::{PasskeyChallenge, Rank, Refresh, Register, Reset, SecondFactor, SignIn, Write};
    use Per::{Account, AccountAtAddress, Address};
    &[
        of(SignIn, Address, 60, 2, "Too many sign-ins came from your network."),
        of(SignIn, AccountAtAddress, 10, 30, "Too many passwords were tried for this account."),
        of(SignIn, Account, 50, 60, "Too many passwords were tried for this account."),
        of(Register, Address, 20, 30, "Too many accounts were opened from your network."),
        of(Reset, Address, 20, 60, "Too many letters were asked for from your network."),
        of(Reset, Account, 3, 600, "Too many letters were asked for this address."),
        of(Refresh, Address, 120, 1, "Too many sessions were refreshed from your network."),
        of(Refresh, Account, 30, 10, "This session was refreshed too often."),
        of(SecondFactor, Account, 5, 900, "Too many codes were tried for this account."),
        of(PasskeyChallenge, Address, 60, 2, "Too many passkeys were asked for from your network."),
        of(Write, Account, 300, 1, "This account changes too much at once."),
        of(Rank, Address, 40, 2, "Too many rankings were asked for from your network."),
    ]
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_limit_has_a_name_a_size_and_a_sentence_of_its_own() {
        let names: BTreeSet<String> = LIMITS.iter().map(Limit::name).collect();
        assert_eq!(names.len(), LIMITS.len());
        for limit in LIMITS {
            assert!(limit.burst > 0 && !limit.refill.is_zero() && limit.message.ends_with('.'), "{limit:?}");
            assert!(limit.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{limit:?}");
        }
    }

    #[test]
    fn every_action_has_a_limit() {
        use Action::{PasskeyChallenge, Rank, Refresh, Register, Reset, SecondFactor, SignIn, Write};
        for action in [SignIn, Register, Reset, Refresh, SecondFactor, PasskeyChallenge, Write, Rank] {
            assert!(LIMITS.iter().any(|limit| limit.action == action), "{action:?}");
        }
    }
}
