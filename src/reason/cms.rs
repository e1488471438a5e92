//! RFC 5652: the signatures and the encryption themselves.

use super::Entry;
use super::Severity::{Reject, Warning};

pub(super) const ENCODING_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652, X.690",
    summary: "the CMS object cannot be decoded",
    causes: "The attachment was damaged or truncated, or is not CMS at all.",
    hint: "Ask for the message again; `smime inspect --asn1` shows how far it can be read.",
    sender: "Send the message again; do not let the attachment pass a program that recodes text.",
    receiver: "Ask for the message again; `smime inspect --asn1` shows how far it can be read.",
    administrator: "Look for a gateway that changes or cuts attachments.",
    example: "`smime.p7m` was cut after 64 KiB.",
};

pub(super) const CONTENT_TYPE_UNEXPECTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 3",
    summary: "the CMS content type is not one that S/MIME uses here",
    causes: "The attachment is another kind of PKCS #7 file, such as a certificate request or a \
        timestamp.",
    hint: "See the type named in the detail.",
    sender: "Send the file as an ordinary attachment, or sign or encrypt the message itself.",
    receiver: "Look what it is with `smime inspect`, and use the program it is meant for.",
    administrator: "Nothing.",
    example: "A time-stamp token in an attachment named `smime.p7m`.",
};

pub(super) const CONTENT_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.2",
    summary: "the signature is detached and the signed content is not there",
    causes: "A `smime.p7s` attachment was saved on its own.",
    hint: "Give the whole message, or the content with `--content FILE`.",
    sender: "Send the signed file together with its signature.",
    receiver: "Give the whole message, or the signed file: `smime verify smime.p7s --content \
        FILE`.",
    administrator: "Have scripts hand over whole messages.",
    example: "`smime verify smime.p7s`, saved from a multipart/signed message.",
};

pub(super) const CONTENT_DIFFERS: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.2",
    summary: "the signature object holds a content that is not the one beside it",
    causes: "Somebody put other content into a detached signature, or beside an opaque one, to \
        have one of the two shown and the other verified.",
    hint: "Do not rely on either content; ask the sender for the message again.",
    sender: "Send the message again.",
    receiver: "Rely on neither content: programs differ in which of the two they show.",
    administrator: "Treat it as an attempt to deceive, and look where the message came from.",
    example: "A detached signature that holds a content of its own beside the signed part.",
};

pub(super) const SIGNER_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.1",
    summary: "the SignedData has no signer",
    causes: "Signatures were removed, or the object was only meant to carry certificates.",
    hint: "Ask the sender to send the message again.",
    sender: "Sign and send the message again.",
    receiver: "Ask for a signed message; to use only its certificates, import them.",
    administrator: "Look for a gateway that removes signatures.",
    example: "A SignedData of certificates alone, labelled as a signed message.",
};

pub(super) const SIGNER_CERTIFICATE_NOT_FOUND: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.3",
    summary: "the signer's certificate is neither in the message nor in the keystore",
    causes: "The sender's program leaves certificates out.",
    hint: "Get the sender's certificate and give it with `--untrusted FILE`, or import it.",
    sender: "Have the mail program include your certificate in signatures.",
    receiver: "Get the certificate from the sender or a directory, and import it or give it with \
        `--untrusted FILE`.",
    administrator: "Import the certificates of partners whose programs leave them out.",
    example: "A signature made with `openssl cms -sign -nocerts`.",
};

pub(super) const SIGNED_ATTRIBUTES_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.3",
    summary: "signed attributes are required for this content type and are not there",
    causes: "A broken or hostile program made the signature.",
    hint: "Ask the sender to sign with another program.",
    sender: "Sign with another program.",
    receiver: "Do not rely on the message.",
    administrator: "Treat it as hostile if it repeats: such signatures can be moved between \
        contents.",
    example: "Signed content of type enveloped data, without signed attributes.",
};

pub(super) const MESSAGE_DIGEST_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 11.2",
    summary: "the signed attributes hold no message digest, or more than one",
    causes: "A broken or hostile program made the signature.",
    hint: "Ask the sender to sign with another program.",
    sender: "Sign with another program.",
    receiver: "Do not rely on the message.",
    administrator: "Report it to the maker of the sender's program.",
    example: "Signed attributes with a signing time and no messageDigest.",
};

