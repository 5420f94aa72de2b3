//! `pairwork`: a whole market on this machine.
//!
//! [`cloud`] runs `infra/template.yaml`, with functions that are processes of this same executable; start reading at
//! [`LocalMarket`]. [`sample`] is the market that the sample events speak of; `demo` and `import` fill a market that runs,
//! with what `filling` has for both; `repack` has it packed anew; `cli` is what one types.

mod cli;
mod demo;
mod filling;
mod import;
mod local_market;
pub mod openapi;
mod repack;
pub mod sample;

pub use cli::cli;
pub use cloud::{Capacity, DeadLetter, Options, Outcome, Permission, Program, TEMPLATE, template};
pub use local_market::LocalMarket;
