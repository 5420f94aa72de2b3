//! What to do with a request that may have been sent before. The store keeps the records, this decides.
//!
//! A request first *claims* its key for the length of a lease. Its effect, its reply and the claim's completion are then
//! committed together. So a claim that ran out of its lease had no effect, and may be taken over.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a claim keeps others out: longer than any function may run on behalf of API Gateway (30 s is its limit).
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// How long a completed request answers its repeats.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What a client sends as `Idempotency-Key`: 1 to 255 visible ASCII characters.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is no idempotency key.
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

/// Whoever knows the key can test guesses of the body against its fingerprint, so a debug print hides it.
impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

/// A keyed hash of a request's body: equal bodies, equal fingerprints.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub [u8; 32]);

/// What is kept of a request under its key. `R` is the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<R> {
    /// Of the body that came with the key first.
    pub fingerprint: Fingerprint,
    /// How far the request got.
    pub state: State<R>,
    /// When the record counts as gone, even where the store has not swept it yet.
    pub expires_at: Timestamp,
}

/// How far a request got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State<R> {
    /// Somebody works on it until then.
    Running {
        /// When the claim ends.
        lease_until: Timestamp,
    },
    /// It took effect and was answered so.
    Done {
        /// The answer.
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

/// What to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a, R> {
    /// Claim the key and run the request: nobody did, or whoever did ran out of time.
    Run,
    /// Another process runs the same request: ask again later.
    InProgress,
    /// The key came with another body before.
    Reused,
    /// The request took effect before: answer the same.
    Replay(&'a R),
}

/// Decides about a request with `fingerprint` at `now`, given what is kept under its key.
pub fn decide<'a, R>(record: Option<&'a Record<R>>, fingerprint: &Fingerprint, now: Timestamp) -> Decision<'a, R> {
    let Some(record) = record.filter(|record| now < record.expires_at) else { return Decision::Run };
    match &record.state {
        // Whatever ran under a lease that is over took no effect, so its body binds nobody.
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
            let expected = if seconds < 30 { Decision::InProgress } else { Decision::Run };
            prop_assert_eq!(decide(Some(&record), &A, at(seconds)), expected);
            let other = if seconds < 30 { Decision::Reused } else { Decision::Run };
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
