//! Writes one or many items conditionally: all of them or none.
//!
//! A transaction never reads. Each write carries a label, so that the caller learns *which* condition failed.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{delete_item::DeleteItemError, put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use serde::Serialize;

use crate::{Key, Store, StoreError, StoreFuture, error::is_passing};
use runtime::entropy;

type Item = HashMap<String, AttributeValue>;

/// The most writes of one transaction in DynamoDB.
pub const MAX_WRITES: usize = 100;

/// Attempts of a write that collides with a transaction on an item. The SDK itself does not repeat it.
const ATTEMPTS: u32 = 4;
/// The longest pause before the second attempt. It doubles with each further attempt, and a random part of it is
/// waited.
const FIRST_BACKOFF: Duration = Duration::from_millis(20);

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

    fn expression(&self) -> Expression {
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
struct Expression {
    text: Option<String>,
    names: Option<HashMap<String, String>>,
    values: Option<HashMap<String, AttributeValue>>,
}

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

/// The attribute of a list entry that holds the version of its record.
const STAMP: &str = "version";

/// The writes of a transaction in the order in which they are sent. Each step commits whole or not at all.
///
/// A record with many skills may move between more lists than one transaction can write. Entries that do not fit into
/// the record's transaction are added before the record is written and removed after it. That is safe, because a list
/// entry is only a hint: a reader shows a record only in the lists that the record itself names. So an extra entry is
/// never shown. No entry is ever missing either, not even if a step fails or two commits race: an early or late step
/// never touches an entry with a newer version.
#[derive(Debug, Default)]
struct Steps {
    before: Vec<Write>,
    together: Vec<Write>,
    after: Vec<Write>,
}

impl Steps {
    fn of(writes: Vec<Write>) -> Self {
        let mut room = MAX_WRITES.saturating_sub(writes.iter().filter(|write| write.entry_of.is_none()).count());
        let mut steps = Self::default();
        for mut write in writes {
            let Some(version) = write.entry_of else {
                steps.together.push(write);
                continue;
            };
            if room > 0 {
                room -= 1;
                steps.together.push(write);
                continue;
            }
            write.condition = Condition::AtMost(STAMP, i64::try_from(version).unwrap_or(i64::MAX));
            let step = if matches!(write.effect, Effect::Put(_)) { &mut steps.before } else { &mut steps.after };
            step.push(write);
        }
        steps
    }
}

/// The transaction was built wrongly.
#[derive(Debug, thiserror::Error)]
enum Misuse {
    #[error("{0} writes in one transaction; DynamoDB takes {MAX_WRITES}")]
    TooMany(usize),
    #[error("two writes to the item {0:?} in one transaction")]
    Twice(Key),
}

impl Store {
    /// Commits all writes or none. List entries beyond [`MAX_WRITES`] are written before and after the rest, as `Steps`
    /// documents.
    ///
    /// A single put or delete is sent as a plain conditional write, at half the price. Collisions with other
    /// transactions are retried a few times. A retry after a lost reply cannot write twice. But a single conditional
    /// put whose reply was lost may find its own item and report a conflict.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with the label of the first write whose condition failed, otherwise as [`StoreError`]
    /// documents.
    pub fn commit(&self, transaction: Transaction) -> StoreFuture<'_, ()> {
        Box::pin(self.write(transaction))
    }

    async fn write(&self, transaction: Transaction) -> Result<(), StoreError> {
        let Steps { before, together, after } = Steps::of(transaction.writes);
        for entries in chunks(before) {
            self.commit_many(entries).await?;
        }
        self.commit_together(together).await?;
        for entries in chunks(after) {
            // The record is written, and readers ignore entries that remain.
            if let Err(error) = self.commit_many(entries).await {
                tracing::warn!(error = %error, "list entries remain that their record does not name any more");
            }
        }
        Ok(())
    }

    async fn commit_together(&self, mut writes: Vec<Write>) -> Result<(), StoreError> {
        match writes.len() {
            0 => Ok(()),
            1 if matches!(writes[0].effect, Effect::Put(_) | Effect::Delete) => self.commit_one(writes.remove(0)).await,
            _ => self.commit_many(writes).await,
        }
    }

    /// Sends one write, and again while a transaction holds its item.
    async fn commit_one(&self, write: Write) -> Result<(), StoreError> {
        let mut attempts_left = ATTEMPTS;
        let mut backoff = FIRST_BACKOFF;
        loop {
            let Some(refusal) = self.send_one(&write).await else { return Ok(()) };
            attempts_left -= 1;
            match refusal {
                Refusal::Contended(_) if attempts_left > 0 => tokio::time::sleep(jittered(backoff)).await,
                Refusal::Contended(error) | Refusal::Final(error) => return Err(error),
            }
            backoff *= 2;
        }
    }

    async fn send_one(&self, write: &Write) -> Option<Refusal> {
        let Expression { text, names, values } = write.condition.expression();
        let table = self.table_name(write.key.table);
        let conflict = Refusal::Final(StoreError::Conflict { item: write.label });
        match &write.effect {
            Effect::Put(item) => {
                let put = self
                    .client
                    .put_item()
                    .table_name(table)
                    .set_item(Some(item.clone()))
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values);
                let error = put.send().await.err()?;
                Some(match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(_)) => conflict,
                    Some(PutItemError::TransactionConflictException(_)) => {
                        Refusal::Contended(StoreError::from_sdk(error))
                    }
                    _ => Refusal::Final(StoreError::from_sdk(error)),
                })
            }
            Effect::Add(..) | Effect::Set(_) | Effect::Delete | Effect::Check => {
                let delete = self
                    .client
                    .delete_item()
                    .table_name(table)
                    .set_key(Some(write.key.attributes()))
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values);
                let error = delete.send().await.err()?;
                Some(match error.as_service_error() {
                    Some(DeleteItemError::ConditionalCheckFailedException(_)) => conflict,
                    Some(DeleteItemError::TransactionConflictException(_)) => {
                        Refusal::Contended(StoreError::from_sdk(error))
                    }
                    _ => Refusal::Final(StoreError::from_sdk(error)),
                })
            }
        }
    }

    async fn commit_many(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let labels: Vec<&'static str> = writes.iter().map(|write| write.label).collect();
        let actions = self.actions(writes)?;
        let mut attempts_left = ATTEMPTS;
        let mut backoff = FIRST_BACKOFF;
        loop {
            let sent = self.client.transact_write_items().set_transact_items(Some(actions.clone())).send().await;
            let Err(error) = sent else { return Ok(()) };
            attempts_left -= 1;
            match judge(&labels, error) {
                Refusal::Contended(_) if attempts_left > 0 => tokio::time::sleep(jittered(backoff)).await,
                Refusal::Contended(error) | Refusal::Final(error) => return Err(error),
            }
            backoff *= 2;
        }
    }

    fn actions(&self, writes: Vec<Write>) -> Result<Vec<TransactWriteItem>, StoreError> {
        if writes.len() > MAX_WRITES {
            return Err(StoreError::broken(Misuse::TooMany(writes.len())));
        }
        let mut seen = HashSet::new();
        if let Some(twice) = writes.iter().find(|write| !seen.insert(&write.key)) {
            return Err(StoreError::broken(Misuse::Twice(twice.key.clone())));
        }
        writes.into_iter().map(|write| self.action(write).map_err(StoreError::broken)).collect()
    }

    fn action(&self, write: Write) -> Result<TransactWriteItem, aws_sdk_dynamodb::error::BuildError> {
        let table = self.table_name(write.key.table);
        let Expression { text, names, values } = write.condition.expression();
        let action = TransactWriteItem::builder();
        Ok(match write.effect {
            Effect::Put(item) => action.put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(item))
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Effect::Add(attribute, amount) => action.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(write.key.attributes()))
                    .update_expression("ADD #added :amount")
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .expression_attribute_names("#added", attribute)
                    .expression_attribute_values(":amount", AttributeValue::N(amount.to_string()))
                    .build()?,
            ),
            Effect::Set(attributes) => {
                let mut update = Update::builder();
                let mut assignments = Vec::with_capacity(attributes.len());
                for (number, (attribute, value)) in attributes.into_iter().enumerate() {
                    assignments.push(format!("#set{number} = :set{number}"));
                    update = update
                        .expression_attribute_names(format!("#set{number}"), attribute)
                        .expression_attribute_values(format!(":set{number}"), value);
                }
                for (name, attribute) in names.into_iter().flatten() {
                    update = update.expression_attribute_names(name, attribute);
                }
                for (name, value) in values.into_iter().flatten() {
                    update = update.expression_attribute_values(name, value);
                }
                let update = update
                    .table_name(table)
                    .set_key(Some(write.key.attributes()))
                    .update_expression(format!("SET {}", assignments.join(", ")))
                    .set_condition_expression(text);
                action.update(update.build()?)
            }
            Effect::Delete => action.delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(write.key.attributes()))
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Effect::Check => action.condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(write.key.attributes()))
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
        }
        .build())
    }
}

