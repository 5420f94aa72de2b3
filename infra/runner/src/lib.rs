//! `pairwork`: a whole market on this machine.
//!
//! The [`emulator`] runs `infra/template.yaml`. Its functions are processes of this same executable. Start reading
//! at [`LocalMarket`]. [`sample`] is the market that the sample events speak of. `demo` and `import` fill a running
//! market and share `filling`. `pool_shards` divides the template's talent pool. `repack` packs every record again.
//! `cli` reads the command line. `window` shows what happens inside, at `/_local` and `/docs`.

mod access_matrix;
mod audit_trails;
mod cli;
mod demo;
mod fault_profiles;
mod filling;
mod import;
mod local_market;
mod migration;
pub mod openapi;
mod options;
mod pool_shards;
mod repack;
pub mod sample;
mod staff;
mod text_file;
mod window;

pub use cli::cli;
pub use emulator::faults::{FaultPlan, FaultProfile, Faults, FunctionFaults, StoreFaults, StreamFaults};
pub use emulator::inspector::ItemsWanted;
pub use emulator::{Capacity, ConsumedCapacity, DeadLetter, Outcome, Permission, Program, template};
pub use fault_profiles::{FAULT_PROFILES, fault_plan};
pub use local_market::LocalMarket;
pub use options::{Options, TEMPLATE};
