//! The longest texts that a record of the market takes, in characters, and how a text is cut to fit.

pub(super) const MAX_DISPLAY_NAME: usize = 80;
pub(super) const MAX_HEADLINE: usize = 120;
pub(super) const MAX_BIO: usize = 5_000;
pub(super) const MAX_TITLE: usize = 160;
pub(super) const MAX_DESCRIPTION: usize = 10_000;
/// The longest skill or category.
pub(super) const MAX_TAG: usize = 50;

/// The first `max_characters` characters of a text.
pub(super) fn cut(text: &str, max_characters: usize) -> &str {
    text.char_indices().nth(max_characters).map_or(text, |(end, _)| &text[..end])
}