pub(super) const MESSAGE_DIGEST_MISMATCH: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.6",
    summary: "the content is not what was signed: its digest differs",
    causes: "The content changed after signing: a footer was added, lines were re-wrapped, \
        trailing blanks cut, 8-bit text re-encoded, or somebody altered it.",
    hint: "Find the relay that changes content; ask the sender for a copy that did not pass it.",
    sender: "Compare with your copy of sent mail: if that verifies, the message was changed on the \
        way.",
    receiver: "Look for a `smime.damage-` reason beside it, which names the change; without one, \
        do not rely on the content.",
    administrator: "Find what changes bodies between sender and receiver: lists, disclaimers, \
        virus scanners, mail stores.",
    example: "A list appended its footer to the signed text.",
};

pub(super) const SIGNATURE_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.6",
    summary: "the signature does not verify with the signer's public key",
    causes: "The signature or the signed attributes were altered, or another key made it.",
    hint: "Do not trust the message; ask the sender to send it again.",
    sender: "Sign and send the message again.",
    receiver: "Do not rely on it.",
    administrator: "If it repeats with one sender, compare the certificate with the one that the \
        sender uses.",
    example: "One octet of the signature value was changed.",
};

pub(super) const ATTRIBUTE_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 5.3",
    summary: "a signed attribute is malformed, occurs twice, has several values, or contradicts \
        the message",
    causes: "A broken or hostile program made the signature.",
    hint: "See the attribute named in the detail.",
    sender: "Sign with another program.",
    receiver: "Do not rely on the message.",
    administrator: "Report it to the maker of the sender's program, with the attribute in the \
        detail.",
    example: "Two messageDigest attributes in one signature.",
};

pub(super) const SIGNING_CERTIFICATE_MISMATCH: Entry = Entry {
    severity: Reject,
    clause: "RFC 5035 section 3",
    summary: "the signing-certificate attribute names another certificate",
    causes: "The certificate was replaced by another one with the same key or the same name.",
    hint: "Do not trust the message.",
    sender: "Sign again with the right certificate chosen in the mail program.",
    receiver: "Do not rely on the message.",
    administrator: "If the certificate was renewed for the same key, have the sender's program use \
        the new one everywhere.",
    example: "The attribute names the old certificate, and the message carries the renewed one.",
};

pub(super) const DIGEST_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 2.1",
    summary: "the digest algorithm is not supported",
    causes: "The sender uses an algorithm outside the S/MIME standards.",
    hint: "See the algorithm named in the detail; ask the sender to use SHA-256.",
    sender: "Use SHA-256.",
    receiver: "Ask for the message with a standard digest.",
    administrator: "Tell the partner which algorithms RFC 8551 has.",
    example: "A signature over a GOST digest.",
};

pub(super) const DIGEST_WEAK: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 appendix B",
    summary: "the digest algorithm is too weak to be trusted",
    causes: "The sender's program signs with MD5 or SHA-1.",
    hint: "Ask the sender to use SHA-256; for SHA-1 in old mail there is `settings sha1 accept`.",
    sender: "Set the mail program to SHA-256.",
    receiver: "Ask for a signature with SHA-256; an old SHA-1 message can be read after `smime \
        settings sha1 accept`.",
    administrator: "Accept SHA-1 only for an archive, and never MD5, which is not accepted at all.",
    example: "A message of 2010, signed with SHA-1.",
};

pub(super) const SIGNATURE_ALGORITHM_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 2.2",
    summary: "the signature algorithm is not supported",
    causes: "The sender uses an algorithm that this version does not know.",
    hint: "See the algorithm named in the detail.",
    sender: "Use RSA, ECDSA or Ed25519.",
    receiver: "Ask for the message with a standard algorithm.",
    administrator: "Tell the partner which algorithms smime(1) names.",
    example: "A signature by an experimental algorithm.",
};

