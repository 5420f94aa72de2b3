//! The part of AWS that a SAM template uses, on this machine.
//!
//! Functions run as they run on Lambda: processes that poll a Runtime API, one event at a time. An HTTP API in front
//! of them speaks API Gateway's events and errors. Behind them stands a DynamoDB that answers the AWS SDK at its
//! wire protocol. So a local run crosses the boundaries that a deployed one crosses, with no account, no container
//! and no other program.
//!
//! Start reading at [`Emulator`]. There is a folder per service: `cloudfront`, `http_api`, `lambda`, `iam`, `dynamodb`,
//! `streams`, `timers`, `s3`, `ses` and `kms`. [`template`] reads what all of them run. [`Clock`] tells them the time.
//! [`traces`] remembers what happened, [`inspector`] shows it, and `local` serves pages about it to this machine alone.
//!
//! The emulator knows nothing of the application that it runs. It listens on loopback only, and answers to programs
//! that hold a key of the run. It limits connections, time and waiting events, but no memory of a function. It
//! throttles and fails only where [`faults`] are asked for.

mod aws_api;
mod clock;
mod cloudfront;
mod dynamodb;
mod emulator;
pub mod faults;
#[cfg(test)]
mod fuzz;
mod http_api;
mod iam;
pub mod inspector;
mod kms;
mod lambda;
mod listen;
mod local;
pub mod private_files;
mod s3;
mod server;
mod ses;
mod streams;
pub mod template;
mod timers;
pub mod traces;
mod wildcard;

pub use clock::{Clock, ClockError};
pub use dynamodb::capacity::ConsumedCapacity;
pub use emulator::{Emulator, Options};
pub use faults::{FaultPlan, FaultProfile, FaultRule, Faults, InjectedFaults};
pub use iam::permissions::Permission;
pub use inspector::Inspector;
pub use lambda::function::Capacity;
pub use lambda::invocation::Outcome;
pub use lambda::launch::{Program, log_filter};
pub use local::{LocalAnswer, LocalPages};
pub use s3::Objects;
pub use server::limits::HttpLimits;
pub use ses::mailbox::Mail;
pub use streams::dead_letters::DeadLetter;
