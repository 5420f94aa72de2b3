//! pairwork
fn main() {}
