//! Tests of training through its public face. One binary, for one link.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod award;
mod history;
mod quality;
mod simulation;
mod site;
mod training;
