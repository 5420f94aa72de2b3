//! The shared parts of HTTP handlers: events, problems, bodies, query parameters, conditions, pages, sign-in,
//! idempotency, and the frame around a request.
//!
//! This crate holds no rule of the market: `domain` decides, and this crate turns decisions into HTTP.

pub mod access;
pub mod body;
mod code;
mod commit;
pub mod error;
pub mod etag;
mod event;
pub mod frame;
mod function;
#[cfg(test)]
mod fuzz;
pub mod idempotency;
pub mod limits;
pub mod openapi;
pub mod operation;
pub mod pagination;
mod problem;
pub mod query;
mod reply;
mod sign_in;
mod watch;

pub use body::{JsonBody, bytes_in_reply, json};
pub use code::Code;
pub use commit::{Decision, commit_with_retries};
pub use error::ApiError;
pub use etag::{ReadCondition, WriteConditions, etag};
pub use frame::frame;
pub use function::{Function, run};
pub use limits::{Action, Caller, Limits};
pub use problem::Problem;
pub use query::{Query, QueryParameters};
pub use sign_in::SignedIn;
pub use watch::Watch;
