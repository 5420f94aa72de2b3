//! Tests of training through its public interface. They share one binary, so that linking happens once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod award;
mod history;
mod quality;
mod simulation;
mod site;
mod training;
