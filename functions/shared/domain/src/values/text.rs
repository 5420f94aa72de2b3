//! Texts within bounds, stored exactly as they were sent: not trimmed, not normalised, in any script.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::visible::{self, is_blank};
use crate::validation::{Refusal, Rule};

/// The rules of one kind of text.
pub trait TextKind {
    /// The schema's name in the description of the API.
    const NAME: &'static str;
    /// The fewest characters (Unicode scalar values). A text that may not be empty may not be blank either.
    const MIN: usize = 1;
    /// The most characters.
    const MAX: usize;
    /// Whether the text is shown on one line, where control characters and changes of direction are refused.
    const IS_ONE_LINE: bool = true;
}

/// Text of one kind.
///
/// Parsing checks the rules of the kind. Reading from the store does not: a stored text was checked when it was
/// written, and a stricter rule must not make old records unreadable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Text<K> {
    text: String,
    #[serde(skip)]
    kind: PhantomData<K>,
}

impl<K: TextKind> Text<K> {
    /// The fewest characters.
    pub const MIN: usize = K::MIN;
    /// The most characters.
    pub const MAX: usize = K::MAX;

    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The empty text, for fields that may be empty.
impl<K> Default for Text<K> {
    fn default() -> Self {
        Self { text: String::new(), kind: PhantomData }
    }
}

impl<K: TextKind> FromStr for Text<K> {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        // Counting stops just above the bound, so that a huge text costs no more than a long one.
        let length = text.chars().take(K::MAX + 1).count();
        if length > K::MAX {
            return Err(Refusal::new(Rule::TooLong, format!("must be at most {} characters long", K::MAX)));
        }
        if K::IS_ONE_LINE {
            visible::check_one_line(text)?;
        }
        if K::MIN > 0 && is_blank(text) {
            return Err(Refusal::new(Rule::Blank, "must not be blank"));
        }
        if length < K::MIN {
            return Err(Refusal::new(Rule::TooShort, format!("must be at least {} characters long", K::MIN)));
        }
        Ok(Self { text: text.to_owned(), kind: PhantomData })
    }
}

impl<K> fmt::Display for Text<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<K> fmt::Debug for Text<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl<K: TextKind> PartialSchema for Text<K> {
    fn schema() -> RefOr<Schema> {
        let min = (K::MIN > 0).then_some(K::MIN);
        let pattern = K::IS_ONE_LINE.then_some(visible::ONE_LINE);
        ObjectBuilder::new().schema_type(Type::String).min_length(min).max_length(Some(K::MAX)).pattern(pattern).into()
    }
}

impl<K: TextKind> ToSchema for Text<K> {
    fn name() -> Cow<'static, str> {
        K::NAME.into()
    }
}

/// The kinds of text in the market.
pub mod kind {
    use super::TextKind;

    /// See [`DisplayName`](super::DisplayName).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum DisplayName {}

    impl TextKind for DisplayName {
        const NAME: &'static str = "DisplayName";
        const MAX: usize = 80;
    }

    /// See [`LegalName`](super::LegalName).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum LegalName {}

    impl TextKind for LegalName {
        const NAME: &'static str = "LegalName";
        const MAX: usize = 200;
    }

    /// See [`PasskeyName`](super::PasskeyName).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PasskeyName {}

    impl TextKind for PasskeyName {
        const NAME: &'static str = "PasskeyName";
        const MAX: usize = 60;
    }

    /// See [`Headline`](super::Headline).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Headline {}

    impl TextKind for Headline {
        const NAME: &'static str = "Headline";
        const MAX: usize = 120;
    }

    /// See [`Bio`](super::Bio).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Bio {}

    impl TextKind for Bio {
        const NAME: &'static str = "Bio";
        const MIN: usize = 0;
        const MAX: usize = 5_000;
        const IS_ONE_LINE: bool = false;
    }

    /// See [`Title`](super::Title).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Title {}

    impl TextKind for Title {
        const NAME: &'static str = "Title";
        const MAX: usize = 160;
    }

    /// See [`Description`](super::Description).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Description {}

    impl TextKind for Description {
        const NAME: &'static str = "Description";
        const MIN: usize = 0;
        const MAX: usize = 10_000;
        const IS_ONE_LINE: bool = false;
    }

    /// The text of a [`Skill`](crate::values::Skill).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Skill {}

    impl TextKind for Skill {
        const NAME: &'static str = "Skill";
        const MAX: usize = 50;
    }

    /// The text of a [`Category`](crate::values::Category).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Category {}

    impl TextKind for Category {
        const NAME: &'static str = "Category";
        const MAX: usize = 50;
    }
}

/// The name an account shows to others.
pub type DisplayName = Text<kind::DisplayName>;
/// The name in a person's papers, in any script.
pub type LegalName = Text<kind::LegalName>;
/// The name by which a person tells one passkey from the others.
pub type PasskeyName = Text<kind::PasskeyName>;
/// A freelancer's offer in one line.
pub type Headline = Text<kind::Headline>;
/// A freelancer's own words.
pub type Bio = Text<kind::Bio>;
/// A project in one line.
pub type Title = Text<kind::Title>;
/// What a project needs, in the client's words.
pub type Description = Text<kind::Description>;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn accepted_text_is_kept_as_sent(text in "\\PC{0,10}\\s{0,3}") {
            if let Ok(parsed) = text.parse::<Bio>() {
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
    fn blank_text_is_refused_only_where_content_is_required() {
        for blank in ["", " \u{3000}", "\u{3164}", "\u{200B}", "\u{AD}", "\u{2800}", "\u{FEFF} \u{2060}"] {
            assert_eq!(blank.parse::<DisplayName>().unwrap_err().rule, Rule::Blank, "{blank:?}");
            assert_eq!(blank.parse::<Bio>().unwrap().as_str(), blank);
        }
    }

    #[test]
    fn one_line_text_has_no_control_characters_and_no_change_of_direction() {
        for text in ["a\u{0}", "a\nb", "a\tb", "\u{202E}evil", "a\u{2066}b", "a\u{2028}b", "\u{85}a", "\u{7F}a"] {
            assert_eq!(text.parse::<DisplayName>().unwrap_err().rule, Rule::ForbiddenCharacter, "{text:?}");
            assert_eq!(text.parse::<Bio>().unwrap().as_str(), text);
        }
        // Joiners and marks belong to writing: emoji, Persian, Hebrew beside Latin.
        for text in ["👩\u{200D}💻", "می\u{200C}خواهم", "שלום\u{200F}!"] {
            assert_eq!(text.parse::<DisplayName>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_kind_may_ask_for_more_than_one_character() {
        #[derive(Debug, PartialEq)]
        enum Nickname {}
        impl TextKind for Nickname {
            const NAME: &'static str = "Nickname";
            const MIN: usize = 3;
            const MAX: usize = 5;
        }
        assert_eq!("ab".parse::<Text<Nickname>>().unwrap_err().rule, Rule::TooShort);
    }

    #[test]
    fn the_schema_has_the_bounds() {
        let schema = |schema| serde_json::to_value::<RefOr<Schema>>(schema).unwrap();
        let title =
            serde_json::json!({"type": "string", "minLength": 1, "maxLength": 160, "pattern": visible::ONE_LINE});
        assert_eq!(schema(Title::schema()), title);
        assert_eq!(schema(Bio::schema()), serde_json::json!({"type": "string", "maxLength": 5_000}));
    }
}
