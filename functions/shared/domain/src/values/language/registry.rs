//! Facts about languages, so that one language has one canonical code.
//!
//! - `registered.txt`: the three-letter language subtags of the IANA Language Subtag Registry of 2025-08-25
//!   (<https://www.iana.org/assignments/language-subtag-registry>), sorted, four bytes apart.
//! - `canonical.txt`: codes and the code that stands for the same language, as `code=canonical`:
//!   - the registry's preferred values of deprecated subtags and grandfathered tags;
//!   - the three-letter codes of ISO 639-2 and 639-3 for languages that have two letters;
//!   - the predominant member of a macrolanguage, which CLDR (supplementalMetadata, languageAlias) takes for the whole,
//!     such as `cmn` for `zh`, and CLDR's `tl` for `fil` and `sh` for `sr`;
//!   - `nb` and `nn`, which share the macrolanguage `no`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The two-letter language subtags of the same registry.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu \
    cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii \
    ik in io \
    is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml \
    mn mo mr \
    ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si \
    sk sl sm \
    sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

const THREE_LETTERS: &str = include_str!("registered.txt");

static CANONICAL: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("canonical.txt").split_ascii_whitespace().filter_map(|pair| pair.split_once('=')).collect()
});

/// Codes that clients send by mistake, most of them codes of countries: the code, the name of the language, the right
/// code.
const MISTAKES: [(&str, &str, &str); 17] = [
    ("at", "German", "de"),
    ("cn", "Chinese", "zh"),
    ("cz", "Czech", "cs"),
    ("dk", "Danish", "da"),
    ("gb", "English", "en"),
    ("gr", "Greek", "el"),
    ("il", "Hebrew", "he"),
    ("ir", "Persian", "fa"),
    ("jp", "Japanese", "ja"),
    ("kp", "Korean", "ko"),
    ("kr", "Korean", "ko"),
    ("mx", "Spanish", "es"),
    ("ph", "Filipino", "fil"),
    ("rs", "Serbian", "sr"),
    ("ua", "Ukrainian", "uk"),
    ("us", "English", "en"),
    ("vn", "Vietnamese", "vi"),
];

/// The canonical code of a language or of a grandfathered tag, both in small letters.
pub(super) fn canonical(code: &str) -> &str {
    CANONICAL.get(code).copied().unwrap_or(code)
}

/// Whether a language code in small letters is known: it is registered, stands for a registered code, or is for private
/// use (`qaa` to `qtz`).
///
/// `kr` is Kanuri in the registry. It is refused, because nearly everybody who sends it means Korean. `knc` and `kau`
/// are accepted.
pub(super) fn is_known(code: &str) -> bool {
    match code.len() {
        2 => code != "kr" && TWO_LETTERS.split_ascii_whitespace().any(|known| known == code),
        3 => ("qaa"..="qtz").contains(&code) || CANONICAL.contains_key(code) || is_registered(code),
        _ => false,
    }
}

fn is_registered(code: &str) -> bool {
    let code_at = |place: usize| &THREE_LETTERS[4 * place..4 * place + 3];
    let (mut low, mut high) = (0, THREE_LETTERS.len() / 4);
    while low < high {
        let middle = low.midpoint(high);
        match code_at(middle).cmp(code) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    false
}

/// The language that an unknown code probably means, with the right code.
pub(super) fn meant_by(code: &str) -> Option<(&'static str, &'static str)> {
    MISTAKES.iter().find(|(mistake, ..)| *mistake == code).map(|&(_, language, code)| (language, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_letter_codes_are_sorted_and_all_found() {
        let codes: Vec<&str> = THREE_LETTERS.split_ascii_whitespace().collect();
        assert_eq!((codes.len(), THREE_LETTERS.len()), (8_077, 4 * 8_077));
        assert!(codes.is_sorted_by(|one, other| one < other));
        assert!(codes.iter().all(|code| is_registered(code)));
        for code in ["kor", "zzz", "aa", "zz!", ""] {
            assert!(!is_registered(code), "{code}");
        }
    }

    #[test]
    fn a_canonical_code_is_registered_and_maps_to_itself() {
        assert_eq!(CANONICAL.len(), 420);
        for code in CANONICAL.values() {
            assert!(code.len() == 2 && TWO_LETTERS.contains(code) || is_registered(code), "{code}");
            assert_eq!(canonical(code), *code);
        }
    }

    #[test]
    fn every_hint_names_a_known_code() {
        for (mistake, _, right) in MISTAKES {
            assert!(!is_known(mistake) && is_known(right), "{mistake}");
        }
    }
}
