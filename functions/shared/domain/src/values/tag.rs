//! Skills and categories: free words, kept as sent and compared in a folded form.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::validation::{Field, Place, Refusal, Rule, accept};
use crate::values::Text;

/// The most skills one freelancer offers or one project asks for.
pub const MAX_SKILLS: usize = 20;

/// The longest folded form, in bytes. NFKC can grow a text eighteenfold (U+FDFA), and folded forms are parts of store keys.
const MAX_FOLDED_BYTES: usize = 400;

/// NFKC, lower case, no white space at either end. Folding a folded text changes nothing.
pub fn fold(text: &str) -> String {
    // Lower-casing can take a text out of NFKC, and normalising can uncover upper case, so both run until they rest.
    let once = |text: &str| text.nfkc().collect::<String>().to_lowercase().nfkc().collect::<String>();
    let mut folded = once(text);
    loop {
        let next = once(&folded);
        if next == folded {
            break;
        }
        folded = next;
    }
    folded.trim().to_owned()
}

/// A word in the form in which skills and categories are compared, counted and looked up. Only [`Tag`]s make one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Folded(String);

impl Folded {
    /// The folded text: never empty.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One word or short phrase of 1 to 50 characters, kept as sent.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(Text<1, 50>);

/// Something a freelancer can do or a project needs: `Rust`, `웹 디자인`.
pub type Skill = Tag;
/// The field of work: `Software`, `번역`.
pub type Category = Tag;

impl Tag {
    /// The word as it was sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The form in which it is compared.
    pub fn folded(&self) -> Folded {
        Folded(fold(self.as_str()))
    }
}

impl FromStr for Tag {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let tag = Self(text.parse()?);
        let folded = fold(text);
        if folded.is_empty() {
            return Err(Refusal::new(Rule::Blank, "must not be blank"));
        }
        if folded.len() > MAX_FOLDED_BYTES {
            let detail = format!("must be at most {MAX_FOLDED_BYTES} bytes long when normalised (NFKC)");
            return Err(Refusal::new(Rule::TooLong, detail));
        }
        Ok(tag)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// One to [`MAX_SKILLS`] skills, no two alike when folded, in the order they were sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Skills(Vec<Skill>);

impl Skills {
    /// Reads a list of skills; `None` after noting each wrong element, or that the list is missing, empty or too long.
    pub fn read(field: &Field<Vec<Field<String>>>, mut place: Place<'_>) -> Option<Self> {
        let elements = field.required(&mut place)?;
        if elements.is_empty() {
            place.refuse(Refusal::new(Rule::TooFew, "must name at least one skill"));
            return None;
        }
        if elements.len() > MAX_SKILLS {
            place.refuse(Refusal::new(Rule::TooMany, format!("must name at most {MAX_SKILLS} skills")));
            return None;
        }
        let mut skills = Vec::with_capacity(elements.len());
        let mut seen = BTreeSet::new();
        for (index, element) in elements.iter().enumerate() {
            let Some(skill) = element.parse_required::<Skill>(place.element(index)) else { continue };
            if !seen.insert(skill.folded()) {
                let refusal = Refusal::new(Rule::Duplicate, "names a skill that the list holds already");
                accept::<()>(Err(refusal), &mut place.element(index));
                continue;
            }
            skills.push(skill);
        }
        (skills.len() == elements.len()).then_some(Self(skills))
    }

    /// The skills in the order they were sent.
    pub fn as_slice(&self) -> &[Skill] {
        &self.0
    }

    /// The skills as they are compared, in order.
    pub fn folded(&self) -> BTreeSet<Folded> {
        self.0.iter().map(Tag::folded).collect()
    }

    /// These and one more; `None` if there is no room for it, or it is among them.
    pub fn with(&self, skill: &Skill) -> Option<Self> {
        let fits = self.0.len() < MAX_SKILLS && !self.folded().contains(&skill.folded());
        fits.then(|| Self(self.0.iter().chain([skill]).cloned().collect()))
    }

    /// The skills as a body would send them.
    pub fn to_field(&self) -> Field<Vec<Field<String>>> {
        Field::Value(self.0.iter().map(|skill| Field::Value(skill.as_str().to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::validation::Violations;

    proptest! {
        #[test]
        fn folding_is_idempotent(text: String) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn case_and_surrounding_space_do_not_matter(text in "[a-zA-Z가-힣0-9+#. ]{1,20}") {
            prop_assert_eq!(fold(&format!("  {}\t", text.to_uppercase())), fold(&text));
        }

        #[test]
        fn an_accepted_tag_is_kept_as_sent_and_folds_to_something_bounded(text in "\\PC{1,50}") {
            if let Ok(tag) = text.parse::<Tag>() {
                prop_assert_eq!(tag.as_str(), text);
                let folded = tag.folded();
                prop_assert!(!folded.as_str().is_empty() && folded.as_str().len() <= MAX_FOLDED_BYTES);
            }
        }
    }

    fn read(skills: &[&str]) -> Result<Skills, Vec<(String, Rule)>> {
        let field = Field::Value(skills.iter().map(|&skill| Field::Value(skill.to_owned())).collect());
        let mut violations = Violations::none();
        let read = Skills::read(&field, violations.root().member("skills"));
        read.ok_or_else(|| violations.into_vec().into_iter().map(|v| (v.pointer, v.code)).collect())
    }

    #[test]
    fn full_width_and_composed_forms_are_one_skill() {
        assert_eq!(fold("Ｒｕｓｔ"), "rust");
        assert_eq!(fold("한글"), fold("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"));
        assert_eq!(read(&["Rust", "C++", "ｒｕｓｔ "]).unwrap_err(), [("/skills/2".to_owned(), Rule::Duplicate)]);
    }

    #[test]
    fn every_wrong_skill_is_named() {
        let long = "x".repeat(51);
        assert_eq!(
            read(&["", "ok", &long]).unwrap_err(),
            [("/skills/0".to_owned(), Rule::Blank), ("/skills/2".to_owned(), Rule::TooLong)]
        );
        assert_eq!(read(&[]).unwrap_err(), [("/skills".to_owned(), Rule::TooFew)]);
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(read(&many).unwrap_err(), [("/skills".to_owned(), Rule::TooMany)]);
        assert_eq!(read(&many[..20]).unwrap().as_slice().len(), 20);
    }

    #[test]
    fn one_more_skill_is_added_where_there_is_room_for_it() {
        let skills = read(&["Rust", "AWS"]).unwrap();
        let with = |skill: &str| skills.with(&skill.parse().unwrap());
        assert_eq!(with("번역"), Some(read(&["Rust", "AWS", "번역"]).unwrap()));
        assert_eq!(with("ＲＵＳＴ"), None);
        let many: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let full = read(&many.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        assert_eq!(full.with(&"번역".parse().unwrap()), None);
    }

    #[test]
    fn a_text_that_normalising_blows_up_is_refused() {
        assert_eq!("\u{FDFA}".repeat(50).parse::<Tag>().unwrap_err().rule, Rule::TooLong);
    }
}
