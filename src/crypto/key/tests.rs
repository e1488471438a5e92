use der::asn1::{AnyRef, UintRef};
use der::{Reader, SliceReader};

use super::*;
use crate::crypto::test_hex::hex;

/// One key of each kind, made once: RSA keys take a while.
fn key(kind: KeyType) -> PrivateKey {
    static KEYS: std::sync::Mutex<Vec<(KeyType, PrivateKey)>> = std::sync::Mutex::new(Vec::new());
    let mut keys = KEYS.lock().unwrap();
    if let Some((_, key)) = keys.iter().find(|(held, _)| *held == kind) {
        return key.clone();
    }
    let key = PrivateKey::generate(kind).unwrap();
    keys.push((kind, key.clone()));
    key
}

const KINDS: [KeyType; 6] = [
    KeyType::Rsa2048,
    KeyType::EcP224,
    KeyType::EcP256,
    KeyType::EcP384,
    KeyType::EcP521,
    KeyType::Ed25519,
];

/// Checks that `signature` is one over "text" by `algorithm`, and that nothing else is.
fn check_signature(public: &PublicKey, algorithm: &SignatureAlgorithm, mut signature: Vec<u8>) {
    let verify = |what, signature: &[u8]| public.verify(algorithm, what, signature);
    let invalid = Err(SignatureError::Invalid);
    assert_eq!(verify(Signed::Message(b"text"), &signature), Ok(()));
    assert_eq!(verify(Signed::Message(b"test"), &signature), invalid);
    let digest = algorithm.digest().digest(b"text");
    let by_digest = match algorithm {
        SignatureAlgorithm::Ed25519 => invalid,
        _ => Ok(()),
    };
    assert_eq!(verify(Signed::Digest(&digest), &signature), by_digest);
    assert_eq!(verify(Signed::Digest(&digest[1..]), &signature), invalid);
    let last = signature.len() - 1;
    signature[last] ^= 1;
    assert_eq!(verify(Signed::Message(b"text"), &signature), invalid);
    assert_eq!(verify(Signed::Message(b"text"), b""), invalid);
}

#[test]
fn signatures_verify_and_changed_ones_do_not() {
    for kind in KINDS {
        let private = key(kind);
        let public = PublicKey::decode(private.public_key().spki_der()).unwrap();
        assert_eq!(&public, private.public_key());
        assert_eq!(public.describe(), kind.name());
        for digest in DigestAlgorithm::ALL {
            for scheme in [RsaScheme::Pkcs1, RsaScheme::Pss] {
                let algorithm = private.signature_algorithm_by(scheme, Some(digest));
                let signature = private.sign(&algorithm, Signed::Message(b"text")).unwrap();
                check_signature(&public, &algorithm, signature);
            }
        }
        let wrong = match kind {
            KeyType::Rsa2048 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
            _ => SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
        };
        assert_eq!(
            private.sign(&wrong, Signed::Message(b"text")),
            Err(KeyError::AlgorithmMismatch)
        );
        assert_eq!(
            public.verify(&wrong, Signed::Message(b"text"), b"signature"),
            Err(SignatureError::AlgorithmMismatch)
        );
    }
}

#[test]
fn ed25519_signs_streams_and_no_digests() {
    let private = key(KeyType::Ed25519);
    let algorithm = private.signature_algorithm(Some(DigestAlgorithm::Sha256));
    assert_eq!(algorithm, SignatureAlgorithm::Ed25519);
    let message = vec![b'x'; 200_000];
    let signature = private.sign(&algorithm, Signed::Message(&message)).unwrap();
    let verify = |mut message: &[u8], signature: &[u8]| {
        let public = private.public_key();
        public
            .verify_reader(&algorithm, &mut message, signature)
            .unwrap()
    };
    assert_eq!(verify(&message, &signature), Ok(()));
    let invalid = Err(SignatureError::Invalid);
    assert_eq!(verify(&message[1..], &signature), invalid);
    assert_eq!(verify(&message, &signature[1..]), invalid);
    assert_eq!(
        private.sign(&algorithm, Signed::Digest(&[0; 64])),
        Err(KeyError::OperationFailed)
    );
    let other = key(KeyType::EcP256);
    let mismatch = other
        .public_key()
        .verify_reader(&algorithm, &mut &message[..], &signature);
    assert_eq!(mismatch.unwrap(), Err(SignatureError::AlgorithmMismatch));
}

/// A point of small order: one signature under such a key fits many messages.
#[test]
fn weak_ed25519_keys_are_refused() {
    let mut spki = hex("302a300506032b6570032100");
    spki.push(1);
    spki.extend([0; 31]);
    assert_eq!(
        PublicKey::decode(&spki),
        Err(KeyError::Malformed("Ed25519 public key"))
    );
}

