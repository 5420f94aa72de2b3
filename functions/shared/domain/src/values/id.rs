//! Ids: a readable prefix and a ULID, `usr_…` for accounts and `prj_…` for projects.
//!
//! A ULID begins with its time in milliseconds, so ids sort by creation. The caller creates it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// The text is not an id of this kind in its one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of {kind}")]
pub struct InvalidId {
    kind: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Ulid);

        impl $name {
            /// The prefix of every id of this kind.
            pub const PREFIX: &'static str = $prefix;

            /// Creates an id from a ULID.
            pub const fn new(ulid: Ulid) -> Self {
                Self(ulid)
            }

            /// The ULID of the id.
            pub const fn ulid(self) -> Ulid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", Self::PREFIX, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        /// Accepts only the spelling that `Display` prints. It refuses Crockford's aliases and small letters, so that a
        /// record has only one id.
        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let refusal = InvalidId { kind: $kind };
                let digits = text.strip_prefix(Self::PREFIX).ok_or(refusal)?;
                let ulid = Ulid::from_string(digits).map_err(|_| refusal)?;
                if ulid.to_string() == digits { Ok(Self(ulid)) } else { Err(refusal) }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!("The id of ", $kind, ".")))
                    .pattern(Some(concat!("^", $prefix, "[0-9A-HJKMNP-TV-Z]{26}$")))
                    .into()
            }
        }

        impl ToSchema for $name {}

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

id!(
    /// The id of an account and of its freelancer: `usr_01JD…`.
    AccountId, "usr_", "an account"
);
id!(
    /// The id of a session: `ses_01JD…`.
    SessionId, "ses_", "a session"
);
id!(
    /// The id of a passkey: `pky_01JD…`.
    PasskeyId, "pky_", "a passkey"
);
id!(
    /// The id of a project: `prj_01JD…`.
    ProjectId, "prj_", "a project"
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parse_reads_what_display_prints(bits: u128) {
            let id = ProjectId::new(Ulid(bits));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn ids_sort_as_their_text_does(a: u128, b: u128) {
            let (a, b) = (AccountId::new(Ulid(a)), AccountId::new(Ulid(b)));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn what_parses_prints_the_same(text in "(usr_|prj_)?[0-9A-Za-z]{25,27}") {
            if let Ok(id) = text.parse::<AccountId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let canonical = "usr_01JD0000000000000000000000";
        assert!(canonical.parse::<AccountId>().is_ok());
        assert!(canonical.parse::<ProjectId>().is_err());
        assert!(canonical.to_lowercase().parse::<AccountId>().is_err());
        assert!("usr_OIJD0000000000000000000000".parse::<AccountId>().is_err());
        assert!("".parse::<AccountId>().is_err());
        assert!("me".parse::<AccountId>().is_err());
    }
}
