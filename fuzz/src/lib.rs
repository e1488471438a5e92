//! The checks as a library, so that they are compiled once and not for every target.

#[path = "../checks/mod.rs"]
#[expect(dead_code, reason = "`cargo test` makes first inputs, not the fuzzer")]
mod checks;

/// Runs the check of that name.
///
/// # Panics
/// There is none of that name, or it does not hold.
pub fn run(name: &str, octets: &[u8]) {
    checks::run(name, octets);
}
