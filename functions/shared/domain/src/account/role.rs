//! The role of an account in the market.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Refusal, Rule};

/// The rights of an account beyond its own things. Each role has the rights of the roles before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Offers talents and posts projects.
    #[default]
    Member,
    /// Decides disputes and reports. Its acts are audited and need a second factor.
    Support,
    /// Gives and takes roles.
    Admin,
}

impl Role {
    /// The name in requests, answers and rows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Support => "support",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        [Self::Member, Self::Support, Self::Admin]
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| Refusal::new(Rule::UnknownValue, "must be one of member, support, admin"))
    }
}
