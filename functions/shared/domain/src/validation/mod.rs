//! Reads a request body. One answer names every wrong field.

mod read;
mod violation;

pub use read::{Flag, FromJson, Object, read};
pub(crate) use read::{read_distinct, read_list, read_object, refuse, wrong_type};
pub use violation::{Field, Refusal, Rule, Violation, Violations};
