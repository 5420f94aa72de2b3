//! HTTP as every function speaks it: problems, bodies, sign-in, preconditions, idempotency, and the frame around a request.

pub mod auth;
pub mod body;
pub mod error;
pub mod etag;
pub mod frame;
pub mod idempotency;

pub mod openapi;
pub mod operation;
pub mod query;

pub use auth::{Authenticator, SignedIn};
pub use body::{JsonBody, bytes_in_reply, json};
pub use error::{ApiError, Code, Problem};
pub use etag::{Preconditions, etag};
pub use frame::frame;
pub use query::QueryParameters;
