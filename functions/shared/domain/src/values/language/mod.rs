//! Languages as tags (BCP 47): stored as sent, compared by the language alone.

mod grammar;
mod registry;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::validation::{Field, FromJson, Refusal, Rule, read_distinct};

/// The most languages one record names.
pub const MAX_LANGUAGES: usize = 10;

/// The longest tag taken, in characters. RFC 5646 sets no limit and asks for buffers of at least 35.
const MAX_CHARACTERS: usize = 64;

/// A well-formed tag of a registered language, kept as sent: `ko`, `en-GB`, `zh-Hant-TW`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// The tag as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Creates a language from a stored tag, which was checked before. A stricter rule must not make old records
    /// unreadable.
    pub fn stored(tag: &str) -> Self {
        Self(tag.to_owned())
    }

    /// The canonical code of the language, without script, region or variant: `zh` of `zh-Hant-TW`, `he` of `iw`, `ko`
    /// of `kor`. Two tags share a language if it is equal. A tag for private use (`x-…`) stands for itself.
    pub fn primary(&self) -> String {
        let tag = self.0.to_ascii_lowercase();
        registry::canonical(language_of(&tag)).to_owned()
    }
}

/// The part of a tag, in small letters, that names the language. It is the whole tag for private use and grandfathered
/// tags.
fn language_of(tag: &str) -> &str {
    if registry::canonical(tag) != tag {
        return tag;
    }
    let mut subtags = tag.split('-');
    let (first, second) = (subtags.next().unwrap_or_default(), subtags.next().unwrap_or_default());
    if first.len() == 1 {
        return tag;
    }
    // An extended language (section 2.2.2) is more precise than the macrolanguage before it: `yue` in `zh-yue-HK`.
    let has_extended = ["ar", "kok", "lv", "ms", "sgn", "sw", "uz", "zh"].contains(&first);
    if has_extended && second.len() == 3 && registry::is_known(second) { second } else { first }
}

impl FromStr for Language {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_CHARACTERS || !grammar::is_well_formed(text) {
            return Err(Refusal::new(Rule::InvalidLanguage, "must be a BCP 47 language tag, like ko or en-GB"));
        }
        let tag = text.to_ascii_lowercase();
        let code = language_of(&tag);
        if code.contains('-') || registry::is_known(code) {
            return Ok(Self(text.to_owned()));
        }
        let detail = match registry::meant_by(code) {
            Some((language, right)) => format!("is not the tag of a language here: for {language}, send {right}"),
            None => "must begin with a registered language, like ko or en".to_owned(),
        };
        Err(Refusal::new(Rule::InvalidLanguage, detail))
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

impl PartialSchema for Language {
    fn schema() -> RefOr<Schema> {
        let description = "A BCP 47 tag of a registered language. Only the language itself is compared: `en-GB` and \
            `en-US` \
                           share one, and so do `iw` and `he`.";
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(description))
            .max_length(Some(MAX_CHARACTERS))
            .into()
    }
}

impl ToSchema for Language {
    fn name() -> Cow<'static, str> {
        "LanguageTag".into()
    }
}

/// Up to [`MAX_LANGUAGES`] languages in the order they were sent, without repeated tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Languages(Vec<Language>);

impl Languages {
    /// The languages in the order they were sent.
    pub fn as_slice(&self) -> &[Language] {
        &self.0
    }
}

impl FromJson for Languages {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        let tag = |language: &Language, _| language.0.to_ascii_lowercase();
        read_distinct(value, &mut field, (0, MAX_LANGUAGES), "languages", tag).map(Self)
    }
}

impl PartialSchema for Languages {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Ref::from_schema_name(Language::name())).max_items(Some(MAX_LANGUAGES)).into()
    }
}

impl ToSchema for Languages {
    fn name() -> Cow<'static, str> {
        "Languages".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Language::name().into(), Language::schema()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn primary(tag: &str) -> String {
        tag.parse::<Language>().unwrap_or_else(|refusal| panic!("{tag}: {refusal}")).primary()
    }

    #[test]
    fn tags_are_kept_and_compared_by_their_language() {
        for (tag, language) in
            [("ko", "ko"), ("EN-gb", "en"), ("zh-Hant-TW", "zh"), ("es-419", "es"), ("qaa-Qaaa-QM", "qaa")]
        {
            assert_eq!(tag.parse::<Language>().unwrap().as_str(), tag);
            assert_eq!(primary(tag), language);
        }
    }

    #[test]
    fn codes_of_one_language_are_one() {
        for same in [
            &["he", "iw", "heb"][..],
            &["id", "in", "ind"],
            &["yi", "ji", "yid"],
            &["ro", "mo", "ron", "rum"],
            &["no", "nb", "nn", "nob", "nno", "no-bok"],
            &["zh", "cmn", "zho", "chi", "zh-cmn-Hans-CN", "zh-guoyu"],
            &["fil", "tl", "tgl"],
            &["ko", "kor"],
            &["en", "eng"],
            &["de", "deu", "ger"],
            &["tlh", "i-klingon"],
            &["ase", "sgn-US", "sgn-ase"],
            &["yue", "zh-yue", "zh-yue-HK"],
        ] {
            for tag in same {
                assert_eq!(primary(tag), same[0], "{tag}");
            }
        }
        for (one, other) in [("yue", "zh"), ("id", "ms"), ("sr", "hr"), ("da", "no"), ("ko", "knc")] {
            assert_ne!(primary(one), primary(other));
        }
    }

    #[test]
    fn unregistered_languages_are_refused_with_a_hint() {
        let detail = |tag: &str| tag.parse::<Language>().unwrap_err().detail.into_owned();
        assert_eq!(detail("kr"), "is not the tag of a language here: for Korean, send ko");
        assert_eq!(detail("jp"), "is not the tag of a language here: for Japanese, send ja");
        assert_eq!(detail("CN-Hans"), "is not the tag of a language here: for Chinese, send zh");
        for tag in ["xx", "zzz", "zz-GB", "abx-x-private1-2-3-4-5-6-7-8-9-10-11"] {
            let known = tag.starts_with("abx");
            assert_eq!(tag.parse::<Language>().is_ok(), known, "{tag}");
        }
    }

    #[test]
    fn tags_without_a_registered_language_stand_for_themselves() {
        assert_eq!(primary("X-Whatever"), "x-whatever");
        assert_eq!(primary("i-Default"), "i-default");
    }
}
