//! The catalogue of reasons: every code that a finding can have.
//!
//! One table. From it come `smime reasons`, the codes of the report and the man page
//! `smime-reasons(7)`. A code is `domain.slug`; it is never renamed, reused or given another
//! meaning. A reason carries no data: what is particular to a message stands in the finding.

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

/// One row of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// The code, `domain.slug`.
    pub code: &'static str,
    /// The severity unless policy raises it.
    pub severity: Severity,
    /// The standard's clause, or the rule of this tool.
    pub clause: &'static str,
    /// What it means, one sentence without a final stop.
    pub summary: &'static str,
    /// What usually causes it.
    pub causes: &'static str,
    /// What to do next.
    pub hint: &'static str,
}

macro_rules! reasons {
    ($($variant:ident $code:literal $severity:ident $clause:literal
        $summary:literal $causes:literal $hint:literal)*) => {
        /// A reason of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $(#[doc = $summary] $variant,)* }

        impl Reason {
            /// All reasons, in the order of the catalogue.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant,)*];

            /// The row of the catalogue.
            pub fn entry(self) -> &'static Entry {
                match self { $(Reason::$variant => &Entry {
                    code: $code, severity: Severity::$severity, clause: $clause,
                    summary: $summary, causes: $causes, hint: $hint,
                },)* }
            }
        }
    };
}

