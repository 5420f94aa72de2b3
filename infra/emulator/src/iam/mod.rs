//! IAM: what the roles of a template allow, and what the functions have done under them.
//!
//! [`policy`] reads the policies of a role from the template. [`permissions`] holds each call to its caller's role.

pub(crate) mod permissions;
pub(crate) mod policy;
