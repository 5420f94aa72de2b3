//! `pairwork`: runs `infra/template.yaml` on this machine.
//!
//! The functions run as they run on Lambda: processes that poll a Runtime API, one event at a time, behind an HTTP API that
//! speaks API Gateway's events and errors, over a DynamoDB that the AWS SDK can't tell from the real one by its protocol. So
//! a local run crosses the boundaries that a deployed one crosses, with no account, no container and no other program.
//!
//! Start reading at [`LocalMarket`]. The parts, outermost first: `gateway` (HTTP in and out, with `route`, `event`, `reply`
//! and `cors`), `function` (processes and queue), `environment` (one process), `runtime_api` (its endpoint),
//! `lambda_api` (functions that call each other), `front` (what a
//! function's role allows, with `permissions`), `dynamodb`, `streams` (what follows its changes), and [`template`], which says what all of them run. [`sample`] is
//! the market that the sample events speak of; `demo` and `import` fill a market that runs, with what `filling` has for both.
//!
//! It is a development tool: it listens on loopback only, and it neither throttles nor limits memory.

mod cli;
mod cors;
mod demo;
mod dynamodb;
mod environment;
mod event;
mod filling;
mod front;
mod function;
mod gateway;
mod import;
mod invocation;
mod lambda_api;
mod local_market;
pub mod openapi;
mod permissions;
mod reply;
mod route;
mod runtime_api;
pub mod sample;
mod streams;
pub mod template;

pub use cli::cli;
pub use function::Capacity;
pub use invocation::Outcome;
pub use local_market::{LocalMarket, Options, Program, TEMPLATE};
pub use permissions::Permission;
pub use streams::dead_letters::DeadLetter;
