//! Conditions of grants, and the context of a call that they are judged by.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::wildcard::fits;

/// The condition keys of a call and their values, e.g. `ses:FromAddress`.
pub type Context = BTreeMap<String, String>;

/// One condition of a grant: the value of a key is one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The condition key, e.g. `kms:EncryptionContext:table`. Its case does not matter.
    pub key: String,
    /// The allowed values.
    pub values: Vec<String>,
    /// Whether `*` and `?` in the values stand for other characters (`StringLike`).
    pub has_wildcards: bool,
}

impl Condition {
    /// Whether the condition holds for a call. A key that the call lacks fulfils no condition.
    pub fn holds(&self, context: &Context) -> bool {
        let given = context.iter().find(|(key, _)| key.eq_ignore_ascii_case(&self.key));
        let is = |value: &str, given: &str| if self.has_wildcards { fits(value, given) } else { value == given };
        given.is_some_and(|(_, given)| self.values.iter().any(|value| is(value, given)))
    }

    /// The conditions of a statement; `None` if the emulator cannot judge one of them.
    pub(super) fn read(written: &Value) -> Option<Vec<Self>> {
        let mut conditions = Vec::new();
        for (operator, keys) in written.as_object()? {
            let has_wildcards = match operator.as_str() {
                "StringEquals" => false,
                "StringLike" => true,
                _ => return None,
            };
            for (key, values) in keys.as_object()? {
                let values = match values {
                    Value::Array(values) => values.iter().map(text).collect::<Option<_>>()?,
                    one => vec![text(one)?],
                };
                conditions.push(Self { key: key.clone(), values, has_wildcards });
            }
        }
        Some(conditions)
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(condition: Value, context: &[(&str, &str)]) -> bool {
        let context = context.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Condition::read(&condition).unwrap().iter().all(|condition| condition.holds(&context))
    }

    #[test]
    fn a_condition_holds_for_one_of_its_values() {
        let sender = json!({"StringEquals": {"ses:FromAddress": ["a@b.example", "c@b.example"]}});
        assert!(holds(sender.clone(), &[("ses:FromAddress", "c@b.example")]));
        assert!(holds(sender.clone(), &[("SES:fromaddress", "a@b.example")]));
        assert!(!holds(sender.clone(), &[("ses:FromAddress", "d@b.example")]));
        assert!(!holds(sender.clone(), &[("ses:FromDisplayName", "a@b.example")]));
        assert!(!holds(sender, &[]));
    }

    #[test]
    fn every_condition_must_hold_and_only_like_has_wildcards() {
        let both = json!({"StringEquals": {"kms:EncryptionContext:a": "x*"}, "StringLike": {"b": "y*"}});
        assert!(holds(both.clone(), &[("kms:EncryptionContext:a", "x*"), ("b", "yes")]));
        assert!(!holds(both, &[("kms:EncryptionContext:a", "xx"), ("b", "yes")]));
    }

    #[test]
    fn other_operators_are_not_judged() {
        assert_eq!(Condition::read(&json!({"Bool": {"aws:SecureTransport": "true"}})), None);
        assert_eq!(Condition::read(&json!({"StringEquals": {"a": 1}})), None);
        assert_eq!(Condition::read(&json!({})), Some(Vec::new()));
    }
}
