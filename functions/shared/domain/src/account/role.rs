//! The role of an account in the market.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
