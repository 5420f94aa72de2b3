//! The bcrypt hashes that were imported from another market.
//!
//! bcrypt and argon2 take different times. A stranger could tell an imported account from others, and from an address
//! without an account, by the time of a refusal. So the import notes the cost of its hashes. From then on, every check
//! computes one hash of each kind, whatever the account has.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Condition, Store, StoreError, Transaction, keys};

/// How long the cost is used before it is read again.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// The note of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    bcrypt_cost: u32,
}

/// The cost of the imported hashes, as this process has read it.
#[derive(Debug, Default)]
pub(crate) struct ImportedHashes(Mutex<Option<(Option<Note>, Timestamp)>>);

impl ImportedHashes {
    /// The cost of the imported bcrypt hashes; `None` if none were imported.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub(crate) async fn cost(&self, store: &Store, now: Timestamp) -> Result<Option<u32>, StoreError> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let note = match known {
            Some((note, read_at)) if now.duration_since(read_at) < FRESH => note,
            _ => {
                let note = store.get(&keys::imported_hashes()).await?;
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((note, now));
                note
            }
        };
        Ok(note.map(|note| note.bcrypt_cost))
    }
}

/// Adds the note of an import. Its hashes must have one cost.
///
/// # Errors
/// As [`Transaction::put`].
pub(crate) fn note(transaction: &mut Transaction, bcrypt_cost: u32) -> Result<(), StoreError> {
    transaction.put("imported hashes", keys::imported_hashes(), &Note { bcrypt_cost }, Condition::Always)?;
    Ok(())
}
