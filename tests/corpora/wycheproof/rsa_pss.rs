//! RSASSA-PSS (RFC 8017 section 8.1.2): with any digests and salts, and with keys that are for it
//! alone.

use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::key::{PublicKey, Signed};
use smime::crypto::pss::PssParameters;
use smime::crypto::signature::SignatureAlgorithm;

use super::{Fields, check};

fn accepts(group: &Fields, case: &Fields) -> bool {
    let key = PublicKey::decode(&group.octets("publicKeyDer")).unwrap();
    let digest = |name| DigestAlgorithm::from_name(group.text(name)).unwrap();
    assert_eq!(group.text("mgf"), "MGF1");
    let algorithm = SignatureAlgorithm::RsaPss(PssParameters {
        digest: digest("sha"),
        mgf: digest("mgfSha"),
        salt_length: group.number("sLen") as usize,
    });
    // As it arrives with a signature.
    let identifier = algorithm.algorithm_identifier().unwrap();
    assert_eq!(SignatureAlgorithm::decode(&identifier, None), Ok(algorithm));
    let (message, signature) = (case.octets("msg"), case.octets("sig"));
    key.verify(&algorithm, Signed::Message(&message), &signature)
        .is_ok()
}

#[test]
fn rsa_pss_signatures() {
    for file in [
        "rsa_pss_2048_sha256_mgf1_32_test.json",
        // Keys for RSASSA-PSS alone, with the parameters that the signatures have.
        "rsa_pss_2048_sha1_mgf1_20_params_test.json",
        "rsa_pss_2048_sha256_mgf1_32_params_test.json",
        // Two digests, and salts of other lengths.
        "rsa_pss_misc_params_test.json",
    ] {
        check(file, &[], accepts);
    }
}
