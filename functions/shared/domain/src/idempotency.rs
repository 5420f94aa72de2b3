//! Idempotency: decides about a request that may have been sent before. The store keeps the records.
//!
//! A request first *claims* its key for the length of a lease. Its effect, its reply and the completion of the claim
//! are then committed together. So a claim whose lease is over had no effect, and another request may take it over.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a claim keeps other requests out: as long as the functions that claim may run (`Timeout` in
/// `infra/template.yaml`). A client whose request was killed waits this long. A slower owner of a claim that another
/// request has taken over cannot commit any more.
pub const LEASE: SignedDuration = SignedDuration::from_secs(10);

/// How long the reply to a completed request is kept for its repeats.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The value of the header `Idempotency-Key`: 1 to 255 visible ASCII characters.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is not an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to {} visible ASCII characters", IdempotencyKey::MAX_LENGTH)]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// The longest key, in characters.
    pub const MAX_LENGTH: usize = 255;

    /// The key as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, InvalidIdempotencyKey> {
        let fits = (1..=Self::MAX_LENGTH).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdempotencyKey)
        }
    }
}

/// A debug print hides the key, because a reader of the key could test guesses of the body against its fingerprint.
impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

/// A keyed hash of a request's body. Equal bodies have equal fingerprints.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub [u8; 32]);

/// The record of a request under its key. `R` is the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<R> {
    /// The fingerprint of the body that first came with the key.
    pub fingerprint: Fingerprint,
    /// The progress of the request.
    pub state: State<R>,
    /// The time from which the record does not count, even if the store has not deleted it yet.
    pub expires_at: Timestamp,
}

/// The progress of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State<R> {
    /// A process works on the request.
    Running {
        /// When the claim ends.
        lease_until: Timestamp,
    },
    /// The request took effect.
    Done {
        /// The reply to the request.
        reply: R,
    },
}

impl<R> Record<R> {
    /// A claim made at `now`.
    pub fn claim(fingerprint: Fingerprint, now: Timestamp) -> Self {
        Self { fingerprint, state: State::Running { lease_until: plus(now, LEASE) }, expires_at: plus(now, KEPT) }
    }

    /// The record of a request that took effect at `now`.
    pub fn done(fingerprint: Fingerprint, reply: R, now: Timestamp) -> Self {
        Self { fingerprint, state: State::Done { reply }, expires_at: plus(now, KEPT) }
    }
}

/// The time after `duration`, or the end of time.
fn plus(now: Timestamp, duration: SignedDuration) -> Timestamp {
    now.saturating_add(duration).unwrap_or(Timestamp::MAX)
}

/// The decision about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a, R> {
    /// Claim the key and run the request: no other process did, or its lease is over.
    Run,
    /// Another process runs the same request. The client asks again later.
    InProgress,
    /// The key came with another body before.
    Reused,
    /// The request took effect before. The reply is repeated.
    Replay(&'a R),
}

/// Decides about a request with `fingerprint` at `now`, given the record under its key.
pub fn decide<'a, R>(record: Option<&'a Record<R>>, fingerprint: &Fingerprint, now: Timestamp) -> Decision<'a, R> {
    let Some(record) = record.filter(|record| now < record.expires_at) else { return Decision::Run };
    match &record.state {
        // A claim whose lease is over took no effect, so another body may come with the key.
        State::Running { lease_until } if *lease_until <= now => Decision::Run,
        _ if record.fingerprint != *fingerprint => Decision::Reused,
        State::Running { .. } => Decision::InProgress,
        State::Done { reply } => Decision::Replay(reply),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: Fingerprint = Fingerprint([1; 32]);
    const B: Fingerprint = Fingerprint([2; 32]);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    proptest! {
        #[test]
        fn keys_are_visible_ascii(text in "\\PC{0,300}") {
            let fits = (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x21..=0x7e).contains(&b));
            prop_assert_eq!(text.parse::<IdempotencyKey>().is_ok(), fits);
        }

        #[test]
        fn a_claim_holds_for_its_lease_and_no_longer(seconds in 0..200_000_i64) {
            let record = Record::<()>::claim(A, at(0));
            let expected = if seconds < LEASE.as_secs() { Decision::InProgress } else { Decision::Run };
            prop_assert_eq!(decide(Some(&record), &A, at(seconds)), expected);
            let other = if seconds < LEASE.as_secs() { Decision::Reused } else { Decision::Run };
            prop_assert_eq!(decide(Some(&record), &B, at(seconds)), other);
        }

        #[test]
        fn a_reply_is_repeated_for_a_day(seconds in 0..200_000_i64) {
            let record = Record::done(A, "reply", at(0));
            let kept = seconds < 86_400;
            let expected = if kept { Decision::Replay(&"reply") } else { Decision::Run };
            prop_assert_eq!(decide(Some(&record), &A, at(seconds)), expected);
            let other = if kept { Decision::Reused } else { Decision::Run };
            prop_assert_eq!(decide(Some(&record), &B, at(seconds)), other);
        }
    }

    #[test]
    fn a_new_key_runs() {
        assert_eq!(decide::<()>(None, &A, at(0)), Decision::Run);
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        assert_eq!(Record::<()>::claim(A, Timestamp::MAX).expires_at, Timestamp::MAX);
    }
}
