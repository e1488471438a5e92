//! Data of any length under a passphrase: PBES2 (RFC 8018) with scrypt and AES-256-GCM (RFC 5084).
//!
//! What is sealed begins with the AlgorithmIdentifier in DER, which the tag covers too; then come
//! ciphertext and tag. Unlike a key file it need not be read by other programs.

use der::{Decode, Encode, SliceReader};
use pkcs12::pbe_params::Pbes2Params;
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::scheme::{decrypt, encrypt};
use super::{KeyDerivation, Password, PasswordError, PasswordScheme};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::content::{ContentCipher, ContentParameters};

const CIPHER: ContentCipher = ContentCipher::Aes256Gcm;
const MALFORMED: PasswordError = PasswordError::Malformed("sealed data");

/// Encrypts and authenticates `plain` under a fresh salt and nonce.
///
/// # Errors
/// The operating system gives no random numbers, or the data is too long for the cipher (64 GiB).
pub fn seal(passphrase: &str, plain: &[u8]) -> Result<Vec<u8>, PasswordError> {
    let derivation = KeyDerivation::scrypt()?;
    let key = derivation.derive(&Password::new(passphrase), CIPHER.key_len())?;
    let encryption = ContentParameters::generate(CIPHER, None)?;
    let scheme = PasswordScheme::Pbes2 {
        derivation,
        encryption: encryption.clone(),
    };
    let header = scheme.algorithm_identifier()?.to_der();
    let header = header.map_err(|_| MALFORMED)?;
    let encrypted = encrypt(encryption, key, &header, plain)?;
    Ok([header, encrypted].concat())
}

/// Opens what [`seal`] has made.
///
/// # Errors
/// The passphrase is wrong or anything was changed, which cannot be told apart; or it was not sealed
/// here.
pub fn open(passphrase: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
    let mut reader = SliceReader::new(sealed).map_err(|_| MALFORMED)?;
    let identifier = AlgorithmIdentifierOwned::decode(&mut reader).map_err(|_| MALFORMED)?;
    let header_length = identifier.to_der().map_err(|_| MALFORMED)?.len();
    let parameters = identifier.parameters.as_ref().ok_or(MALFORMED)?;
    let parameters: Pbes2Params = parameters.decode_as().map_err(|_| MALFORMED)?;
    let encryption = ContentCipher::decode(&parameters.encryption)?;
    if encryption.cipher != CIPHER {
        return Err(UnsupportedAlgorithm::unknown(parameters.encryption.oid).into());
    }
    let (header, rest) = sealed.split_at_checked(header_length).ok_or(MALFORMED)?;
    if rest.len() < encryption.tag_length {
        return Err(MALFORMED);
    }
    let derivation = KeyDerivation::decode(&parameters.kdf)?;
    let key = derivation.derive(&Password::new(passphrase), CIPHER.key_len())?;
    decrypt(&encryption, &key, header, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_passphrase_opens_what_is_sealed_and_every_octet_counts() {
        for plain in [&b""[..], b"attack at dawn", &[7; 5000]] {
            let sealed = seal("one", plain).unwrap();
            assert_eq!(**open("one", &sealed).unwrap(), *plain);
            let wrong = open("two", &sealed);
            assert!(matches!(wrong, Err(PasswordError::WrongPassphrase)));
            assert!(open("one", &sealed[..sealed.len() - 1]).is_err());
        }
        let sealed = seal("one", b"x").unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(open("one", &damaged).is_err(), "octet {at}");
        }
        assert!(open("one", b"").is_err());
    }
}
