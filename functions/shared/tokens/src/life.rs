//! The life of a signing key. It is published a day before it signs, signs for ninety days, and stays published until
//! its last token has expired.
//!
//! Generations are numbered from 0. This module decides; `accounts` makes and stores the keys.

use jiff::{SignedDuration, Timestamp};

/// How long a key signs before its successor is made.
pub const SIGNS_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a successor is published before it signs. By then, every cache of the published keys has it.
pub const PUBLISHED_AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// How long a key stays published after its last token has expired, in case a clock is wrong.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);

/// A key that has been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    /// Its number.
    pub number: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The next step for the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The generation to sign with. `None`: make one first.
    pub sign_with: Option<u32>,
    /// The generation to make.
    pub make: Option<u32>,
}

/// Decides which key signs at `now`, and whether a new one is due.
pub fn plan(made: &[Generation], now: Timestamp) -> Plan {
    let age = |generation: &Generation| now.duration_since(generation.created_at);
    let newest = made.iter().max_by_key(|generation| generation.number);
    let make = match newest {
        None => Some(0),
        Some(newest) if age(newest) >= SIGNS_FOR => Some(newest.number + 1),
        Some(_) => None,
    };
    let usable = made.iter().filter(|generation| age(generation) < SIGNS_FOR + PUBLISHED_AHEAD);
    // The newest key that has been published for long enough; until there is one, the oldest key.
    let ripe = usable.clone().filter(|generation| age(generation) >= PUBLISHED_AHEAD);
    let sign_with = ripe
        .max_by_key(|generation| generation.number)
        .or_else(|| usable.min_by_key(|generation| generation.number))
        .map(|generation| generation.number);
    Plan { sign_with, make }
}

/// The end of publication of a key that was made at `created_at`.
pub fn not_after(created_at: Timestamp, token_lifetime: SignedDuration) -> Timestamp {
    let life = SIGNS_FOR + PUBLISHED_AHEAD + token_lifetime + MARGIN;
    created_at.saturating_add(life).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + number * DAY).unwrap()
    }

    fn made_on(days: &[i64]) -> Vec<Generation> {
        (0..).zip(days).map(|(number, created)| Generation { number, created_at: day(*created) }).collect()
    }

    #[test]
    fn the_first_key_is_made_and_signs_at_once() {
        assert_eq!(plan(&[], day(0)), Plan { sign_with: None, make: Some(0) });
        assert_eq!(plan(&made_on(&[0]), day(0)), Plan { sign_with: Some(0), make: None });
        assert_eq!(plan(&made_on(&[0]), day(89)), Plan { sign_with: Some(0), make: None });
    }

    #[test]
    fn a_successor_is_published_for_a_day_before_it_signs() {
        assert_eq!(plan(&made_on(&[0]), day(90)), Plan { sign_with: Some(0), make: Some(1) });
        assert_eq!(plan(&made_on(&[0, 90]), day(90)), Plan { sign_with: Some(0), make: None });
        assert_eq!(plan(&made_on(&[0, 90]), day(91)), Plan { sign_with: Some(1), make: None });
        assert_eq!(plan(&made_on(&[0, 90]), day(179)), Plan { sign_with: Some(1), make: None });
    }

    #[test]
    fn after_a_long_silence_no_expired_key_signs() {
        assert_eq!(plan(&made_on(&[0]), day(200)), Plan { sign_with: None, make: Some(1) });
        assert_eq!(plan(&made_on(&[0, 200]), day(200)), Plan { sign_with: Some(1), make: None });
    }

    #[test]
    fn a_clock_behind_the_maker_still_signs() {
        assert_eq!(plan(&made_on(&[1]), day(0)), Plan { sign_with: Some(0), make: None });
    }

    #[test]
    fn a_key_is_published_until_its_last_token_has_expired() {
        let lifetime = SignedDuration::from_hours(1);
        let last_signature = day(0).saturating_add(SIGNS_FOR + PUBLISHED_AHEAD).unwrap();
        assert!(not_after(day(0), lifetime) > last_signature.saturating_add(lifetime).unwrap());
    }
}
