//! The time. Handlers read it once, at their start; all other code takes it as an argument.

use jiff::Timestamp;

/// The current time in whole milliseconds, as ids hold it.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
