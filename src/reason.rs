//! The catalogue of reasons: every code that a finding can have.
//!
//! One table here, and what each row says in a file for its domain beside. From it come
//! `smime reasons`, the codes of the report and the man page `smime-reasons(7)`. A code is `domain.slug`; it is never renamed, reused or given another
//! meaning. A reason carries no data: what is particular to a message stands in the finding.

mod cert;
mod cms;
mod crl;
mod damage;
mod mail;
mod p12;
mod path;
mod pin;
mod policy;
mod smime;

use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A fact worth knowing.
    Info,
    /// Accepted, but something is wrong or weak.
    Warning,
    /// The message or certificate is not accepted.
    Reject,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Reject => "reject",
        })
    }
}

/// What the catalogue says about a reason. Sentences have a final stop, except the summary.
#[derive(Debug)]
pub struct Entry {
    /// The severity unless policy raises it.
    pub severity: Severity,
    /// The standard's clause, or the rule of this tool.
    pub clause: &'static str,
    /// What it means, one sentence without a final stop.
    pub summary: &'static str,
    /// What usually causes it.
    pub causes: &'static str,
    /// The one thing to do next, which stands beside a finding.
    pub hint: &'static str,
    /// What the sender of the message, or the owner of the certificate, can do.
    pub sender: &'static str,
    /// What the receiver can do.
    pub receiver: &'static str,
    /// What whoever runs the mail system or the CA can do.
    pub administrator: &'static str,
    /// A case of it.
    pub example: &'static str,
}

macro_rules! reasons {
    ($($variant:ident $code:literal $entry:path)*) => {
        /// A reason of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $(#[doc = concat!("`", $code, "`")] $variant,)* }

        impl Reason {
            /// All reasons, in the order of the catalogue.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant,)*];

            /// The code, `domain.slug`.
            pub fn code(self) -> &'static str {
                match self { $(Reason::$variant => $code,)* }
            }

            /// What the catalogue says about it.
            pub fn entry(self) -> &'static Entry {
                match self { $(Reason::$variant => &$entry,)* }
            }
        }
    };
}

impl Reason {
    /// The severity unless policy raises it.
    pub fn severity(self) -> Severity {
        self.entry().severity
    }

