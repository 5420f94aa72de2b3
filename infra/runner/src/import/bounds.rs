//! The longest texts that a record of the market takes, in characters, and how a text is made to fit.

use domain::values::text::{Text, kind};
use domain::values::{Bio, Description, DisplayName, Headline, Title};

pub(super) const MAX_DISPLAY_NAME: usize = DisplayName::MAX;
pub(super) const MAX_HEADLINE: usize = Headline::MAX;
pub(super) const MAX_BIO: usize = Bio::MAX;
pub(super) const MAX_TITLE: usize = Title::MAX;
pub(super) const MAX_DESCRIPTION: usize = Description::MAX;
/// The longest skill or category.
pub(super) const MAX_TAG: usize = Text::<kind::Skill>::MAX;
const _: () = assert!(MAX_TAG == Text::<kind::Category>::MAX);

/// The first `max_characters` characters of a text.
pub(super) fn cut(text: &str, max_characters: usize) -> &str {
    text.char_indices().nth(max_characters).map_or(text, |(end, _)| &text[..end])
}

/// A text without the characters that one line does not take: control characters and changes of direction.
pub(super) fn on_one_line(text: &str) -> String {
    let is_refused = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(is_refused, " ")
}
