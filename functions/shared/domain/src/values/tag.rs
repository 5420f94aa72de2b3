//! Skills and categories: free words, stored as sent and compared by their key.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};
use vocabulary::{fold, skill_key, spelling};

use super::text::{Text, kind};
use crate::validation::{Field, FromJson, Refusal, Rule, read_distinct};

/// The most skills one freelancer offers or one project asks for.
pub const MAX_SKILLS: usize = 50;

/// The longest key, in bytes. NFKC can lengthen a text eighteenfold (U+FDFA), and keys are parts of the store's keys.
const MAX_KEY_BYTES: usize = 400;

/// The form in which a skill or a category is compared, counted and looked up. Only [`Skill`]s and [`Category`]s create
/// one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TagKey(String);

impl TagKey {
    /// The text of the key: never empty.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something a freelancer can do or a project needs: `Rust`, `웹 디자인`. One word or short phrase, kept as sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Skill(Text<kind::Skill>);

impl Skill {
    /// The skill as it was sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The form in which skills are compared. It ignores case, width, invisible characters and the separators of words.
    /// Synonyms have one key.
    pub fn key(&self) -> TagKey {
        TagKey(skill_key(self.as_str()))
    }
}

impl FromStr for Skill {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let skill = Self(text.parse()?);
        check_key(&skill.key())?;
        Ok(skill)
    }
}

impl fmt::Display for Skill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialSchema for Skill {
    fn schema() -> RefOr<Schema> {
        Text::<kind::Skill>::schema()
    }
}

impl ToSchema for Skill {}

/// The field of work: `Software`, `번역`. One word or short phrase, kept as sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Category(Text<kind::Category>);

impl Category {
    /// The category as it was sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The form in which categories are compared. It ignores case, width and invisible characters.
    pub fn key(&self) -> TagKey {
        TagKey(fold(self.as_str()))
    }
}

impl FromStr for Category {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let category = Self(text.parse()?);
        check_key(&category.key())?;
        Ok(category)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialSchema for Category {
    fn schema() -> RefOr<Schema> {
        Text::<kind::Category>::schema()
    }
}

impl ToSchema for Category {}

fn check_key(TagKey(key): &TagKey) -> Result<(), Refusal> {
    if key.is_empty() {
        return Err(Refusal::new(Rule::Blank, "must not be blank"));
    }
    if key.len() > MAX_KEY_BYTES {
        let detail = format!("must be at most {MAX_KEY_BYTES} bytes long when normalised (NFKC)");
        return Err(Refusal::new(Rule::TooLong, detail));
    }
    Ok(())
}

/// One to [`MAX_SKILLS`] skills in the order they were sent. No two have the same spelling. The list may hold two names
/// of one skill (`결제 연동`, `Payment integration`), so that people find it in both languages. They count as one skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Skills(Vec<Skill>);

impl Skills {
    /// The skills in the order they were sent.
    pub fn as_slice(&self) -> &[Skill] {
        &self.0
    }

    /// The keys of the skills. Two names of one skill have one key.
    pub fn keys(&self) -> BTreeSet<TagKey> {
        self.0.iter().map(Skill::key).collect()
    }

    /// The list with one more skill; `None` if the list is full or has the skill already.
    pub fn with(&self, skill: &Skill) -> Option<Self> {
        let fits = self.0.len() < MAX_SKILLS && !self.keys().contains(&skill.key());
        fits.then(|| Self(self.0.iter().chain([skill]).cloned().collect()))
    }
}

impl FromJson for Skills {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        read_distinct(value, &mut field, (1, MAX_SKILLS), "skills", |skill: &Skill, _| spelling(skill.as_str()))
            .map(Self)
    }
}

impl PartialSchema for Skills {
    fn schema() -> RefOr<Schema> {
        let description = "Different skills. Case, width and the way words are joined make no difference. \
                           Synonyms count as one skill: `js`, `JavaScript` and `자바스크립트`. The file \
                           `matching/vocabulary/skills.toml` lists them.";
        ArrayBuilder::new()
            .items(utoipa::openapi::Ref::from_schema_name(Skill::name()))
            .description(Some(description))
            .min_items(Some(1))
            .max_items(Some(MAX_SKILLS))
            .into()
    }
}

impl ToSchema for Skills {
    fn name() -> Cow<'static, str> {
        "Skills".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Skill::name().into(), Skill::schema()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::validation;

