//! Reads one item, many items, or a slice of a partition. Reads are always strongly consistent.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use serde::de::DeserializeOwned;

use crate::{Key, Partition, Store, StoreError, StoreFuture, Table, transaction::jittered};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The most keys of one batch in DynamoDB.
const BATCH: usize = 100;
/// Attempts to read the keys that a batch left unprocessed. After these, the store counts as busy.
const BATCH_ATTEMPTS: u32 = 6;
/// The pause before the second attempt. It doubles with each further attempt.
const FIRST_BACKOFF: Duration = Duration::from_millis(25);

/// The order in which a partition is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest sort key first: ULIDs oldest first.
    Ascending,
    /// Largest sort key first: ULIDs newest first.
    Descending,
}

/// The part of a partition to read.
#[derive(Debug, Clone, Copy)]
pub struct Slice<'a> {
    /// The order.
    pub order: Order,
    /// Starts after this sort key, which need not exist. `None`: starts at the beginning of the order.
    pub after: Option<&'a str>,
    /// The most items to read. `None`: no limit.
    pub limit: Option<usize>,
    /// The most requests to make; the store returns at most 1 MB for each. `None`: until the slice is complete.
    pub replies: Option<usize>,
}

impl Slice<'_> {
    /// The whole partition, smallest sort key first.
    pub const ALL: Self = Self { order: Order::Ascending, after: None, limit: None, replies: None };
}

#[derive(Debug, thiserror::Error)]
#[error("{0} keys of a batch were left over again and again")]
struct LeftOver(usize);

#[derive(Debug, thiserror::Error)]
#[error("an item came back without its key")]
struct Keyless;

