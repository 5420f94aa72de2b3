//! Black-box tests of the whole market.
//!
//! Every test starts a market of its own through the local runner, a separate process with its own store and its own
//! functions, and speaks to it over HTTP as a client would. No test reaches into a crate to set up
//! state. The tests of committed files (`agreement`, `sample_events`, `roles`) ask the runner how it reads them.
//!
//! Tests that need data from outside the repository are `#[ignore]`d with a reason; `.ci/run` runs them with the folder
//! given in an environment variable.

mod golden;
mod support;

mod access;
mod accounts;
mod agreement;
mod answer_size;
mod architecture;
mod asvs;
mod audit;
mod bids;
mod canaries;
mod clock;
mod closing;
mod concurrency;
mod deletion;
mod durability;
mod explanations;
mod faults;
mod flow;
mod freelancers;
mod idempotency;
mod inputs;
mod letters;
mod limits;
mod line_length;
mod links;
mod listing;
mod matches;
mod memory;
mod naughty_strings;
mod open_projects;
mod page;
mod passkeys;
mod personal_data;
mod pool;
mod projects;
mod protocol;
mod roles;
mod sample_events;
mod second_factor;
mod secrets;
mod sessions;
mod shards;
mod sign_in_with;
mod simulation;
mod staff;
mod strange_json;
