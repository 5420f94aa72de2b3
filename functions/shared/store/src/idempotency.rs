//! Records of idempotent requests. A request claims its record before it runs. The transaction with the request's
//! effect completes the record.
//!
//! `domain` decides about a record. Here a record carries a stamp that changes with every write. So a former owner
//! cannot write a claim that was taken over, completed or released.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::idempotency::{Decision, Fingerprint, Record, State, decide};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Condition, Key, Store, StoreError, StoreFuture, Transaction, keys};
use runtime::entropy;

/// The label of the write that completes a claim. A conflict on it means that another process took the claim over.
pub const IDEMPOTENCY: &str = "idempotency record";

/// Attempts to read a record that changes between the attempt to claim it and reading it.
const ATTEMPTS: u32 = 3;

/// A stored response, which is sent again to a repeated request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReply {
    /// The HTTP status.
    pub status: u16,
    /// The names and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The body as it was sent.
    pub body: String,
}

/// The right to run a request, until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    key: Key,
    fingerprint: Fingerprint,
    stamp: String,
}

/// The result of an attempt to claim a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The caller runs the request.
    Mine(Claim),
    /// Another process runs it.
    InProgress,
    /// The key was used with another body before.
    Reused,
    /// The request has already run: this was the response.
    Replay(StoredReply),
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// The fingerprint, base64url.
    fingerprint: String,
    /// A random value that identifies this write.
    stamp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lease_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply: Option<StoredReply>,
    /// The expiry in Unix seconds, which DynamoDB's time to live reads.
    expires_at: i64,
}

#[derive(Debug, thiserror::Error)]
#[error("an idempotency record is neither running nor done")]
struct Neither;

impl Item {
    fn new(record: Record<StoredReply>, stamp: String) -> Self {
        let (lease_until, reply) = match record.state {
            State::Running { lease_until } => (Some(lease_until), None),
            State::Done { reply } => (None, Some(reply)),
        };
        Self {
            fingerprint: BASE64_URL_SAFE_NO_PAD.encode(record.fingerprint.0),
            stamp,
            lease_until,
            reply,
            expires_at: record.expires_at.as_second(),
        }
    }

    pub(crate) fn record(self) -> Result<Record<StoredReply>, StoreError> {
        let fingerprint = BASE64_URL_SAFE_NO_PAD.decode(&self.fingerprint).map_err(StoreError::broken)?;
        let state = match (self.lease_until, self.reply) {
            (_, Some(reply)) => State::Done { reply },
            (Some(lease_until), None) => State::Running { lease_until },
            (None, None) => return Err(StoreError::broken(Neither)),
        };
        Ok(Record {
            fingerprint: Fingerprint(fingerprint.try_into().map_err(|_| StoreError::broken(Neither))?),
            state,
            expires_at: Timestamp::from_second(self.expires_at).map_err(StoreError::broken)?,
        })
    }
}

impl Store {
    /// Claims the request whose scope, route and key hash to `hash`.
    ///
    /// # Errors
    /// The store's, except for conflicts: the slower of two processes gets [`Claimed::InProgress`].
    pub fn claim<'a>(&'a self, hash: &'a str, fingerprint: Fingerprint, now: Timestamp) -> StoreFuture<'a, Claimed> {
        Box::pin(self.claimed(hash, fingerprint, now))
    }

    async fn claimed(&self, hash: &str, fingerprint: Fingerprint, now: Timestamp) -> Result<Claimed, StoreError> {
        let stamp = BASE64_URL_SAFE_NO_PAD.encode(entropy::bytes::<16>().map_err(StoreError::broken)?);
        let claim = Claim { key: keys::idempotency(hash), fingerprint, stamp };
        let mut condition = Condition::Absent;
        for _ in 0..ATTEMPTS {
            let record = Record::claim(fingerprint, now);
            let mut transaction = Transaction::new();
            transaction.put(IDEMPOTENCY, claim.key.clone(), &Item::new(record, claim.stamp.clone()), condition)?;
            match self.commit(transaction).await {
                Ok(()) => return Ok(Claimed::Mine(claim)),
                // The write may have arrived although every reply was lost. Left alone, such a claim would keep the
                // client's next attempts out until its lease ends.
                Err(StoreError::Conflict { .. } | StoreError::Busy(_)) => {}
                Err(error) => return Err(error),
            }
            condition = match self.get::<Item>(&claim.key).await? {
                // The record has disappeared: it was released, or it expired and was deleted.
                None => Condition::Absent,
                // The write arrived, and only its reply was lost.
                Some(item) if item.stamp == claim.stamp => return Ok(Claimed::Mine(claim)),
                Some(item) => {
                    let unchanged = Condition::text("stamp", item.stamp.clone());
                    match decide(Some(&item.record()?), &fingerprint, now) {
                        Decision::Run => unchanged,
                        Decision::InProgress => return Ok(Claimed::InProgress),
                        Decision::Reused => return Ok(Claimed::Reused),
                        Decision::Replay(reply) => return Ok(Claimed::Replay(reply.clone())),
                    }
                }
            };
        }
        Ok(Claimed::InProgress)
    }

