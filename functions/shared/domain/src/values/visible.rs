//! Tells visible characters from invisible ones.

use icu_properties::CodePointSetData;
use icu_properties::props::{DefaultIgnorableCodePoint, WhiteSpace};

use crate::validation::{Refusal, Rule};

/// Whether no character of the text is visible. Invisible are white space, control characters, characters that Unicode
/// calls default-ignorable (zero-width spaces, soft hyphens, Hangul fillers), and the empty Braille pattern.
pub(crate) fn is_blank(text: &str) -> bool {
    let space = CodePointSetData::new::<WhiteSpace>();
    let blank = |c: char| space.contains(c) || c.is_control() || c == '\u{2800}' || is_ignorable(c);
    text.chars().all(blank)
}

/// Whether Unicode calls the character default-ignorable: it has no appearance of its own.
pub(crate) fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether the character overrides, embeds or isolates a direction of writing, and so can disguise the text around it.
/// The direction marks (U+200E, U+200F, U+061C) are allowed, because right-to-left writing needs them.
pub(crate) fn changes_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The texts that [`check_one_line`] takes, as a regular expression of the description of the API.
pub(crate) const ONE_LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$";

/// Checks a text that is shown on one line.
///
/// # Errors
/// A control character, a line or paragraph separator, or a change of direction.
pub(crate) fn check_one_line(text: &str) -> Result<(), Refusal> {
    let breaks_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let Some(forbidden) = text.chars().find(|&c| breaks_line(c) || changes_direction(c)) else { return Ok(()) };
    let reason =
        if changes_direction(forbidden) { "changes the direction of writing" } else { "is a control character" };
    let detail = format!("must not hold U+{:04X}, which {reason}", u32::from(forbidden));
    Err(Refusal::new(Rule::ForbiddenCharacter, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_takes_the_texts_of_one_line() {
        let pattern = regex_lite::Regex::new(ONE_LINE).unwrap();
        for text in ('\0'..='\u{3100}').map(|character| format!("a{character}b")) {
            assert_eq!(pattern.is_match(&text), check_one_line(&text).is_ok(), "{text:?}");
        }
    }
}
