//! Pseudonyms of accounts and addresses for the log.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The bytes of a pseudonym: enough that two of a million callers hardly ever share one.
const LENGTH: usize = 12;

/// A secret key. Whoever does not have it cannot find the account or address of a pseudonym by trying all of them.
pub(super) struct PseudonymKey(Hmac<Sha256>);

impl PseudonymKey {
    /// A key of any length.
    pub(super) fn new(key: &[u8]) -> Self {
        match Hmac::new_from_slice(key) {
            Ok(mac) => Self(mac),
            // HMAC takes a key of any length.
            Err(never) => unreachable!("{never}"),
        }
    }

    /// The pseudonym of a text. Equal texts of different kinds have different pseudonyms.
    pub(super) fn of(&self, kind: &str, text: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..LENGTH])
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PseudonymKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_depends_on_key_kind_and_text() {
        let [one, other] = [PseudonymKey::new(b"one"), PseudonymKey::new(b"other")];
        assert_eq!(one.of("caller", "203.0.113.9"), one.of("caller", "203.0.113.9"));
        assert_ne!(one.of("caller", "203.0.113.9"), one.of("caller", "203.0.113.8"));
        assert_ne!(one.of("caller", "203.0.113.9"), one.of("account", "203.0.113.9"));
        assert_ne!(one.of("caller", "203.0.113.9"), other.of("caller", "203.0.113.9"));
        assert_eq!(one.of("caller", "").len(), 16);
    }
}
