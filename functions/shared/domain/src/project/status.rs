//! The status of a project.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Refusal, Rule};

/// Whether a project still looks for a freelancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Listed and matched.
    Open,
    /// Neither listed nor matched.
    Closed,
    /// It was open, and its owner's account is closing. It cannot be read by others, and opens again if the account is
    /// kept. No request can set this.
    Withdrawn,
}

impl ProjectStatus {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for ProjectStatus {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err(Refusal::new(Rule::UnknownValue, "must be open or closed")),
        }
    }
}
