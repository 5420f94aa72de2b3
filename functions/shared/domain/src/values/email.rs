//! E-mail addresses in a form that can be written to, with one key for each.

use std::fmt;
use std::str::FromStr;

use icu_normalizer::ComposingNormalizerBorrowed;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};
use vocabulary::fold;

use super::visible::{changes_direction, is_ignorable};
use crate::validation::{Refusal, Rule};

/// The longest address that fits an SMTP path (RFC 5321, 4.5.3.1.3), in bytes.
const MAX_BYTES: usize = 254;
/// The longest local part (RFC 5321, 4.5.3.1.1), in bytes.
const MAX_LOCAL_BYTES: usize = 64;

/// An address of the form `local@domain`, kept as sent.
///
/// The local part is an RFC 5322 dot-atom or its internationalised form (RFC 6531). The domain has at least two labels
/// that UTS #46 takes. Quoted local parts, comments, address literals and invisible characters are refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The address as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key that all spellings of one address share: the folded local part and the domain in its Unicode form. So
    /// `münchen.example` and `xn--mnchen-3ya.example` have one key. One key has one account.
    pub fn key(&self) -> String {
        key_of(&self.0).unwrap_or_else(|| fold(&self.0))
    }
}

impl Email {
    /// The key under which versions up to 0.1 stored the address; `None` if today's key is the same. Those versions
    /// kept a domain's punycode and the letter `ß`.
    pub fn legacy_key(&self) -> Option<String> {
        // Addresses are short, so two rounds are enough for a stable form.
        let normalizer = ComposingNormalizerBorrowed::new_nfkc();
        let round = |text: &str| normalizer.normalize(&normalizer.normalize(text).to_lowercase()).into_owned();
        Some(round(&round(&self.0))).filter(|legacy| *legacy != self.key())
    }
}

impl FromStr for Email {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_BYTES {
            return Err(Refusal::new(Rule::TooLong, format!("must be at most {MAX_BYTES} bytes long")));
        }
        match text.split_once('@') {
            Some((local, _)) if is_dot_atom(local) && key_of(text).is_some() => Ok(Self(text.to_owned())),
            _ => Err(Refusal::new(Rule::InvalidEmail, "must be an e-mail address, like mina@example.com")),
        }
    }
}

/// The key of an address; `None` if the text is no address.
fn key_of(text: &str) -> Option<String> {
    if text.chars().any(|c| is_ignorable(c) || changes_direction(c)) {
        return None;
    }
    let (local, domain) = text.split_once('@')?;
    let local = fold(local);
    is_dot_atom(&local).then(|| Some(format!("{local}@{}", unicode_domain(domain)?)))?
}

/// Whether the text consists of atoms joined by single dots.
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

/// The domain name in its Unicode form by UTS #46; `None` if it is not a name of at least two labels.
fn unicode_domain(domain: &str) -> Option<String> {
    let uts46 = Uts46::new();
    let ascii =
        uts46.to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify).ok()?;
    let (unicode, result) = uts46.to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    (result.is_ok() && ascii.contains('.')).then(|| unicode.into_owned())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hides personal data: a debug print, and so a log line, does not show the address.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl PartialSchema for Email {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)))
            .max_length(Some(MAX_BYTES))
            .into()
    }
}

impl ToSchema for Email {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_addresses_are_taken_and_kept(
            local in "[a-zA-Z0-9+_-]{1,20}(\\.[a-z]{1,5})?",
            domain in "[a-zA-Z]{1,10}\\.[a-z]{2,5}",
        ) {
            let text = format!("{local}@{domain}");
            let email: Email = text.parse().unwrap();
            prop_assert_eq!(email.as_str(), &text);
            prop_assert_eq!(email.key(), text.to_lowercase());
        }

        #[test]
        fn a_key_is_an_address_with_the_same_key(text in "\\PC{1,12}@\\PC{1,8}\\.[a-z]{2,3}") {
            if let Ok(email) = text.parse::<Email>() {
                let again: Email = email.key().parse().unwrap();
                prop_assert_eq!(again.key(), email.key());
            }
        }
    }

    #[test]
    fn spellings_of_one_address_have_one_key() {
        let key = |text: &str| text.parse::<Email>().unwrap().key();
        assert_eq!(key("Mina.Kim@Example.COM"), key("mina.kim@example.com"));
        assert_eq!(key("ｍｉｎａ@ｅｘａｍｐｌｅ．com"), key("mina@example.com"));
        assert_eq!(key("user@münchen.example"), key("User@xn--mnchen-3ya.example"));
        assert_eq!(key("user@MÜNCHEN.example"), key("user@mu\u{308}nchen.example"));
        assert_eq!(key("김민아@예시.한국"), "김민아@예시.한국");
        // Two names that can be registered separately stay two.
        assert_ne!(key("a@straße.example"), key("a@strasse.example"));
    }

    #[test]
    fn an_address_of_an_earlier_version_has_its_legacy_key() {
        let legacy = |text: &str| text.parse::<Email>().unwrap().legacy_key();
        assert_eq!(legacy("Mina.Kim@Example.COM"), None);
        assert_eq!(legacy("김민아@예시.한국"), None);
        assert_eq!(legacy("User@XN--MNCHEN-3YA.example").as_deref(), Some("user@xn--mnchen-3ya.example"));
        assert_eq!(legacy("Groß@example.com").as_deref(), Some("groß@example.com"));
    }

    #[test]
    fn other_texts_are_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long_label = format!("a@{}.com", "a".repeat(64));
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a@b..co",
            "a@b.co.",
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
            "a@b_c.co",
            "a@xn--a.co",
            "a@b.co\n",
            "a\u{0}@b.co",
            "a,b@c.co",
            // The full-width @ folds to a second @.
            "a＠x.co@b.co",
            // Invisible characters and changes of direction.
            "a\u{200B}@zw.example",
            "a@z\u{AD}w.example",
            "\u{FEFF}a@zw.example",
            "\u{202E}a@zw.example",
            &long_local,
            &long_label,
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
