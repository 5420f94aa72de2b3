//! AWS Lambda: functions as processes that poll a Runtime API, one event at a time.
//!
//! [`function`] keeps a function's processes and its queue, [`environment`] runs one process, [`launch`] says how a
//! process is started, `printed` passes on its output, `package` finds the binary of a Rust package, [`runtime_api`] is
//! the endpoint that the process polls, [`invocation`] is one event with its outcome, and [`lambda_api`] lets functions
//! invoke each other.

pub(crate) mod environment;
pub(crate) mod function;
pub(crate) mod invocation;
pub(crate) mod lambda_api;
pub(crate) mod launch;
mod package;
mod printed;
pub(crate) mod runtime_api;
