//! Tasks that are due with an account at a time. `accounts` writes it in the transaction of its cause, and the
//! function
//! `erase` does it and then deletes it. A rule never waits for that: it looks at the time itself.

use domain::values::AccountId;
use jiff::Timestamp;
use serde::Serialize;

use crate::{Condition, Key, Slice, Store, StoreError, Transaction, keys};

/// The number of partitions. An account always belongs to the same one.
pub const SHARDS: u128 = 4;

/// The label of the write of something due.
const DUE: &str = "due";

/// A task that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// Withdraw the profile and the projects of an account that is closing, or show them again if it is kept.
    Show,
    /// Erase the account everywhere.
    Erase,
}

impl DueKind {
    const ALL: [Self; 2] = [Self::Show, Self::Erase];

    /// The word in keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Erase => "erase",
        }
    }
}

/// Something due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// When, in whole seconds.
    pub at: Timestamp,
    /// The task.
    pub kind: DueKind,
    /// With which account.
    pub account_id: AccountId,
}

/// A sort key that nothing due has.
#[derive(Debug, thiserror::Error)]
#[error("an item that is due has a strange key")]
struct StrangeKey;

impl Due {
    fn key(&self) -> Key {
        let Self { at, kind, account_id } = self;
        // Times in whole seconds have the same length, so they sort as texts.
        let at = Timestamp::from_second(at.as_second()).unwrap_or(*at);
        keys::due(account_id.ulid().0 % SHARDS).item(format!("{at}#{}#{account_id}", kind.as_str()))
    }

    fn of_sort_key(sk: &str) -> Option<Self> {
        let mut parts = sk.split('#');
        let (at, kind, account_id) = (parts.next()?, parts.next()?, parts.next()?);
        let kind = DueKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
        Some(Self { at: at.parse().ok()?, kind, account_id: account_id.parse().ok()? })
    }
}

impl Transaction {
    /// Adds something due.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn add_due(&mut self, due: &Due) -> Result<&mut Self, StoreError> {
        #[derive(Serialize)]
        struct Nothing {}
        self.put(DUE, due.key(), &Nothing {}, Condition::Always)
    }

    /// Removes something due: it is done, or is not due any more.
    pub fn remove_due(&mut self, due: &Due) -> &mut Self {
        self.delete(DUE, due.key(), Condition::Always)
    }
}

impl Store {
    /// The tasks that are due at `now` in one of the [`SHARDS`], the earliest first, at most `limit`.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub async fn due(&self, shard: u128, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        let slice = Slice { limit: Some(limit), ..Slice::ALL };
        let keys = self.query_sort_keys(&keys::due(shard), slice).await?;
        let all: Option<Vec<Due>> = keys.iter().map(|sk| Due::of_sort_key(sk)).collect();
        let all = all.ok_or_else(|| StoreError::broken(StrangeKey))?;
        Ok(all.into_iter().take_while(|due| due.at <= now).collect())
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn keys_sort_by_time_and_read_back() {
        let due = |at: &str, kind, id| Due { at: at.parse().unwrap(), kind, account_id: AccountId::new(Ulid(id)) };
        let first = due("2026-12-30T12:00:00Z", DueKind::Erase, 5);
        let second = due("2026-12-30T12:00:01Z", DueKind::Show, 1);
        assert_eq!(first.key().sk, "2026-12-30T12:00:00Z#erase#usr_00000000000000000000000005");
        assert!(first.key().sk < second.key().sk);
        assert_eq!([first, second].map(|due| Due::of_sort_key(&due.key().sk)), [Some(first), Some(second)]);
        // A part of a second does not change the length.
        assert_eq!(due("2026-12-30T12:00:00.5Z", DueKind::Erase, 5).key(), first.key());
        for strange in ["", "2026-12-30T12:00:00Z", "2026-12-30T12:00:00Z#sing#usr_1", "soon#show#usr_1"] {
            assert_eq!(Due::of_sort_key(strange), None, "{strange}");
        }
    }
}
