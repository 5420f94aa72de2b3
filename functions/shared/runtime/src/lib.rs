//! The runtime of every function: configuration, logs and metrics, the clock, randomness, and calls to AWS.
//!
//! This crate knows neither the market's rules nor its tables. A function has no mode for local runs: the SDK's own
//! variables (`AWS_ENDPOINT_URL_DYNAMODB`, `AWS_REGION`, …) say where the services are.

mod boxed;

pub mod clock;
pub mod config;
pub mod entropy;
pub mod functions;
pub mod signed_client;
pub mod telemetry;
pub mod tls;
pub mod web_client;

pub use boxed::{BoxFuture, Serving};
pub use config::Config;
pub use functions::Functions;
pub use signed_client::SignedClient;
