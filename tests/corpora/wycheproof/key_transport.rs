//! RSAES-PKCS1-v1_5 and RSAES-OAEP as they transport a content-encryption key.
//!
//! Nothing tells that an encrypted key is damaged: a random key takes its place, another one each
//! time. So what comes out twice alike was decrypted. (One length of a damaged PKCS #1 v1.5 key comes
//! out alike too, made of the private key and the ciphertext; none of these vectors meets a length
//! that a cipher has.)

use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::key::PrivateKey;
use smime::crypto::transport::KeyTransport;

use super::{Decision, Fields, Select, check};

/// The lengths of the keys of ciphers.
const KEY_LENGTHS: [usize; 3] = [16, 24, 32];

fn accepts(transport: &KeyTransport, group: &Fields, case: &Fields) -> bool {
    let key = PrivateKey::decode(&group.octets("privateKeyPkcs8")).unwrap();
    let (encrypted, expected) = (case.octets("ct"), case.octets("msg"));
    let decrypt = |length| {
        let key = key.decrypt_key_transport(transport, &encrypted, length);
        let key = key.unwrap().to_vec();
        assert_eq!(key.len(), length);
        key
    };
    let comes_out = |length| decrypt(length) == decrypt(length);
    if !expected.is_empty() && decrypt(expected.len()) == expected {
        return true;
    }
    KEY_LENGTHS.into_iter().any(comes_out)
}

const EMPTY: Decision = Decision {
    of: Select::Case(1),
    accepted: false,
    why: "no content-encryption key is empty, and nothing shows that this one was decrypted",
};

const FIRST_OCTET: Decision = Decision {
    of: Select::Case(23),
    accepted: true,
    why: "the crate does not look at the first octet, so that nothing can be learned from how it is \
          judged (Manger's attack); only who knows the key that is transported can make this one",
};

#[test]
fn rsa_pkcs1_decryption() {
    for file in [
        "rsa_pkcs1_2048_test.json",
        "rsa_pkcs1_3072_test.json",
        "rsa_pkcs1_4096_test.json",
    ] {
        check(file, &[EMPTY], |group, case| {
            accepts(&KeyTransport::RsaPkcs1, group, case)
        });
    }
}

#[test]
fn rsa_oaep_decryption() {
    for file in [
        "rsa_oaep_2048_sha1_mgf1sha1_test.json",
        "rsa_oaep_2048_sha256_mgf1sha1_test.json",
        "rsa_oaep_2048_sha256_mgf1sha256_test.json",
        "rsa_oaep_2048_sha512_mgf1sha512_test.json",
    ] {
        check(file, &[EMPTY, FIRST_OCTET], |group, case| {
            let digest = |name| DigestAlgorithm::from_name(group.text(name)).unwrap();
            let transport = KeyTransport::RsaOaep {
                digest: digest("sha"),
                mgf: digest("mgfSha"),
                label: case.octets("label"),
            };
            accepts(&transport, group, case)
        });
    }
}
