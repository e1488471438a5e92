//! ECDSA (FIPS 186-5 section 6.4.2) with signatures in DER.

use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::key::{PublicKey, Signed};
use smime::crypto::signature::SignatureAlgorithm;

use super::check;

#[test]
fn ecdsa_signatures() {
    for file in [
        "ecdsa_secp256r1_sha256_test.json",
        "ecdsa_secp384r1_sha384_test.json",
        "ecdsa_secp521r1_sha512_test.json",
    ] {
        check(file, &[], |group, case| {
            let key = PublicKey::decode(&group.octets("publicKeyDer")).unwrap();
            let digest = DigestAlgorithm::from_name(group.text("sha")).unwrap();
            let algorithm = SignatureAlgorithm::Ecdsa(digest);
            let (message, signature) = (case.octets("msg"), case.octets("sig"));
            key.verify(&algorithm, Signed::Message(&message), &signature)
                .is_ok()
        });
    }
}