/// Divides the writes into as few transactions as possible.
fn chunks(mut writes: Vec<Write>) -> Vec<Vec<Write>> {
    let mut chunks = Vec::new();
    while !writes.is_empty() {
        let rest = writes.split_off(writes.len().min(MAX_WRITES));
        chunks.push(std::mem::replace(&mut writes, rest));
    }
    chunks
}

/// The failure of a write, before the decision about a retry.
enum Refusal {
    /// Another transaction held one of the items. A retry may succeed soon.
    Contended(StoreError),
    Final(StoreError),
}

fn judge(
    labels: &[&'static str],
    error: SdkError<TransactWriteItemsError, aws_sdk_dynamodb::config::http::HttpResponse>,
) -> Refusal {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
        return Refusal::Final(StoreError::from_sdk(error));
    };
    let reasons: Vec<&str> =
        cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or("None")).collect();
    match verdict(labels, &reasons) {
        Verdict::Conflict(item) => Refusal::Final(StoreError::Conflict { item }),
        Verdict::Busy => Refusal::Contended(StoreError::Busy(error.into())),
        Verdict::Broken => Refusal::Final(StoreError::Broken(error.into())),
    }
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Conflict(&'static str),
    Busy,
    Broken,
}

/// Combines the reasons of a cancelled transaction, one per write. A failed condition is final, whatever the other
/// reasons are. Load leads to a retry only if there is no worse reason.
fn verdict(labels: &[&'static str], reasons: &[&str]) -> Verdict {
    let failed = reasons.iter().position(|reason| *reason == "ConditionalCheckFailed");
    if let Some(label) = failed.and_then(|index| labels.get(index)) {
        return Verdict::Conflict(label);
    }
    let mut blamed = reasons.iter().filter(|reason| **reason != "None").peekable();
    if blamed.peek().is_some() && blamed.all(|reason| is_passing(reason)) { Verdict::Busy } else { Verdict::Broken }
}

/// A random pause of at least half of `longest`, so that competing writers do not collide again. Without randomness, it
/// is `longest`.
pub fn jittered(longest: Duration) -> Duration {
    let random = entropy::bytes().map_or(u16::MAX, u16::from_be_bytes);
    longest / 2 + longest / 2 * u32::from(random) / u32::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys;

    #[test]
    fn a_failed_condition_is_named_by_its_label() {
        let labels = ["email", "account"];
        assert_eq!(verdict(&labels, &["ConditionalCheckFailed", "None"]), Verdict::Conflict("email"));
        assert_eq!(verdict(&labels, &["None", "ConditionalCheckFailed"]), Verdict::Conflict("account"));
        assert_eq!(verdict(&labels, &["TransactionConflict", "ConditionalCheckFailed"]), Verdict::Conflict("account"));
    }

    #[test]
    fn contention_and_throttling_are_busy_and_anything_else_is_broken() {
        let labels = ["a", "b"];
        assert_eq!(verdict(&labels, &["TransactionConflict", "None"]), Verdict::Busy);
        assert_eq!(verdict(&labels, &["ThrottlingError", "ProvisionedThroughputExceeded"]), Verdict::Busy);
        assert_eq!(verdict(&labels, &["ValidationError", "TransactionConflict"]), Verdict::Broken);
        assert_eq!(verdict(&labels, &[]), Verdict::Broken);
    }

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

    #[test]
    fn jitter_waits_between_half_and_the_whole_pause() {
        for _ in 0..100 {
            let waited = jittered(Duration::from_millis(20));
            assert!((10..=20).contains(&waited.as_millis()), "{waited:?}");
        }
    }

    /// `core` writes, then `entries` list entries, half of them added and half of them removed.
    fn writes(core: u32, entries: u32) -> Vec<Write> {
        let mut transaction = Transaction::new();
        for number in 0..core {
            transaction.check("core", keys::project(number), Condition::Present);
        }
        for number in 0..entries {
            let key = keys::list(keys::Collection::Projects, keys::Facet::Skill(&number.to_string())).item("prj_1");
            if number < entries / 2 {
                transaction.enter_list("core", key, 7)
            } else {
                transaction.leave_list("core", key, 7)
            };
        }
        transaction.writes
    }

    #[test]
    fn a_small_change_is_one_step() {
        let steps = Steps::of(writes(4, 96));
        assert_eq!((steps.before.len(), steps.together.len(), steps.after.len()), (0, MAX_WRITES, 0));
        assert!(steps.together[4..].iter().all(|write| write.condition == Condition::Always));
    }

    #[test]
    fn surplus_entries_are_added_before_and_removed_after_the_record() {
        // The largest change: 50 skills and the category are replaced.
        let steps = Steps::of(writes(4, 2 * 101));
        assert_eq!((steps.before.len(), steps.together.len(), steps.after.len()), (5, MAX_WRITES, 101));
        assert_eq!(chunks(steps.after).iter().map(Vec::len).collect::<Vec<_>>(), [100, 1]);
        for write in steps.before {
            assert_eq!(write.condition, Condition::AtMost(STAMP, 7));
            let Effect::Put(item) = write.effect else { panic!("not a put") };
            assert_eq!(item["version"], AttributeValue::N("7".to_owned()));
        }
    }
}
