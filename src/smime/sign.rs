//! Signing: the message in signing form, a signature over it, and both as one message.
//!
//! What is decided here: which fields and certificates go where (behavior rules 8 and 11). Nothing
//! is written before the message, the certificates and the keys are known to serve.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use crate::cms::{self, ContentDigester, ContentDigests, SignedDataWriter, SignerSpec};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::key::RsaScheme;
use crate::limits;
use crate::mail::compose::{Outer, Pkcs7Content};
use crate::mail::header_protection::HeaderProtection;
use crate::mail::protection::AlreadyProtected;
use crate::mail::signing_form::SigningForm;
use crate::mail::{self, FromField, MailError, Scan};
use crate::pki::{Certificate, Identity};
use crate::policy::profile::{Include, Switch};
use crate::reason::{Reason, Severity};
use crate::smime::error::SmimeError;
use crate::source::Source;
use crate::time::Time;
use crate::verdict::{Finding, MessageFacts};

/// The form of a signed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureForm {
    /// multipart/signed: anyone can read the content.
    Clear,
    /// application/pkcs7-mime: no relay can change the content by accident.
    Opaque,
}

/// Who signs.
#[derive(Clone)]
pub struct SigningIdentity {
    /// The certificate that signs, with its key.
    pub identity: Identity,
    /// The certificate that the signer wants to be encrypted to, where it is another one.
    pub encryption_certificate: Option<Certificate>,
}

/// What to sign, and how.
#[derive(Clone, Copy)]
pub struct SignRequest<'a> {
    /// Who signs; at least one.
    pub signers: &'a [SigningIdentity],
    /// The form.
    pub form: SignatureForm,
    /// Which certificates go along.
    pub include: Include,
    /// The digest algorithm; `None` takes the one that fits the key.
    pub digest: Option<DigestAlgorithm>,
    /// How RSA keys sign.
    pub rsa_scheme: RsaScheme,
    /// The signing time.
    pub time: Time,
    /// Whether the fields of the message go inside as well (RFC 9788).
    pub protect_headers: Switch,
}

/// A message that is ready to be signed.
pub struct PreparedMessage {
    source: Source,
    scan: Scan,
    form: SigningForm,
    findings: Vec<Finding>,
}

impl PreparedMessage {
    /// Reads a message and plans its signing form.
    ///
    /// # Errors
    /// It does not conform to MIME, or is no message ([`SmimeError::NotMime`]); reading fails.
    pub fn read(source: Source) -> Result<PreparedMessage, SmimeError> {
        let scan = mail::scan(&source).map_err(not_mime)?;
        let form = SigningForm::plan(&scan, &source)?;
        let already = mail::protection::already_protected(&scan.root);
        let findings = already.map(wrapped_again).into_iter().collect();
        Ok(PreparedMessage {
            source,
            scan,
            form,
            findings,
        })
    }

    /// What the header says.
    pub fn facts(&self) -> MessageFacts {
        self.scan.root.header.facts()
    }

    /// The scanned message.
    pub fn scan(&self) -> &Scan {
        &self.scan
    }

    /// What is worth a warning before it is protected.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Signs the message and writes it, a complete message again.
    ///
    /// # Errors
    /// A key cannot sign, the input changed meanwhile, reading or writing fails.
    pub fn sign(&self, request: &SignRequest<'_>, out: &mut dyn Write) -> Result<(), SmimeError> {
        // Bcc stays, for `sendmail -t` to find its recipients there and take it out.
        let outer = Outer::message(&self.scan.root.header, self.scan.line_ending, &[]);
        let form = self.form(request.protect_headers, HeaderProtection::Clear)?;
        write_signed(&form, &outer, request, out)?;
        Ok(self.source.check_unchanged()?)
    }

    /// The entity that is signed or encrypted, with the fields of the message inside where they are
    /// protected in that way.
    pub(super) fn form(
        &self,
        protect_headers: Switch,
        protection: HeaderProtection,
    ) -> Result<Cow<'_, SigningForm>, SmimeError> {
        Ok(match protect_headers {
            Switch::Off => Cow::Borrowed(&self.form),
            Switch::On => Cow::Owned(SigningForm::plan_protecting(
                &self.scan,
                &self.source,
                protection,
            )?),
        })
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }
}

/// Signs `form` into a message, or into an entity in canonical form that is to be encrypted, as
/// `outer` says.
pub(super) fn write_signed(
    form: &SigningForm,
    outer: &Outer<'_>,
    request: &SignRequest<'_>,
    out: &mut dyn Write,
) -> Result<(), SmimeError> {
    let specs: Vec<SignerSpec<'_>> = request
        .signers
        .iter()
        .map(|signer| request.spec(signer))
        .collect();
    let certificates = request.certificates();
    let certificates: Vec<&[u8]> = certificates.iter().map(Certificate::der).collect();
    match request.form {
        SignatureForm::Clear => write_clear(form, outer, &certificates, &specs, out),
        SignatureForm::Opaque => write_opaque(form, outer, &certificates, &specs, out),
    }
}

