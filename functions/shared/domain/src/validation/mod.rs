//! Reading a request body so that one answer names every wrong field.

mod field;
mod violation;

pub(crate) use field::accept;
pub use field::{Field, Kind, Object};
pub use violation::{Place, Refusal, Rule, Violation, Violations};
