//! The `matches` function.
fn main() {}
