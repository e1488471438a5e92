//! One signer, judged: its certificate found, digest and signature checked, the certification path
//! validated, the author compared.

use std::io;

use crate::asn1::hex;
use crate::cms::{SignedContent, SignedData, SignerCheck, SignerInfo};
use crate::crypto::key::{KeyError, PublicKey};
use crate::pki::{
    self, Certificate, CertificateList, Issuers, PathReport, PathRequest, PolicyInputs, Purpose,
    Revocation, RevocationSource, Role,
};
use crate::policy::profile::{RevocationMode, WeakDigests};
use crate::reason::{Reason, Severity};
use crate::smime::capabilities::Capabilities;
use crate::smime::from::Author;
use crate::smime::lookup::{Standing, StoredCertificate, names};
use crate::smime::revocation::strictness;
use crate::smime::signature::verify_signature;
use crate::time::Time;
use crate::verdict::{Check, Checks, Finding, Outcome, Place, Signer, rejects};

/// What signers are judged by.
pub(super) struct SignerContext<'a> {
    /// The author of the message.
    pub(super) author: &'a Author,
    /// What is stored for the author.
    pub(super) stored: &'a [StoredCertificate],
    /// Trust anchors and intermediate CAs.
    pub(super) issuers: &'a dyn Issuers,
    /// Certificates given beside the message.
    pub(super) untrusted: &'a [Certificate],
    /// When the certificates have to be valid.
    pub(super) time: Time,
    /// Whether SHA-1 counts.
    pub(super) sha1: WeakDigests,
    /// Whether certificates are checked for revocation.
    pub(super) revocation: RevocationMode,
    /// The CRLs that are known beside those of the message.
    pub(super) lists: &'a dyn RevocationSource,
}

/// What a SignedData carries beside its signers.
pub(super) struct Carried {
    pub(super) certificates: Vec<Certificate>,
    pub(super) lists: Vec<CertificateList>,
}

/// The judgement about one signer.
pub(super) struct Judgement {
    pub(super) signer: Signer,
    pub(super) findings: Vec<Finding>,
    /// The certificate, if it was found.
    pub(super) certificate: Option<Certificate>,
    /// Why no certification path leads to a trusted CA, a pin aside; `None` if one does.
    pub(super) path_refusal: Option<Reason>,
}

impl Judgement {
    pub(super) fn accepted(&self) -> bool {
        !rejects(&self.findings)
    }

    /// Takes back what was said of a content that is not there: the digest, and where no attributes
    /// are signed, the signature.
    pub(super) fn leave_content_out(&mut self, info: &SignerInfo) {
        let has_attributes = info.signed_attributes.is_some();
        self.signer.checks.integrity = Check::NotChecked;
        if !has_attributes {
            self.signer.checks.signature = Check::NotChecked;
        }
        self.findings.retain(|finding| match finding.reason {
            Reason::CmsMessageDigestMismatch => false,
            Reason::CmsSignatureInvalid => has_attributes,
            _ => true,
        });
    }
}

impl Carried {
    /// Decodes the certificates and CRLs of a SignedData. A certificate that cannot be read is a
    /// warning; a CRL that cannot is missed where it is needed.
    pub(super) fn decode(
        signed_data: &SignedData,
        layer: usize,
        findings: &mut Vec<Finding>,
    ) -> Carried {
        let mut certificates = Vec::new();
        for der in &signed_data.certificates {
            match Certificate::decode(der) {
                Ok(certificate) => certificates.push(certificate),
                Err(error) => findings.push(
                    Finding::new(Reason::CertEncodingInvalid)
                        .weighing(Severity::Warning)
                        .saying(
                            "a certificate in the message cannot be decoded and was passed over",
                        )
                        .with("problem", error)
                        .at(Place::layer(layer)),
                ),
            }
        }
        let lists = signed_data.crls.iter();
        Carried {
            certificates,
            lists: lists
                .filter_map(|der| CertificateList::decode(der).ok())
                .collect(),
        }
    }
}