/// The key of [`KeyType::Rsa2048`], for RSASSA-PSS alone.
fn pss_key(restriction: Option<PssParameters>) -> PrivateKey {
    let key = key(KeyType::Rsa2048);
    let PrivateMaterial::Rsa(rsa) = key.material() else {
        panic!("no RSA key")
    };
    PrivateKey::decode(&rsa.to_pss_pkcs8(restriction.as_ref()).unwrap()).unwrap()
}

#[test]
fn keys_for_pss_alone_sign_so_and_in_no_other_way() {
    let private = pss_key(None);
    assert_eq!(private.public_key().describe(), "rsa-pss-2048");
    assert_ne!(private.public_key(), key(KeyType::Rsa2048).public_key());
    let again = PrivateKey::decode(&private.to_pkcs8().unwrap()).unwrap();
    assert_eq!(again.public_key(), private.public_key());
    let algorithm = private.signature_algorithm(None);
    let sha256 = PssParameters::of_digest(DigestAlgorithm::Sha256);
    assert_eq!(algorithm, SignatureAlgorithm::RsaPss(sha256));
    let signature = private.sign(&algorithm, Signed::Message(b"text")).unwrap();
    check_signature(private.public_key(), &algorithm, signature);
    let pkcs1 = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let signed = key(KeyType::Rsa2048).sign(&pkcs1, Signed::Message(b"text"));
    assert_eq!(
        private
            .public_key()
            .verify(&pkcs1, Signed::Message(b"text"), &signed.unwrap()),
        Err(SignatureError::AlgorithmMismatch)
    );
    assert_eq!(
        private.sign(&pkcs1, Signed::Message(b"text")),
        Err(KeyError::AlgorithmMismatch)
    );
}

/// RFC 4055 section 3.3.
#[test]
fn restrictions_of_a_pss_key_hold() {
    let sha384 = PssParameters::of_digest(DigestAlgorithm::Sha384);
    let private = pss_key(Some(PssParameters {
        salt_length: 40,
        ..sha384
    }));
    let algorithm = private.signature_algorithm(None);
    assert_eq!(algorithm, SignatureAlgorithm::RsaPss(sha384));
    let again = PrivateKey::decode(&private.to_pkcs8().unwrap()).unwrap();
    assert_eq!(
        again.public_key().spki_der(),
        private.public_key().spki_der()
    );
    let open = pss_key(None);
    for (parameters, expected) in [
        (sha384, Ok(())),
        (
            PssParameters {
                salt_length: 39,
                ..sha384
            },
            Err(SignatureError::ParametersRestricted),
        ),
        (
            PssParameters::of_digest(DigestAlgorithm::Sha512),
            Err(SignatureError::ParametersRestricted),
        ),
    ] {
        let algorithm = SignatureAlgorithm::RsaPss(parameters);
        let signature = open.sign(&algorithm, Signed::Message(b"text")).unwrap();
        let public = private.public_key();
        let verified = public.verify(&algorithm, Signed::Message(b"text"), &signature);
        assert_eq!(verified, expected);
        let signed = private.sign(&algorithm, Signed::Message(b"text"));
        let allowed = signed.map(drop);
        assert_eq!(
            allowed,
            expected.map_err(|_| KeyError::ParametersRestricted)
        );
    }
    // A salt that does not fit, however long it is said to be.
    let endless = PssParameters {
        salt_length: u32::MAX as usize,
        ..sha384
    };
    assert_eq!(
        open.sign(
            &SignatureAlgorithm::RsaPss(endless),
            Signed::Message(b"text")
        ),
        Err(KeyError::KeyTooShort)
    );
}

#[test]
fn private_keys_survive_pkcs8() {
    for kind in KINDS {
        let private = key(kind);
        let again = PrivateKey::decode(&private.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.public_key(), private.public_key());
        let algorithm = again.signature_algorithm(None);
        let signature = again.sign(&algorithm, Signed::Message(b"text")).unwrap();
        let verdict = private
            .public_key()
            .verify(&algorithm, Signed::Message(b"text"), &signature);
        assert_eq!(verdict, Ok(()));
    }
}

#[test]
fn bare_rsa_and_ec_keys_are_read() {
    for kind in KINDS {
        let private = key(kind);
        let pkcs8 = private.to_pkcs8().unwrap();
        let inner = pkcs8::PrivateKeyInfoRef::try_from(&pkcs8[..]).unwrap();
        let bare = inner.private_key.as_bytes();
        match kind {
            KeyType::Ed25519 => assert!(PrivateKey::decode(bare).is_err()),
            KeyType::Rsa2048 => assert_eq!(
                PrivateKey::decode(bare).unwrap().public_key(),
                private.public_key()
            ),
            // The curve stands outside only.
            _ => assert!(PrivateKey::decode(bare).is_err()),
        }
    }
}

