//! The audit trail: who did what, when, and from where.
//!
//! Every account has a trail of its own. The transaction of an act also puts a [`Row`] into the table `audit`, and
//! replaces the trail's [`Head`] in the table `trust`:
//!
//! ```text
//! audit::commit(&store, transaction, &[Entry::of(account_id, Act::PasswordChanged, &origin, now)]).await?;
//! ```
//!
//! Each row holds the hash of the row before it, and the head holds the number and the hash of the last one. So
//! [`verify`](mod@verify) finds a row that somebody edited, deleted, inserted, or swapped, and a trail that was cut. To
//! hide a change, an attacker would have to rewrite all later rows and the head, which is in another table.
//!
//! A row holds no secret, no address, and no name. So it may stay when its account is erased.

mod act;
mod commit;
mod entry;
mod row;
pub mod verify;

pub use act::{Act, Actor};
pub use commit::{HEAD, commit, head, record};
pub use entry::Entry;
pub use row::{Head, Row};
