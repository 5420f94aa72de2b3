//! The part of AWS that `infra/template.yaml` uses, on this machine.
//!
//! Functions run as they run on Lambda: processes that poll a Runtime API, one event at a time, behind an HTTP API that
//! speaks API Gateway's events and errors, over a DynamoDB that the AWS SDK can't tell from the real one by its protocol. So
//! a local run crosses the boundaries that a deployed one crosses, with no account, no container and no other program.
//!
//! Start reading at [`Cloud`]. The parts, outermost first: `gateway` (HTTP in and out, with `route`, `event`, `reply`
//! and `cors`), `function` (processes and queue), `environment` (one process), `runtime_api` (its endpoint),
//! `lambda_api` (functions that call each other), `front` (what a function's role allows, with `permissions`), `dynamodb`,
//! `streams` (what follows its changes), and [`template`], which says what all of them run.
//!
//! It knows nothing of markets, listens on loopback only, and neither throttles nor limits memory: a development tool.

mod cloud;
mod cors;
mod dynamodb;
mod environment;
mod event;
mod front;
mod function;
mod gateway;
mod invocation;
mod lambda_api;
mod permissions;
mod reply;
mod route;
mod runtime_api;
mod streams;
pub mod template;

pub use cloud::{Cloud, Options, Program, TEMPLATE, log_filter};
pub use function::Capacity;
pub use invocation::Outcome;
pub use permissions::Permission;
pub use streams::dead_letters::DeadLetter;
