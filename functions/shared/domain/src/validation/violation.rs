//! Violations: the wrong fields of a request body, each with its JSON pointer (RFC 6901), a stable code and a sentence.
//!
//! The reader of a body passes down a [`Field`]. It knows its pointer and collects refusals. The pointer is built only
//! if something is refused, so reading a correct body allocates nothing for it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The rule that a value broke. Clients see the name in snake_case and may rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// The field is absent or null, and has no default.
    Required,
    /// The value has another JSON type than the field.
    WrongType,
    /// The text shows nothing, and the field needs content.
    Blank,
    /// The text is shown on one line, and it has a control character or changes the direction of writing.
    ForbiddenCharacter,
    /// The name looks like one of the market's own, such as `Admin`.
    ReservedName,
    /// The text, or its normalised form, is longer than the field takes.
    TooLong,
    /// The text is shorter than the field takes.
    TooShort,
    /// The list has too many elements.
    TooMany,
    /// The list has too few elements.
    TooFew,
    /// The list has an element that means the same.
    Duplicate,
    /// The number is outside its range.
    OutOfRange,
    /// The word is not one of the choices.
    UnknownValue,
    /// Not an active ISO 4217 currency code.
    UnknownCurrency,
    /// Not a time zone of the IANA database.
    UnknownTimezone,
    /// Not a well-formed BCP 47 tag of a registered language.
    InvalidLanguage,
    /// Not an RFC 3339 full-date, such as `2026-12-01`.
    InvalidDate,
    /// Not an RFC 3339 date and time, such as `2026-12-01T09:00:00Z`.
    InvalidTime,
    /// Not an e-mail address this market can write to.
    InvalidEmail,
    /// Not a phone number, or one without its country.
    InvalidPhone,
    /// Not an IBAN with right check digits, or no code of a bank, or no number of an account.
    InvalidBankAccount,
    /// The password is too easily guessed.
    Guessable,
    /// The day or time has passed, and the field needs one to come.
    InThePast,
    /// `min` is greater than `max`.
    MinAboveMax,
}

/// Why one value was refused. The value's field is not included.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// The broken rule.
    pub rule: Rule,
    /// A sentence for the person who sent the value.
    pub detail: Cow<'static, str>,
}

impl Refusal {
    /// A refusal by `rule`, explained by `detail`.
    pub fn new(rule: Rule, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { rule, detail: detail.into() }
    }
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Violation {
    /// JSON pointer (RFC 6901) into the request body; empty for the body itself.
    #[schema(example = "/skills/0")]
    pub pointer: String,
    /// The broken rule; stable.
    pub code: Rule,
    /// A sentence for the person who sent the value; may change between releases.
    #[schema(example = "must be at most 50 characters long")]
    pub detail: String,
}

/// The wrong fields of one body, in the order in which they were read. Never empty inside an `Err`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// No violation.
    pub fn none() -> Self {
        Self::default()
    }

    /// The whole body as a field. Its members are fields of it.
    pub fn root(&mut self) -> Field<'_> {
        Field { at: At { parent: None, step: Step::Root }, violations: self }
    }

    /// Keeps the violations for which `is_kept` returns true.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&Violation) -> bool) {
        self.0.retain(is_kept);
    }

    /// Whether nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wrong fields, in reading order.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// The wrong fields, by value.
    pub fn into_vec(self) -> Vec<Violation> {
        self.0
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{:?}: {}", violation.pointer, violation.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// The steps from the root of a body to a value. They are linked through the stack frames of the reader.
#[derive(Clone, Copy)]
struct At<'a> {
    parent: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Member(&'a str),
    Element(usize),
}

impl At<'_> {
    fn write(&self, pointer: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(pointer);
        }
        match self.step {
            Step::Root => {}
            Step::Member(name) => {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Step::Element(index) => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
    }
}

/// A field of the body that is being read: the body itself, a member or an element. It collects refusals.
pub struct Field<'a> {
    at: At<'a>,
    violations: &'a mut Violations,
}

impl Field<'_> {
    /// This object's member `name`.
    pub fn member<'b>(&'b mut self, name: &'b str) -> Field<'b> {
        self.step(Step::Member(name))
    }

    /// This list's element at `index`, counted from 0.
    pub fn element(&mut self, index: usize) -> Field<'_> {
        self.step(Step::Element(index))
    }

    fn step<'b>(&'b mut self, step: Step<'b>) -> Field<'b> {
        Field { at: At { parent: Some(&self.at), step }, violations: self.violations }
    }

    /// Records that the value here is refused.
    pub fn refuse(&mut self, refusal: Refusal) {
        let mut pointer = String::new();
        self.at.write(&mut pointer);
        self.violations.0.push(Violation { pointer, code: refusal.rule, detail: refusal.detail.into_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_compose_and_are_escaped() {
        let mut violations = Violations::none();
        let mut root = violations.root();
        root.refuse(Refusal::new(Rule::WrongType, "here"));
        let mut freelancers = root.member("freelancers");
        let mut third = freelancers.element(3);
        third.member("skills").element(0).refuse(Refusal::new(Rule::Blank, "there"));
        third.member("a/b~c").refuse(Refusal::new(Rule::Blank, "elsewhere"));

        let pointers: Vec<_> = violations.as_slice().iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["", "/freelancers/3/skills/0", "/freelancers/3/a~1b~0c"]);
    }

    #[test]
    fn codes_are_snake_case() {
        let text = serde_json::to_string(&Rule::MinAboveMax).unwrap();
        assert_eq!(text, r#""min_above_max""#);
    }
}