impl Reason {
    /// The code, `domain.slug`.
    pub fn code(self) -> &'static str {
        self.entry().code
    }

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
    MailNotMime "mail.not-mime" Reject "RFC 2045 section 4"
        "the message does not conform to MIME"
        "There is no `MIME-Version: 1.0` field although the message has Content-* fields or 8-bit lines, or a Content-Type or Content-Transfer-Encoding field cannot be parsed."
        "Have the program that writes the message add `MIME-Version: 1.0` and correct Content-* fields."
    MailHeaderMalformed "mail.header-malformed" Reject "RFC 5322 section 2.2"
        "the message header cannot be parsed"
        "A header line has no colon or no field name, or the header holds a NUL or a bare CR."
        "Look at the line named in the detail; a program that builds the header by joining strings usually wrote it."
    MailBoundaryMissing "mail.boundary-missing" Reject "RFC 2046 section 5.1.1"
        "a multipart entity has no boundary parameter, or its delimiter never occurs"
        "The Content-Type field was rewritten or cut, or the body was replaced."
        "Compare the boundary parameter with the delimiter lines of the body."
    MailBoundaryUnterminated "mail.boundary-unterminated" Reject "RFC 2046 section 5.1.1"
        "a multipart entity has no close delimiter"
        "The message was truncated on its way, or a program forgot the final `--boundary--` line."
        "Ask for the message again; compare its size with the sender's copy."
    MailSignedPartCount "mail.signed-part-count" Reject "RFC 1847 section 2.1"
        "a multipart/signed entity does not have exactly two body parts"
        "A mailing list or virus scanner added or removed a part inside the signed structure."
        "Have the intermediary wrap the message instead of changing the multipart/signed entity."
    MailTransferEncodingInvalid "mail.transfer-encoding-invalid" Reject "RFC 2045 section 6"
        "a Content-Transfer-Encoding is unknown, not allowed here, or its data cannot be decoded"
        "A composite part is labelled base64 or quoted-printable, or base64 data holds foreign characters or was cut."
        "Look at the part named in the detail."
    MailBareLineFeed "mail.bare-line-feed" Warning "RFC 5322 section 2.3"
        "lines end in LF, or in a mixture of LF and CRLF, where the standard has CRLF"
        "The message was stored by a Unix program; its lines are read as if they ended in CRLF."
        "Nothing, if the signature is valid."
    MailLineTooLong "mail.line-too-long" Warning "RFC 5322 section 2.1.1"
        "a line is longer than 998 octets"
        "A program wrote HTML or data on one line without encoding it; relays may break it, and with it a signature."
        "Encode the part as quoted-printable or base64."
    MailNestingTooDeep "mail.nesting-too-deep" Reject "limit of this program"
        "entities are nested too deeply, or there are too many of them"
        "A mail loop that forwards as attachment again and again, or an attack."
        "See LIMITS in smime(1)."
    MailMultipleFrom "mail.multiple-from" Reject "RFC 5322 section 3.6"
        "the header has no usable From field, or more than one, or one with several mailboxes"
        "A forged message that shows one author to the recipient and another to the program, or a broken generator."
        "Have the sender use exactly one From field with one mailbox."

    SmimeNotSigned "smime.not-signed" Reject "RFC 8551 section 3"
        "the message is not signed"
        "It was sent without a signature, or the signature was removed on the way."
        "Ask the sender to sign, or check which intermediary removes `smime.p7s` attachments."
    SmimeNotEncrypted "smime.not-encrypted" Reject "RFC 8551 section 3"
        "the message is not encrypted"
        "It was sent without encryption."
        "Use `smime verify` for a signed message; ask the sender to encrypt if it should have been."
    SmimeProtocolMismatch "smime.protocol-mismatch" Warning "RFC 1847 section 2.1"
        "the protocol parameter of multipart/signed does not name the type of the signature part"
        "An old or careless program wrote the Content-Type field."
        "Nothing; the signature itself decides."
    SmimeMicalgMismatch "smime.micalg-mismatch" Warning "RFC 8551 section 3.5.3.2"
        "the micalg parameter does not name the digest that was used"
        "An old or careless program wrote the Content-Type field."
        "Nothing; the digest named in the signature decides."
    SmimeTypeMismatch "smime.type-mismatch" Warning "RFC 8551 section 3.2.2"
        "the smime-type parameter does not fit the content"
        "An old or careless program wrote the Content-Type field."
        "Nothing; the content itself decides."
    SmimeFromMismatch "smime.from-mismatch" Reject "RFC 8550 section 3"
        "the From address is not among the addresses of the signer's certificate"
        "The message was sent from another account than the one the certificate was issued for, the From field was rewritten by a list, or it is forged."
        "Compare the addresses in the detail; the sender needs a certificate for the address that is in From."
    SmimeSenderDiffers "smime.sender-differs" Warning "RFC 8550 section 3"
        "the Sender field, or the display name of From, shows another address"
        "Mail sent on behalf of somebody, a mailing list, or an attempt to look like somebody else."
        "Trust the address in From, which is the one that was compared with the certificate."
    SmimeAuthorUnknown "smime.author-unknown" Warning "rule of this program"
        "there is no From field to compare the signer's address with"
        "A bare CMS object, such as a saved `smime.p7m`, says nothing about its author."
        "Give the whole message, or the address you expect with `--expect ADDRESS`."
    SmimeEnvelopeFromMismatch "smime.envelope-from-mismatch" Reject "RFC 5321 section 4.1.1.2"
        "the envelope sender differs from the header From"
        "A forwarder, mailing list or bounce address (VERP), or a forged From."
        "If such senders are expected, use `settings envelope-from warn` or the policy key `envelope-from`."
    SmimeUnsignedContent "smime.unsigned-content" Reject "RFC 8551 section 3.5"
        "the message holds content outside the signed part"
        "A mailing list added a footer, or somebody put a signed message inside another to borrow its signature."
        "Only the part named in the detail is signed. `smime inspect --part` takes it out."
    SmimeProtectedHeaderMismatch "smime.protected-header-mismatch" Reject "RFC 9788 section 4"
        "a header field outside differs from the protected one"
        "A mailing list or gateway changed the field on the way, or somebody wants to look like somebody else. Another author rejects; other fields are a warning."
        "Compare the two in the detail; what the author wrote is the protected one."
    SmimeNestedEncryption "smime.nested-encryption" Info "RFC 8551 section 6"
        "an encrypted part beside others, or inside another message, was not decrypted"
        "An encrypted message was forwarded as an attachment, a mailing list added a footer, or somebody hid ciphertext in a message to have it decrypted."
        "If it is to be read, take the part out with `smime inspect --part` and give it to `smime decrypt`."
    SmimeCertsOnly "smime.certs-only" Reject "RFC 8551 section 3.8"
        "the message only carries certificates; it signs nothing"
        "Somebody sent certificates."
        "Import them with `smime cert import` or `smime trust add`."
    SmimeDamageLineEnds "smime.damage-line-ends" Warning "RFC 8551 section 3.1.1"
        "the digest is that of the same content with other line ends than CRLF"
        "The sender's program signed before it made the line ends CRLF, or something on the way put a second CR before them."
        "Ask the sender to have the program signed with canonical line ends; with `openssl`, leave out `-binary`."
    SmimeDamageFinalLineEnd "smime.damage-final-line-end" Warning "RFC 2046 section 5.1.1"
        "the digest matches if the line ends at the end of the signed content are changed"
        "The sender's program counts the line end before the delimiter differently, or a relay or list added or removed empty lines there."
        "Tell the sender's vendor, or the operator of the list, that the line end before a delimiter belongs to the delimiter."
    SmimeDamageTrailingSpace "smime.damage-trailing-space" Warning "RFC 8551 section 3.1.2"
        "the digest matches if white space at the ends of lines is changed"
        "A relay, a list or an editor removed white space at the ends of lines, or padded lines with it."
        "Have the sender's program encode such lines as quoted-printable, as `smime sign` does; have the relay leave bodies alone."
    SmimeDamageFromEscaped "smime.damage-from-escaped" Warning "RFC 4155 section 2"
        "the digest matches if `>From ` at the start of lines becomes `From `, or the other way round"
        "The message was kept in a mailbox file, which escapes such lines, by the receiver or by an archive or filter on the way."
        "Verify the message before it goes into a mailbox file, or use maildir; have the sender's program encode such lines."
    SmimeDamageDotsDoubled "smime.damage-dots-doubled" Warning "RFC 5321 section 4.5.2"
        "the digest matches if dots at the start of lines are doubled, or are no longer"
        "A program on the way speaks SMTP badly: it adds the dot that protects a line and nobody takes it off, or takes one off that nobody added."
        "Look at scripts and content filters that hand mail over by SMTP of their own; have them use a library for it."
    SmimeDamageLinesWrapped "smime.damage-lines-wrapped" Warning "RFC 5321 section 4.5.3.1.6"
        "the digest matches if lines that were broken are joined again"
        "A relay broke lines of more than 998 octets: Postfix goes on after a space, Sendmail puts `!` at the end as well."
        "Have the sender's program encode long lines before it signs, as `smime sign` does."
    SmimeDamageTransferEncoding "smime.damage-transfer-encoding" Warning "RFC 8551 section 3.1.3"
        "the digest matches if parts are 8bit again that were encoded on the way"
        "The sender signed 8-bit content, and a relay encoded it because the next one does not announce 8BITMIME."
        "Have the sender's program sign in 7bit, as RFC 8551 asks for; have the relay that lacks 8BITMIME replaced."
    SmimeDamageRewrapped "smime.damage-rewrapped" Warning "RFC 1847 section 2.1"
        "the digest matches if the lines of base64 or quoted-printable are broken elsewhere"
        "A content filter or a store that takes messages apart, and puts them together again, encoded the part anew."
        "Have the filter pass multipart/signed on as it is; virus scanners and mail stores usually have a setting for it."
    SmimeDamageTextAdded "smime.damage-text-added" Warning "RFC 1847 section 2.1"
        "the digest matches without text, or a part, that was added to what was signed"
        "A mailing list appended a footer, or a gateway a disclaimer or a warning about external mail."
        "Have the list or gateway leave signed messages alone, or put its text outside the signed part."
    SmimeDamagePartHeader "smime.damage-part-header" Warning "RFC 1847 section 2.1"
        "the digest matches if the header of a part is written differently"
        "A gateway or a mail store parsed the part and wrote its header anew, with other folding, quotes, case or order."
        "Have the gateway pass multipart/signed on as it is; where that cannot be had, ask the sender for opaque signatures (`smime sign --opaque`)."
    SmimeDamageMultipart "smime.damage-multipart" Warning "RFC 2046 section 5.1.1"
        "the digest matches if the text before the first part of a multipart, or behind its last, is changed"
        "A gateway or a mail store took the multipart apart and put it together with another preamble or epilogue."
        "Have the gateway pass multipart/signed on as it is; where that cannot be had, ask the sender for opaque signatures (`smime sign --opaque`)."
    SmimeDamageTabs "smime.damage-tabs" Warning "RFC 2049 section 3"
        "the digest matches if spaces become tabs, or tabs become spaces"
        "An editor, a terminal or a gateway between character sets replaced them."
        "Do not copy signed messages through an editor or terminal; have the sender's program encode tabs."
    SmimeDamageNulRemoved "smime.damage-nul-removed" Warning "RFC 2045 section 2.7"
        "the digest matches with a NUL in the content"
        "The sender signed a NUL, which no message may hold outside an encoding, and a relay removed it."
        "Have the sender's program encode such content as base64."

    CmsEncodingInvalid "cms.encoding-invalid" Reject "RFC 5652, X.690"
        "the CMS object cannot be decoded"
        "The attachment was damaged or truncated, or is not CMS at all."
        "Ask for the message again; `smime inspect --asn1` shows how far it can be read."
    CmsContentTypeUnexpected "cms.content-type-unexpected" Reject "RFC 5652 section 3"
        "the CMS content type is not one that S/MIME uses here"
        "The attachment is another kind of PKCS #7 file, such as a certificate request or a timestamp."
        "See the type named in the detail."
    CmsContentMissing "cms.content-missing" Reject "RFC 5652 section 5.2"
        "the signature is detached and the signed content is not there"
        "A `smime.p7s` attachment was saved on its own."
        "Give the whole message, or the content with `--content FILE`."
    CmsContentDiffers "cms.content-differs" Reject "RFC 5652 section 5.2"
        "the signature object holds a content that is not the one beside it"
        "Somebody put other content into a detached signature, or beside an opaque one, to have one of the two shown and the other verified."
        "Do not rely on either content; ask the sender for the message again."
    CmsSignerMissing "cms.signer-missing" Reject "RFC 5652 section 5.1"
        "the SignedData has no signer"
        "Signatures were removed, or the object was only meant to carry certificates."
        "Ask the sender to send the message again."
    CmsSignerCertificateNotFound "cms.signer-certificate-not-found" Reject "RFC 5652 section 5.3"
        "the signer's certificate is neither in the message nor in the keystore"
        "The sender's program leaves certificates out."
        "Get the sender's certificate and give it with `--untrusted FILE`, or import it."
    CmsSignedAttributesMissing "cms.signed-attributes-missing" Reject "RFC 5652 section 5.3"
        "signed attributes are required for this content type and are not there"
        "A broken or hostile program made the signature."
        "Ask the sender to sign with another program."
    CmsMessageDigestMissing "cms.message-digest-missing" Reject "RFC 5652 section 11.2"
        "the signed attributes hold no message digest, or more than one"
        "A broken or hostile program made the signature."
        "Ask the sender to sign with another program."
    CmsMessageDigestMismatch "cms.message-digest-mismatch" Reject "RFC 5652 section 5.6"
        "the content is not what was signed: its digest differs"
        "The content changed after signing: a footer was added, lines were re-wrapped, trailing blanks cut, 8-bit text re-encoded, or somebody altered it."
        "Find the relay that changes content; ask the sender for a copy that did not pass it."
    CmsSignatureInvalid "cms.signature-invalid" Reject "RFC 5652 section 5.6"
        "the signature does not verify with the signer's public key"
        "The signature or the signed attributes were altered, or another key made it."
        "Do not trust the message; ask the sender to send it again."
    CmsAttributeInvalid "cms.attribute-invalid" Reject "RFC 5652 section 5.3"
        "a signed attribute is malformed, occurs twice, has several values, or contradicts the message"
        "A broken or hostile program made the signature."
        "See the attribute named in the detail."
    CmsSigningCertificateMismatch "cms.signing-certificate-mismatch" Reject "RFC 5035 section 3"
        "the signing-certificate attribute names another certificate"
        "The certificate was replaced by another one with the same key or the same name."
        "Do not trust the message."
    CmsDigestUnsupported "cms.digest-unsupported" Reject "RFC 8551 section 2.1"
        "the digest algorithm is not supported"
        "The sender uses an algorithm outside the S/MIME standards."
        "See the algorithm named in the detail; ask the sender to use SHA-256."
    CmsDigestWeak "cms.digest-weak" Reject "RFC 8551 appendix B"
        "the digest algorithm is too weak to be trusted"
        "The sender's program signs with MD5 or SHA-1."
        "Ask the sender to use SHA-256; for SHA-1 in old mail there is `settings sha1 accept`."
    CmsSignatureAlgorithmUnsupported "cms.signature-algorithm-unsupported" Reject "RFC 8551 section 2.2"
        "the signature algorithm is not supported"
        "The sender uses an algorithm that this version does not know."
        "See the algorithm named in the detail."
    CmsRecipientNotFound "cms.recipient-not-found" Reject "RFC 5652 section 6.2"
        "the message is not encrypted to any key that is held here"
        "It was encrypted to an older or another certificate, or is meant for somebody else."
        "See the recipients in the report; import the key that one of them names."
    CmsKeyManagementUnsupported "cms.key-management-unsupported" Reject "RFC 8551 section 2.3"
        "the content-encryption key is protected by an algorithm that is not supported"
        "The sender uses an algorithm that this version does not know."
        "See the algorithm named in the detail."
    CmsContentEncryptionUnsupported "cms.content-encryption-unsupported" Reject "RFC 8551 section 2.7"
        "the content is encrypted with an algorithm that is not supported"
        "The sender uses an algorithm that this version does not know."
        "See the algorithm named in the detail."
    CmsContentNotAuthenticated "cms.content-not-authenticated" Warning "RFC 8551 section 6"
        "the encryption does not protect against changes, and no signature inside does either"
        "The sender encrypted with CBC and did not sign."
        "Ask the sender to sign as well, or to use AES-GCM."
    CmsCompressionUnsupported "cms.compression-unsupported" Reject "RFC 3274 section 1.1"
        "the content is compressed with an algorithm that is not supported"
        "The sender's program uses another algorithm than zlib, the only one that the standard has."
        "See the algorithm named in the detail."
    CmsDecompressionLimit "cms.decompression-limit" Reject "limit of this program"
        "the compressed content expands to more than is allowed for its size"
        "A message made to fill the disk of whoever opens it; or content that is nearly all alike, such as the image of an empty disk."
        "If the sender is trusted, ask for the content uncompressed."
    CmsDecryptionFailed "cms.decryption-failed" Reject "RFC 5652 section 6"
        "the message cannot be decrypted"
        "The message was damaged or altered, or it was encrypted to another key. What exactly is wrong is deliberately not told."
        "Ask the sender to send the message again."
    CmsDecryptedNotMime "cms.decrypted-not-mime" Reject "RFC 8551 section 3.1"
        "the decrypted content is not a MIME entity"
        "The sender's program encrypted something else than a mail body."
        "Use `smime decrypt` on the bare CMS object to get the content as it is."

    CertEncodingInvalid "cert.encoding-invalid" Reject "RFC 5280 section 4.1"
        "the certificate cannot be decoded"
        "The file was damaged, or the program that issued it does not encode by DER."
        "Ask for the certificate again."
    CertVersionUnsupported "cert.version-unsupported" Reject "RFC 5280 section 4.1.2.1"
        "the certificate is not of X.509 version 3"
        "An old CA, or a script that makes certificates without extensions."
        "Have the certificate issued anew."
    CertNotYetValid "cert.not-yet-valid" Reject "RFC 5280 section 4.1.2.5"
        "the certificate is not valid yet"
        "A clock is wrong, or the certificate was issued for later."
        "Check the clock of this machine; see the dates in the detail."
    CertExpired "cert.expired" Reject "RFC 5280 section 4.1.2.5"
        "the certificate has expired"
        "It was not renewed in time, or the message is old."
        "Renew the certificate; to judge old mail at its own time, use `--time`."
    CertCriticalExtensionUnknown "cert.critical-extension-unknown" Reject "RFC 5280 section 4.2"
        "the certificate has a critical extension that is not understood"
        "The certificate is made for another purpose, or its CA uses rare features."
        "See the extension named in the detail."
    CertKeyUsageForbidsSigning "cert.key-usage-forbids-signing" Reject "RFC 8550 section 4.4.2"
        "the key usage of the certificate does not allow signing messages"
        "It is an encryption certificate."
        "Use the signing certificate of the pair."
    CertKeyUsageForbidsEncryption "cert.key-usage-forbids-encryption" Reject "RFC 8550 section 4.4.2"
        "the key usage of the certificate does not allow encrypting to it"
        "It is a signing certificate."
        "Ask for the encryption certificate of the pair."
    CertExtendedKeyUsageForbidsMail "cert.extended-key-usage-forbids-mail" Reject "RFC 8550 section 4.4.4"
        "the extended key usage of the certificate does not include mail"
        "It is a certificate for a web server, for code or for logging in."
        "Have a certificate issued with emailProtection."
    CertAddressMissing "cert.address-missing" Reject "RFC 8550 section 3"
        "the certificate holds no mail address"
        "It was issued for a person, server or organization without an address."
        "Have a certificate issued with the address in subjectAltName."
    CertAddressMismatch "cert.address-mismatch" Reject "RFC 8550 section 3"
        "the certificate does not hold the address that was asked for"
        "The certificate was issued for another address of the same person, or for somebody else."
        "Compare the addresses in the detail; have a certificate issued for the address."
    CertWeakKey "cert.weak-key" Reject "RFC 8550 section 4.3"
        "the key of the certificate is weak"
        "It is an old certificate, or one of a device, or of a CA above it. Below 1024 bits (RSA, DSA) or 224 bits (EC) it is refused, below 2048 bits or on P-224 it draws a warning."
        "Have a certificate with a longer key issued."
    CertKeyUnsupported "cert.key-unsupported" Reject "RFC 8550 section 4.3"
        "the public key of the certificate is of a kind that is not supported"
        "It is of an algorithm outside the S/MIME standards, or on an unusual elliptic curve."
        "See the algorithm named in the detail; have a certificate for an RSA, P-256 or P-384 key issued."
    CertIsCa "cert.is-ca" Reject "RFC 5280 section 4.2.1.9"
        "the certificate is that of a certification authority"
        "A CA certificate was given where one of a person or system belongs."
        "Use `smime trust add FILE` to trust a CA."
    CertKeyMismatch "cert.key-mismatch" Reject "RFC 5958 section 2"
        "the private key does not belong to the certificate"
        "Files of two identities were mixed."
        "Find the key whose public half is in the certificate."
    CertProfileDeviation "cert.profile-deviation" Info "CA/Browser Forum S/MIME Baseline Requirements section 7.1"
        "the certificate deviates from the profile that public CAs keep"
        "The CA is a private one, or older than the requirements; nothing is wrong with its mail for that."
        "Nothing, to read its mail; whoever runs the CA can follow the section named in the detail."
    CertDuplicate "cert.duplicate" Info "rule of this program"
        "the certificate is stored already"
        "It was imported or extracted before."
        "Nothing."

    PathSelfSignedUntrusted "path.self-signed-untrusted" Reject "RFC 5280 section 6.1"
        "the certification path ends in a self-signed certificate that is not trusted"
        "The sender made the certificate with a tool of their own, or its CA is not on the trust list."
        "If you trust it, add it with `smime trust add FILE`; a person's own self-signed certificate can be imported by hand."
    PathIssuerUnknown "path.issuer-unknown" Reject "RFC 5280 section 6.1"
        "the issuer of a certificate in the path is not known here"
        "The CA is not on the trust list."
        "Get the CA's certificate from its operator and add it with `smime trust add FILE`."
    PathIntermediateMissing "path.intermediate-missing" Reject "RFC 5280 section 4.2.2.1"
        "an intermediate certificate is missing between the certificate and its trust anchor"
        "The sender's program did not include the intermediate."
        "Get the intermediate, from the address in the detail if there is one, and give it with `--untrusted FILE`."
    PathSignatureInvalid "path.signature-invalid" Reject "RFC 5280 section 6.1.3 (a)(1)"
        "the signature of a certificate in the path does not verify with its issuer's key"
        "The certificate was altered, or its CA has another key than the CA of that name that is known here."
        "Compare the CA in the detail with what its operator publishes. If it has another key, add that certificate with `smime trust add FILE`; if not, the certificate was altered: do not trust it."
    PathSignatureAlgorithmUnsupported "path.signature-algorithm-unsupported" Reject "RFC 8550 section 4.3"
        "a certificate in the path is signed with an algorithm that is not supported"
        "The CA uses an algorithm that this version does not know."
        "Ask the owner for a certificate of a CA that signs with RSA, ECDSA or Ed25519."
    PathDigestWeak "path.digest-weak" Reject "RFC 8550 section 4.3"
        "a certificate in the path is signed with a digest that is too weak"
        "An old CA signs with MD5 or SHA-1."
        "Have the certificate issued anew; for SHA-1 there is `settings sha1 accept`."
    PathIssuerNotCa "path.issuer-not-ca" Reject "RFC 5280 section 6.1.4 (k)"
        "a certificate in the path was issued by one that is not a CA"
        "Somebody issued certificates with an ordinary certificate, which is an attack or a badly made test CA."
        "Do not trust the certificate."
    PathLengthExceeded "path.length-exceeded" Reject "RFC 5280 section 6.1.4 (l), (m)"
        "the path is longer than the path length constraint of a CA allows"
        "A CA issued a further CA certificate that it was not allowed to issue."
        "Tell the operator of the CA."
    PathKeyCertSignMissing "path.key-cert-sign-missing" Reject "RFC 5280 section 6.1.4 (n)"
        "a CA in the path has a key usage that does not allow signing certificates"
        "The CA certificate was badly made."
        "Tell the operator of the CA."
    PathNameConstraintsViolated "path.name-constraints-violated" Reject "RFC 5280 section 6.1.3 (b), (c)"
        "a name in the certificate is one that a CA in the path does not allow"
        "A CA is restricted to certain domains, organizations or addresses, and issued a certificate beyond them."
        "Compare the name with the constraint; if it ought to be allowed, tell the operator of the CA."
    PathPolicyNotAccepted "path.policy-not-accepted" Reject "RFC 5280 section 6.1.5 (g)"
        "the path is not valid for any certificate policy that is accepted"
        "A policy was demanded, by you or by a CA in the path, and a certificate in the path was not issued under it."
        "Compare the policies of the certificates with those that were asked for."
    PathSearchLimitReached "path.search-limit-reached" Reject "limit of this program"
        "the search for a certification path was given up"
        "There are very many CAs with equal names, which is an attack or a very tangled hierarchy."
        "Give the right intermediate with `--untrusted FILE` and remove the others."

    CrlRevoked "crl.revoked" Reject "RFC 5280 section 6.3"
        "the certificate is revoked"
        "Its key was lost or stolen, its owner left, or another certificate took its place; the detail has date and reason."
        "Do not rely on the certificate. Its owner needs a new one."
    CrlUnavailable "crl.unavailable" Reject "RFC 5280 section 6.3"
        "no CRL tells whether the certificate is revoked"
        "The issuer's CRL is neither in the keystore, nor given, nor in the message, or it covers other certificates only. A warning under `soft`."
        "Get the CRL from the address in the certificate, and store it with `smime crl add` or give it with `--crl FILE`."
    CrlStale "crl.stale" Reject "RFC 5280 section 5.1.2.5"
        "the CRL is out of date, so a later revocation would not be on it"
        "Nobody fetched the issuer's next CRL, or the issuer stopped issuing them; `next-update` says when it was due. A warning under `soft`."
        "Get the newest CRL and store it with `smime crl add`; for the local CA, run `smime ca crl`."
    CrlSignatureInvalid "crl.signature-invalid" Reject "RFC 5280 section 6.3.3 (g)"
        "the signature of the CRL is not valid under its issuer's key"
        "The file was damaged, the issuer has a new key that is not known here, or somebody made the CRL up. A warning under `soft`."
        "Fetch the CRL again; if the issuer has a new certificate, add it."
    CrlIssuerNotCrlSigner "crl.issuer-not-crl-signer" Reject "RFC 5280 section 6.3.3 (f)"
        "the issuer of the CRL may not sign CRLs, or has no valid certificate for it"
        "The certificate of the signer lacks the key usage cRLSign, is missing, or has no path to the trust anchor of the certificate in question. A warning under `soft`."
        "Give the certificate of the CRL's signer with `--untrusted FILE`, or ask the CA about its CRLs."

    PinRolloverFirstMessage "pin.rollover-first-message" Reject "behaviour of rollover `reject-first`"
        "the sender signs with a new certificate; it is trusted and now stored, and this first message is rejected"
        "The sender's certificate was renewed or replaced."
        "Compare the two certificates in the report; if the change is expected, have the message sent again: it will pass."
    PinRolloverAccepted "pin.rollover-accepted" Warning "behaviour of rollover `accept`"
        "the sender signs with a new certificate that is trusted; it was stored beside the old one"
        "The sender's certificate was renewed or replaced."
        "Compare the two certificates in the report."
    PinMismatchUntrusted "pin.mismatch-untrusted" Reject "behaviour of rollover"
        "the sender signs with another certificate than the one imported by hand, and no trusted CA stands behind it"
        "The sender's certificate was replaced by one of an unknown CA, or somebody else signs in the sender's name."
        "Ask the sender over another channel; import the new certificate by hand if it is theirs."
    PinHeld "pin.held" Reject "behaviour of rollover `hold`"
        "the sender signs with a new certificate, which is held until it is approved"
        "The sender's certificate was renewed or replaced."
        "Compare the two certificates in the report and run `smime cert approve`; then have the message sent again."

    PolicyNotProcessed "policy.not-processed" Info "rule of the policy"
        "the message is passed on as it is"
        "It does not conform to MIME, is exempted by the matching rule, or the rule asks for nothing."
        "Nothing, if that is intended."
    PolicyProtectionDisabled "policy.protection-disabled" Info "setting `protection`"
        "protection is off, so every message is passed on as it is"
        "There is no CA yet, the keystore was reset, or the setting was turned off."
        "Run `smime ca init`, or `smime settings protection on`."
    PolicyNoRuleMatched "policy.no-rule-matched" Info "rule of the policy"
        "no rule of the policy matched; the built-in default decides"
        "There is no policy file, or its rules are for other addresses."
        "Run `smime policy init` to start one."
    PolicySignerCertificateMissing "policy.signer-certificate-missing" Reject "policy key `sign`"
        "the rule requires a signature, and the sender has no usable certificate and key"
        "No certificate was issued or imported for the sender, or it has expired."
        "Run `smime cert issue ADDRESS`, or import one."
    PolicyRecipientCertificateMissing "policy.recipient-certificate-missing" Reject "policy key `encrypt`"
        "the rule requires encryption, and a recipient has no usable certificate"
        "No certificate of the recipient was imported or extracted, or it has expired."
        "Import the recipient's certificate, or ask them for a signed message."
    PolicySignatureRequired "policy.signature-required" Reject "policy key `require`"
        "the rule requires a signed message, and this one has no accepted signature"
        "It was sent without a signature, or its signature was not accepted."
        "Ask the sender to sign."
    PolicyEncryptionRequired "policy.encryption-required" Reject "policy key `require`"
        "the rule requires an encrypted message, and this one is not"
        "It was sent without encryption."
        "Ask the sender to encrypt."
    PolicyAlreadySigned "policy.already-signed" Info "policy key `except`"
        "the message is signed already"
        "The sender's own program signs."
        "Nothing."
    PolicyAlreadyEncrypted "policy.already-encrypted" Info "policy key `except`"
        "the message is encrypted already"
        "The sender's own program encrypts."
        "Nothing."

    P12WrongPassphrase "p12.wrong-passphrase" Reject "RFC 7292 section 4"
        "the passphrase does not open the PKCS #12 file"
        "A wrong passphrase, or one typed in another character set."
        "Give the file's own passphrase with `--file-passphrase-file` or `SMIME_FILE_PASSPHRASE`."
    P12MacInvalid "p12.mac-invalid" Reject "RFC 7292 section 5.1"
        "the integrity code of the PKCS #12 file does not match its content"
        "The file was damaged or altered after it was written."
        "Export the file again."
    P12CipherUnsupported "p12.cipher-unsupported" Reject "RFC 7292 appendix C"
        "the PKCS #12 file uses an algorithm that is not supported"
        "It was written by a very old or a special program."
        "See the algorithm named in the detail; export the file again with AES."
    P12EncodingInvalid "p12.encoding-invalid" Reject "RFC 7292 section 4"
        "the PKCS #12 file cannot be decoded"
        "The file was damaged, or is not PKCS #12."
        "Export the file again."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_well_formed() {
        let mut seen = std::collections::BTreeSet::new();
        for reason in Reason::ALL {
            let entry = reason.entry();
            assert!(seen.insert(entry.code), "{} twice", entry.code);
            let (domain, slug) = entry.code.split_once('.').unwrap();
            let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                domain.chars().all(word) && slug.chars().all(word),
                "{}",
                entry.code
            );
            assert!(
                !entry.summary.ends_with('.') && entry.hint.ends_with('.'),
                "{}",
                entry.code
            );
            assert_eq!(Reason::find_by_code(entry.code), Some(*reason));
        }
    }
}
