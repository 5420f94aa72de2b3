//! The store: DynamoDB tables behind one handle.
//! The store: the DynamoDB tables behind one handle.
//!
//! [`keys`] spells every key and access pattern. [`Transaction`] writes. [`Store::get`], [`Store::get_many`] and
//! [`Store::query`] read with strong consistency. The modules named after a record hold its stored form. There is no
//! `Scan`, no secondary index and no second implementation: tests and local runs use a DynamoDB with the same protocol.

pub mod accounts;
pub mod buckets;
pub mod bytes;
mod client;
pub mod due;
pub mod erasure;
pub mod error;
pub mod freelancers;
#[cfg(test)]
mod fuzz;
pub mod idempotency;
pub mod keys;
mod legacy;
pub mod listing;
pub mod open_projects;
pub mod projects;
mod read;
mod transaction;
mod work_history;

pub use client::AccessKey;
pub use error::StoreError;
pub use keys::{Key, Partition, Table};
pub use listing::{Listed, PageOf};
pub use read::{Order, Slice};
pub use transaction::{Condition, MAX_WRITES, Transaction, jittered};

use runtime::{BoxFuture, Config};

/// The future of a request to the store.
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A handle to the tables. Cloning is cheap: clones share connections.
#[derive(Debug, Clone)]
pub struct Store {
    client: aws_sdk_dynamodb::Client,
    tables: Tables,
}

/// The names of the tables for this function.
#[derive(Debug, Clone)]
struct Tables {
    market: String,
    live: String,
    credentials: String,
    trust: String,
    pool: String,
    outbox: String,
    audit: String,
}

impl Tables {
    fn of(config: &Config) -> Self {
        Self {
            market: config.market_table.clone(),
            live: config.live_table.clone(),
            credentials: config.credentials_table.clone(),
            trust: config.trust_table.clone(),
            pool: config.pool_table.clone(),
            outbox: config.outbox_table.clone(),
            audit: config.audit_table.clone(),
        }
    }
}

impl Store {
    /// Prepares a client for the environment's settings. It opens no connection and cannot fail: the first request
    /// reports an unreachable store.
    pub async fn connect(config: &Config) -> Self {
        Self { client: client::dynamodb().await, tables: Tables::of(config) }
    }

    /// Prepares a client for a local DynamoDB at `endpoint`. It is for programs that import data; a function uses
    /// [`Store::connect`].
    pub async fn at(endpoint: &str, key: &AccessKey, config: &Config) -> Self {
        Self { client: client::dynamodb_at(endpoint, key).await, tables: Tables::of(config) }
    }

    fn table_name(&self, table: Table) -> &str {
        match table {
            Table::Market => &self.tables.market,
            Table::Live => &self.tables.live,
            Table::Credentials => &self.tables.credentials,
            Table::Trust => &self.tables.trust,
            Table::Pool => &self.tables.pool,
            Table::Outbox => &self.tables.outbox,
            Table::Audit => &self.tables.audit,
        }
    }
}
