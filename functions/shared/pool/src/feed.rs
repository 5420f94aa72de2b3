//! The feed: a log of a pool's changes, ordered by time.
//!
//! One item holds the changes of one batch. Its sort key is the time of writing and a random suffix. So items of
//! different writers never collide. They are in the order of time, except within [`OVERLAP_MS`](super::OVERLAP_MS).

use std::time::Instant;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::{Row, row};
use runtime::entropy;
use store::bytes::Bytes;
use store::keys::Collection;
use store::{Condition, Slice, Store, StoreError, Transaction};

/// DynamoDB accepts items of at most 400 KB; the rest is a margin.
const MAX_ITEM_BYTES: usize = 350_000;

/// A feed item as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FeedItem {
    #[serde(skip_serializing)]
    pub(crate) sk: String,
    pub(crate) rows: Bytes,
}

/// The prefix of the sort keys of a time. It is smaller than all sort keys of that time and of later times.
pub(crate) fn place(at_ms: i64) -> String {
    format!("{:013}", at_ms.max(0))
}

/// The time in a sort key, in milliseconds.
pub(crate) fn time_ms(sk: &str) -> Option<i64> {
    sk.get(..13)?.parse().ok()
}

/// Appends changes to a pool's feed, in one item if they fit. Returns the number of bytes written. `now` is the time of
/// the call. An item that is written later gets a later key, so that no item appears long after the time in its key.
///
/// # Errors
/// As [`Store::commit`]. Some of the changes may have been written then; appending them again is harmless.
pub async fn append(store: &Store, collection: Collection, rows: &[Row], now: Timestamp) -> Result<usize, StoreError> {
    let (started, mut written) = (Instant::now(), 0);
    for bytes in packed(rows) {
        let now_ms = now.as_millisecond() + started.elapsed().as_millis() as i64;
        let suffix = u64::from_be_bytes(entropy::bytes().map_err(StoreError::broken)?);
        let key = keys::feed(collection).item(format!("{}#{suffix:016x}", place(now_ms)));
        written += bytes.len();
        let mut transaction = Transaction::new();
        let item = FeedItem { sk: String::new(), rows: Bytes(bytes) };
        // No other writer has this key. If a retry after a lost reply finds an item there, it is this item.
        transaction.put("feed item", key, &item, Condition::Always)?;
        store.commit(transaction).await?;
    }
    Ok(written)
}

/// Reads every item of a feed after a sort key.
pub(crate) async fn feed_after(
    store: &Store,
    collection: Collection,
    after: &str,
) -> Result<Vec<FeedItem>, StoreError> {
    feed_slice(store, collection, after, None).await
}

/// Reads the next items of a feed after a sort key, at most 1 MB. The result is empty at the end.
pub(crate) async fn feed_page(store: &Store, collection: Collection, after: &str) -> Result<Vec<FeedItem>, StoreError> {
    feed_slice(store, collection, after, Some(1)).await
}

async fn feed_slice(
    store: &Store,
    collection: Collection,
    after: &str,
    replies: Option<usize>,
) -> Result<Vec<FeedItem>, StoreError> {
    let after = Some(after).filter(|after| !after.is_empty());
    store.query(&keys::feed(collection), Slice { after, replies, ..Slice::ALL }).await
}

/// Packs rows into the bytes of as few items as possible.
fn packed(rows: &[Row]) -> Vec<Vec<u8>> {
    let mut items = Vec::new();
    let mut bytes = row::begin();
    for row in rows {
        if bytes.len() > 1 && bytes.len() + row.len() > MAX_ITEM_BYTES {
            items.push(std::mem::replace(&mut bytes, row::begin()));
        }
        row.append_to(&mut bytes);
    }
    if bytes.len() > 1 {
        items.push(bytes);
    }
    items
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::{Change, Revision};

    #[test]
    fn many_rows_fill_several_items_and_no_row_is_lost() {
        let row =
            |id: u128| Row { id: Ulid(id), revision: Revision::from_bits(1), change: Change::Put(vec![7; 20_000]) };
        let rows: Vec<Row> = (0..40).map(row).collect();
        let items = packed(&rows);
        assert!(items.iter().all(|bytes| bytes.len() <= MAX_ITEM_BYTES));
        assert_eq!(items.len(), 3);
        let ids: Vec<u128> = items.iter().flat_map(|bytes| row::read(bytes)).map(|row| row.unwrap().id.0).collect();
        assert_eq!(ids, (0..40).collect::<Vec<_>>());
        assert!(packed(&[]).is_empty());
    }

    #[test]
    fn keys_are_in_the_order_of_time() {
        assert!(place(999) < place(1_795_348_179_000));
        let sk = format!("{}#00ff", place(1_795_348_179_000));
        assert!(sk > place(1_795_348_179_000) && sk < place(1_795_348_179_001));
        assert_eq!(time_ms(&sk), Some(1_795_348_179_000));
        assert_eq!(time_ms("x"), None);
    }
}
