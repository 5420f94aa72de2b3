//! API Gateway's HTTP APIs: HTTP in, payload format 2.0 to functions, HTTP out.
//!
//! [`gateway`] answers requests, [`head`] refuses what API Gateway refuses, [`route`] finds the function,
//! [`event`] builds what the function is sent, [`reply`] reads what it answers, and [`cors`] answers browsers of
//! other origins.

pub(crate) mod cors;
pub(crate) mod event;
pub(crate) mod gateway;
pub(crate) mod head;
pub(crate) mod reply;
pub(crate) mod route;
