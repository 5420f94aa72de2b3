//! Sends the writes of a transaction, and judges refusals.

use std::{collections::HashSet, time::Duration};

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{delete_item::DeleteItemError, put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use runtime::entropy;

use super::{
    Effect, MAX_WRITES, Transaction, Write,
    condition::Expression,
    steps::{Steps, chunks},
};
use crate::{Key, Store, StoreError, StoreFuture, error::is_passing};

/// Attempts of a write that collides with a transaction on an item. The SDK itself does not repeat it.
const ATTEMPTS: u32 = 4;
/// The longest pause before the second attempt. It doubles with each further attempt, and a random part of it is
/// waited.
const FIRST_BACKOFF: Duration = Duration::from_millis(20);

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
    fn jitter_waits_between_half_and_the_whole_pause() {
        for _ in 0..100 {
            let waited = jittered(Duration::from_millis(20));
            assert!((10..=20).contains(&waited.as_millis()), "{waited:?}");
        }
    }
}
