//! Time zones by their names in the IANA database. The database is compiled in, so no file of the host is read.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Refusal, Rule};

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The name of a zone or of a link to one, in small or capital letters, kept as sent: `Asia/Seoul`, `UTC`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "Asia/Seoul")]
pub struct Timezone(String);

impl Timezone {
    /// The name as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The offset of local time from UTC at `now`, in seconds; positive to the east. 0 for a name that a newer database
    /// has dropped.
    pub fn offset_seconds(&self, now: Timestamp) -> i32 {
        DATABASE.get(&self.0).map_or(0, |zone| zone.to_offset(now).seconds())
    }
}

impl FromStr for Timezone {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        // jiff has a zone named "Etc/Unknown", which is not a place.
        match DATABASE.get(text) {
            Ok(zone) if zone != TimeZone::unknown() => Ok(Self(text.to_owned())),
            _ => Err(Refusal::new(Rule::UnknownTimezone, "must be an IANA time zone, like Asia/Seoul")),
        }
    }
}

impl fmt::Display for Timezone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Timezone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_and_links_are_taken() {
        for name in ["Asia/Seoul", "UTC", "Europe/Kyiv", "Europe/Kiev", "US/Pacific", "asia/seoul", "Etc/GMT+9"] {
            assert_eq!(name.parse::<Timezone>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["", "Seoul", "KST", "+09:00", "Etc/Unknown", "../etc/passwd", "Asia/Seoul ", "Asia/서울", "\0"] {
            assert_eq!(name.parse::<Timezone>().unwrap_err().rule, Rule::UnknownTimezone, "{name:?}");
        }
    }

    #[test]
    fn offsets_follow_summer_time() {
        let berlin: Timezone = "Europe/Berlin".parse().unwrap();
        assert_eq!(berlin.offset_seconds("2026-07-01T00:00:00Z".parse().unwrap()), 7_200);
        assert_eq!(berlin.offset_seconds("2026-12-01T00:00:00Z".parse().unwrap()), 3_600);
    }
}
