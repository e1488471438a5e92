//! The files of `smime cert export` that a passphrase protects.

use zeroize::Zeroizing;

use crate::asn1::pem;
use crate::commands::Context;
use crate::commands::lookup::chain_above;
use crate::commands::passphrase::Origin;
use crate::crypto::key::PrivateKey;
use crate::crypto::password::KeyFileCipher;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::Keystore;
use crate::pki::Certificate;
use crate::pki::pkcs12::{Contents, Format, encode};
use crate::stdio::{Passphrase, input_name};

/// An encrypted PKCS #12 file: the certificate alone, or with its key and the chain above.
///
/// # Errors
/// There is no passphrase for it (77).
pub(super) fn pkcs12(
    context: &Context,
    keystore: &Keystore,
    certificate: &Certificate,
    key: Option<&PrivateKey>,
    format: Format,
) -> Result<Vec<u8>, CommandError> {
    if format == Format::Legacy {
        context.console().warning(
            "the file is encrypted with triple DES and SHA-1, which is weak; send its passphrase \
             over another channel, and delete the file after import",
        );
    }
    let name = match certificate.addresses().first() {
        Some(address) => address.to_string(),
        None => certificate.subject().to_string(),
    };
    let mut contents = Contents::default();
    match key {
        Some(key) => {
            contents.add_identity(key, certificate, &chain_above(keystore, certificate), &name)
        }
        None => contents.add_certificates(std::slice::from_ref(certificate), &name),
    }
    let passphrase = new_passphrase(context)?;
    encode(&contents, &passphrase, format).map_err(|error| {
        CommandError::new(ErrorKind::Io, "cannot make the PKCS #12 file").caused_by(error)
    })
}

/// The encrypted key in PEM, its certificate, and the chain above.
///
/// # Errors
/// There is no passphrase for it (77).
pub(super) fn pem_with_key(
    context: &Context,
    keystore: &Keystore,
    certificate: &Certificate,
    key: &PrivateKey,
) -> Result<Zeroizing<String>, CommandError> {
    let passphrase = new_passphrase(context)?;
    let encrypted = KeyFileCipher::new(&passphrase).and_then(|cipher| cipher.encrypt(key));
    let encrypted = encrypted.map_err(|error| {
        CommandError::new(ErrorKind::Io, "cannot encrypt the private key").caused_by(error)
    })?;
    let mut text = pem::encode("ENCRYPTED PRIVATE KEY", &encrypted);
    text.push_str(&pem::encode("CERTIFICATE", certificate.der()));
    for issuer in chain_above(keystore, certificate) {
        text.push_str(&pem::encode("CERTIFICATE", issuer.der()));
    }
    Ok(Zeroizing::new(text))
}

fn new_passphrase(context: &Context) -> Result<Passphrase, CommandError> {
    let name = match context.output_path() {
        Some(path) => input_name(Some(path)),
        None => "the file".to_owned(),
    };
    let (passphrase, origin) = context.passphrases().for_new_file(&name)?;
    if origin == Origin::Keystore {
        context.console().warning(format_args!(
            "{name} is protected with the passphrase of the keystore"
        ));
        context.console().hint(
            "Whoever opens it needs that. Give it one of its own with --file-passphrase-file FILE \
             or SMIME_FILE_PASSPHRASE.",
        );
    }
    Ok(passphrase)
}
