//! Text within bounds, kept exactly as it was sent: no trimming, no normalising, any Unicode.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::validation::{Refusal, Rule};

/// Text of `MIN` to `MAX` characters (Unicode scalar values). Where `MIN` is not 0, white space alone is refused too.
///
/// Parsing checks the bounds. Reading from the store does not: what is stored was checked when it was written, and a
/// bound that tightens later must not make old records unreadable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// The name an account shows to others.
pub type DisplayName = Text<1, 80>;
/// A freelancer's offer in one line.
pub type Headline = Text<1, 120>;
/// A freelancer's own words.
pub type Bio = Text<0, 5_000>;
/// A project in one line.
pub type Title = Text<1, 160>;
/// What a project needs, in the client's words.
pub type Description = Text<0, 10_000>;

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Empty text, for the fields that may be empty.
impl<const MAX: usize> Default for Text<0, MAX> {
    fn default() -> Self {
        Self(String::new())
    }
}

impl<const MIN: usize, const MAX: usize> FromStr for Text<MIN, MAX> {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if MIN > 0 && text.trim().is_empty() {
            return Err(Refusal::new(Rule::Blank, "must not be blank"));
        }
        // Counting stops just past the bound, so a huge text costs no more than a long one.
        let length = text.chars().take(MAX + 1).count();
        if length > MAX {
            return Err(Refusal::new(Rule::TooLong, format!("must be at most {MAX} characters long")));
        }
        if length < MIN {
            return Err(Refusal::new(Rule::TooShort, format!("must be at least {MIN} characters long")));
        }
        Ok(Self(text.to_owned()))
    }
}

impl<const MIN: usize, const MAX: usize> From<Text<MIN, MAX>> for String {
    fn from(text: Text<MIN, MAX>) -> Self {
        text.0
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Debug for Text<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn accepted_text_is_kept_as_sent(text in "\\PC{0,10}\\s{0,3}") {
            if let Ok(parsed) = text.parse::<Text<0, 20>>() {
                prop_assert_eq!(parsed.as_str(), text);
            }
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!("가".repeat(80).parse::<DisplayName>().is_ok());
        assert_eq!("가".repeat(81).parse::<DisplayName>().unwrap_err().rule, Rule::TooLong);
    }

    #[test]
    fn blank_is_refused_only_where_content_is_needed() {
        assert_eq!(" \u{3000}\n".parse::<Headline>().unwrap_err().rule, Rule::Blank);
        assert_eq!("".parse::<Headline>().unwrap_err().rule, Rule::Blank);
        assert_eq!(" ".parse::<Bio>().unwrap().as_str(), " ");
        assert_eq!("ab".parse::<Text<3, 5>>().unwrap_err().rule, Rule::TooShort);
    }
}
