//! Conditions of writes, in DynamoDB's form.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// The condition on an item for a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// No condition.
    Always,
    /// The item does not exist.
    Absent,
    /// The item exists.
    Present,
    /// The item lacks this attribute, or does not exist.
    Without(&'static str),
    /// The item's number attribute is less than the value. False if the item or attribute is absent.
    LessThan(&'static str, i64),
    /// The item's number attribute is at most the value, or absent.
    AtMost(&'static str, i64),
    /// The item's attribute equals the value. False if the item or attribute is absent.
    Equals(&'static str, AttributeValue),
}

impl Condition {
    /// The item still has the version that was read. Records keep it in the number attribute `version`.
    pub fn version(read: u64) -> Self {
        Self::Equals("version", AttributeValue::N(read.to_string()))
    }

    /// The item's attribute equals a text.
    pub fn text(attribute: &'static str, value: impl Into<String>) -> Self {
        Self::Equals(attribute, AttributeValue::S(value.into()))
    }

    /// The item's attribute equals a number.
    pub fn number(attribute: &'static str, value: i64) -> Self {
        Self::Equals(attribute, AttributeValue::N(value.to_string()))
    }

    pub(super) fn expression(&self) -> Expression {
        let (text, name, value) = match self {
            Self::Always => return Expression::default(),
            Self::Absent => ("attribute_not_exists(#name)", "pk", None),
            Self::Present => ("attribute_exists(#name)", "pk", None),
            Self::Without(attribute) => ("attribute_not_exists(#name)", *attribute, None),
            Self::LessThan(attribute, value) => {
                ("#name < :value", *attribute, Some(AttributeValue::N(value.to_string())))
            }
            Self::AtMost(attribute, value) => (
                "attribute_not_exists(#name) OR #name <= :value",
                *attribute,
                Some(AttributeValue::N(value.to_string())),
            ),
            Self::Equals(attribute, value) => ("#name = :value", *attribute, Some(value.clone())),
        };
        Expression {
            text: Some(text.to_owned()),
            names: Some(HashMap::from([("#name".to_owned(), name.to_owned())])),
            values: value.map(|value| HashMap::from([(":value".to_owned(), value)])),
        }
    }
}

/// A condition in DynamoDB's form.
#[derive(Default)]
pub(super) struct Expression {
    pub(super) text: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
}
