//! Patterns of `FilterCriteria`: which records of a stream a function is sent.
//!
//! Fields by name, each with the tests of which it must pass one, and `$or` for alternatives. The tests are those of
//! EventBridge that Lambda takes; anything else is refused when the template is read.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>

mod test;

use std::collections::BTreeMap;

use serde_json::Value;

use self::test::Test;

/// What must be true of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Each field that must pass.
    fields: BTreeMap<String, Rule>,
    /// Of these, if there are any, one must fit.
    alternatives: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// The field is an object that fits.
    Inside(Pattern),
    /// The field passes one of these.
    AnyOf(Vec<Test>),
}

impl Pattern {
    /// Reads a pattern, JSON.
    ///
    /// # Errors
    /// What of it is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(text).map_err(|problem| format!("the pattern is not JSON: {problem}"))?;
        Self::read(&value, "the pattern")
    }

    fn read(value: &Value, place: &str) -> Result<Self, String> {
        let written = value.as_object().filter(|fields| !fields.is_empty());
        let written = written.ok_or_else(|| format!("{place} is not an object with fields"))?;
        let mut pattern = Self { fields: BTreeMap::new(), alternatives: Vec::new() };
        for (name, rule) in written {
            let place = format!("`{name}` in {place}");
            match rule {
                Value::Array(patterns) if name == "$or" && patterns.len() > 1 => {
                    for one in patterns {
                        pattern.alternatives.push(Self::read(one, &place)?);
                    }
                }
                _ if name == "$or" => return Err(format!("{place} is not a list of two patterns or more")),
                Value::Array(tests) if !tests.is_empty() => {
                    let tests = tests.iter().map(|test| Test::read(test, &place)).collect::<Result<_, _>>()?;
                    pattern.fields.insert(name.clone(), Rule::AnyOf(tests));
                }
                Value::Object(_) => {
                    pattern.fields.insert(name.clone(), Rule::Inside(Self::read(rule, &place)?));
                }
                _ => return Err(format!("{place} is neither an object nor a list of values")),
            }
        }
        Ok(pattern)
    }

    /// Whether a record fits.
    pub(crate) fn takes(&self, record: &Value) -> bool {
        let fields = self.fields.iter().all(|(name, rule)| match (rule, record.get(name)) {
            // One element of a list is enough.
            (Rule::Inside(pattern), Some(Value::Array(items))) => items.iter().any(|item| pattern.takes(item)),
            (Rule::Inside(pattern), field) => pattern.takes(field.unwrap_or(&Value::Null)),
            (Rule::AnyOf(tests), field) => tests.iter().any(|test| test.passes(field)),
        });
        fields && (self.alternatives.is_empty() || self.alternatives.iter().any(|pattern| pattern.takes(record)))
    }
}

#[cfg(test)]
mod tests;