/// RFC 6979 appendices A.2.5 and A.2.6: the message "sample" with the digest of the curve.
#[test]
fn deterministic_signatures_of_rfc_6979() {
    // private key; r; s
    let cases = [
        (
            Curve::P256,
            "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
            "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        ),
        (
            Curve::P384,
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8\
             96D5724E4C70A825F872C9EA60D2EDF5",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C\
             81A648152E44ACF96E36DD1E80FABE46",
            "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F\
             A329C145786E679E7B82C71A38628AC8",
        ),
    ];
    for (curve, secret, r, s) in cases {
        let (r, s) = (hex(r), hex(s));
        let private = private_from_scalar(curve, &hex(secret));
        let algorithm = private.signature_algorithm(None);
        let signature = private
            .sign(&algorithm, Signed::Message(b"sample"))
            .unwrap();
        let mut reader = SliceReader::new(AnyRef::from_der(&signature).unwrap().value()).unwrap();
        assert_eq!(reader.decode::<UintRef<'_>>().unwrap().as_bytes(), r);
        assert_eq!(reader.decode::<UintRef<'_>>().unwrap().as_bytes(), s);
    }
}

/// An ECPrivateKey with its curve inside, as SEC 1 has it.
fn private_from_scalar(curve: Curve, scalar: &[u8]) -> PrivateKey {
    let mut body = hex("020101");
    body.extend([0x04, scalar.len() as u8]);
    body.extend(scalar);
    let oid = curve.oid().to_der().unwrap();
    body.extend([0xa0, oid.len() as u8]);
    body.extend(oid);
    let mut der = vec![0x30, body.len() as u8];
    der.extend(body);
    PrivateKey::decode(&der).unwrap()
}

#[test]
fn every_curve_signs_with_every_digest() {
    for curve in Curve::ALL {
        let private = private_from_scalar(curve, &[0x5a; 24]);
        assert_eq!(private.public_key().kind(), KeyKind::Ec(curve));
        for digest in DigestAlgorithm::ALL {
            let algorithm = private.signature_algorithm(Some(digest));
            let signature = private.sign(&algorithm, Signed::Message(b"text")).unwrap();
            let verdict =
                private
                    .public_key()
                    .verify(&algorithm, Signed::Message(b"text"), &signature);
            assert_eq!(verdict, Ok(()), "{curve:?} {digest}");
        }
    }
}

#[test]
fn key_identifier_is_the_digest_of_the_bit_string() {
    let private = private_from_scalar(Curve::P256, &[0x5a; 32]);
    let spki = private.public_key().spki_der();
    let point = &spki[spki.len() - 65..];
    assert_eq!(
        private.public_key().key_identifier().to_vec(),
        DigestAlgorithm::Sha1.digest(point)
    );
}

#[test]
fn what_is_not_computed_with_is_named() {
    let ed448 = [&hex("3043300506032b6571033a00")[..], &[7; 57]].concat();
    let key = PublicKey::decode(&ed448).unwrap();
    assert_eq!(key.kind(), KeyKind::Unknown(rfc8410::ID_ED_448));
    assert_eq!(key, key.clone());
    assert_eq!(
        key.verify(&SignatureAlgorithm::Ed25519, Signed::Message(b"text"), b""),
        Err(SignatureError::Unsupported)
    );
    // An RSA modulus of one bit more than is computed with.
    let mut modulus = vec![0x02, 0x82, 0x08, 0x01, 0x01];
    modulus.extend([0xff; 2048]);
    let mut rsa = vec![0x30, 0x82, 0x08, 0x0a];
    rsa.extend(modulus);
    rsa.extend(hex("0203010001"));
    let mut spki = hex("300d06092a864886f70d0101010500");
    spki.extend([0x03, 0x82, 0x08, 0x0f, 0x00]);
    spki.extend(rsa);
    let mut der = vec![0x30, 0x82, 0x08, 0x22];
    der.extend(spki);
    let key = PublicKey::decode(&der).unwrap();
    assert_eq!(key.kind(), KeyKind::Rsa { bits: 16385 });
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    assert_eq!(
        key.verify(&algorithm, Signed::Message(b"text"), &[1; 2049]),
        Err(SignatureError::Unsupported)
    );
}

#[test]
fn points_off_the_curve_are_refused() {
    let private = private_from_scalar(Curve::P256, &[0x5a; 32]);
    let mut spki = private.public_key().spki_der().to_vec();
    let last = spki.len() - 1;
    spki[last] ^= 1;
    assert_eq!(
        PublicKey::decode(&spki),
        Err(KeyError::Malformed("elliptic curve point"))
    );
    assert!(PublicKey::decode(b"").is_err());
    assert!(PrivateKey::decode(b"\x30\x00").is_err());
}