pub(super) const RECIPIENT_NOT_FOUND: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 6.2",
    summary: "the message is not encrypted to any key that is held here",
    causes: "It was encrypted to an older or another certificate, or is meant for somebody else.",
    hint: "See the recipients in the report; import the key that one of them names.",
    sender: "Encrypt to the receiver's present certificate, and to yourself with `--to-self` if \
        you want to read it later.",
    receiver: "Compare the recipients in the report with `smime cert list`; import the key from \
        the old computer or backup.",
    administrator: "Keep old keys when certificates are renewed; import those of the user that \
        were made elsewhere.",
    example: "It was encrypted to the certificate of last year, whose key stayed on the old \
        laptop.",
};

pub(super) const KEY_MANAGEMENT_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 2.3",
    summary: "the content-encryption key is protected by an algorithm that is not supported",
    causes: "The sender uses an algorithm that this version does not know.",
    hint: "See the algorithm named in the detail.",
    sender: "Use RSA or ECDH on a standard curve.",
    receiver: "Ask for the message with a standard algorithm.",
    administrator: "Tell the partner which algorithms smime(1) names.",
    example: "The key is wrapped under a password instead of a certificate.",
};

pub(super) const CONTENT_ENCRYPTION_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 2.7",
    summary: "the content is encrypted with an algorithm that is not supported",
    causes: "The sender uses an algorithm that this version does not know.",
    hint: "See the algorithm named in the detail.",
    sender: "Use AES-256-CBC or AES-256-GCM.",
    receiver: "Ask for the message with a standard cipher.",
    administrator: "Tell the partner which ciphers smime(1) names.",
    example: "The content is encrypted with Camellia.",
};

pub(super) const CONTENT_NOT_AUTHENTICATED: Entry = Entry {
    severity: Warning,
    clause: "RFC 8551 section 6",
    summary: "the encryption does not protect against changes, and no signature inside does either",
    causes: "The sender encrypted with CBC and did not sign.",
    hint: "Ask the sender to sign as well, or to use AES-GCM.",
    sender: "Sign before you encrypt (`smime encrypt --sign`), or use AES-GCM.",
    receiver: "Read it, but do not act on what it says without asking: it may have been changed.",
    administrator: "Have the policy require signatures where changes matter.",
    example: "A message encrypted with AES-256-CBC, without a signature.",
};

pub(super) const COMPRESSION_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 3274 section 1.1",
    summary: "the content is compressed with an algorithm that is not supported",
    causes: "The sender's program uses another algorithm than zlib, the only one that the standard \
        has.",
    hint: "See the algorithm named in the detail.",
    sender: "Compress with zlib, or not at all.",
    receiver: "Ask for the message uncompressed.",
    administrator: "Nothing.",
    example: "CompressedData with an algorithm of its own.",
};

pub(super) const DECOMPRESSION_LIMIT: Entry = Entry {
    severity: Reject,
    clause: "limit of this program",
    summary: "the compressed content expands to more than is allowed for its size",
    causes: "A message made to fill the disk of whoever opens it; or content that is nearly all \
        alike, such as the image of an empty disk.",
    hint: "If the sender is trusted, ask for the content uncompressed.",
    sender: "Send it uncompressed.",
    receiver: "If you do not know the sender, delete it.",
    administrator: "Nothing: the limit protects the disk.",
    example: "100 KB that expand to several gigabytes of zeros.",
};

pub(super) const DECRYPTION_FAILED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5652 section 6",
    summary: "the message cannot be decrypted",
    causes: "The message was damaged or altered, or it was encrypted to another key. What exactly \
        is wrong is deliberately not told.",
    hint: "Ask the sender to send the message again.",
    sender: "Encrypt and send the message again, with the receiver's present certificate.",
    receiver: "Ask for the message again.",
    administrator: "Compare the size with the sender's copy; do not tell a sender more than that \
        it failed.",
    example: "One octet of the encrypted content was changed.",
};

pub(super) const DECRYPTED_NOT_MIME: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 3.1",
    summary: "the decrypted content is not a MIME entity",
    causes: "The sender's program encrypted something else than a mail body.",
    hint: "Use `smime decrypt` on the bare CMS object to get the content as it is.",
    sender: "Encrypt a MIME entity: a header, an empty line, a body.",
    receiver: "Give the attachment itself to `smime decrypt`, which writes the content as it is.",
    administrator: "Nothing.",
    example: "A PDF file that was encrypted as though it were a message.",
};
