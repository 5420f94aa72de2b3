//! E-mail addresses: plain enough to write to, compared without regard to case.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::validation::{Refusal, Rule};
use crate::values::fold;

/// The longest address that fits an SMTP path (RFC 5321, 4.5.3.1.3), in bytes.
const MAX_BYTES: usize = 254;
/// The longest local part (RFC 5321, 4.5.3.1.1), in bytes.
const MAX_LOCAL_BYTES: usize = 64;
/// The longest label of a domain name (RFC 1035, 2.3.4), in bytes.
const MAX_LABEL_BYTES: usize = 63;

/// An address of the form `local@domain`: an RFC 5322 dot-atom, or its internationalised form (RFC 6531), at a domain name
/// of at least two labels. Quoted local parts, comments and address literals are refused. Kept as sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The address as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which two spellings are one address: NFKC, lower case. The key of "one e-mail, one account".
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl FromStr for Email {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_BYTES {
            return Err(Refusal::new(Rule::TooLong, format!("must be at most {MAX_BYTES} bytes long")));
        }
        let invalid = || Refusal::new(Rule::InvalidEmail, "must be an e-mail address, like mina@example.com");
        let (local, domain) = text.split_once('@').ok_or_else(invalid)?;
        // The folded form is what is stored as the key, so it must be an address as well.
        let folded = fold(text);
        let (folded_local, folded_domain) = folded.split_once('@').ok_or_else(invalid)?;
        let plain = is_dot_atom(local) && is_domain(domain) && is_dot_atom(folded_local) && is_domain(folded_domain);
        if plain { Ok(Self(text.to_owned())) } else { Err(invalid()) }
    }
}

/// Atoms joined by single dots.
fn is_dot_atom(local: &str) -> bool {
    local.len() <= MAX_LOCAL_BYTES && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char))
}

/// `atext` of RFC 5322, 3.2.3, widened by the non-ASCII characters of RFC 6531 that are letters, marks or symbols.
fn is_atom_char(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
    } else {
        !c.is_whitespace() && !c.is_control()
    }
}

/// At least two labels of letters, digits and inner hyphens; non-ASCII letters as in internationalised names.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= MAX_LABEL_BYTES
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c == '-' || c.is_ascii_alphanumeric() || (!c.is_ascii() && is_atom_char(c)))
    };
    domain.contains('.') && domain.split('.').all(label)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Personal data: a debug print, and so a log line, shows that there is an address but not which.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_addresses_are_taken_and_kept(local in "[a-zA-Z0-9+_-]{1,20}(\\.[a-z]{1,5})?", domain in "[a-z]{1,10}\\.[a-z]{2,5}") {
            let text = format!("{local}@{domain}");
            let email: Email = text.parse().unwrap();
            prop_assert_eq!(email.as_str(), &text);
            prop_assert_eq!(email.folded(), text.to_lowercase());
        }

        #[test]
        fn the_folded_form_is_an_address_of_the_same_fold(text in "\\PC{1,12}@\\PC{1,8}\\.[a-z]{2,3}") {
            if let Ok(email) = text.parse::<Email>() {
                let again: Email = email.folded().parse().unwrap();
                prop_assert_eq!(again.folded(), email.folded());
            }
        }
    }

    #[test]
    fn spellings_of_one_address_fold_together() {
        let folded = |text: &str| text.parse::<Email>().unwrap().folded();
        assert_eq!(folded("Mina.Kim@Example.COM"), folded("mina.kim@example.com"));
        assert_eq!(folded("ｍｉｎａ@example.com"), folded("mina@example.com"));
        assert_eq!(folded("김민아@예시.한국"), "김민아@예시.한국");
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a@b..co",
            "a..b@c.co",
            ".a@b.co",
            "a.@b.co",
            "a b@c.co",
            "a@b c.co",
            "a@b@c.co",
            "\"a\"@b.co",
            "a@[127.0.0.1]",
            "a@-b.co",
            "a@b-.co",
            "a@b.co\n",
            "a\u{0}@b.co",
            "a,b@c.co",
            // Full-width @ folds to a second @.
            "a＠x.co@b.co",
            &long_local,
        ] {
            assert_eq!(text.parse::<Email>().unwrap_err().rule, Rule::InvalidEmail, "{text:?}");
        }
        let long = format!("a@{}.co", "b.".repeat(130));
        assert_eq!(long.parse::<Email>().unwrap_err().rule, Rule::TooLong);
    }

    #[test]
    fn a_debug_print_hides_the_address() {
        assert_eq!(format!("{:?}", "mina@example.com".parse::<Email>().unwrap()), "Email(…)");
    }
}
