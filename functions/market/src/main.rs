//! The `market` function.
fn main() {}
