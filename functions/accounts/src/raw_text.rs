//! Any text, for fields whose wrong values are refused by what they are compared with.

use std::{fmt, str::FromStr};

use domain::validation::{Refusal, Rule};

/// The most bytes.
const MOST: usize = 4096;

/// Any text. An invalid address belongs to no account, and an invalid token to no session. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RawText(String);

impl RawText {
    /// The text as it was sent.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RawText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RawText(…)")
    }
}

impl FromStr for RawText {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() > MOST {
            return Err(Refusal::new(Rule::TooLong, format!("must be at most {MOST} bytes long")));
        }
        Ok(Self(text.to_owned()))
    }
}
