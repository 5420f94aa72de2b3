//! The grammar of language tags: RFC 5646, section 2.1.

/// The grandfathered tags of RFC 5646 that do not follow its grammar.
const IRREGULAR: [&str; 17] = [
    "en-gb-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "sgn-be-fr",
    "sgn-be-nl",
    "sgn-ch-de",
];

/// Whether the tag follows the grammar of RFC 5646, section 2.1.
pub(super) fn is_well_formed(tag: &str) -> bool {
    if IRREGULAR.contains(&tag.to_ascii_lowercase().as_str()) {
        return true;
    }
    let alpha = |subtag: &str| subtag.bytes().all(|b| b.is_ascii_alphabetic());
    let digit = |subtag: &str| subtag.bytes().all(|b| b.is_ascii_digit());
    let alphanumeric = |subtag: &str| subtag.bytes().all(|b| b.is_ascii_alphanumeric());

    let subtags: Vec<&str> = tag.split('-').collect();
    if !subtags.iter().all(|subtag| (1..=8).contains(&subtag.len()) && alphanumeric(subtag)) {
        return false;
    }
    let mut rest = subtags.as_slice();
    // Takes the next subtag if it is one.
    let next_if = |rest: &mut &[&str], wanted: &dyn Fn(&str) -> bool| match rest.split_first() {
        Some((first, tail)) if wanted(first) => {
            *rest = tail;
            true
        }
        _ => false,
    };
    let is_private = |subtag: &str| subtag.eq_ignore_ascii_case("x");

    if !is_private(rest[0]) {
        // language = 2*3ALPHA ["-" extlang], extlang = 3ALPHA *2("-" 3ALPHA). The grammar also has 4ALPHA, which is
        // reserved, and 5*8ALPHA, of which none is registered. A freelancer who sent `Korean` would match nothing.
        if !next_if(&mut rest, &|subtag| (2..=3).contains(&subtag.len()) && alpha(subtag)) {
            return false;
        }
        for _ in 0..3 {
            if !next_if(&mut rest, &|subtag| subtag.len() == 3 && alpha(subtag)) {
                break;
            }
        }
        // script = 4ALPHA, region = 2ALPHA / 3DIGIT
        next_if(&mut rest, &|subtag| subtag.len() == 4 && alpha(subtag));
        next_if(&mut rest, &|subtag| subtag.len() == 2 && alpha(subtag) || subtag.len() == 3 && digit(subtag));
        // variant = 5*8alphanum / (DIGIT 3alphanum)
        let variant = |subtag: &str| subtag.len() >= 5 || subtag.len() == 4 && subtag.as_bytes()[0].is_ascii_digit();
        while next_if(&mut rest, &variant) {}
        // extension = singleton 1*("-" (2*8alphanum)), where a singleton is any character but x
        while next_if(&mut rest, &|subtag| subtag.len() == 1 && !is_private(subtag)) {
            if !next_if(&mut rest, &|subtag| subtag.len() >= 2) {
                return false;
            }
            while next_if(&mut rest, &|subtag| subtag.len() >= 2) {}
        }
    }
    // privateuse = "x" 1*("-" (1*8alphanum)), which extends to the end of the tag
    match rest {
        [] => true,
        [x, _, ..] => is_private(x),
        [_] => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn case_makes_no_difference(tag in "[a-zA-Z0-9-]{1,20}") {
            prop_assert_eq!(is_well_formed(&tag), is_well_formed(&tag.to_ascii_uppercase()));
        }
    }

    /// Appendix A of RFC 5646.
    #[test]
    fn the_examples_of_rfc_5646() {
        for tag in [
            "de",
            "fr",
            "ja",
            "i-enochian",
            "zh-Hant",
            "zh-Hans",
            "sr-Cyrl",
            "sr-Latn",
            "zh-cmn-Hans-CN",
            "cmn-Hans-CN",
            "zh-yue-HK",
            "yue-HK",
            "zh-Hans-CN",
            "sr-Latn-RS",
            "sl-rozaj",
            "sl-rozaj-biske",
            "sl-nedis",
            "de-CH-1901",
            "sl-IT-nedis",
            "hy-Latn-IT-arevela",
            "de-DE",
            "en-US",
            "es-419",
            "de-CH-x-phonebk",
            "az-Arab-x-AZE-derbend",
            "x-whatever",
            "qaa-Qaaa-QM-x-southern",
            "de-Qaaa",
            "sr-Latn-QM",
            "sr-Qaaa-RS",
            "en-US-u-islamcal",
            "zh-CN-a-myext-x-private",
            "en-a-myext-b-another",
            "sgn-BE-FR",
            "art-lojban",
        ] {
            assert!(is_well_formed(tag), "{tag}");
        }
        for tag in [
            "de-419-DE",
            "a-DE",
            "",
            "-",
            "en-",
            "-en",
            "en--US",
            "x",
            "x-",
            "en-x",
            "en-a",
            "en-a-x-b",
            "e",
            "english language",
            "Korean",
            "Engl",
            "한국어",
            "en_US",
            "abcdefghi",
            "en-abcdefghi",
            "12",
        ] {
            assert!(!is_well_formed(tag), "{tag}");
        }
    }
}
