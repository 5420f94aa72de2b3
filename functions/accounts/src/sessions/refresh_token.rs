//! Refresh tokens: 80 bytes in base64url after `prt_`.
//!
//! | bytes | part |
//! |---|---|
//! | 0..16 | the account |
//! | 16..32 | the session |
//! | 32..48 | the family: random, the same in all tokens of the session |
//! | 48..80 | the secret: random, or derived from the secret before it |
//!
//! The store holds hashes of the family and of the secret. The family tells a former token of the session from a guess,
//! so nobody can end a session whose id they know.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::values::{AccountId, SessionId};
use hmac::{Hmac, KeyInit, Mac};
use runtime::entropy::{self, NoEntropy};
use sha2::Sha256;
use ulid::Ulid;

const PREFIX: &str = "prt_";

/// A refresh token. `Debug` does not show its family and its secret.
#[derive(Clone)]
pub(crate) struct RefreshToken {
    pub(crate) account_id: AccountId,
    pub(crate) session_id: SessionId,
    family: [u8; 16],
    secret: [u8; 32],
}

/// The text is not a refresh token in its one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotRefreshToken;

impl RefreshToken {
    /// The first token of a session.
    ///
    /// # Errors
    /// The operating system gave no randomness.
    pub(crate) fn new(account_id: AccountId, session_id: SessionId) -> Result<Self, NoEntropy> {
        Ok(Self { account_id, session_id, family: entropy::bytes()?, secret: entropy::bytes()? })
    }

    /// The successor that this token derives from a salt. Without the token, the salt tells nothing about it.
    pub(crate) fn successor(&self, salt: &str) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of any length");
        mac.update(b"refresh token\0");
        mac.update(salt.as_bytes());
        Self { secret: mac.finalize().into_bytes().into(), ..self.clone() }
    }

    /// The hash of the secret.
    pub(crate) fn hash(&self) -> String {
        crate::hash(&self.secret)
    }

    /// The hash of the family.
    pub(crate) fn family_hash(&self) -> String {
        crate::hash(&self.family)
    }
}

impl fmt::Display for RefreshToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = [self.account_id.ulid().to_bytes(), self.session_id.ulid().to_bytes()].concat();
        let bytes = [ids.as_slice(), &self.family, &self.secret].concat();
        write!(formatter, "{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RefreshToken").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}

impl FromStr for RefreshToken {
    type Err = NotRefreshToken;

    fn from_str(text: &str) -> Result<Self, NotRefreshToken> {
        let encoded = text.strip_prefix(PREFIX).ok_or(NotRefreshToken)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(encoded).map_err(|_| NotRefreshToken)?;
        let (account, rest) = bytes.split_first_chunk::<16>().ok_or(NotRefreshToken)?;
        let (session, rest) = rest.split_first_chunk::<16>().ok_or(NotRefreshToken)?;
        let (family, secret) = rest.split_first_chunk::<16>().ok_or(NotRefreshToken)?;
        Ok(Self {
            account_id: AccountId::new(Ulid::from_bytes(*account)),
            session_id: SessionId::new(Ulid::from_bytes(*session)),
            family: *family,
            secret: secret.try_into().map_err(|_| NotRefreshToken)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> RefreshToken {
        RefreshToken::new(AccountId::new(Ulid(1)), SessionId::new(Ulid(2))).unwrap()
    }

    #[test]
    fn a_token_reads_what_it_prints() {
        let token = token();
        let read: RefreshToken = token.to_string().parse().unwrap();
        assert_eq!((read.account_id, read.session_id), (token.account_id, token.session_id));
        assert_eq!((read.hash(), read.family_hash()), (token.hash(), token.family_hash()));
    }

    #[test]
    fn a_successor_follows_from_the_token_and_the_salt() {
        let token = token();
        let successor = token.successor("salt");
        assert_eq!(successor.hash(), token.successor("salt").hash());
        assert_ne!(successor.hash(), token.successor("other").hash());
        assert_ne!(successor.hash(), token.hash());
        assert_eq!(successor.family_hash(), token.family_hash());
    }

    #[test]
    fn another_spelling_is_refused() {
        let text = token().to_string();
        for wrong in ["", "prt_", &text[4..], &text[..text.len() - 1], &format!("{text}="), &format!("{text}A")] {
            assert_eq!(wrong.parse::<RefreshToken>().err(), Some(NotRefreshToken), "{wrong}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let token = token();
        assert_eq!(format!("{token:?}"), "RefreshToken { session_id: ses_00000000000000000000000002, .. }");
    }

    #[test]
    fn fuzz_refresh_token() {
        let seed = RefreshToken { family: [3; 16], secret: [4; 32], ..token() }.to_string();
        fuzzing::Target::new("refresh_token").run([seed], |bytes| {
            let Ok(text) = std::str::from_utf8(bytes) else { return false };
            let Ok(token) = text.parse::<RefreshToken>() else { return false };
            assert_eq!(token.to_string(), text, "a token has one spelling");
            true
        });
    }
}
