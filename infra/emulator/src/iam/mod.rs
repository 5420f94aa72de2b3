//! IAM: what the roles of a template allow, who calls, and what the functions have done under the roles.
//!
//! [`policy`] reads the policies of a role from the template, [`managed`] knows those of AWS and [`sam`] those of SAM.
//! [`credentials`] issues the secrets of a run and [`signature`] checks what was signed with them. [`grant`] says
//! whether a role allows a call under its [`condition`]s, and [`permissions`] holds each call to its caller's role.

pub(crate) mod condition;
pub(crate) mod credentials;
pub(crate) mod grant;
mod managed;
pub(crate) mod permissions;
pub(crate) mod policy;
mod sam;
pub(crate) mod signature;
