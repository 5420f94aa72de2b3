//! Letters: the e-mails that the market sends.
//!
//! A function puts a letter into the outbox in the same transaction as its cause, so that neither exists without the
//! other. The function `notify` reads the stream of the outbox, renders each letter, sends it and deletes it. It does
//! so at least once, so a reader may get the same letter twice.
//!
//! A letter holds a token that acts for its reader. Debug prints show neither the token nor the address.

use std::fmt;

pub use domain::values::Email;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Condition, StoreError, Transaction, keys};
use ulid::Ulid;

/// The label of the write that puts a letter into the outbox.
pub const LETTER: &str = "letter";

/// The time for which an unsent letter is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The time for which a link that resets a password works. Its letter is kept no longer.
pub const RESETTABLE: SignedDuration = SignedDuration::from_hours(1);

/// A letter to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The address.
    pub to: Email,
    /// The language of the letter.
    pub language: Language,
    /// The message.
    pub kind: LetterKind,
}

/// A language of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Korean.
    #[serde(rename = "ko")]
    Korean,
}

/// The message of a letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum LetterKind {
    /// Somebody registered with this address. The link confirms it.
    ConfirmEmail {
        /// The token of the link, in characters that an address needs no escapes for.
        token: String,
    },
    /// Somebody tried to register with an address that has an account.
    AddressHasAccount,
    /// Somebody asked for a new password. The link lets the reader choose one.
    ResetPassword {
        /// The token of the link, in characters that an address needs no escapes for.
        token: String,
    },
    /// The password was changed.
    PasswordChanged,
    /// The account has another address now. This letter goes to the old one.
    EmailChanged,
    /// A second factor was added or removed.
    SecondFactorChanged {
        /// Whether it was added.
        added: bool,
    },
    /// An account at a provider, to sign in with, was linked or unlinked.
    ProviderChanged {
        /// The provider's name.
        provider: String,
        /// Whether it was linked.
        added: bool,
    },
    /// A passkey was added or removed.
    PasskeysChanged {
        /// Whether it was added.
        added: bool,
    },
    /// Somebody signed in from a device that was not seen before.
    NewSession {
        /// The device, as its browser describes itself.
        device: String,
    },
    /// The account will be deleted, as its owner asked.
    AccountWillBeDeleted {
        /// The time of the deletion.
        at: Timestamp,
    },
    /// No message: `notify` drops the letter. A request about an unknown address puts such a letter, so that it takes
    /// as long as one about a known address.
    Nothing,
}

impl LetterKind {
    /// The time for which the letter is kept if it cannot be sent. A link that works no more helps nobody.
    fn kept(&self) -> SignedDuration {
        if matches!(self, Self::ResetPassword { .. }) { RESETTABLE } else { KEPT }
    }

    /// The name of the message in logs. It is no secret.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ConfirmEmail { .. } => "confirm_email",
            Self::AddressHasAccount => "address_has_account",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged => "email_changed",
            Self::SecondFactorChanged { .. } => "second_factor_changed",
            Self::ProviderChanged { .. } => "provider_changed",
            Self::PasskeysChanged { .. } => "passkeys_changed",
            Self::NewSession { .. } => "new_session",
            Self::AccountWillBeDeleted { .. } => "account_will_be_deleted",
            Self::Nothing => "nothing",
        }
    }
}

/// Hides tokens and personal data: a debug print, and so a log line, shows the name alone.
impl fmt::Debug for LetterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(…)", self.name())
    }
}

impl Language {
    /// The language of letters for a reader who prefers languages in this order (`Accept-Language` or a profile).
    /// English unless Korean comes first.
    pub fn preferred(header: &str) -> Self {
        let languages = header.split(',').filter_map(|range| range.split(';').next()).map(str::trim);
        for language in languages {
            match language.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "ko" | "kor" => return Self::Korean,
                "en" | "eng" => return Self::English,
                _ => {}
            }
        }
        Self::English
    }
}

/// A letter as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLetter {
    /// The letter.
    #[serde(flatten)]
    pub letter: Letter,
    /// The time of its cause.
    pub created_at: Timestamp,
    /// The expiry in Unix seconds, which DynamoDB's time to live reads.
    expires_at: i64,
}

