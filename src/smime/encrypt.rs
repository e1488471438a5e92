//! Encryption: the message in signing form, signed first where that is asked, for its recipients.

use std::io::Write;

use crate::cms::{self, CertificateIdentifier, RecipientSpec};
use crate::crypto::content::ContentCipher;
use crate::crypto::key::PublicKey;
use crate::crypto::transport::KeyTransport;
use crate::limits;
use crate::mail::compose::{Outer, Pkcs7Content};
use crate::mail::header_protection::HeaderProtection;
use crate::pki::Certificate;
use crate::policy::profile::{CipherChoice, Switch};
use crate::smime::capabilities::Capabilities;
use crate::smime::error::SmimeError;
use crate::smime::sign::{PreparedMessage, SignRequest, write_signed};
use crate::source::Source;
use crate::spool::Spool;

/// Whom to encrypt to.
#[derive(Clone)]
pub struct RecipientCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// The S/MIME capabilities stored with it (DER), if any.
    pub capabilities: Option<Vec<u8>>,
}

impl RecipientCertificate {
    fn announced(&self) -> Capabilities {
        let announced = self.capabilities.as_deref();
        announced.map(Capabilities::decode).unwrap_or_default()
    }
}

/// How RSA recipients get the content-encryption key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaTransport {
    /// OAEP with SHA-256 for whoever announced it, else PKCS #1 v1.5, which every program reads.
    AsAnnounced,
    /// OAEP with SHA-256.
    Oaep,
}

impl RsaTransport {
    /// The key transport for one recipient (behavior rule 14).
    fn to(self, recipient: &RecipientCertificate) -> KeyTransport {
        let oaep = KeyTransport::oaep();
        match self {
            RsaTransport::AsAnnounced if !recipient.announced().announces_transport(&oaep) => {
                KeyTransport::RsaPkcs1
            }
            _ => oaep,
        }
    }
}

/// How to encrypt.
#[derive(Clone, Copy)]
pub struct EncryptRequest<'a> {
    /// The recipients; at least one.
    pub recipients: &'a [RecipientCertificate],
    /// The content cipher.
    pub cipher: CipherChoice,
    /// The key transport for RSA recipients.
    pub transport: RsaTransport,
    /// The signature under the encryption, if there is one. Whether it protects fields does not
    /// count.
    pub sign: Option<&'a SignRequest<'a>>,
    /// Whether the fields of the message go inside as well, and those that others need not see say
    /// less outside (RFC 9788).
    pub protect_headers: Switch,
}

impl EncryptRequest<'_> {
    /// The cipher that is written: what is asked for, else AES-256-GCM when every recipient announced
    /// it, else AES-256-CBC, which every client reads (behavior rule 14).
    pub fn content_cipher(&self) -> ContentCipher {
        match self.cipher {
            CipherChoice::Fixed(cipher) => cipher,
            CipherChoice::Auto => {
                let gcm = ContentCipher::Aes256Gcm;
                let reads_gcm =
                    |recipient: &RecipientCertificate| recipient.announced().announces_cipher(gcm);
                let all = !self.recipients.is_empty() && self.recipients.iter().all(reads_gcm);
                if all { gcm } else { ContentCipher::Aes256Cbc }
            }
        }
    }
}

impl PreparedMessage {
    /// Encrypts the message and writes it, a complete message again without its Bcc fields.
    ///
    /// # Errors
    /// A certificate's key cannot be encrypted to, a key cannot sign, the input changed meanwhile,
    /// reading or writing fails.
    pub fn encrypt(
        &self,
        request: &EncryptRequest<'_>,
        out: &mut dyn Write,
    ) -> Result<(), SmimeError> {
        let cipher = request.content_cipher();
        let keys = request
            .recipients
            .iter()
            .map(|recipient| recipient.certificate.public_key())
            .collect::<Result<Vec<PublicKey>, _>>()?;
        let specs: Vec<RecipientSpec<'_>> = request
            .recipients
            .iter()
            .zip(&keys)
            .map(|(recipient, public_key)| RecipientSpec {
                identifier: CertificateIdentifier::IssuerSerial {
                    issuer_der: recipient.certificate.issuer().der().to_vec(),
                    serial: recipient.certificate.serial().as_bytes().to_vec(),
                },
                public_key,
                transport: request.transport.to(recipient),
            })
            .collect();
        let form = self.form(request.protect_headers, HeaderProtection::Cipher)?;
        // A signature is made before the first octet goes out: its key may fail.
        let signed = match request.sign {
            Some(sign) => {
                let mut spool = Spool::new();
                write_signed(&form, &Outer::entity(), sign, &mut spool)?;
                Some(Source::from_spool(spool))
            }
            None => None,
        };
        let content = match cipher.is_aead() {
            true => Pkcs7Content::AuthEnvelopedData,
            false => Pkcs7Content::EnvelopedData,
        };
        let header = &self.scan().root.header;
        let outer = Outer::message(header, self.scan().line_ending, &["Bcc"]);
        let outer = match request.protect_headers {
            Switch::On => outer.confidential(),
            Switch::Off => outer,
        };
        let mut message = outer.pkcs7_mime(out, content)?;
        // DER where the length can be had cheaply (see signing), or where the cipher needs it.
        let is_worth = |length: u64| cipher.needs_length() || length <= limits::MEMORY_SPOOL as u64;
        match &signed {
            Some(signed) => {
                let length = Some(signed.len()).filter(|len| is_worth(*len));
                let mut reader = signed.reader();
                cms::write_enveloped(&mut message, &specs, cipher, &mut reader, length)?;
            }
            None => {
                let measured = is_worth(form.len_hint());
                let length = measured.then(|| form.measure()).transpose()?;
                let mut reader = form.reader();
                cms::write_enveloped(&mut message, &specs, cipher, &mut reader, length)?;
            }
        }
        message.finish()?;
        Ok(self.source().check_unchanged()?)
    }
}