    /// Gives up a claim whose request failed, so that the next attempt does not have to wait for the end of the lease.
    /// Returns the reply if the request took effect after all and only the store's reply to its commit was lost. Does
    /// nothing to a claim that was taken over.
    ///
    /// # Errors
    /// The store's. The caller may ignore them, because the lease ends by itself.
    pub async fn release(&self, claim: Claim) -> Result<Option<StoredReply>, StoreError> {
        let mut transaction = Transaction::new();
        transaction.delete(IDEMPOTENCY, claim.key.clone(), Condition::text("stamp", claim.stamp.clone()));
        match self.commit(transaction).await {
            Ok(()) => Ok(None),
            Err(StoreError::Conflict { .. }) => {
                let item = self.get::<Item>(&claim.key).await?;
                Ok(item.filter(|item| item.stamp == claim.completed_stamp()).and_then(|item| item.reply))
            }
            Err(error) => Err(error),
        }
    }
}

impl Store {
    /// Spoils a completed record: whatever body comes with its key, nobody gets the reply any more. Does nothing to a
    /// request that still runs.
    ///
    /// # Errors
    /// The store's.
    pub fn spoil<'a>(&'a self, hash: &'a str, now: Timestamp) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let key = keys::idempotency(hash);
            let Some(item) = self.get::<Item>(&key).await?.filter(|item| item.reply.is_some()) else { return Ok(()) };
            // No body has a random fingerprint.
            let fingerprint = Fingerprint(entropy::bytes().map_err(StoreError::broken)?);
            let reply = StoredReply { status: 0, headers: Vec::new(), body: String::new() };
            let spoiled = Item::new(Record::done(fingerprint, reply, now), format!("{}.spoiled", item.stamp));
            let mut transaction = Transaction::new();
            transaction.put(IDEMPOTENCY, key, &spoiled, Condition::text("stamp", item.stamp))?;
            match self.commit(transaction).await {
                Err(StoreError::Conflict { .. }) => Ok(()),
                outcome => outcome,
            }
        })
    }
}

impl Claim {
    /// The stamp of the completed record.
    fn completed_stamp(&self) -> String {
        format!("{}.done", self.stamp)
    }

    /// Adds the write that completes this claim to the transaction with the request's effect.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn complete(
        &self,
        transaction: &mut Transaction,
        reply: StoredReply,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let record = Record::done(self.fingerprint, reply, now);
        let item = Item::new(record, self.completed_stamp());
        transaction.put(IDEMPOTENCY, self.key.clone(), &item, Condition::text("stamp", self.stamp.clone()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;

    #[test]
    fn records_survive_storage() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let reply = StoredReply {
            status: 201,
            headers: vec![("location".to_owned(), "/projects/prj_1".to_owned())],
            body: r#"{"title":"결제"}"#.to_owned(),
        };
        let fingerprint = Fingerprint([7; 32]);
        for record in [Record::claim(fingerprint, now), Record::done(fingerprint, reply, now)] {
            let item = Item::new(record.clone(), "stamp".to_owned());
            let attributes: HashMap<String, AttributeValue> = serde_dynamo::to_item(&item).unwrap();
            assert_eq!(attributes["expires_at"], AttributeValue::N("1795435200".to_owned()));
            let restored: Item = serde_dynamo::from_item(attributes).unwrap();
            assert_eq!(restored.record().unwrap(), record);
        }
    }

    #[test]
    fn a_completed_record_has_another_stamp_than_its_claim() {
        let claim =
            Claim { key: keys::idempotency("hash"), fingerprint: Fingerprint([0; 32]), stamp: "mine".to_owned() };
        let reply = StoredReply { status: 201, headers: Vec::new(), body: String::new() };
        let record = Record::done(claim.fingerprint, reply.clone(), Timestamp::UNIX_EPOCH);
        assert_ne!(Item::new(record, claim.completed_stamp()).stamp, claim.stamp);
        let mut transaction = Transaction::new();
        claim.complete(&mut transaction, reply, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(transaction.len(), 1);
    }
}
