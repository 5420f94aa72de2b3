//! Data keys that KMS has opened lately, so that reading a record twice costs one call.
//!
//! The cache is bounded by number and by age: a process keeps few keys, and none for long after its right to open them
//! was withdrawn.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::cipher::DataKey;

/// The most data keys that are kept. The oldest one goes first.
const MOST_KEYS: usize = 256;

/// How long a data key is kept.
const LIFETIME: Duration = Duration::from_secs(300);

/// The data keys by their encrypted form and table, in the order in which they came.
#[derive(Default)]
pub(crate) struct Cache(Mutex<VecDeque<Entry>>);

struct Entry {
    table: String,
    wrapped: Vec<u8>,
    key: DataKey,
    since: Instant,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cache({} keys)", self.entries().len())
    }
}

impl Cache {
    /// The data key, if it is still kept.
    pub(crate) fn get(&self, table: &str, wrapped: &[u8]) -> Option<DataKey> {
        self.get_at(table, wrapped, Instant::now())
    }

    /// Keeps a data key.
    pub(crate) fn put(&self, table: &str, wrapped: &[u8], key: DataKey) {
        self.put_at(table, wrapped, key, Instant::now());
    }

    fn get_at(&self, table: &str, wrapped: &[u8], now: Instant) -> Option<DataKey> {
        let mut entries = self.entries();
        while entries.front().is_some_and(|oldest| now.duration_since(oldest.since) >= LIFETIME) {
            entries.pop_front();
        }
        let found = entries.iter().find(|entry| entry.table == table && entry.wrapped == wrapped);
        found.map(|entry| entry.key.clone())
    }

    fn put_at(&self, table: &str, wrapped: &[u8], key: DataKey, now: Instant) {
        let mut entries = self.entries();
        entries.retain(|entry| entry.table != table || entry.wrapped != wrapped);
        if entries.len() >= MOST_KEYS {
            entries.pop_front();
        }
        entries.push_back(Entry { table: table.to_owned(), wrapped: wrapped.to_vec(), key, since: now });
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn key(byte: u8) -> DataKey {
        Zeroizing::new([byte; 32])
    }

    #[test]
    fn a_key_is_kept_for_a_while_and_for_its_table() {
        let (cache, now) = (Cache::default(), Instant::now());
        cache.put_at("market", b"one", key(1), now);
        assert_eq!(cache.get_at("market", b"one", now), Some(key(1)));
        assert_eq!(cache.get_at("credentials", b"one", now), None);
        assert_eq!(cache.get_at("market", b"other", now), None);
        assert_eq!(cache.get_at("market", b"one", now + LIFETIME), None);
        assert_eq!(cache.entries().len(), 0);
    }

    #[test]
    fn the_oldest_key_goes() {
        let (cache, now) = (Cache::default(), Instant::now());
        for number in 0..=MOST_KEYS {
            cache.put_at("market", &number.to_be_bytes(), key(0), now);
        }
        assert_eq!(cache.entries().len(), MOST_KEYS);
        assert_eq!(cache.get_at("market", &0_usize.to_be_bytes(), now), None);
        assert_eq!(cache.get_at("market", &MOST_KEYS.to_be_bytes(), now), Some(key(0)));
        assert_eq!(format!("{cache:?}"), "Cache(256 keys)");
    }
}
