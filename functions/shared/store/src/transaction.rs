//! Writes one or many items conditionally: all of them or none.
//!
//! A transaction never reads. Each write carries a label, so that the caller learns *which* condition failed.

mod commit;
mod condition;
mod steps;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;

pub use self::{commit::jittered, condition::Condition};
use crate::{Key, StoreError};

type Item = HashMap<String, AttributeValue>;

/// The most writes of one transaction in DynamoDB.
pub const MAX_WRITES: usize = 100;

/// The attribute of a list entry that holds the version of its record.
const STAMP: &str = "version";

/// Writes that are committed together.
#[derive(Debug, Clone, Default)]
pub struct Transaction {
    writes: Vec<Write>,
}

#[derive(Debug, Clone)]
struct Write {
    label: &'static str,
    key: Key,
    condition: Condition,
    effect: Effect,
    /// For a list entry, the version of the record that enters or leaves the list.
    entry_of: Option<u64>,
}

#[derive(Debug, Clone)]
enum Effect {
    Put(Item),
    /// Adds an amount to a number attribute.
    Add(&'static str, i64),
    /// Sets attributes and leaves the others.
    Set(Item),
    Delete,
    Check,
}

impl Transaction {
    /// A transaction without writes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes `record` at `key` and replaces the whole stored item.
    ///
    /// # Errors
    /// [`StoreError::Broken`] if the record does not serialize to attributes.
    pub fn put<T: Serialize>(
        &mut self,
        label: &'static str,
        key: Key,
        record: &T,
        condition: Condition,
    ) -> Result<&mut Self, StoreError> {
        let mut item: Item = serde_dynamo::to_item(record).map_err(StoreError::broken)?;
        item.extend(key.attributes());
        Ok(self.push(label, key, condition, Effect::Put(item)))
    }

    /// Removes the item at `key`, if it exists.
    pub fn delete(&mut self, label: &'static str, key: Key, condition: Condition) -> &mut Self {
        self.push(label, key, condition, Effect::Delete)
    }

    /// Adds `amount` to a number attribute of the item at `key`. Unlike puts, concurrent additions do not overwrite
    /// each other: each of them counts.
    pub fn add(
        &mut self,
        label: &'static str,
        key: Key,
        attribute: &'static str,
        amount: i64,
        condition: Condition,
    ) -> &mut Self {
        self.push(label, key, condition, Effect::Add(attribute, amount))
    }

    /// Sets attributes of the item at `key` and leaves its others. So requests that set different attributes do not
    /// overwrite each other.
    ///
    /// # Errors
    /// A value does not serialize.
    pub fn set<T: Serialize>(
        &mut self,
        label: &'static str,
        key: Key,
        attributes: &T,
        condition: Condition,
    ) -> Result<&mut Self, StoreError> {
        let attributes = serde_dynamo::to_item(attributes).map_err(StoreError::broken)?;
        Ok(self.push(label, key, condition, Effect::Set(attributes)))
    }

    /// Writes nothing at `key`, but the transaction commits only if the condition holds there.
    pub fn check(&mut self, label: &'static str, key: Key, condition: Condition) -> &mut Self {
        self.push(label, key, condition, Effect::Check)
    }

    /// The number of writes. At most [`MAX_WRITES`] can be committed, not counting list entries.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    fn push(&mut self, label: &'static str, key: Key, condition: Condition, effect: Effect) -> &mut Self {
        self.writes.push(Write { label, key, condition, effect, entry_of: None });
        self
    }

    /// Adds a list entry for a record that is written in the same transaction, under the record's label. The entry
    /// stores the record's version.
    pub(crate) fn enter_list(&mut self, label: &'static str, key: Key, version: u64) -> &mut Self {
        let mut item = key.attributes();
        item.insert(STAMP.to_owned(), AttributeValue::N(version.to_string()));
        self.push_entry(label, key, Effect::Put(item), version)
    }

    /// Removes a list entry of a record that is written in the same transaction.
    pub(crate) fn leave_list(&mut self, label: &'static str, key: Key, version: u64) -> &mut Self {
        self.push_entry(label, key, Effect::Delete, version)
    }

    fn push_entry(&mut self, label: &'static str, key: Key, effect: Effect, version: u64) -> &mut Self {
        self.writes.push(Write { label, key, condition: Condition::Always, effect, entry_of: Some(version) });
        self
    }
}

impl Key {
    /// The two key attributes of the item.
    pub(crate) fn attributes(&self) -> Item {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys;

    #[test]
    fn a_put_carries_its_key_and_its_condition() {
        #[derive(Serialize)]
        struct Record {
            version: u64,
        }
        let mut transaction = Transaction::new();
        transaction.put("project", keys::project("prj_1"), &Record { version: 2 }, Condition::version(1)).unwrap();
        let write = &transaction.writes[0];
        let Effect::Put(item) = &write.effect else { panic!("not a put") };
        assert_eq!(item["pk"], AttributeValue::S("PROJECT#prj_1".to_owned()));
        assert_eq!(item["sk"], AttributeValue::S("PROJECT".to_owned()));
        assert_eq!(item["version"], AttributeValue::N("2".to_owned()));
        let expression = write.condition.expression();
        assert_eq!(expression.text.as_deref(), Some("#name = :value"));
        assert_eq!(expression.names.unwrap()["#name"], "version");
        assert_eq!(expression.values.unwrap()[":value"], AttributeValue::N("1".to_owned()));
    }
}
