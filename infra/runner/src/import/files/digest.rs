//! Ids and logins that follow from content, so that a second import of the same file adds nothing.

use std::fmt;

use domain::values::{AccountId, ProjectId};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use ulid::Ulid;

/// The first 80 bits of the SHA-256 of a content: the random part of a ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Digest([u8; 10]);

impl Digest {
    /// The digest of a JSON value. White space and the order of members do not matter.
    pub(super) fn of(content: &Value) -> Self {
        Self::of_text(&content.to_string())
    }

    pub(super) fn of_text(text: &str) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, ..] = <[u8; 32]>::from(Sha256::digest(text.as_bytes()));
        Self([a, b, c, d, e, f, g, h, i, j])
    }

    /// An account's id. Lists show the newest ids first; without a time, an id is the oldest.
    pub(super) fn account(self, at: Option<Timestamp>) -> AccountId {
        AccountId::new(self.ulid(at))
    }

    /// A project's id, as [`account`](Self::account).
    pub(super) fn project(self, at: Option<Timestamp>) -> ProjectId {
        ProjectId::new(self.ulid(at))
    }

    fn ulid(self, at: Option<Timestamp>) -> Ulid {
        let milliseconds = at.map_or(0, |at| u64::try_from(at.as_millisecond()).unwrap_or(0));
        let random = self.0.into_iter().fold(0_u128, |random, byte| random << 8 | u128::from(byte));
        Ulid::from_parts(milliseconds, random)
    }
}

/// The first 48 bits in hexadecimal: the readable part of a login.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..6].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_content_has_one_id() {
        let spaced: Value = serde_json::from_str("{ \"b\": 2,\n \"a\": 1 }").unwrap();
        assert_eq!(Digest::of(&spaced), Digest::of(&json!({"a": 1, "b": 2})));
        assert_ne!(Digest::of(&spaced), Digest::of(&json!({"a": 1})));
    }

    #[test]
    fn a_login_is_the_start_of_the_digest() {
        // SHA-256 of "abc", FIPS 180-4.
        assert_eq!(Digest::of_text("abc").to_string(), "ba7816bf8f01");
        let id = Digest::of_text("abc").project(Some("2024-05-01T00:00:00Z".parse().unwrap()));
        assert_eq!(id.ulid().timestamp_ms(), 1_714_521_600_000);
    }
}
