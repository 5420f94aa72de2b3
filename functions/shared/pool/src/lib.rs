//! The stored pools: every freelancer and every open project in packed form, so that ranking does not read the table
//! `market`.
//!
//! Everything about a stored pool is here: the content of a row ([`talent_row`], [`project_row`]), the keys of rows in
//! the table ([`keys`]), and writing and reading them. `stream` writes and `matches` reads.
//!
//! A pool consists of *blocks* and a *feed*. The feed is a log of changes. `stream` appends to it, and a reader that
//! has read the whole pool tails it. From time to time, `stream` *compacts* the older part of the feed into the blocks,
//! and records its progress in a *checkpoint*.
//!
//! Three rules keep readers and writers apart without locks:
//!
//! - A row carries the [`Revision`] of its record and never replaces a newer row. So a change may be applied twice,
//!   late, or out of order.
//! - Compacted changes stay in the feed for an hour. A reader that was away for longer reads the whole pool again; any
//!   other reader finds all the changes that it missed.
//! - A feed item may become visible up to 15 seconds after the time in its key. Readers read the last 15 seconds again,
//!   and the compactor leaves them alone.
//!   and the compactor leaves them alone.

mod blocks;
mod checkpoint;
mod compaction;
pub mod eligibility;
mod feed;
#[cfg(test)]
mod fuzz;
pub mod keys;
pub mod project_row;
mod row;
mod shard;
mod tail;
mod talent;
pub mod talent_row;

pub use blocks::{BLOCKS, block_of};
pub use compaction::{BLOCKS_PER_FEED, Compaction, Compactor, MAX_COMPACTED_BYTES};
pub use feed::append;
pub use project_row::{PooledProject, packed_need};
pub use row::{Change, MalformedRows, Revision, Row};
pub use shard::{ParseShardError, Shard};
pub use tail::{Index, Revisions, Tail};
pub use talent::{talent, talents_with_each};

/// The longest time from the time in a feed item's key until the item is visible, in milliseconds. All attempts of one
/// write take at most 8 s, and the clocks of a region differ by less than the rest.
pub const OVERLAP_MS: i64 = 15_000;

/// How long compacted changes stay in the feed, in milliseconds.
const FEED_RETENTION_MS: i64 = 3_600_000;

/// How long a tombstone is kept, in milliseconds, so that an old change cannot bring its row back. It is longer than a
/// dead-letter queue keeps a change (14 days).
const TOMBSTONE_RETENTION_MS: i64 = 30 * 86_400_000;