impl SignerContext<'_> {
    /// Judges signer `index` of layer `layer`.
    ///
    /// # Errors
    /// Reading the content fails.
    pub(super) fn judge(
        &self,
        info: &SignerInfo,
        content: SignedContent<'_>,
        carried: &Carried,
        (layer, index): (usize, usize),
    ) -> io::Result<Judgement> {
        let place = Place::signer(layer, index);
        let weak = self.sha1;
        let candidates = self.candidates(info, carried);
        let judged = candidates.iter().map(|certificate| {
            let check = match &self.key(certificate, carried) {
                Ok(key) => verify_signature(info, content, (certificate, key), weak)?,
                Err(error) => {
                    let mut check = info.check_integrity(content, weak);
                    let finding = Finding::new(Reason::CmsSignatureAlgorithmUnsupported);
                    check.findings.push(finding.with("problem", error));
                    check
                }
            };
            Ok((Some(certificate.clone()), check))
        });
        // Several certificates can have the same name and number; the signature tells which it is, and
        // the signing-certificate attribute which of several with one key.
        let mut judged = judged.collect::<io::Result<Vec<_>>>()?;
        let fits = |check: &SignerCheck| check.signature == Check::Pass;
        let best = judged
            .iter()
            .position(|(_, check)| fits(check) && !rejects(&check.findings))
            .or_else(|| judged.iter().position(|(_, check)| fits(check)))
            .unwrap_or(0);
        let (certificate, check) = match judged.is_empty() {
            false => judged.swap_remove(best),
            true => {
                let mut check = info.check_integrity(content, weak);
                let finding = Finding::new(Reason::CmsSignerCertificateNotFound);
                check
                    .findings
                    .push(finding.with("signer", describe_identifier(info)));
                (None, check)
            }
        };
        let mut judgement = Judgement {
            signer: Signer {
                index,
                verdict: Outcome::Rejected,
                addresses: Vec::new(),
                subject: String::new(),
                issuer: String::new(),
                serial: String::new(),
                sha256: String::new(),
                not_before: None,
                not_after: None,
                signing_time: info.signing_time(),
                capabilities: info
                    .capabilities_der()
                    .map(|der| Capabilities::decode(&der).describe())
                    .unwrap_or_default(),
                digest: check.digest_name,
                signature: check.signature_name,
                checks: Checks {
                    integrity: check.integrity,
                    signature: check.signature,
                    ..Checks::default()
                },
                path: Vec::new(),
                tried: Vec::new(),
            },
            findings: check.findings,
            certificate: None,
            path_refusal: Some(Reason::CmsSignerCertificateNotFound),
        };
        if let Some(certificate) = certificate {
            self.judge_certificate(&mut judgement, &certificate, carried);
            judgement.certificate = Some(certificate);
        }
        for finding in &mut judgement.findings {
            finding.place.layer = place.layer;
            finding.place.signer = place.signer;
        }
        Ok(judgement)
    }

    /// How to check the revocation of certificates that came along with `carried`.
    fn revocation<'s>(&'s self, carried: &'s Carried) -> Option<Revocation<'s>> {
        Some(Revocation {
            strictness: strictness(self.revocation)?,
            source: self.lists,
            carried: &carried.lists,
        })
    }

    fn candidates(&self, info: &SignerInfo, carried: &Carried) -> Vec<Certificate> {
        let stored = self.stored.iter().map(|stored| &stored.certificate);
        let mut found: Vec<Certificate> = Vec::new();
        for certificate in carried
            .certificates
            .iter()
            .chain(self.untrusted)
            .chain(stored)
        {
            if names(&info.sid, certificate) && !found.contains(certificate) {
                found.push(certificate.clone());
            }
        }
        found
    }

    /// The key that a signature is verified with. Parameters that it leaves to its issuer's are
    /// those of the path, which has to be a valid one if the certificate is trusted without any:
    /// whoever sent the message could bring an issuer with parameters of their choice.
    fn key(&self, certificate: &Certificate, carried: &Carried) -> Result<PublicKey, KeyError> {
        let key = certificate.public_key()?;
        if !key.lacks_parameters() {
            return Ok(key);
        }
        let report = self.path(certificate, carried, Purpose::Sign);
        match report.trusted || !self.is_pinned(certificate) {
            true => Ok(report.working_public_key().unwrap_or(key)),
            false => Ok(key),
        }
    }

    /// The certification path of a certificate that came along with `carried`.
    pub(super) fn path(
        &self,
        certificate: &Certificate,
        carried: &Carried,
        purpose: Purpose,
    ) -> PathReport {
        let mut extra = carried.certificates.clone();
        extra.extend_from_slice(self.untrusted);
        pki::validate_path(&PathRequest {
            certificate,
            issuers: self.issuers,
            extra: &extra,
            time: self.time,
            purpose,
            sha1: self.sha1,
            revocation: self.revocation(carried),
            policies: PolicyInputs::default(),
        })
    }

    fn is_pinned(&self, certificate: &Certificate) -> bool {
        self.stored
            .iter()
            .any(|stored| stored.standing == Standing::Pinned && stored.certificate == *certificate)
    }

    fn judge_certificate(
        &self,
        judgement: &mut Judgement,
        certificate: &Certificate,
        carried: &Carried,
    ) {
        let signer = &mut judgement.signer;
        signer.addresses = certificate
            .addresses()
            .iter()
            .map(ToString::to_string)
            .collect();
        signer.subject = certificate.subject().to_string();
        signer.issuer = certificate.issuer().to_string();
        signer.serial = certificate.serial().to_string();
        signer.sha256 = certificate.fingerprint().to_string();
        signer.not_before = Some(certificate.not_before());
        signer.not_after = Some(certificate.not_after());

        let report = self.path(certificate, carried, Purpose::Sign);
        judgement.path_refusal = report.refusal();
        signer.path = report.steps();
        signer.tried.clone_from(&report.tried);
        signer.checks.revocation = report.revocation_check;
        if self.is_pinned(certificate) && !report.trusted {
            // Trusted for itself: what is wrong with its issuers does not count, its own dates and
            // usages do.
            let own = pki::usable_for(certificate, Purpose::Sign, self.time);
            signer.checks.path = Check::Pass;
            signer.checks.validity = Check::from(!own.iter().any(|finding| {
                matches!(
                    finding.reason,
                    Reason::CertExpired | Reason::CertNotYetValid
                )
            }));
            judgement.findings.extend(own);
            // Unless somebody known says that it is revoked.
            let of_its_own = report.findings.into_iter().filter(|finding| {
                finding.place.certificate == Some(0) && finding.reason.code().starts_with("crl.")
            });
            judgement.findings.extend(of_its_own);
        } else {
            signer.checks.path = report.path_check;
            signer.checks.validity = report.validity_check;
            judgement.findings.extend(report.findings);
        }
        judgement.findings.extend(
            pki::inspect(certificate, Role::EndEntity)
                .into_iter()
                .filter(|finding| finding.reason == Reason::CertWeakKey),
        );
        let (identity, finding) = self.author.compare(certificate);
        judgement.signer.checks.identity = identity;
        judgement.findings.extend(finding);
    }
}

fn describe_identifier(info: &SignerInfo) -> String {
    match &info.sid {
        crate::cms::CertificateIdentifier::IssuerSerial { issuer_der, serial } => {
            let issuer = pki::Name::decode(issuer_der).map(|name| name.to_string());
            format!(
                "serial {}, issued by {}",
                hex::encode(serial),
                issuer.unwrap_or_default()
            )
        }
        crate::cms::CertificateIdentifier::KeyIdentifier(key) => {
            format!("key identifier {}", hex::encode(key))
        }
    }
}
