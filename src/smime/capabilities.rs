//! What a correspondent announced that their program reads (RFC 8551 section 2.5.2).
//!
//! ```text
//! SMIMECapabilities ::= SEQUENCE OF SMIMECapability
//! SMIMECapability ::= SEQUENCE {
//!   capabilityID OBJECT IDENTIFIER,
//!   parameters ANY DEFINED BY capabilityID OPTIONAL }
//! ```

use der::Decode;
use spki::AlgorithmIdentifierOwned;

use crate::asn1::oid;
use crate::crypto::agreement::KeyAgreement;
use crate::crypto::content::ContentCipher;
use crate::crypto::signature::SignatureAlgorithm;
use crate::crypto::transport::KeyTransport;
use crate::limits;

/// The capabilities of one correspondent, the preferred first. Each has the form of an
/// AlgorithmIdentifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(Vec<AlgorithmIdentifierOwned>);

impl Capabilities {
    /// Reads SMIMECapabilities. What cannot be read announces nothing, and neither does a list of
    /// more than [`limits::CAPABILITIES`].
    pub fn decode(der: &[u8]) -> Capabilities {
        let list = Vec::from_der(der).unwrap_or_default();
        match list.len() <= limits::CAPABILITIES {
            true => Capabilities(list),
            false => Capabilities::default(),
        }
    }

    /// Whether content encrypted with this cipher can be read.
    pub fn announces_cipher(&self, cipher: ContentCipher) -> bool {
        self.0
            .iter()
            .any(|capability| capability.oid == cipher.oid())
    }

    /// Whether keys that are transported so can be read, with just these parameters.
    pub fn announces_transport(&self, transport: &KeyTransport) -> bool {
        self.0
            .iter()
            .any(|capability| KeyTransport::decode(capability).as_ref() == Ok(transport))
    }

    /// A line about each, the preferred first: its name, and what its parameters say.
    pub fn describe(&self) -> Vec<String> {
        self.0.iter().map(describe).collect()
    }
}

fn describe(capability: &AlgorithmIdentifierOwned) -> String {
    let name = oid::describe(&capability.oid);
    let short = oid::name(&capability.oid).unwrap_or(&name);
    if capability.oid == oid::RC2_CBC {
        // The effective bits of the key (RFC 8551 section 2.5.2, RFC 2268).
        let bits = capability.parameters.as_ref();
        return match bits.and_then(|bits| bits.decode_as::<u16>().ok()) {
            Some(bits) => format!("{short} with {bits} bits"),
            None => name,
        };
    }
    if let Ok(agreement) = KeyAgreement::decode(capability) {
        return agreement.name();
    }
    if let Ok(signature) = SignatureAlgorithm::decode(capability, None) {
        return signature.name();
    }
    match KeyTransport::decode(capability) {
        Ok(KeyTransport::RsaOaep { digest, .. }) => format!("{short} with {digest}"),
        _ if capability.parameters.is_none() => short.to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use const_oid::ObjectIdentifier;

    use super::*;
    use crate::asn1::ber::Tag;
    use crate::asn1::write::{DerWriter, element};
    use crate::crypto::digest::DigestAlgorithm;

    fn ours() -> Vec<u8> {
        element(
            Tag::SEQUENCE,
            &crate::cms::attributes::default_capabilities().concat(),
        )
    }

    #[test]
    fn what_we_announce_is_found_and_nothing_else() {
        let list = ours();
        let capabilities = Capabilities::decode(&list);
        for cipher in ContentCipher::OFFERED {
            assert!(capabilities.announces_cipher(cipher));
        }
        assert!(!capabilities.announces_cipher(ContentCipher::TripleDesCbc));
        assert!(capabilities.announces_transport(&KeyTransport::oaep()));
        assert!(!capabilities.announces_transport(&KeyTransport::RsaPkcs1));
        assert!(!capabilities.announces_transport(&KeyTransport::RsaOaep {
            digest: DigestAlgorithm::Sha1,
            mgf: DigestAlgorithm::Sha1,
            label: Vec::new(),
        }));
        let cut = Capabilities::decode(&list[..list.len() - 1]);
        assert!(cut.describe().is_empty() && !cut.announces_cipher(ContentCipher::Aes256Gcm));
        assert_eq!(Capabilities::decode(b""), Capabilities::default());
        let nothing = element(Tag::SEQUENCE, &[]);
        assert_eq!(Capabilities::decode(&nothing), Capabilities::default());
    }

    #[test]
    fn a_list_that_is_too_long_announces_nothing() {
        let one = ContentCipher::Aes256Gcm.oid();
        let list = |length| {
            let mut list = DerWriter::new();
            list.sequence(|entries| {
                for _ in 0..length {
                    entries.sequence(|entry| {
                        entry.oid(&one);
                    });
                }
            });
            Capabilities::decode(&list.into_vec()).describe().len()
        };
        assert_eq!(list(limits::CAPABILITIES), limits::CAPABILITIES);
        assert_eq!(list(limits::CAPABILITIES + 1), 0);
    }

    #[test]
    fn parameters_are_told() {
        let mut list = DerWriter::new();
        list.sequence(|entries| {
            entries
                .sequence(|rc2| {
                    rc2.oid(&oid::RC2_CBC).element(Tag::INTEGER, &[0, 128]);
                })
                .sequence(|rc2| {
                    rc2.oid(&oid::RC2_CBC);
                })
                .sequence(|triple_des| {
                    triple_des.oid(&oid::DES_EDE3_CBC);
                })
                .sequence(|unknown| {
                    unknown.oid(&ObjectIdentifier::new_unwrap("1.2.3")).null();
                });
        });
        let mut lines = Capabilities::decode(&list.into_vec()).describe();
        assert_eq!(
            lines,
            [
                "rc2-cbc with 128 bits",
                "rc2-cbc (1.2.840.113549.3.2)",
                "des-ede3-cbc",
                "1.2.3"
            ]
        );
        lines = Capabilities::decode(&ours()).describe();
        for line in [
            "aes-256-gcm",
            "chacha20-poly1305",
            "rsa-oaep with sha256",
            "ecdh-hkdf-sha256-aes256-wrap",
            "ecdsa-sha256",
            "ed25519",
            "rsa-pss-sha512",
            "rsa-sha256",
            "zlib",
        ] {
            assert!(lines.contains(&line.to_owned()), "{lines:?}");
        }
    }
}
