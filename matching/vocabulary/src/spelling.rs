//! Spellings of a skill that differ only in how its words are separated.

use super::fold::fold;

/// The folded form of a skill with one space between its words.
///
/// Runs of white space, hyphens and underscores between words are one space: `Web  Design`, `web-design` and
/// `web_design` are equal. Next to Hangul there is no space at all, because Korean compounds are written with or
/// without it: `웹 디자인` and `웹디자인` are equal, and so are `UI 디자인` and `UI디자인`. Signs that belong to a name stay: `c++`,
/// `c#`, `.net`, `node.js`, `c--`.
pub(crate) fn spelling(skill: &str) -> String {
    let folded = fold(skill);
    let mut spelling = String::with_capacity(folded.len());
    let mut separator = String::new();
    for character in folded.chars() {
        if is_separator(character) {
            separator.push(character);
            continue;
        }
        match spelling.chars().next_back() {
            // Signs at the start belong to the name, white space does not.
            None => push_signs(&mut spelling, &separator),
            Some(before) if separator.is_empty() || is_hangul(before) || is_hangul(character) => {}
            Some(_) => spelling.push(' '),
        }
        separator.clear();
        spelling.push(character);
    }
    push_signs(&mut spelling, &separator);
    spelling
}

/// Adds the signs at the start or the end of a name, such as those of `c--`. Typographic dashes are no part of a name.
fn push_signs(spelling: &mut String, separator: &str) {
    spelling.extend(separator.chars().filter(|character| matches!(character, '-' | '_')));
}

/// White space, an underscore, a hyphen, a dash or a minus sign.
fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// A Hangul syllable, as folding leaves it.
fn is_hangul(character: char) -> bool {
    ('\u{AC00}'..='\u{D7A3}').contains(&character)
}
