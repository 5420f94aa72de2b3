//! Language tags: well-formed by BCP 47 (RFC 5646, section 2.1), compared by their primary subtag.
//!
//! Well-formed, not valid: the subtag registry changes, the grammar does not. But languages have two letters or three.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::validation::{Field, Place, Refusal, Rule};

/// The most languages one record names.
pub const MAX_LANGUAGES: usize = 10;

/// The longest tag taken, in characters. RFC 5646 sets no limit and asks for buffers of at least 35.
const MAX_CHARACTERS: usize = 64;

/// A well-formed language tag, kept as sent: `ko`, `en-GB`, `zh-Hant-TW`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

/// The tags that RFC 5646 grandfathers although they do not follow its grammar.
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

impl Language {
    /// The tag as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script, region or variant, in small letters: `zh` of `zh-Hant-TW`. A private-use (`x-…`) or
    /// registered (`i-…`) tag has no such part and stands for itself.
    pub fn primary(&self) -> String {
        let tag = self.0.to_ascii_lowercase();
        match tag.split_once('-') {
            Some((first, _)) if first.len() > 1 => first.to_owned(),
            _ => tag,
        }
    }

    /// Reads an optional list of languages: empty where it is absent or null. Refuses each wrong element and each that
    /// repeats an earlier one (tags are compared without regard to case).
    pub fn read_list(field: &Field<Vec<Field<String>>>, mut place: Place<'_>) -> Vec<Self> {
        let Some(elements) = field.optional(&mut place) else { return Vec::new() };
        if elements.len() > MAX_LANGUAGES {
            place.refuse(Refusal::new(Rule::TooMany, format!("must name at most {MAX_LANGUAGES} languages")));
            return Vec::new();
        }
        let mut languages: Vec<Self> = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            let Some(language) = element.parse_required::<Self>(place.element(index)) else { continue };
            if languages.iter().any(|other| other.0.eq_ignore_ascii_case(&language.0)) {
                let refusal = Refusal::new(Rule::Duplicate, "names a language that the list holds already");
                place.element(index).refuse(refusal);
            }
            languages.push(language);
        }
        languages
    }

    /// The languages as a body would send them.
    pub fn list_to_field(languages: &[Self]) -> Field<Vec<Field<String>>> {
        Field::Value(languages.iter().map(|language| Field::Value(language.0.clone())).collect())
    }
}

impl FromStr for Language {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() <= MAX_CHARACTERS && is_well_formed(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::new(Rule::InvalidLanguage, "must be a BCP 47 language tag, like ko or en-GB"))
        }
    }
}

/// The ABNF of RFC 5646, 2.1, read left to right.
fn is_well_formed(tag: &str) -> bool {
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
        // language = 2*3ALPHA ["-" extlang], extlang = 3ALPHA *2("-" 3ALPHA). Not 4ALPHA, which the grammar keeps for later,
        // nor 5*8ALPHA, of which none was ever registered: who sends `Korean` means `ko`, and would match nobody.
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
    // privateuse = "x" 1*("-" (1*8alphanum)), which runs to the end
    match rest {
        [] => true,
        [x, _, ..] => is_private(x),
        [_] => false,
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Language {
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
        fn common_tags_are_taken_and_kept(tag in "[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?") {
            let language: Language = tag.parse().unwrap();
            prop_assert_eq!(language.as_str(), &tag);
            prop_assert_eq!(language.primary(), tag.split('-').next().unwrap());
        }

        #[test]
        fn case_decides_nothing(tag in "[a-zA-Z0-9-]{1,20}") {
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
            assert!(tag.parse::<Language>().is_ok(), "{tag}");
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
            assert!(tag.parse::<Language>().is_err(), "{tag}");
        }
    }

    #[test]
    fn tags_without_a_primary_subtag_stand_for_themselves() {
        assert_eq!("X-Whatever".parse::<Language>().unwrap().primary(), "x-whatever");
        assert_eq!("i-Klingon".parse::<Language>().unwrap().primary(), "i-klingon");
    }
}
