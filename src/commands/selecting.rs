//! Finding the stored certificates that a selector names.

use crate::address::Address;
use crate::commands::certificates::short;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{Keystore, Selector, StoredCertificate};
use crate::nearest::find_nearest;
use crate::stdio::escape;

/// The certificates that `selector` names, at least one.
///
/// # Errors
/// There is none (67); the keystore cannot be read.
pub(super) fn require_any(
    keystore: &Keystore,
    selector: &Selector,
) -> Result<Vec<StoredCertificate>, CommandError> {
    let found = keystore.find_by_selector(selector)?;
    if found.is_empty() {
        return Err(none(keystore, selector)?);
    }
    Ok(found)
}

/// The one certificate of `found`.
///
/// # Errors
/// There are several (2).
pub(super) fn require_one(
    found: Vec<StoredCertificate>,
    selector: &Selector,
) -> Result<StoredCertificate, CommandError> {
    if let [one] = found.as_slice() {
        return Ok(one.clone());
    }
    let several = found.iter().map(|stored| {
        let sha256 = stored.certificate.fingerprint().to_string();
        format!("{} ({})", short(&sha256), stored.kind.as_str())
    });
    let several = several.collect::<Vec<_>>().join(", ");
    let count = found.len();
    let what = format!(
        "`{}` names {count} certificates",
        escape(&selector.to_string())
    );
    Err(CommandError::usage(what).hint(format!("Name one by its fingerprint: {several}.")))
}

fn none(keystore: &Keystore, selector: &Selector) -> Result<CommandError, CommandError> {
    let what = match selector {
        Selector::Address(address) => format!("there is no certificate for {address}"),
        Selector::Fingerprint(digits) => {
            format!("there is no certificate whose fingerprint begins with {digits}")
        }
    };
    let error = CommandError::new(ErrorKind::NoCertificate, what);
    let error = hint_at_near(error, keystore, selector)?;
    let is_near = !error.hints().is_empty();
    Ok(error.hint_if(!is_near, "`smime cert list` lists what is stored."))
}

/// The error, with a hint where a certificate is stored for an address that differs in case only, or
/// by a slip.
///
/// # Errors
/// The keystore cannot be read.
pub(super) fn hint_at_near(
    error: CommandError,
    keystore: &Keystore,
    selector: &Selector,
) -> Result<CommandError, CommandError> {
    let Selector::Address(address) = selector else {
        return Ok(error);
    };
    let near = keystore.find_by_address(address)?.near;
    Ok(match near.first() {
        Some(near) => error.hint(format!(
            "There is one for {near}; local parts are compared with regard to case."
        )),
        None => match nearest_address(keystore, address)? {
            Some(near) => error.hint(format!("Did you mean `{near}`? There is one for it.")),
            None => error,
        },
    })
}

fn nearest_address(
    keystore: &Keystore,
    address: &Address,
) -> Result<Option<Address>, CommandError> {
    let stored = keystore.certificates()?;
    Ok(nearest(address, stored.iter().flat_map(|one| &one.addresses)).cloned())
}

/// The address that `wanted` was most likely meant to be. Both parts have to be close:
/// `bob@example.com` is no slip for `bob@elsewhere.test`.
fn nearest<'a>(
    wanted: &Address,
    addresses: impl IntoIterator<Item = &'a Address>,
) -> Option<&'a Address> {
    let is_close = |one: &str, other: &str| find_nearest(one, [other]).is_some();
    addresses.into_iter().find(|&near| {
        near != wanted
            && is_close(wanted.local(), near.local())
            && is_close(wanted.domain(), near.domain())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_near_in_both_parts() {
        let address = |text| Address::parse(text).unwrap();
        let stored = [address("alice@example.com"), address("bob@example.com")];
        let near = |text| nearest(&address(text), &stored).map(Address::as_str);
        assert_eq!(near("alcie@example.com"), Some("alice@example.com"));
        assert_eq!(near("bob@exmaple.com"), Some("bob@example.com"));
        assert_eq!(near("bob@elsewhere.test"), None);
        assert_eq!(near("carol@example.com"), None);
    }
}
