//! What the functions share: configuration, the tables, tokens, HTTP habits, telemetry, and the loop that serves events.
//!
//! Platform does the I/O that `domain` must not do. It holds no rule of the market: what may be written is decided there,
//! how it is stored, authenticated, answered and logged is decided here. It has no mode for local runs; a function reaches
//! whatever the SDK's own variables (`AWS_ENDPOINT_URL_DYNAMODB`, `AWS_REGION`, …) point at.

mod boxed;

pub mod api;
pub mod clock;
pub mod config;
pub mod entropy;
pub mod invoke;
pub mod lambda;
pub mod store;
pub mod telemetry;
pub mod tokens;

pub use boxed::BoxFuture;
pub use config::Config;
pub use invoke::Functions;
pub use lambda::{Life, Platform, run};
pub use store::{Store, StoreError};
