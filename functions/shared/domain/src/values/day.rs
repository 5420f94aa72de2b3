//! Calendar days.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Refusal, Rule};

/// A calendar day, in the one spelling of an RFC 3339 full-date: `2026-12-01`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Date)]
pub struct Day(Date);

impl Day {
    /// The date.
    pub fn date(self) -> Date {
        self.0
    }

    /// Whether the day is over everywhere on Earth at `now`. It ends last in the time zones twelve hours behind UTC.
    pub fn has_passed(self, now: Timestamp) -> bool {
        let last = Offset::constant(-12).to_datetime(now).date();
        self.0 < last
    }
}

impl FromStr for Day {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        // jiff also accepts other spellings and datetimes. Only the full-date prints as the same text.
        match text.parse::<Date>() {
            Ok(date) if date.to_string() == text => Ok(Self(date)),
            _ => Err(Refusal::new(Rule::InvalidDate, "must be a date, like 2026-12-01")),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_one_spelling() {
        assert_eq!("2028-02-29".parse::<Day>().unwrap().to_string(), "2028-02-29");
        for text in ["", "2027-02-29", "2028-2-9", "20280229", "2028-02-29T00:00:00", "2028-02-29Z", "28-02-29", "내일"]
        {
            assert_eq!(text.parse::<Day>().unwrap_err().rule, Rule::InvalidDate, "{text}");
        }
    }

    #[test]
    fn a_day_has_passed_when_it_is_over_everywhere() {
        let day: Day = "2026-12-01".parse().unwrap();
        assert!(!day.has_passed("2026-12-02T11:59:59Z".parse().unwrap()));
        assert!(day.has_passed("2026-12-02T12:00:00Z".parse().unwrap()));
        assert!(!day.has_passed(Timestamp::MIN) && day.has_passed(Timestamp::MAX));
    }
}
