//! Content encryption: AES in GCM, CCM and CBC mode, encrypted and decrypted as streams.

use smime::crypto::content::{ContentCipher, ContentParameters, Decryptor, Encryptor};

use super::{Fields, check};

/// Octets given at a time: no divisor of a block, and less than one.
const PIECE: usize = 7;

fn parameters(group: &Fields, case: &Fields, mode: &str, tag_length: usize) -> ContentParameters {
    let name = format!("aes-{}-{mode}", group.number("keySize"));
    ContentParameters {
        cipher: ContentCipher::from_name(&name).unwrap(),
        iv: case.octets("iv"),
        tag_length,
    }
}

fn decrypt(
    parameters: &ContentParameters,
    key: &[u8],
    data: &[u8],
    encrypted: &[u8],
    tag: Option<&[u8]>,
) -> Option<Vec<u8>> {
    let length = encrypted.len() as u64;
    let mut decryptor = Decryptor::new(parameters, key, data, length).ok()?;
    let mut content = Vec::new();
    for piece in encrypted.chunks(PIECE) {
        decryptor.update(piece, &mut content);
    }
    decryptor.finish(tag, &mut content).ok()?;
    Some(content)
}

fn encrypt(
    parameters: &ContentParameters,
    key: &[u8],
    data: &[u8],
    content: &[u8],
) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let (parameters, key) = (parameters.clone(), key.to_vec().into());
    let length = Some(content.len() as u64);
    let mut encryptor = Encryptor::with_key(parameters, key, data, length).ok()?;
    let mut encrypted = Vec::new();
    for piece in content.chunks(PIECE) {
        encryptor.update(piece, &mut encrypted);
    }
    let tag = encryptor.finish(&mut encrypted).ok()?;
    Some((encrypted, tag))
}

/// Whether a case decrypts to its content, and its content encrypts to it.
fn accepts(parameters: &ContentParameters, data: &[u8], tag: Option<&[u8]>, case: &Fields) -> bool {
    let (key, content, encrypted) = (case.octets("key"), case.octets("msg"), case.octets("ct"));
    let decrypted = decrypt(parameters, &key, data, &encrypted, tag);
    if decrypted.as_ref() != Some(&content) {
        return false;
    }
    let again = encrypt(parameters, &key, data, &content);
    assert_eq!(again, Some((encrypted, tag.map(<[u8]>::to_vec))));
    true
}

fn authenticated(file: &str, mode: &str) {
    check(file, &[], |group, case| {
        let tag = case.octets("tag");
        let parameters = parameters(group, case, mode, tag.len());
        accepts(&parameters, &case.octets("aad"), Some(&tag), case)
    });
}

#[test]
fn aes_gcm() {
    authenticated("aes_gcm_test.json", "gcm");
}

#[test]
fn aes_ccm() {
    authenticated("aes_ccm_test.json", "ccm");
}

#[test]
fn aes_cbc() {
    check("aes_cbc_pkcs5_test.json", &[], |group, case| {
        accepts(&parameters(group, case, "cbc", 0), &[], None, case)
    });
}
