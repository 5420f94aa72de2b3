//! Token buckets: how often a caller may do something.
//!
//! A bucket is one number: the time at which it will be full again. A token moves that time forward by the time that a
//! token takes to come back, and no further than the whole bucket takes. This is the generic cell rate algorithm
//! (ITU-T I.371). Each take is a conditional write, so the bound is exact however many requests arrive at once: in any
//! time t, at most `burst + t / refill` of them get a token.

use std::time::Duration;

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::{SignedDuration, Timestamp};

use crate::{Key, Store, StoreError, StoreFuture};

/// The attribute with the time at which the bucket is full again, in microseconds of Unix time.
const FULL_AT: &str = "full_at";
/// How long an item outlives the time at which its bucket is full. Until then, no late request finds it gone.
const KEPT: SignedDuration = SignedDuration::from_mins(5);
/// Attempts to write a bucket that disappears or fills up between two writes.
const ATTEMPTS: u32 = 3;

/// The size and speed of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketSize {
    /// How many tokens a full bucket holds. At least 1.
    pub burst: u32,
    /// How long one token takes to come back.
    pub refill: Duration,
}

/// The outcome of a try to take a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The caller has a token.
    Token,
    /// The bucket is empty. A token comes back after this time.
    Empty(Duration),
}

impl BucketSize {
    /// Microseconds that one token takes to come back.
    fn refill_us(self) -> i64 {
        i64::try_from(self.refill.as_micros()).unwrap_or(i64::MAX)
    }

    /// The latest `full_at` that a bucket may have before a token is taken from it.
    fn latest(self, now_us: i64) -> i64 {
        now_us.saturating_add(self.refill_us().saturating_mul(i64::from(self.burst) - 1))
    }
}

impl Store {
    /// Takes a token from the bucket at `key`. A full bucket costs one small write, and another one or two.
    ///
    /// # Errors
    /// [`StoreError::Busy`], also if the bucket keeps changing, or [`StoreError::Broken`].
    pub fn take_token<'a>(&'a self, key: &'a Key, size: BucketSize, now: Timestamp) -> StoreFuture<'a, Taken> {
        Box::pin(self.taken(key, size, now))
    }

    async fn taken(&self, key: &Key, size: BucketSize, now: Timestamp) -> Result<Taken, StoreError> {
        let now_us = now.as_microsecond();
        let latest = size.latest(now_us);
        for _ in 0..ATTEMPTS {
            // Most buckets are full, because most callers come seldom.
            let from_full = Change {
                update: "SET #full_at = :next, #expires_at = :expires_at",
                condition: "attribute_not_exists(#full_at) OR #full_at <= :now",
                values: &[(":next", now_us.saturating_add(size.refill_us())), (":now", now_us)],
            };
            let from_partly_full = Change {
                update: "SET #full_at = #full_at + :refill, #expires_at = :expires_at",
                condition: "#full_at BETWEEN :now AND :latest",
                values: &[(":refill", size.refill_us()), (":now", now_us), (":latest", latest)],
            };
            for change in [from_full, from_partly_full] {
                match self.change_bucket(key, size, change, now).await? {
                    Changed::Yes => return Ok(Taken::Token),
                    Changed::No { full_at } if full_at > latest => {
                        let wait_us = u64::try_from(full_at.saturating_sub(latest)).unwrap_or_default();
                        return Ok(Taken::Empty(Duration::from_micros(wait_us)));
                    }
                    Changed::No { .. } => {}
                }
            }
        }
        Err(StoreError::Busy(Unsettled.into()))
    }

    /// Gives a token back, for a request that turns out not to count.
    ///
    /// # Errors
    /// As [`Store::take_token`].
    pub fn return_token<'a>(&'a self, key: &'a Key, size: BucketSize, now: Timestamp) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let change = Change {
                update: "SET #full_at = #full_at - :refill, #expires_at = :expires_at",
                condition: "attribute_exists(#full_at)",
                values: &[(":refill", size.refill_us())],
            };
            self.change_bucket(key, size, change, now).await.map(|_| ())
        })
    }

    /// Changes a bucket if the condition holds.
    async fn change_bucket(
        &self,
        key: &Key,
        size: BucketSize,
        change: Change<'_>,
        now: Timestamp,
    ) -> Result<Changed, StoreError> {
        let number = |value: i64| AttributeValue::N(value.to_string());
        let longest = SignedDuration::try_from(size.refill.saturating_mul(size.burst)).unwrap_or(SignedDuration::MAX);
        let expires_at = now.as_second().saturating_add(longest.as_secs()).saturating_add(KEPT.as_secs());
        let mut update = self
            .client
            .update_item()
            .table_name(self.table_name(key.table))
            .set_key(Some(key.attributes()))
            .update_expression(change.update)
            .condition_expression(change.condition)
            .expression_attribute_names("#full_at", FULL_AT)
            .expression_attribute_names("#expires_at", "expires_at")
            .expression_attribute_values(":expires_at", number(expires_at))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (name, value) in change.values {
            update = update.expression_attribute_values(*name, number(*value));
        }
        match update.send().await {
            Ok(_) => Ok(Changed::Yes),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let stored = failed.item().and_then(|item| item.get(FULL_AT)?.as_n().ok());
                    let full_at = stored.map_or(Ok(0), |number| number.parse()).map_err(StoreError::broken)?;
                    Ok(Changed::No { full_at })
                }
                _ => Err(StoreError::from_sdk(error)),
            },
        }
    }
}

/// A conditional write of a bucket.
#[derive(Clone, Copy)]
struct Change<'a> {
    update: &'a str,
    condition: &'a str,
    values: &'a [(&'a str, i64)],
}

/// Whether a bucket was changed.
enum Changed {
    Yes,
    /// The condition did not hold for a bucket that is full at this time; 0 if there is no bucket.
    No {
        full_at: i64,
    },
}

#[derive(Debug, thiserror::Error)]
#[error("a token bucket changed between each two writes")]
struct Unsettled;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_empty_when_all_its_tokens_are_away() {
        let size = BucketSize { burst: 3, refill: Duration::from_secs(2) };
        // Three takes at the time 0 move `full_at` to 2, 4 and 6 s. The third one finds it at 4 s.
        assert_eq!(size.latest(0), 4_000_000);
        let one = BucketSize { burst: 1, refill: Duration::from_millis(5) };
        assert_eq!(one.latest(7), 7);
    }
}
