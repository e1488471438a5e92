//! RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2).

use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::key::{PublicKey, Signed};
use smime::crypto::signature::SignatureAlgorithm;

use super::{Decision, Fields, Select, check};

fn pkcs1(group: &Fields, case: &Fields) -> bool {
    let key = PublicKey::decode(&group.octets("publicKeyDer")).unwrap();
    let digest = DigestAlgorithm::from_name(group.text("sha")).unwrap();
    let algorithm = SignatureAlgorithm::RsaPkcs1(digest);
    let (message, signature) = (case.octets("msg"), case.octets("sig"));
    key.verify(&algorithm, Signed::Message(&message), &signature)
        .is_ok()
}

const MISSING_NULL: Decision = Decision {
    of: Select::Flag("MissingNull"),
    accepted: false,
    why: "RFC 8017 section 9.2 has NULL in the DigestInfo; without it, it is tolerated by some only",
};

#[test]
fn rsa_pkcs1_signatures() {
    for file in [
        "rsa_signature_2048_sha256_test.json",
        "rsa_signature_2048_sha512_test.json",
        "rsa_signature_3072_sha256_test.json",
        "rsa_signature_4096_sha512_test.json",
    ] {
        check(file, &[MISSING_NULL], pkcs1);
    }
}
