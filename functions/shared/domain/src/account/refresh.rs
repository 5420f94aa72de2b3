//! Refresh tokens rotate: each of them is good for one new token. A second use means that two people hold it, so it
//! ends the session for both (RFC 9700, section 4.14.2).
//!
//! A client whose answer was lost repeats its request with the same `Idempotency-Key` and gets the same successor.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a session lives after its last refresh.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long a session lives at most. Then its owner signs in again.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(180 * 24);

/// How long a refresh may be repeated.
pub const REPEATABLE: SignedDuration = SignedDuration::from_mins(10);

/// The refresh tokens of one session, as hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshState {
    /// The hash of the token that is good now.
    pub current: String,
    /// The token before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Rotation>,
}

/// One exchange of a token for its successor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The hash of the token that was exchanged.
    pub used: String,
    /// The hash of the request's `Idempotency-Key`, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The salt from which the used token derives its successor.
    pub salt: String,
}

/// The decision about a refresh token that somebody presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Exchange it for a new one.
    Rotate,
    /// The request is a repeat: derive the same successor from this salt.
    Repeat {
        /// The salt of the exchange.
        salt: String,
    },
    /// The token was exchanged before. End the session.
    Reused,
}

/// The end of a session that was opened at `opened_at` and is used at `now`.
pub fn session_end(opened_at: Timestamp, now: Timestamp) -> Timestamp {
    (now + KEPT).min(opened_at + LONGEST)
}

impl RefreshState {
    /// Decides about a token of this session by its hash. `request` is the hash of the request's `Idempotency-Key`.
    pub fn present(&self, token: &str, request: Option<&str>, now: Timestamp) -> Refresh {
        if token == self.current {
            return Refresh::Rotate;
        }
        match &self.previous {
            Some(last)
                if last.used == token
                    && request.is_some()
                    && last.request.as_deref() == request
                    && now.duration_since(last.at) < REPEATABLE =>
            {
                Refresh::Repeat { salt: last.salt.clone() }
            }
            _ => Refresh::Reused,
        }
    }

    /// The state after the current token was exchanged for the one with the hash `successor`.
    #[must_use]
    pub fn rotate(self, successor: String, salt: String, request: Option<String>, now: Timestamp) -> Self {
        let rotation = Rotation { used: self.current, request, at: now, salt };
        Self { current: successor, previous: Some(rotation) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn rotated(request: Option<&str>) -> RefreshState {
        let first = RefreshState { current: "first".to_owned(), previous: None };
        assert_eq!(first.present("first", request, at(0)), Refresh::Rotate);
        first.rotate("second".to_owned(), "salt".to_owned(), request.map(str::to_owned), at(0))
    }

    #[test]
    fn a_token_is_good_for_one_successor() {
        let state = rotated(None);
        assert_eq!(state.present("second", None, at(1)), Refresh::Rotate);
        assert_eq!(state.present("first", None, at(1)), Refresh::Reused);
        assert_eq!(state.present("first", Some("a"), at(1)), Refresh::Reused);
        assert_eq!(state.present("a guess", None, at(1)), Refresh::Reused);
    }

    #[test]
    fn the_same_request_gets_the_same_successor_for_a_while() {
        let state = rotated(Some("a"));
        let repeat = Refresh::Repeat { salt: "salt".to_owned() };
        assert_eq!(state.present("first", Some("a"), at(9)), repeat);
        assert_eq!(state.present("first", Some("a"), at(10)), Refresh::Reused);
        assert_eq!(state.present("first", Some("b"), at(1)), Refresh::Reused);
        assert_eq!(state.present("first", None, at(1)), Refresh::Reused);
    }

    #[test]
    fn a_session_that_is_used_lives_on_and_ends_after_half_a_year() {
        let day = |number: i64| at(number * 24 * 60);
        assert_eq!(session_end(day(0), day(0)), day(30));
        assert_eq!(session_end(day(0), day(29)), day(59));
        assert_eq!(session_end(day(0), day(170)), day(180));
    }

    #[test]
    fn a_repeat_ends_when_the_successor_is_used() {
        let state = rotated(Some("a")).rotate("third".to_owned(), "salt 2".to_owned(), None, at(1));
        assert_eq!(state.present("first", Some("a"), at(1)), Refresh::Reused);
    }
}
