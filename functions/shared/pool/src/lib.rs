//! The pool in the store: every candidate in packed form, where a ranking reads it without reading the market.
//!
//! A pool is what its *blocks* hold with what its *feed* says on top. The feed is the log of changes: `stream` appends, and
//! readers who know a pool read on where they stopped. Now and then the older part of the feed is *folded* into the blocks.
//!
//! Three rules make this safe without any lock that a reader would notice:
//!
//! - A row carries the [`Revision`] of the record it was made from, and never replaces a newer one. So applying a change
//!   twice, late, or in the wrong order changes nothing.
//! - What is folded stays in the feed for an hour. A reader that was away for longer begins anew; any other
//!   finds all it missed.
//! - A feed item may show itself up to 15 seconds after the time in its key. Readers read that much again, and nothing
//!   younger is folded.
//!
//! This module moves opaque rows. What is in them is for the functions to know.

mod blocks;
mod feed;
mod fold;
mod follow;
pub mod keys;
pub mod project_row;
mod row;
mod shard;
mod talent;
pub mod talent_row;

pub use blocks::BLOCKS;
pub use feed::append;
pub use fold::{BLOCKS_PER_FEED, Folded, Folding, MOST_FOLDED_BYTES};
pub use follow::{Follower, Index, Revisions};
pub use project_row::PooledProject;
pub use row::{Change, MalformedRows, Revision, Row};
pub use shard::{NoShard, Shard};
pub use talent::{talent, talents_with_each};

/// How long after the time in its key a feed item may appear, in milliseconds: all attempts of one write take at most 8 s, and
/// clocks within a region differ by less than the rest.
pub const OVERLAP_MS: i64 = 15_000;

/// How long what is folded stays in the feed, in milliseconds.
const RETENTION_MS: i64 = 3_600_000;

/// How long a removed row is remembered, in milliseconds, so that an old change can't bring it back: longer than a dead-letter
/// queue keeps one (14 days).
const MEMORY_OF_REMOVAL_MS: i64 = 30 * 86_400_000;
