//! Language names as tags: `English`, `한국어`, `Deutsch (native)`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::values::Language;

static TAGS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("languages.txt").lines().filter(|line| !line.starts_with('#'));
    let languages = lines.filter_map(|line| line.split_once(' '));
    languages.flat_map(|(tag, names)| names.split(", ").map(move |name| (name, tag))).collect()
});

/// The tag of a language: of its name, with or without words around it, or of a tag such as `ko-KR`. `None` if it is
/// not known.
pub(super) fn tag_of(language: &str) -> Option<String> {
    let name = language.trim().to_lowercase();
    if let Some(tag) = TAGS.get(name.as_str()) {
        return Some((*tag).to_owned());
    }
    let code = language.trim().replace('_', "-");
    if looks_like_a_tag(&code) && code.parse::<Language>().is_ok() {
        return Some(code);
    }
    // "English (fluent)", "Brazilian Portuguese", "Chinese – Mandarin": the first word that names a language.
    let mut words = name.split(|c: char| !(c.is_alphanumeric() || is_mark(c))).filter(|word| !word.is_empty());
    words.find_map(|word| TAGS.get(word)).map(|tag| (*tag).to_owned())
}

/// A language of two or three letters, perhaps with a script or a region: `ko`, `zh-Hant-TW`. Not `non-native`.
fn looks_like_a_tag(code: &str) -> bool {
    let mut subtags = code.split('-');
    subtags.next().is_some_and(|language| (2..=3).contains(&language.len()))
        && subtags.all(|subtag| (2..=4).contains(&subtag.len()))
}

/// Whether a character belongs to the letter before it, as the vowel signs of Indian scripts do.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && !"–—·、，（）/".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_many_languages_have_tags() {
        for (name, tag) in [
            ("English", "en"),
            (" ENGLISH ", "en"),
            ("English (native)", "en"),
            ("American English", "en"),
            ("한국어", "ko"),
            ("Korean/한국어", "ko"),
            ("Korean-한국어", "ko"),
            ("영어", "en"),
            ("영어 (비즈니스)", "en"),
            ("Deutsch", "de"),
            ("Français – courant", "fr"),
            ("Brazilian Portuguese", "pt"),
            ("Mandarin Chinese", "zh"),
            ("日本語", "ja"),
            ("हिन्दी (मातृभाषा)", "hi"),
            ("ko", "ko"),
            ("en_US", "en-US"),
            ("pt-BR", "pt-BR"),
        ] {
            assert_eq!(tag_of(name).as_deref(), Some(tag), "{name}");
        }
        for name in ["", "Klingon", "C++", "fluent", "non-native", "1", "mina@example.com", "-", "--"] {
            assert_eq!(tag_of(name), None, "{name}");
        }
    }

    #[test]
    fn every_tag_of_the_list_is_a_language() {
        assert!(TAGS.len() > 200);
        for (name, tag) in &*TAGS {
            assert!(tag.parse::<Language>().is_ok(), "{tag}");
            assert_eq!(name.to_lowercase(), **name);
        }
    }
}
