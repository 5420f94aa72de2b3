//! Points in time.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Refusal, Rule};

/// A date and time, RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime)]
pub struct Time(Timestamp);

impl Time {
    /// The point in time.
    pub fn get(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }
}

impl FromStr for Time {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let refusal = Refusal::new(Rule::InvalidTime, "must be a date and time, like 2026-12-01T09:00:00Z");
        text.parse().map(Self).map_err(|_| refusal)
    }
}
