//! The deletion of items whose time to live is over.
//!
//! dynoxide's own deletion follows the machine's clock. When the run has a clock with an offset, the items are found
//! and deleted here, each under the condition that its time to live is still the one that was read.

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use super::request;
use crate::clock::Clock;
use crate::template::Template;

/// How often expired items are deleted. DynamoDB itself takes up to a few days.
const INTERVAL: Duration = Duration::from_secs(60);

/// How many items one read looks at. The database answers other calls between two reads.
const PAGE: usize = 100;

/// Deletes expired items from time to time.
#[derive(Clone)]
pub(super) struct Expiry {
    database: Database,
    /// The tables whose items expire.
    tables: Arc<[Expiring]>,
    clock: Arc<Clock>,
}

/// A table whose items expire.
struct Expiring {
    name: String,
    /// The attribute that holds the second.
    attribute: String,
    /// The attributes of the primary key.
    key: Vec<String>,
}

impl Expiry {
    pub(super) fn new(database: Database, template: &Template, clock: Arc<Clock>) -> Self {
        let expiring = template.tables.iter().filter_map(|table| {
            let key = table.definition["KeySchema"].as_array()?.iter();
            Some(Expiring {
                name: table.name.clone(),
                attribute: table.expires_at.clone()?,
                key: key.filter_map(|part| part["AttributeName"].as_str().map(str::to_owned)).collect(),
            })
        });
        let tables = expiring.collect();
        Self { database, tables, clock }
    }

    /// Deletes once a minute, and whenever the clock has moved.
    pub(super) async fn run(self) {
        let mut ticks = tokio::time::interval(INTERVAL);
        let mut moves = self.clock.moves();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                moved = moves.changed() => if moved.is_err() { return },
            }
            let expiry = self.clone();
            match tokio::task::spawn_blocking(move || expiry.delete()).await {
                Ok(Ok(0)) => {}
                Ok(Ok(items)) => tracing::debug!(items, "expired items were deleted"),
                Ok(Err(problem)) => tracing::warn!(%problem, "expired items could not be deleted"),
                // The program ends.
                Err(cancelled) if cancelled.is_cancelled() => return,
                Err(panicked) => tracing::warn!(%panicked, "expired items could not be deleted"),
            }
        }
    }

    /// Deletes what has expired by now. Returns the number of items.
    fn delete(&self) -> anyhow::Result<usize> {
        if !self.clock.has_offset() {
            return self.database.sweep_ttl().map_err(|problem| anyhow!("{problem}"));
        }
        let now_s = self.clock.now().as_second();
        let mut deleted = 0;
        for table in self.tables.iter() {
            deleted += self.delete_from(table, now_s)?;
        }
        Ok(deleted)
    }

    fn delete_from(&self, table: &Expiring, now_s: i64) -> anyhow::Result<usize> {
        let (mut deleted, mut start) = (0, Value::Null);
        loop {
            let mut scan = json!({
                "TableName": table.name,
                "Limit": PAGE,
                "FilterExpression": "#t BETWEEN :zero AND :last",
                "ExpressionAttributeNames": { "#t": table.attribute },
                "ExpressionAttributeValues": {
                    ":zero": { "N": "0" },
                    ":last": { "N": (now_s - 1).max(0).to_string() },
                },
            });
            if !start.is_null() {
                scan["ExclusiveStartKey"] = start;
            }
            let page = self.database.scan(request(scan)?).map_err(|problem| anyhow!("{problem}"))?;
            let mut page = serde_json::to_value(&page)?;
            for item in page["Items"].as_array().into_iter().flatten() {
                deleted += usize::from(self.delete_item(table, item)?);
            }
            start = page["LastEvaluatedKey"].take();
            if start.is_null() {
                return Ok(deleted);
            }
        }
    }

    /// Says whether the item was deleted. It stays if its time to live has changed since.
    fn delete_item(&self, table: &Expiring, item: &Value) -> anyhow::Result<bool> {
        let key: serde_json::Map<_, _> = table.key.iter().map(|part| (part.clone(), item[part].clone())).collect();
        let deletion = json!({
            "TableName": table.name,
            "Key": key,
            "ConditionExpression": "#t = :t",
            "ExpressionAttributeNames": { "#t": table.attribute },
            "ExpressionAttributeValues": { ":t": item[&table.attribute] },
        });
        match self.database.delete_item(request(deletion)?) {
            Ok(_) => Ok(true),
            Err(DynoxideError::ConditionalCheckFailedException(..)) => Ok(false),
            Err(problem) => Err(anyhow!("{problem}")),
        }
    }
}
