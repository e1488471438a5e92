//! The `smime` program.

fn main() {}
