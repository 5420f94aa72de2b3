//! Recording an act in the transaction that commits it.

use std::time::Duration;

use domain::values::AccountId;
use store::{Condition, Store, StoreError, Transaction, jittered, keys};

use crate::{Entry, Head, Row};

/// The label of the write of a trail's head. Two acts on one account at the same time compete for it.
pub const HEAD: &str = "audit head";

/// The number of attempts. Of many acts at once on one account, at least one wins each round.
const ATTEMPTS: u32 = 40;
/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_millis(120);

/// The label of a row's write.
const ROW: &str = "audit row";

/// A row stands where the next one belongs. Somebody put it there, or set the head back.
#[derive(Debug, thiserror::Error)]
#[error("the audit trail of {0} has a row beyond its head; run `pairwork audit verify`")]
struct BeyondHead(AccountId);

/// Every attempt lost the race for the trail's head.
#[derive(Debug, thiserror::Error)]
#[error("the audit trail of one account was written by too many requests at once")]
struct Contended;

/// Reads the head of an account's trail.
///
/// # Errors
/// As [`Store::get`].
pub async fn head(store: &Store, account_id: AccountId) -> Result<Head, StoreError> {
    Ok(store.get(&keys::audit_head(account_id)).await?.unwrap_or_default())
}

/// Adds rows for acts on one account, and the trail's new head: one write more than there are entries. The commit
/// reports a conflict on [`HEAD`] if the trail has grown since `head` was read, so no trail forks.
///
/// # Errors
/// As [`Transaction::put`].
pub fn record(transaction: &mut Transaction, head: Head, entries: &[Entry]) -> Result<(), StoreError> {
    let Some(account_id) = entries.first().map(|entry| entry.account_id) else { return Ok(()) };
    let unchanged = match head.sequence {
        0 => Condition::Absent,
        _ => Condition::text("hash", head.hash.clone()),
    };
    let (mut head, mut rows) = (head, Vec::with_capacity(entries.len()));
    for entry in entries {
        debug_assert_eq!(entry.account_id, account_id, "a commit records acts on one account");
        let row = Row::after(&head, entry);
        head = row.as_head();
        rows.push(row);
    }
    // The head comes first, because the commit names the first write whose condition fails.
    transaction.put(HEAD, keys::audit_head(account_id), &head, unchanged)?;
    for row in rows {
        transaction.put(ROW, keys::audit_row(account_id, row.sequence), &row, Condition::Absent)?;
    }
    Ok(())
}

/// Commits a transaction and records its acts in it. A lost race for the head is repeated: the decision does not depend
/// on the head, and the transaction's own conditions are checked each time.
///
/// # Errors
/// As [`Store::commit`], and [`StoreError::Busy`] if every attempt loses.
pub async fn commit(store: &Store, transaction: Transaction, entries: &[Entry]) -> Result<(), StoreError> {
    let Some(account_id) = entries.first().map(|entry| entry.account_id) else {
        return store.commit(transaction).await;
    };
    for attempt in 1..=ATTEMPTS {
        let mut recorded = transaction.clone();
        record(&mut recorded, head(store, account_id).await?, entries)?;
        match store.commit(recorded).await {
            Err(lost) if lost.is_conflict_on(HEAD) => {
                tracing::debug!(attempt, "another act was recorded first");
                tokio::time::sleep(jittered(PAUSE)).await;
            }
            Err(lost) if lost.is_conflict_on(ROW) => return Err(StoreError::broken(BeyondHead(account_id))),
            committed => return committed,
        }
    }
    Err(StoreError::Busy(Contended.into()))
}