impl Store {
    /// Reads one item; `None` if it does not exist.
    ///
    /// # Errors
    /// [`StoreError::Busy`], or [`StoreError::Broken`]; the latter also if the item is not of type `T`.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.get_item(key).await?.map(decode).transpose()
    }

    fn get_item<'a>(&'a self, key: &'a Key) -> StoreFuture<'a, Option<Item>> {
        let request = self
            .client
            .get_item()
            .table_name(self.table_name(key.table))
            .set_key(Some(key.attributes()))
            .consistent_read(true);
        Box::pin(async { Ok(request.send().await.map_err(StoreError::from_sdk)?.item) })
    }

    /// Reads many items of one table at once. The result has one entry per key, in the order of the keys. A key may
    /// occur twice.
    ///
    /// # Errors
    /// As [`Store::get`], and [`StoreError::Busy`] if the store keeps leaving keys unprocessed.
    pub async fn get_many<T: DeserializeOwned + Clone>(&self, keys: &[Key]) -> Result<Vec<Option<T>>, StoreError> {
        self.get_many_of(keys, &[]).await
    }

    /// Reads only some attributes of many items: names, or paths such as `brief.title`. An empty list means all
    /// attributes. It costs as many read units as whole items, but transfers fewer bytes.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub async fn get_many_of<T: DeserializeOwned + Clone>(
        &self,
        keys: &[Key],
        attributes: &[&str],
    ) -> Result<Vec<Option<T>>, StoreError> {
        let mut found: HashMap<(String, String), T> = HashMap::with_capacity(keys.len());
        for (place, item) in self.get_items(keys, attributes).await? {
            found.insert(place, decode(item)?);
        }
        Ok(keys.iter().map(|key| found.get(&(key.pk.clone(), key.sk.clone())).cloned()).collect())
    }

    /// Reads many items of one table at once, in their stored form, by their keys.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub(crate) fn get_items<'a>(
        &'a self,
        keys: &'a [Key],
        attributes: &'a [&'a str],
    ) -> StoreFuture<'a, HashMap<(String, String), Item>> {
        Box::pin(async move {
            let mut distinct: Vec<&Key> = keys.iter().collect();
            distinct.sort_unstable_by_key(|key| (&key.pk, &key.sk));
            distinct.dedup();
            let mut found = HashMap::with_capacity(distinct.len());
            for batch in distinct.chunks(BATCH) {
                for item in self.get_batch(batch, attributes).await? {
                    found.insert(place(&item)?, item);
                }
            }
            Ok(found)
        })
    }

    fn get_batch<'a>(&'a self, keys: &'a [&'a Key], attributes: &'a [&'a str]) -> StoreFuture<'a, Vec<Item>> {
        Box::pin(self.batch(keys, attributes))
    }

    async fn batch(&self, keys: &[&Key], attributes: &[&str]) -> Result<Vec<Item>, StoreError> {
        let Some(first) = keys.first() else { return Ok(Vec::new()) };
        let table = self.table_name(first.table);
        let mut missing: Vec<Item> = keys.iter().map(|key| key.attributes()).collect();
        let mut items = Vec::with_capacity(keys.len());
        let mut backoff = FIRST_BACKOFF;
        let (projection, names) = projection(attributes);
        for attempt in 1..=BATCH_ATTEMPTS {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(missing))
                .set_projection_expression(projection.clone())
                .set_expression_attribute_names(names.clone())
                .consistent_read(true)
                .build()
                .map_err(StoreError::broken)?;
            let reply =
                self.client.batch_get_item().request_items(table, wanted).send().await.map_err(StoreError::from_sdk)?;
            items.extend(reply.responses.unwrap_or_default().into_values().flatten());
            missing =
                reply.unprocessed_keys.unwrap_or_default().into_values().flat_map(|left_over| left_over.keys).collect();
            if missing.is_empty() {
                return Ok(items);
            }
            if attempt < BATCH_ATTEMPTS {
                tokio::time::sleep(jittered(backoff)).await;
                backoff *= 2;
            }
        }
        Err(StoreError::Busy(LeftOver(missing.len()).into()))
    }

    /// Reads a slice of a partition.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn query<T: DeserializeOwned>(
        &self,
        partition: &Partition,
        slice: Slice<'_>,
    ) -> Result<Vec<T>, StoreError> {
        self.query_items(partition, slice, false).await?.into_iter().map(decode).collect()
    }

    /// Reads only the sort keys of a slice of a partition.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn query_sort_keys(&self, partition: &Partition, slice: Slice<'_>) -> Result<Vec<String>, StoreError> {
        let items = self.query_items(partition, slice, true).await?;
        items.iter().map(|item| place(item).map(|(_, sk)| sk)).collect()
    }

    /// Reads one page of a whole table, in DynamoDB's order, and the key to continue after; `None` at the end. It is
    /// for operators' programs and background work: no request path scans a table.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn scan<T: DeserializeOwned>(
        &self,
        table: Table,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<(Vec<T>, Option<Key>), StoreError> {
        let (items, next) = self.scan_items(table, after, limit).await?;
        Ok((items.into_iter().map(decode).collect::<Result<_, _>>()?, next))
    }

    fn scan_items<'a>(
        &'a self,
        table: Table,
        after: Option<&'a Key>,
        limit: usize,
    ) -> StoreFuture<'a, (Vec<Item>, Option<Key>)> {
        let request = self
            .client
            .scan()
            .table_name(self.table_name(table))
            .consistent_read(true)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(after.map(Key::attributes));
        Box::pin(async move {
            let reply = request.send().await.map_err(StoreError::from_sdk)?;
            let next = reply.last_evaluated_key.as_ref().map(place).transpose()?;
            Ok((reply.items.unwrap_or_default(), next.map(|(pk, sk)| Key::new(table, pk, sk))))
        })
    }

    fn query_items<'a>(
        &'a self,
        partition: &'a Partition,
        slice: Slice<'a>,
        keys_only: bool,
    ) -> StoreFuture<'a, Vec<Item>> {
        Box::pin(self.all_pages(partition, slice, keys_only))
    }

    /// DynamoDB returns at most 1 MB at a time. This asks until the slice is complete, or until the allowed number of
    /// requests is reached.
    async fn all_pages(
        &self,
        partition: &Partition,
        slice: Slice<'_>,
        keys_only: bool,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut resume = None;
        for _ in 0..slice.replies.unwrap_or(usize::MAX) {
            let wanted = slice.limit.map(|limit| limit - items.len());
            if wanted == Some(0) {
                break;
            }
            let condition = match (slice.after, slice.order) {
                (None, _) => "#pk = :pk",
                (Some(_), Order::Ascending) => "#pk = :pk AND #sk > :after",
                (Some(_), Order::Descending) => "#pk = :pk AND #sk < :after",
            };
            let mut query = self
                .client
                .query()
                .table_name(self.table_name(partition.table))
                .key_condition_expression(condition)
                .expression_attribute_names("#pk", "pk")
                .expression_attribute_values(":pk", AttributeValue::S(partition.pk.clone()))
                .scan_index_forward(slice.order == Order::Ascending)
                .consistent_read(true)
                .set_limit(wanted.map(|wanted| i32::try_from(wanted).unwrap_or(i32::MAX)))
                .set_exclusive_start_key(resume);
            if let Some(after) = slice.after {
                query = query.expression_attribute_values(":after", AttributeValue::S(after.to_owned()));
            }
            if slice.after.is_some() || keys_only {
                query = query.expression_attribute_names("#sk", "sk");
            }
            if keys_only {
                query = query.projection_expression("#pk, #sk");
            }
            let reply = query.send().await.map_err(StoreError::from_sdk)?;
            items.extend(reply.items.unwrap_or_default());
            resume = reply.last_evaluated_key;
            if resume.is_none() {
                break;
            }
        }
        Ok(items)
    }
}

/// The projection expression of these attributes and the key, with its placeholder names: some attributes have names
/// that DynamoDB reserves. `None` without attributes.
fn projection(attributes: &[&str]) -> (Option<String>, Option<HashMap<String, String>>) {
    if attributes.is_empty() {
        return (None, None);
    }
    let placeholder = |name: &str| format!("#{name}");
    let path = |path: &&str| path.split('.').map(placeholder).collect::<Vec<_>>().join(".");
    let attributes = || ["pk", "sk"].iter().chain(attributes);
    let names = attributes().flat_map(|path| path.split('.')).map(|name| (placeholder(name), name.to_owned()));
    (Some(attributes().map(path).collect::<Vec<_>>().join(", ")), Some(names.collect()))
}

pub(crate) fn decode<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(StoreError::broken)
}

fn place(item: &Item) -> Result<(String, String), StoreError> {
    let attribute = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    attribute("pk").zip(attribute("sk")).ok_or_else(|| StoreError::broken(Keyless))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_names_the_key_and_each_part_of_a_path() {
        let (expression, names) = projection(&["status", "brief.title", "brief.skills"]);
        assert_eq!(expression.as_deref(), Some("#pk, #sk, #status, #brief.#title, #brief.#skills"));
        let names = names.unwrap();
        assert_eq!(names.len(), 6);
        assert!(names.iter().all(|(placeholder, name)| placeholder[1..] == **name), "{names:?}");
        assert_eq!(projection(&[]), (None, None));
    }
}
