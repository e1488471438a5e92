//! What a correspondent announced that their program reads (RFC 8551 section 2.5.2).

use const_oid::ObjectIdentifier;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader};

/// Whether the DER of SMIMECapabilities names `capability`, with whatever parameters.
///
/// What cannot be read announces nothing.
pub(super) fn announces(capabilities: &[u8], capability: &ObjectIdentifier) -> bool {
    let Ok(list) = AnyRef::from_der(capabilities) else {
        return false;
    };
    let Ok(mut entries) = SliceReader::new(list.value()) else {
        return false;
    };
    while !entries.is_finished() {
        let Ok(entry) = AnyRef::decode(&mut entries) else {
            return false;
        };
        let id = SliceReader::new(entry.value())
            .and_then(|mut fields| ObjectIdentifier::decode(&mut fields));
        if id.as_ref() == Ok(capability) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::oid;
    use crate::asn1::write::DerWriter;

    #[test]
    fn what_we_announce_is_found_and_nothing_else() {
        let mut list = DerWriter::new();
        list.sequence(|entries| {
            for capability in crate::cms::attributes::default_capabilities() {
                entries.raw(&capability);
            }
        });
        let list = list.into_vec();
        assert!(announces(&list, &oid::AES_256_GCM));
        assert!(announces(&list, &oid::RSAES_OAEP));
        assert!(!announces(&list, &oid::SHA256));
        assert!(!announces(&list[..list.len() - 1], &oid::AES_256_GCM));
        assert!(!announces(b"", &oid::AES_256_GCM));
    }
}
