//! Random octets from the operating system.

/// The operating system gave no random octets. Nothing that needs them may go on.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers: {0}")]
pub struct RandomError(getrandom::Error);

/// Fills `octets` with random octets.
///
/// # Errors
/// The operating system gives none.
pub fn fill(octets: &mut [u8]) -> Result<(), RandomError> {
    getrandom::fill(octets).map_err(RandomError)
}

/// An array of random octets.
///
/// # Errors
/// The operating system gives none.
pub fn array<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut octets = [0; N];
    fill(&mut octets)?;
    Ok(octets)
}
