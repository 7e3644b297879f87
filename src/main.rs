//! The `refugia` program.
fn main() {}