    proptest! {
        #[test]
        fn an_accepted_tag_is_kept_as_sent_and_has_a_bounded_key(text in "\\PC{1,50}") {
            let bounded = |key: TagKey| !key.as_str().is_empty() && key.as_str().len() <= MAX_KEY_BYTES;
            if let Ok(skill) = text.parse::<Skill>() {
                prop_assert_eq!(skill.as_str(), &text);
                prop_assert!(bounded(skill.key()));
            }
            if let Ok(category) = text.parse::<Category>() {
                prop_assert_eq!(category.as_str(), &text);
                prop_assert!(bounded(category.key()));
            }
        }
    }

    fn read(skills: &[&str]) -> Result<Skills, Vec<(String, Rule)>> {
        let read = validation::read(&json!(skills));
        read.map_err(|violations| violations.into_vec().into_iter().map(|wrong| (wrong.pointer, wrong.code)).collect())
    }

    #[test]
    fn spellings_and_synonyms_of_one_skill_have_one_key() {
        let key = |skill: &str| skill.parse::<Skill>().unwrap().key();
        for (one, other) in [
            ("Ｒｕｓｔ", "rust"),
            ("Rust\u{200B}", "\u{FEFF}ru\u{AD}st"),
            ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
            ("ΣΧΕΔΙΑΣΜΌΣ", "Σχεδιασμός"),
            ("Straße", "STRASSE"),
            ("Web  Design", "web-design"),
            ("JS", "자바스크립트"),
        ] {
            assert_eq!(key(one), key(other), "{one} and {other}");
        }
        assert_ne!(key("C++"), key("C#"));
    }

    #[test]
    fn categories_are_compared_by_their_letters() {
        let key = |category: &str| category.parse::<Category>().unwrap().key();
        assert_eq!(key("ＷＥＢ "), key("web"));
        assert_ne!(key("web-design"), key("web design"));
    }

    #[test]
    fn a_second_spelling_of_one_skill_is_refused() {
        for twice in ["ｒｕｓｔ ", "RUST", "Ru\u{AD}st"] {
            assert_eq!(read(&["Rust", "C++", twice]).unwrap_err(), [("/2".to_owned(), Rule::Duplicate)], "{twice}");
        }
        let violations = validation::read::<Skills>(&json!(["Web design", "Rust", "web-design"])).unwrap_err();
        assert_eq!(violations.as_slice()[0].detail, "means the same as element 0 of the list");
    }

    #[test]
    fn two_names_of_one_skill_count_once() {
        let skills = read(&["JavaScript", "자바스크립트", "Rust"]).unwrap();
        assert_eq!(skills.as_slice().len(), 3);
        assert_eq!(skills.keys().len(), 2);
        assert_eq!(skills.with(&"JS".parse().unwrap()), None);
    }

    #[test]
    fn every_wrong_skill_is_named() {
        let long = "x".repeat(51);
        let expected = [("/0".to_owned(), Rule::Blank), ("/2".to_owned(), Rule::TooLong)];
        assert_eq!(read(&["", "ok", &long]).unwrap_err(), expected);
        assert_eq!(read(&[]).unwrap_err(), [(String::new(), Rule::TooFew)]);
        let many: Vec<String> = (0..=MAX_SKILLS).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(read(&many).unwrap_err(), [(String::new(), Rule::TooMany)]);
        assert_eq!(read(&many[..MAX_SKILLS]).unwrap().as_slice().len(), MAX_SKILLS);
    }

    #[test]
    fn one_more_skill_is_added_if_there_is_room_for_it() {
        let skills = read(&["Rust", "AWS"]).unwrap();
        let with = |skill: &str| skills.with(&skill.parse().unwrap());
        assert_eq!(with("번역"), Some(read(&["Rust", "AWS", "번역"]).unwrap()));
        assert_eq!(with("ＲＵＳＴ"), None);
        let many: Vec<String> = (0..MAX_SKILLS).map(|n| n.to_string()).collect();
        let full = read(&many.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        assert_eq!(full.with(&"번역".parse().unwrap()), None);
    }

    #[test]
    fn a_text_that_grows_too_long_when_normalised_is_refused() {
        assert_eq!("\u{FDFA}".repeat(50).parse::<Skill>().unwrap_err().rule, Rule::TooLong);
        assert_eq!("\u{FDFA}".repeat(50).parse::<Category>().unwrap_err().rule, Rule::TooLong);
    }
}
