//! The store: four DynamoDB tables behind one handle.
//!
//! [`keys`] spells every key and access pattern; [`Transaction`] writes; [`Store::get`], [`Store::get_many`] and
//! [`Store::query`] read, strongly consistent. The modules named after a record hold its stored form. There is no
//! `Scan`, no secondary index, and no second implementation: tests and local runs talk to a DynamoDB that speaks the
//! same protocol.

pub mod accounts;
pub mod bytes;
mod client;
pub mod error;
pub mod freelancers;
pub mod idempotency;
pub mod keys;
mod legacy;
pub mod listing;
pub mod open_projects;
pub mod projects;
mod read;
mod transaction;
mod work_history;

pub use error::StoreError;
pub use keys::{Key, Partition, Table};
pub use listing::{Listed, PageOf};
pub use read::{Order, Slice};
pub use transaction::{Condition, MAX_WRITES, Transaction};

use runtime::{BoxFuture, Config};

/// What a request to the store will give.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A handle on the tables. Cheap to clone: clones share connections.
#[derive(Debug, Clone)]
pub struct Store {
    client: aws_sdk_dynamodb::Client,
    tables: Tables,
}

/// The tables' names where this function runs.
#[derive(Debug, Clone)]
struct Tables {
    market: String,
    live: String,
    credentials: String,
    pool: String,
}

impl Tables {
    fn of(config: &Config) -> Self {
        Self {
            market: config.market_table.clone(),
            live: config.live_table.clone(),
            credentials: config.credentials_table.clone(),
            pool: config.pool_table.clone(),
        }
    }
}

impl Store {
    /// Prepares a client as the environment describes it. Opens no connection and cannot fail: an unreachable store
    /// shows itself in the first request that needs it.
    pub async fn connect(config: &Config) -> Self {
        Self { client: client::dynamodb().await, tables: Tables::of(config) }
    }

    /// Prepares a client for the DynamoDB that listens at `endpoint` and takes any credentials, as a local one does.
    /// For programs that fill a market from outside; a function uses [`Store::connect`].
    pub async fn at(endpoint: &str, config: &Config) -> Self {
        Self { client: client::dynamodb_at(endpoint).await, tables: Tables::of(config) }
    }

    fn table_name(&self, table: Table) -> &str {
        match table {
            Table::Market => &self.tables.market,
            Table::Live => &self.tables.live,
            Table::Credentials => &self.tables.credentials,
            Table::Pool => &self.tables.pool,
        }
    }
}
