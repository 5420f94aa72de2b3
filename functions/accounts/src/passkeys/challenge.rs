//! Challenges: random texts that an authenticator has to sign, once and within five minutes.
//!
//! The store knows a challenge by its hash. The state of its ceremony holds what was asked of the authenticator.

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use domain::account::{CHALLENGE_KEPT, PasskeyChallenge};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Condition, Key, StoreError, Transaction, keys};
use webauthn_rp::response::SentChallenge;

use crate::Accounts;

/// The label of a challenge's write. A conflict on it means that the challenge was used.
pub(super) const CHALLENGE: &str = "passkey challenge";

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    act: PasskeyChallenge,
    /// The state of the ceremony in the library's encoding, base64.
    state: String,
    /// Unix seconds. DynamoDB deletes the item some time after it.
    expires_at: i64,
}

fn key(challenge: SentChallenge) -> Key {
    keys::passkey_challenge(&crate::hash(&challenge.0.to_le_bytes()))
}

/// Stores a challenge with the state of its ceremony.
///
/// # Errors
/// As [`store::Store::commit`].
pub(super) async fn put(
    accounts: &Accounts,
    challenge: SentChallenge,
    act: PasskeyChallenge,
    state: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    let expires_at = (now + CHALLENGE_KEPT).as_second();
    let stored = Stored { act, state: BASE64_STANDARD_NO_PAD.encode(state), expires_at };
    let mut transaction = Transaction::new();
    transaction.put(CHALLENGE, key(challenge), &stored, Condition::Absent)?;
    accounts.store.commit(transaction).await
}

/// The state of a challenge's ceremony. `None`: the challenge was for another act or account, was used, or is too old.
///
/// # Errors
/// As [`store::Store::get`].
pub(super) async fn read(
    accounts: &Accounts,
    challenge: SentChallenge,
    act: PasskeyChallenge,
    now: Timestamp,
) -> Result<Option<Vec<u8>>, StoreError> {
    let stored: Option<Stored> = accounts.store.get(&key(challenge)).await?;
    let live = stored.filter(|stored| stored.act.allows(act, stored.expires_at, now));
    Ok(live.and_then(|stored| BASE64_STANDARD_NO_PAD.decode(stored.state).ok()))
}

/// Adds the end of a challenge. The commit reports a conflict on [`CHALLENGE`] if it was used before.
pub(super) fn use_up(transaction: &mut Transaction, challenge: SentChallenge) {
    transaction.delete(CHALLENGE, key(challenge), Condition::Present);
}
