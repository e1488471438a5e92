//! What the tables of other makers expect and is not so here.

/// Where the answer is not the expected one: the case, our answer, and why.
pub(super) const DIVERGENCES: &[(&str, &str, &str)] = &[
    (
        "asn1crypto/cms-digested.der digest",
        "cms.content-type-unexpected",
        NO_MAIL,
    ),
    (
        "asn1crypto/cms-signed-indefinite-length.der signature",
        "cert.expired cms.message-digest-mismatch path.issuer-unknown",
        "the table leaves it open: content and digest do not match as they are stored",
    ),
    (
        "pyca-pkcs7/enveloped-no-content.der object",
        "malformed EncryptedContentInfo: no content",
        "the ciphertext would have to come from elsewhere, and in S/MIME there is no such place",
    ),
    (
        "pyca-pkcs7/enveloped.pem decryption",
        "cms.recipient-not-found",
        "the key is in a folder that is not there",
    ),
    (
        "rfc4134/5.3.eml decryption",
        "cms.decryption-failed",
        "without a tag only MIME entities are released from mail, and the content is a bare sentence",
    ),
    (
        "rustcrypto-cms/enveloped_data_kekri.bin symmetric key",
        "cms.recipient-not-found",
        NO_CERTIFICATE,
    ),
    (
        "rustcrypto-cms/enveloped_data_multi.bin symmetric key",
        "cms.recipient-not-found",
        NO_CERTIFICATE,
    ),
    (
        "rustcrypto-cms/enveloped_data_multi.bin password",
        "cms.recipient-not-found",
        NO_CERTIFICATE,
    ),
    (
        "rustcrypto-cms/enveloped_data_pwri.bin password",
        "cms.recipient-not-found",
        NO_CERTIFICATE,
    ),
    (
        "rustcrypto-cms/apple_mdm_signature_der.bin object",
        "malformed content: not an OCTET STRING",
        "content of type data that is no OCTET STRING (RFC 5652 section 4); OpenSSL refuses it too",
    ),
];

const NO_MAIL: &str = "no form of S/MIME; the type is named";
const NO_CERTIFICATE: &str =
    "recipients of S/MIME have certificates, neither passwords nor shared keys";