    /// Finds the reason with that code.
    pub fn find_by_code(code: &str) -> Option<Reason> {
        Reason::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == code)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

reasons! {
    MailNotMime "mail.not-mime" mail::NOT_MIME
    MailHeaderMalformed "mail.header-malformed" mail::HEADER_MALFORMED
    MailBoundaryMissing "mail.boundary-missing" mail::BOUNDARY_MISSING
    MailBoundaryUnterminated "mail.boundary-unterminated" mail::BOUNDARY_UNTERMINATED
    MailSignedPartCount "mail.signed-part-count" mail::SIGNED_PART_COUNT
    MailTransferEncodingInvalid "mail.transfer-encoding-invalid" mail::TRANSFER_ENCODING_INVALID
    MailBareLineFeed "mail.bare-line-feed" mail::BARE_LINE_FEED
    MailLineTooLong "mail.line-too-long" mail::LINE_TOO_LONG
    MailNestingTooDeep "mail.nesting-too-deep" mail::NESTING_TOO_DEEP
    MailMultipleFrom "mail.multiple-from" mail::MULTIPLE_FROM

    SmimeNotSigned "smime.not-signed" smime::NOT_SIGNED
    SmimeNotEncrypted "smime.not-encrypted" smime::NOT_ENCRYPTED
    SmimeProtocolMismatch "smime.protocol-mismatch" smime::PROTOCOL_MISMATCH
    SmimeMicalgMismatch "smime.micalg-mismatch" smime::MICALG_MISMATCH
    SmimeTypeMismatch "smime.type-mismatch" smime::TYPE_MISMATCH
    SmimeFromMismatch "smime.from-mismatch" smime::FROM_MISMATCH
    SmimeSenderDiffers "smime.sender-differs" smime::SENDER_DIFFERS
    SmimeAuthorUnknown "smime.author-unknown" smime::AUTHOR_UNKNOWN
    SmimeEnvelopeFromMismatch "smime.envelope-from-mismatch" smime::ENVELOPE_FROM_MISMATCH
    SmimeUnsignedContent "smime.unsigned-content" smime::UNSIGNED_CONTENT
    SmimeProtectedHeaderMismatch "smime.protected-header-mismatch" smime::PROTECTED_HEADER_MISMATCH
    SmimeNestedEncryption "smime.nested-encryption" smime::NESTED_ENCRYPTION
    SmimeCertsOnly "smime.certs-only" smime::CERTS_ONLY

    SmimeDamageLineEnds "smime.damage-line-ends" damage::LINE_ENDS
    SmimeDamageFinalLineEnd "smime.damage-final-line-end" damage::FINAL_LINE_END
    SmimeDamageTrailingSpace "smime.damage-trailing-space" damage::TRAILING_SPACE
    SmimeDamageFromEscaped "smime.damage-from-escaped" damage::FROM_ESCAPED
    SmimeDamageDotsDoubled "smime.damage-dots-doubled" damage::DOTS_DOUBLED
    SmimeDamageLinesWrapped "smime.damage-lines-wrapped" damage::LINES_WRAPPED
    SmimeDamageTransferEncoding "smime.damage-transfer-encoding" damage::TRANSFER_ENCODING
    SmimeDamageRewrapped "smime.damage-rewrapped" damage::REWRAPPED
    SmimeDamageTextAdded "smime.damage-text-added" damage::TEXT_ADDED
    SmimeDamagePartHeader "smime.damage-part-header" damage::PART_HEADER
    SmimeDamageMultipart "smime.damage-multipart" damage::MULTIPART
    SmimeDamageTabs "smime.damage-tabs" damage::TABS
    SmimeDamageNulRemoved "smime.damage-nul-removed" damage::NUL_REMOVED

    CmsEncodingInvalid "cms.encoding-invalid" cms::ENCODING_INVALID
    CmsContentTypeUnexpected "cms.content-type-unexpected" cms::CONTENT_TYPE_UNEXPECTED
    CmsContentMissing "cms.content-missing" cms::CONTENT_MISSING
    CmsContentDiffers "cms.content-differs" cms::CONTENT_DIFFERS
    CmsSignerMissing "cms.signer-missing" cms::SIGNER_MISSING
    CmsSignerCertificateNotFound "cms.signer-certificate-not-found" cms::SIGNER_CERTIFICATE_NOT_FOUND
    CmsSignedAttributesMissing "cms.signed-attributes-missing" cms::SIGNED_ATTRIBUTES_MISSING
    CmsMessageDigestMissing "cms.message-digest-missing" cms::MESSAGE_DIGEST_MISSING
    CmsMessageDigestMismatch "cms.message-digest-mismatch" cms::MESSAGE_DIGEST_MISMATCH
    CmsSignatureInvalid "cms.signature-invalid" cms::SIGNATURE_INVALID
    CmsAttributeInvalid "cms.attribute-invalid" cms::ATTRIBUTE_INVALID
    CmsSigningCertificateMismatch "cms.signing-certificate-mismatch" cms::SIGNING_CERTIFICATE_MISMATCH
    CmsDigestUnsupported "cms.digest-unsupported" cms::DIGEST_UNSUPPORTED
    CmsDigestWeak "cms.digest-weak" cms::DIGEST_WEAK
    CmsSignatureAlgorithmUnsupported "cms.signature-algorithm-unsupported" cms::SIGNATURE_ALGORITHM_UNSUPPORTED
    CmsRecipientNotFound "cms.recipient-not-found" cms::RECIPIENT_NOT_FOUND
    CmsKeyManagementUnsupported "cms.key-management-unsupported" cms::KEY_MANAGEMENT_UNSUPPORTED
    CmsContentEncryptionUnsupported "cms.content-encryption-unsupported" cms::CONTENT_ENCRYPTION_UNSUPPORTED
    CmsContentNotAuthenticated "cms.content-not-authenticated" cms::CONTENT_NOT_AUTHENTICATED
    CmsCompressionUnsupported "cms.compression-unsupported" cms::COMPRESSION_UNSUPPORTED
    CmsDecompressionLimit "cms.decompression-limit" cms::DECOMPRESSION_LIMIT
    CmsDecryptionFailed "cms.decryption-failed" cms::DECRYPTION_FAILED
    CmsDecryptedNotMime "cms.decrypted-not-mime" cms::DECRYPTED_NOT_MIME

    CertEncodingInvalid "cert.encoding-invalid" cert::ENCODING_INVALID
    CertVersionUnsupported "cert.version-unsupported" cert::VERSION_UNSUPPORTED
    CertNotYetValid "cert.not-yet-valid" cert::NOT_YET_VALID
    CertExpired "cert.expired" cert::EXPIRED
    CertCriticalExtensionUnknown "cert.critical-extension-unknown" cert::CRITICAL_EXTENSION_UNKNOWN
    CertKeyUsageForbidsSigning "cert.key-usage-forbids-signing" cert::KEY_USAGE_FORBIDS_SIGNING
    CertKeyUsageForbidsEncryption "cert.key-usage-forbids-encryption" cert::KEY_USAGE_FORBIDS_ENCRYPTION
    CertExtendedKeyUsageForbidsMail "cert.extended-key-usage-forbids-mail" cert::EXTENDED_KEY_USAGE_FORBIDS_MAIL
    CertAddressMissing "cert.address-missing" cert::ADDRESS_MISSING
    CertAddressMismatch "cert.address-mismatch" cert::ADDRESS_MISMATCH
    CertWeakKey "cert.weak-key" cert::WEAK_KEY
    CertKeyUnsupported "cert.key-unsupported" cert::KEY_UNSUPPORTED
    CertIsCa "cert.is-ca" cert::IS_CA
    CertKeyMismatch "cert.key-mismatch" cert::KEY_MISMATCH
    CertProfileDeviation "cert.profile-deviation" cert::PROFILE_DEVIATION
    CertDuplicate "cert.duplicate" cert::DUPLICATE

    PathSelfSignedUntrusted "path.self-signed-untrusted" path::SELF_SIGNED_UNTRUSTED
    PathIssuerUnknown "path.issuer-unknown" path::ISSUER_UNKNOWN
    PathIntermediateMissing "path.intermediate-missing" path::INTERMEDIATE_MISSING
    PathSignatureInvalid "path.signature-invalid" path::SIGNATURE_INVALID
    PathSignatureAlgorithmUnsupported "path.signature-algorithm-unsupported" path::SIGNATURE_ALGORITHM_UNSUPPORTED
    PathDigestWeak "path.digest-weak" path::DIGEST_WEAK
    PathIssuerNotCa "path.issuer-not-ca" path::ISSUER_NOT_CA
    PathLengthExceeded "path.length-exceeded" path::LENGTH_EXCEEDED
    PathKeyCertSignMissing "path.key-cert-sign-missing" path::KEY_CERT_SIGN_MISSING
    PathNameConstraintsViolated "path.name-constraints-violated" path::NAME_CONSTRAINTS_VIOLATED
    PathPolicyNotAccepted "path.policy-not-accepted" path::POLICY_NOT_ACCEPTED
    PathSearchLimitReached "path.search-limit-reached" path::SEARCH_LIMIT_REACHED

    CrlRevoked "crl.revoked" crl::REVOKED
    CrlUnavailable "crl.unavailable" crl::UNAVAILABLE
    CrlStale "crl.stale" crl::STALE
    CrlSignatureInvalid "crl.signature-invalid" crl::SIGNATURE_INVALID
    CrlIssuerNotCrlSigner "crl.issuer-not-crl-signer" crl::ISSUER_NOT_CRL_SIGNER

    PinRolloverFirstMessage "pin.rollover-first-message" pin::ROLLOVER_FIRST_MESSAGE
    PinRolloverAccepted "pin.rollover-accepted" pin::ROLLOVER_ACCEPTED
    PinMismatchUntrusted "pin.mismatch-untrusted" pin::MISMATCH_UNTRUSTED
    PinHeld "pin.held" pin::HELD

    PolicyNotProcessed "policy.not-processed" policy::NOT_PROCESSED
    PolicyProtectionDisabled "policy.protection-disabled" policy::PROTECTION_DISABLED
    PolicyNoRuleMatched "policy.no-rule-matched" policy::NO_RULE_MATCHED
    PolicyCopiesDiffer "policy.copies-differ" policy::COPIES_DIFFER
    PolicySignerCertificateMissing "policy.signer-certificate-missing" policy::SIGNER_CERTIFICATE_MISSING
    PolicyRecipientCertificateMissing "policy.recipient-certificate-missing" policy::RECIPIENT_CERTIFICATE_MISSING
    PolicySignatureRequired "policy.signature-required" policy::SIGNATURE_REQUIRED
    PolicyEncryptionRequired "policy.encryption-required" policy::ENCRYPTION_REQUIRED
    PolicyAlreadySigned "policy.already-signed" policy::ALREADY_SIGNED
    PolicyAlreadyEncrypted "policy.already-encrypted" policy::ALREADY_ENCRYPTED

    P12WrongPassphrase "p12.wrong-passphrase" p12::WRONG_PASSPHRASE
    P12MacInvalid "p12.mac-invalid" p12::MAC_INVALID
    P12CipherUnsupported "p12.cipher-unsupported" p12::CIPHER_UNSUPPORTED
    P12EncodingInvalid "p12.encoding-invalid" p12::ENCODING_INVALID
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_well_formed() {
        let mut seen = std::collections::BTreeSet::new();
        for reason in Reason::ALL {
            let code = reason.code();
            assert!(seen.insert(code), "{code} twice");
            let (domain, slug) = code.split_once('.').unwrap();
            let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(domain.chars().all(word) && slug.chars().all(word), "{code}");
            assert_eq!(Reason::find_by_code(code), Some(*reason));
        }
    }

    #[test]
    fn every_entry_is_complete() {
        for reason in Reason::ALL {
            let entry = reason.entry();
            assert!(!entry.summary.ends_with('.'), "{reason}");
            for sentence in [
                entry.causes,
                entry.hint,
                entry.sender,
                entry.receiver,
                entry.administrator,
                entry.example,
            ] {
                // What is quoted may end the sentence, or begin it.
                assert!(sentence.ends_with(['.', '`']), "{reason}: {sentence}");
                assert!(!sentence.contains("  "), "{reason}: {sentence}");
            }
        }
    }
}
