//! Elliptic curve Diffie-Hellman (SP 800-56A) and X25519 (RFC 7748): the shared secrets, with public
//! keys as certificates have them.

use der::Decode;
use smime::asn1::ber::Tag;
use smime::asn1::oid;
use smime::asn1::write::{DerWriter, element};
use smime::crypto::key::{Curve, KeyKind, PrivateKey, PublicKey};
use spki::SubjectPublicKeyInfoRef;

use super::{Decision, Fields, Select, check};

/// Whether the secret with the public key in this SubjectPublicKeyInfo is the expected one.
fn agrees(private: &PrivateKey, spki: &[u8], case: &Fields) -> bool {
    let Ok(public) = PublicKey::decode(spki) else {
        return false;
    };
    let point = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
    let point = point.subject_public_key.raw_bytes();
    public.kind() == private.public_key().kind()
        && private
            .shared_secret(point)
            .is_some_and(|shared| *shared == case.octets("shared"))
}

/// An ECPrivateKey (RFC 5915) of a scalar.
fn ec_private_key(curve: Curve, scalar: &[u8]) -> PrivateKey {
    let mut out = DerWriter::new();
    out.sequence(|fields| {
        fields
            .integer(1)
            .octet_string(scalar)
            .nested(Tag::context(0), |parameters| {
                parameters.oid(&curve.oid());
            });
    });
    PrivateKey::decode(&out.into_vec()).unwrap()
}

#[test]
fn ecdh_shared_secrets() {
    let decision = |flag, accepted, why| Decision {
        of: Select::Flag(flag),
        accepted,
        why,
    };
    let compressed =
        "RFC 5480 section 2.2 allows compressed points, and they are checked all the same";
    let explicit = "the parameters are not the name of a curve (RFC 5480 section 2.1.1)";
    let asn1 = "a SubjectPublicKeyInfo is read as DER";
    for (file, curve) in [
        ("ecdh_secp256r1_test.json", Curve::P256),
        ("ecdh_secp384r1_test.json", Curve::P384),
        ("ecdh_secp521r1_test.json", Curve::P521),
    ] {
        let decisions = [
            decision("CompressedPublic", true, compressed),
            decision("UnnamedCurve", false, explicit),
            decision("InvalidAsn", false, asn1),
        ];
        check(file, &decisions, |_, case| {
            let private = ec_private_key(curve, &case.octets("private"));
            assert_eq!(private.public_key().kind(), KeyKind::Ec(curve));
            agrees(&private, &case.octets("public"), case)
        });
    }
}

const ZERO: Decision = Decision {
    of: Select::Flag("ZeroSharedSecret"),
    accepted: false,
    why: "a shared secret of zeros is none (RFC 7748 section 6.1, RFC 8418 section 2)",
};

/// RFC 7748 section 5 demands of every implementation what these cases test: the highest bit of a
/// public key is ignored, the number is taken modulo p, and points of the twist are points.
const OF_THE_STANDARD: &str = "RFC 7748 section 5 defines the function for every input";

const X25519: [Decision; 3] = [
    ZERO,
    Decision {
        of: Select::Flag("Twist"),
        accepted: true,
        why: OF_THE_STANDARD,
    },
    Decision {
        of: Select::Flag("NonCanonicalPublic"),
        accepted: true,
        why: OF_THE_STANDARD,
    },
];

#[test]
fn x25519_shared_secrets() {
    check("x25519_test.json", &X25519, |_, case| {
        let mut pkcs8 = DerWriter::new();
        pkcs8.sequence(|fields| {
            fields
                .integer(0)
                .sequence(|algorithm| {
                    algorithm.oid(&oid::X25519);
                })
                .octet_string(&element(Tag::OCTET_STRING, &case.octets("private")));
        });
        let mut spki = DerWriter::new();
        spki.sequence(|fields| {
            fields
                .sequence(|algorithm| {
                    algorithm.oid(&oid::X25519);
                })
                .bit_string(&case.octets("public"));
        });
        let private = PrivateKey::decode(&pkcs8.into_vec()).unwrap();
        agrees(&private, &spki.into_vec(), case)
    });
}

#[test]
fn x25519_keys_in_asn1() {
    check("x25519_asn_test.json", &X25519, |_, case| {
        PrivateKey::decode(&case.octets("private"))
            .is_ok_and(|private| agrees(&private, &case.octets("public"), case))
    });
}
