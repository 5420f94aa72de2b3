//! Patterns of `FilterCriteria`: which records of a stream a function is sent.
//!
//! As much of EventBridge's language as can be judged exactly in a few lines: fields by name, and for each the values it may
//! have, a prefix, or whether it is there. Anything else is refused when the template is read.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>

use std::collections::BTreeMap;

use serde_json::Value;

/// What must be true of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern(BTreeMap<String, Rule>);

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// The field is an object that fits.
    Inside(Pattern),
    /// The field passes one of these.
    AnyOf(Vec<Test>),
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Equals(Value),
    Prefix(String),
    Exists(bool),
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
        let fields = value.as_object().filter(|fields| !fields.is_empty());
        let fields = fields.ok_or_else(|| format!("{place} is not an object with fields"))?;
        let rules = fields.iter().map(|(name, rule)| {
            let place = format!("`{name}` in {place}");
            let rule = match rule {
                Value::Array(tests) if !tests.is_empty() => {
                    Rule::AnyOf(tests.iter().map(|test| Test::read(test, &place)).collect::<Result<_, _>>()?)
                }
                Value::Object(_) => Rule::Inside(Self::read(rule, &place)?),
                _ => return Err(format!("{place} is neither an object nor a list of values")),
            };
            Ok((name.clone(), rule))
        });
        rules.collect::<Result<_, String>>().map(Self)
    }

    /// Whether a record fits.
    pub(crate) fn takes(&self, record: &Value) -> bool {
        self.0.iter().all(|(name, rule)| match (rule, record.get(name)) {
            (Rule::Inside(pattern), field) => pattern.takes(field.unwrap_or(&Value::Null)),
            (Rule::AnyOf(tests), field) => tests.iter().any(|test| test.passes(field)),
        })
    }
}

impl Test {
    fn read(value: &Value, place: &str) -> Result<Self, String> {
        match value {
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => Ok(Self::Equals(value.clone())),
            Value::Object(test) if test.len() == 1 => match test.iter().next() {
                Some((name, Value::String(prefix))) if name == "prefix" => Ok(Self::Prefix(prefix.clone())),
                Some((name, Value::Bool(there))) if name == "exists" => Ok(Self::Exists(*there)),
                _ => Err(format!("the local runner does not know the test {value} of {place}")),
            },
            _ => Err(format!("the local runner does not know the test {value} of {place}")),
        }
    }

    fn passes(&self, field: Option<&Value>) -> bool {
        match self {
            Self::Equals(value) => field == Some(value),
            Self::Prefix(prefix) => field.and_then(Value::as_str).is_some_and(|text| text.starts_with(prefix.as_str())),
            Self::Exists(there) => field.is_some() == *there,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Pattern;

    #[test]
    fn every_field_must_pass_one_of_its_tests() {
        let pattern = Pattern::parse(
            r#"{"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": ["A", {"prefix": "B#"}]}}}}"#,
        )
        .unwrap();
        let record = |name: &str, sk: &str| json!({"eventName": name, "dynamodb": {"Keys": {"sk": {"S": sk}}}});
        assert!(pattern.takes(&record("INSERT", "A")));
        assert!(pattern.takes(&record("MODIFY", "B#1")));
        assert!(!pattern.takes(&record("REMOVE", "A")));
        assert!(!pattern.takes(&record("INSERT", "AA")));
        assert!(!pattern.takes(&json!({"eventName": "INSERT"})));
    }

    #[test]
    fn presence_is_a_test() {
        let pattern = Pattern::parse(r#"{"dynamodb": {"OldImage": [{"exists": false}]}}"#).unwrap();
        assert!(pattern.takes(&json!({"dynamodb": {}})));
        assert!(!pattern.takes(&json!({"dynamodb": {"OldImage": {}}})));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        let problem = |text| Pattern::parse(text).unwrap_err();
        assert!(problem("{").starts_with("the pattern is not JSON"));
        assert_eq!(problem("{}"), "the pattern is not an object with fields");
        assert_eq!(problem(r#"{"a": 1}"#), "`a` in the pattern is neither an object nor a list of values");
        assert_eq!(
            problem(r#"{"a": {"b": [{"numeric": [">", 1]}]}}"#),
            r#"the local runner does not know the test {"numeric":[">",1]} of `b` in `a` in the pattern"#
        );
    }
}
