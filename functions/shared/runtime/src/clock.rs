//! The time, for those who may ask for it: handlers, at their start. Everybody else takes it as an argument.

use jiff::Timestamp;

/// Now, in whole milliseconds, like the time inside an id.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
