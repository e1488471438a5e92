//! Ed25519 (RFC 8032 section 5.1.7).

use smime::crypto::key::{PublicKey, Signed};
use smime::crypto::signature::SignatureAlgorithm;

use super::check;

#[test]
fn ed25519_signatures() {
    check("ed25519_test.json", &[], |group, case| {
        let key = PublicKey::decode(&group.octets("publicKeyDer")).unwrap();
        let (message, signature) = (case.octets("msg"), case.octets("sig"));
        let algorithm = SignatureAlgorithm::Ed25519;
        let whole = key.verify(&algorithm, Signed::Message(&message), &signature);
        let stream = key.verify_reader(&algorithm, &mut &message[..], &signature);
        assert_eq!(stream.unwrap(), whole);
        whole.is_ok()
    });
}
