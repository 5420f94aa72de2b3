//! What HTTP handlers share: problems, bodies, sign-in, preconditions, pages, idempotency, and the frame around a request.
//!
//! This crate holds no rule of the market. `domain` decides; here its decisions become HTTP.

pub mod body;
pub mod error;
pub mod etag;
pub mod frame;
mod function;
pub mod idempotency;
pub mod openapi;
pub mod operation;
pub mod query;
mod sign_in;

pub use body::{JsonBody, bytes_in_reply, json};
pub use error::{ApiError, Code, Problem};
pub use etag::{Preconditions, etag};
pub use frame::frame;
pub use function::{Function, run};
pub use query::QueryParameters;
pub use sign_in::SignedIn;
