//! Randomness from the operating system, for ids, keys and jitter. `domain` takes random values as arguments.

use jiff::Timestamp;
use ulid::Ulid;

/// The operating system gave no randomness. Without it, no id and no key can be made.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoEntropy(#[from] getrandom::Error);

/// Draws `N` random bytes.
///
/// # Errors
/// The operating system gave none.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Draws a ULID: 48 bits of `now` in milliseconds, then 80 random bits, so that ids sort by the time they were made.
///
/// # Errors
/// The operating system gave no randomness.
pub fn ulid(now: Timestamp) -> Result<Ulid, NoEntropy> {
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
    Ok(Ulid::from_parts(milliseconds, u128::from_be_bytes(bytes()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ulids_sort_by_time_and_differ_within_a_millisecond() {
        let earlier: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-01-01T00:00:00.001Z".parse().unwrap();
        let [first, second, third] = [earlier, later, later].map(|now| ulid(now).unwrap());
        assert!(first < second && first < third);
        assert_ne!(second, third);
        assert_eq!(first.timestamp_ms(), 1_767_225_600_000);
    }
}
