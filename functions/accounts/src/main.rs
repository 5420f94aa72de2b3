//! The `accounts` function.
fn main() {}
