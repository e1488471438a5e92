use super::*;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::key::{KeyType, PrivateKey};
use crate::crypto::test_hex::hex;

#[test]
fn one_derivation_opens_every_key_file() {
    let cipher = KeyFileCipher::new("passphrase").unwrap();
    let keys = [KeyType::EcP256, KeyType::EcP384].map(|kind| PrivateKey::generate(kind).unwrap());
    let files = [&keys[0], &keys[1]].map(|key| cipher.encrypt(key).unwrap());
    assert_ne!(
        files[0][files[0].len() - 16..],
        cipher.encrypt(&keys[0]).unwrap()[..16]
    );
    let derivation = KeyFileCipher::derivation_of(&files[0]).unwrap();
    let again = KeyFileCipher::derive("passphrase", derivation.clone()).unwrap();
    for (key, file) in keys.iter().zip(&files) {
        assert_eq!(again.decrypt(file).unwrap().public_key(), key.public_key());
        let foreign = decrypt_private_key("passphrase", file).unwrap();
        assert_eq!(foreign.public_key(), key.public_key());
    }
    let wrong = KeyFileCipher::derive("Passphrase", derivation).unwrap();
    for result in [wrong.decrypt(&files[0]), decrypt_private_key("", &files[0])] {
        assert!(matches!(result, Err(PasswordError::WrongPassphrase)));
    }
    let other = KeyFileCipher::new("passphrase").unwrap();
    let result = other.decrypt(&files[0]);
    assert!(matches!(result, Err(PasswordError::OtherDerivation)));
    let mut damaged = files[0].clone();
    damaged.truncate(60);
    let result = again.decrypt(&damaged);
    assert!(matches!(result, Err(PasswordError::Malformed(_))));
}

#[test]
fn schemes_lead_back_and_decrypt() {
    let pbkdf2 = |prf| KeyDerivation::Pbkdf2 {
        prf,
        salt: b"salt".to_vec(),
        iterations: 10,
        key_length: Some(32),
    };
    let mut schemes = vec![
        PasswordScheme::triple_des(10).unwrap(),
        PasswordScheme::pbes2(KeyDerivation::scrypt().unwrap()).unwrap(),
        PasswordScheme::pbes2(KeyDerivation::pbkdf2(10).unwrap()).unwrap(),
    ];
    for prf in DigestAlgorithm::ALL.into_iter().skip(1) {
        schemes.push(PasswordScheme::pbes2(pbkdf2(prf)).unwrap());
    }
    for cipher in [
        scheme::Pkcs12Cipher::TripleDes2,
        scheme::Pkcs12Cipher::Rc2128,
        scheme::Pkcs12Cipher::Rc240,
    ] {
        schemes.push(PasswordScheme::Pkcs12 {
            cipher,
            salt: b"saltsalt".to_vec(),
            iterations: 10,
        });
    }
    for scheme in schemes {
        let identifier = scheme.algorithm_identifier().unwrap();
        assert_eq!(PasswordScheme::decode(&identifier).unwrap(), scheme);
        let password = Password::new("pässword");
        let encrypted = scheme
            .encrypt(&password, b"content of some length")
            .unwrap();
        let plain = scheme.decrypt(&password, &encrypted).unwrap();
        assert_eq!(*plain, b"content of some length");
        match scheme.decrypt(&Password::new("passwort"), &encrypted) {
            Ok(plain) => assert_ne!(*plain, b"content of some length"),
            Err(error) => assert!(matches!(error, PasswordError::WrongPassphrase)),
        }
    }
}

#[test]
fn derivations_of_rfc_6070_and_7914() {
    let pbkdf2 = KeyDerivation::Pbkdf2 {
        prf: DigestAlgorithm::Sha1,
        salt: b"salt".to_vec(),
        iterations: 4096,
        key_length: None,
    };
    let key = pbkdf2.derive(&Password::new("password"), 20).unwrap();
    assert_eq!(*key, hex("4b007901b765489abead49d926f721d065a429c1"));
    let scrypt = KeyDerivation::Scrypt {
        salt: b"SodiumChloride".to_vec(),
        log_n: 14,
        r: 8,
        p: 1,
        key_length: None,
    };
    let key = scrypt.derive(&Password::new("pleaseletmein"), 64).unwrap();
    assert_eq!(
        *key,
        hex(
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
             d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        )
    );
}

#[test]
fn what_asks_for_too_much_is_refused() {
    let scrypt = |log_n, p| KeyDerivation::Scrypt {
        salt: b"salt".to_vec(),
        log_n,
        r: 8,
        p,
        key_length: None,
    };
    let pbkdf2 = |iterations| KeyDerivation::pbkdf2(iterations).unwrap();
    for expensive in [
        scrypt(17, 1),
        scrypt(63, 1),
        scrypt(1, 17),
        pbkdf2(10_000_001),
    ] {
        let result = expensive.derive(&Password::new("password"), 32);
        assert!(matches!(result, Err(PasswordError::TooExpensive(_))));
        let identifier = expensive.algorithm_identifier().unwrap();
        let result = KeyDerivation::decode(&identifier);
        assert!(matches!(result, Err(PasswordError::TooExpensive(_))));
    }
    let none = pbkdf2(0).derive(&Password::new("password"), 32);
    assert!(matches!(none, Err(PasswordError::Unsupported(_))));
}

#[test]
fn forms_of_a_passphrase() {
    let forms = |passphrase| -> Vec<(Vec<u8>, Vec<u8>)> {
        Password::forms(passphrase)
            .into_iter()
            .map(|form| (form.octets.to_vec(), form.bmp.to_vec()))
            .collect()
    };
    assert_eq!(forms(""), [(vec![], vec![0, 0]), (vec![], vec![])]);
    assert_eq!(forms("a")[0], (b"a".to_vec(), vec![0, b'a', 0, 0]));
    let umlaut = forms("ä");
    assert_eq!(umlaut[0], (vec![0xc3, 0xa4], vec![0, 0xe4, 0, 0]));
    assert_eq!(umlaut[1].1, [0, 0xc3, 0, 0xa4, 0, 0]);
    assert_eq!(umlaut[2], (vec![0xe4], vec![0, 0xe4, 0, 0]));
    assert_eq!(umlaut[3].0, [0, 0xe4, 0, 0]);
    assert_eq!(forms("ł").len(), 3, "not in Latin-1");
}