fn write_clear(
    form: &SigningForm,
    outer: &Outer<'_>,
    certificates: &[&[u8]],
    specs: &[SignerSpec<'_>],
    out: &mut dyn Write,
) -> Result<(), SmimeError> {
    let digests = cms::required_digests(specs);
    let micalg: Vec<_> = digests.iter().map(|digest| digest.micalg()).collect();
    let mut message = outer.clear_signed(out, &micalg.join(","))?;
    let mut digester = ContentDigester::new(&digests);
    copy(&mut form.reader(), |piece| {
        digester.update(piece);
        message.write_all(piece)
    })?;
    let signature = cms::sign_detached(&digester.finish(), certificates, specs)?;
    message.finish(&signature)?;
    Ok(())
}

fn write_opaque(
    form: &SigningForm,
    outer: &Outer<'_>,
    certificates: &[&[u8]],
    specs: &[SignerSpec<'_>],
    out: &mut dyn Write,
) -> Result<(), SmimeError> {
    let message = outer.pkcs7_mime(out, Pkcs7Content::SignedData)?;
    // DER takes a pass more, to know the length; beyond some size that pass costs more than
    // the few readers without BER are worth.
    let small = form.len_hint() <= limits::MEMORY_SPOOL as u64;
    let mut writer = if small {
        let digests = cms::required_digests(specs);
        let content = ContentDigests::of(&mut form.reader(), &digests)?;
        SignedDataWriter::definite(message, content, certificates, specs)?
    } else {
        SignedDataWriter::indefinite(message, certificates, specs)?
    };
    copy(&mut form.reader(), |piece| writer.write_all(piece))?;
    writer.finish()?.finish()?;
    Ok(())
}

impl<'a> SignRequest<'a> {
    fn spec(&self, signer: &'a SigningIdentity) -> SignerSpec<'a> {
        let encryption = signer.encryption_certificate.as_ref();
        SignerSpec {
            key: &signer.identity.key,
            certificate_der: signer.identity.certificate.der(),
            digest: self.digest,
            rsa_scheme: self.rsa_scheme,
            signing_time: self.time,
            encryption_certificate: Some(encryption.unwrap_or(&signer.identity.certificate).der()),
            capabilities: None,
        }
    }

    /// The signers' certificates, never a CA's unless it is asked for (behavior rule 8).
    fn certificates(&self) -> Vec<Certificate> {
        let mut certificates = Vec::new();
        for signer in self.signers {
            certificates.push(signer.identity.certificate.clone());
            certificates.extend(signer.encryption_certificate.clone());
            let chain = signer
                .identity
                .chain
                .iter()
                .filter(|issuer| match self.include {
                    Include::Leaf => false,
                    Include::Intermediates => !issuer.is_self_issued(),
                    Include::Chain => true,
                });
            certificates.extend(chain.cloned());
        }
        certificates
    }

    /// What a receiver may stumble over: another author, an issuer that the receiver lacks.
    pub fn warnings(&self, message: &PreparedMessage) -> Vec<Finding> {
        let mut findings = message.findings.clone();
        let from = message.scan.root.header.from_field();
        for signer in self.signers {
            let certificate = &signer.identity.certificate;
            if let FromField::One { address, .. } = &from
                && !certificate.addresses().contains(address)
            {
                let listed: Vec<_> = certificate
                    .addresses()
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                findings.push(
                    Finding::new(Reason::SmimeFromMismatch)
                        .weighing(Severity::Warning)
                        .saying("the From address is not among those of the certificate that signs")
                        .hinting("Receivers that compare the two will reject the message.")
                        .with("from", address)
                        .with("certificate", listed.join(", ")),
                );
            }
            let issuer = signer.identity.chain.first();
            if self.include == Include::Leaf && issuer.is_some_and(|ca| !ca.is_self_issued()) {
                findings.push(
                    Finding::new(Reason::PathIntermediateMissing)
                        .weighing(Severity::Warning)
                        .saying("the issuer is an intermediate CA, which receivers may not have")
                        .hinting("Use `--include intermediates` to send it along.")
                        .with("issuer", certificate.issuer()),
                );
            }
        }
        findings
    }
}

/// What is no message at all does not conform to MIME either, and is refused like the rest.
fn not_mime(error: MailError) -> SmimeError {
    match error {
        error @ MailError::NotAMessage { .. } => SmimeError::NotMime(vec![
            Finding::new(Reason::MailHeaderMalformed)
                .saying(error.to_string())
                .hinting("Give a whole message: header fields, an empty line, the body."),
        ]),
        error => error.into(),
    }
}

/// Wrapping it again is what was asked for, and seldom what was meant.
fn wrapped_again(already: AlreadyProtected) -> Finding {
    let (reason, hint) = match already {
        AlreadyProtected::Signed => (
            Reason::PolicyAlreadySigned,
            "Receivers see one signature inside the other.",
        ),
        AlreadyProtected::Encrypted => (
            Reason::PolicyAlreadyEncrypted,
            "Receivers have to open one layer inside the other.",
        ),
    };
    Finding::new(reason)
        .weighing(Severity::Warning)
        .hinting(hint)
}

/// Hands `reader` on in pieces.
fn copy(reader: &mut dyn Read, mut write: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => write(&buffer[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