impl StoredLetter {
    /// A letter that is put into the outbox at `now`.
    fn new(letter: Letter, now: Timestamp) -> Self {
        let expires_at = (now + letter.kind.kept()).as_second();
        Self { letter, created_at: now, expires_at }
    }

    /// Whether the letter has expired. The table may keep it for a while longer.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now.as_second()
    }
}

impl Letter {
    /// Adds the letter to the transaction of its cause. `id` is a new ULID; `runtime::entropy::ulid` makes one.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn put(self, transaction: &mut Transaction, now: Timestamp, id: Ulid) -> Result<(), StoreError> {
        transaction.put(LETTER, keys::letter(id), &StoredLetter::new(self, now), Condition::Absent)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;

    fn letter(kind: LetterKind) -> Letter {
        Letter { to: "mina@example.com".parse().unwrap(), language: Language::Korean, kind }
    }

    #[test]
    fn every_kind_survives_storage() {
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let kinds = [
            LetterKind::ConfirmEmail { token: "secret".to_owned() },
            LetterKind::AddressHasAccount,
            LetterKind::ResetPassword { token: "secret".to_owned() },
            LetterKind::PasswordChanged,
            LetterKind::EmailChanged,
            LetterKind::SecondFactorChanged { added: true },
            LetterKind::ProviderChanged { provider: "Google".to_owned(), added: true },
            LetterKind::PasskeysChanged { added: true },
            LetterKind::NewSession { device: "Firefox".to_owned() },
            LetterKind::AccountWillBeDeleted { at: now },
            LetterKind::Nothing,
        ];
        for letter in kinds.map(letter) {
            let stored = StoredLetter::new(letter.clone(), now);
            let attributes: HashMap<String, AttributeValue> = serde_dynamo::to_item(&stored).unwrap();
            let kept = if letter.kind.name() == "reset_password" { 3_600 } else { 86_400 };
            assert_eq!(attributes["expires_at"], AttributeValue::N((now.as_second() + kept).to_string()));
            assert_eq!(attributes["language"], AttributeValue::S("ko".to_owned()));
            let AttributeValue::M(kind) = &attributes["kind"] else { panic!() };
            assert_eq!(kind["name"], AttributeValue::S(letter.kind.name().to_owned()));
            assert_eq!(serde_dynamo::from_item::<_, StoredLetter>(attributes).unwrap(), stored);
        }
    }

    #[test]
    fn a_letter_expires_after_a_day_and_a_link_to_reset_after_an_hour() {
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let stored = StoredLetter::new(letter(LetterKind::PasswordChanged), now);
        assert!(!stored.is_expired(now + KEPT - SignedDuration::from_secs(1)));
        assert!(stored.is_expired(now + KEPT));
        let reset = StoredLetter::new(letter(LetterKind::ResetPassword { token: "secret".to_owned() }), now);
        assert!(!reset.is_expired(now + RESETTABLE - SignedDuration::from_secs(1)));
        assert!(reset.is_expired(now + RESETTABLE));
    }

    #[test]
    fn a_letter_is_one_write() {
        let mut transaction = Transaction::new();
        letter(LetterKind::Nothing).put(&mut transaction, Timestamp::UNIX_EPOCH, Ulid(6)).unwrap();
        assert_eq!(transaction.len(), 1);
    }

    #[test]
    fn a_debug_print_shows_neither_token_nor_address() {
        let letter = letter(LetterKind::ResetPassword { token: "secret".to_owned() });
        assert_eq!(format!("{letter:?}"), "Letter { to: Email(…), language: Korean, kind: reset_password(…) }");
    }

    #[test]
    fn a_reader_of_neither_language_gets_english() {
        assert_eq!(Language::preferred("ko-KR,ko;q=0.9,en;q=0.8"), Language::Korean);
        assert_eq!(Language::preferred("en-GB, ko"), Language::English);
        assert_eq!(Language::preferred("de, ko;q=0.5"), Language::Korean);
        assert_eq!(Language::preferred("de"), Language::English);
        assert_eq!(Language::preferred(""), Language::English);
    }
}
