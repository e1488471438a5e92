//! RFC 5280 section 6: the certification path.

use super::Entry;
use super::Severity::Reject;

pub(super) const SELF_SIGNED_UNTRUSTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1",
    summary: "the certification path ends in a self-signed certificate that is not trusted",
    causes: "The sender made the certificate with a tool of their own, or its CA is not on the \
        trust list.",
    hint: "If you trust it, add it with `smime trust add FILE`; a person's own self-signed \
        certificate can be imported by hand.",
    sender: "Get a certificate from a CA that the receiver trusts, or hand over your certificate \
        in another way.",
    receiver: "Compare the fingerprint over another channel; then `smime cert import FILE` for a \
        person, `smime trust add FILE` for a CA.",
    administrator: "Decide which CAs to trust for all users; `smime trust list` shows them.",
    example: "A certificate made with `openssl req -x509`.",
};

pub(super) const ISSUER_UNKNOWN: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1",
    summary: "the issuer of a certificate in the path is not known here",
    causes: "The CA is not on the trust list.",
    hint: "Get the CA's certificate from its operator and add it with `smime trust add FILE`.",
    sender: "Tell the receiver which CA issued your certificate, and where its certificate is to \
        be had.",
    receiver: "Get the CA's certificate from its operator, not from the message, and `smime trust \
        add FILE`.",
    administrator: "Add the CAs of partners once, for all users.",
    example: "The partner has a CA of their own, and nobody added it here.",
};

pub(super) const INTERMEDIATE_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 4.2.2.1",
    summary: "an intermediate certificate is missing between the certificate and its trust anchor",
    causes: "The sender's program did not include the intermediate.",
    hint: "Get the intermediate, from the address in the detail if there is one, and give it with \
        `--untrusted FILE`.",
    sender: "Include the intermediate in signatures; `smime sign --include intermediates`.",
    receiver: "Get the intermediate and give it with `--untrusted FILE`.",
    administrator: "Add frequent intermediates with `smime trust add`, if the CA is to be trusted.",
    example: "The sender's program attaches the user's certificate alone, below an intermediate \
        CA.",
};

pub(super) const SIGNATURE_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1.3 (a)(1)",
    summary: "the signature of a certificate in the path does not verify with its issuer's key",
    causes: "The certificate was altered, or its CA has another key than the CA of that name that \
        is known here.",
    hint: "Compare the CA in the detail with what its operator publishes. If it has another key, \
        add that certificate with `smime trust add FILE`; if not, the certificate was altered: do \
        not trust it.",
    sender: "Get the certificate from your CA again.",
    receiver: "Do not rely on the certificate.",
    administrator: "If the CA changed its key, add its new certificate.",
    example: "A CA was made anew under its old name, with another key.",
};

pub(super) const SIGNATURE_ALGORITHM_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 4.3",
    summary: "a certificate in the path is signed with an algorithm that is not supported",
    causes: "The CA uses an algorithm that this version does not know.",
    hint: "Ask the owner for a certificate of a CA that signs with RSA, ECDSA or Ed25519.",
    sender: "Get a certificate that is signed with RSA or ECDSA.",
    receiver: "Ask for another certificate.",
    administrator: "Ask the CA for a chain with standard algorithms.",
    example: "A CA that signs by an experimental algorithm.",
};

pub(super) const DIGEST_WEAK: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 4.3",
    summary: "a certificate in the path is signed with a digest that is too weak",
    causes: "An old CA signs with MD5 or SHA-1.",
    hint: "Have the certificate issued anew; for SHA-1 there is `settings sha1 accept`.",
    sender: "Have the certificate issued anew with SHA-256.",
    receiver: "Ask for a newer certificate; SHA-1 is accepted after `smime settings sha1 accept`.",
    administrator: "Replace CAs that sign with SHA-1; MD5 is never accepted.",
    example: "A certificate of 2008, signed with SHA-1.",
};

pub(super) const ISSUER_NOT_CA: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1.4 (k)",
    summary: "a certificate in the path was issued by one that is not a CA",
    causes: "Somebody issued certificates with an ordinary certificate, which is an attack or a \
        badly made test CA.",
    hint: "Do not trust the certificate.",
    sender: "Get a certificate from a real CA.",
    receiver: "Do not rely on it: anybody with a certificate can issue others in this way.",
    administrator: "In a CA of your own, set basicConstraints CA:TRUE, critical, on CA \
        certificates.",
    example: "alice@example.com issued a certificate for bob@example.com.",
};

pub(super) const LENGTH_EXCEEDED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1.4 (l), (m)",
    summary: "the path is longer than the path length constraint of a CA allows",
    causes: "A CA issued a further CA certificate that it was not allowed to issue.",
    hint: "Tell the operator of the CA.",
    sender: "Ask your CA for a certificate from a CA that may issue it.",
    receiver: "Ask for another certificate.",
    administrator: "Issue from the CA that has path length 0, not from one below it.",
    example: "A CA with pathlen:0 issued a certificate for another CA.",
};

pub(super) const KEY_CERT_SIGN_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1.4 (n)",
    summary: "a CA in the path has a key usage that does not allow signing certificates",
    causes: "The CA certificate was badly made.",
    hint: "Tell the operator of the CA.",
    sender: "Tell your CA.",
    receiver: "Ask for a certificate of another CA.",
    administrator: "Have the CA certificate issued with keyCertSign.",
    example: "A CA certificate with the key usage digitalSignature alone.",
};

pub(super) const NAME_CONSTRAINTS_VIOLATED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1.3 (b), (c)",
    summary: "a name in the certificate is one that a CA in the path does not allow",
    causes: "A CA is restricted to certain domains, organizations or addresses, and issued a \
        certificate beyond them.",
    hint: "Compare the name with the constraint; if it ought to be allowed, tell the operator of \
        the CA.",
    sender: "Get a certificate from a CA that may issue for your address.",
    receiver: "Do not rely on it: the CA went beyond what it was allowed.",
    administrator: "Compare name and constraint in the detail; a company's CA usually covers its \
        own domains alone.",
    example: "A CA restricted to example.com issued for user@example.net.",
};

pub(super) const POLICY_NOT_ACCEPTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.1.5 (g)",
    summary: "the path is not valid for any certificate policy that is accepted",
    causes: "A policy was demanded, by you or by a CA in the path, and a certificate in the path \
        was not issued under it.",
    hint: "Compare the policies of the certificates with those that were asked for.",
    sender: "Get a certificate that is issued under the policy.",
    receiver: "If the policy was your own demand, leave `--policy-oid` or \
        `--require-explicit-policy` out.",
    administrator: "Compare the policies of each certificate of the path in `smime inspect`.",
    example: "`--policy-oid` names a policy that the intermediate CA lacks.",
};

pub(super) const SEARCH_LIMIT_REACHED: Entry = Entry {
    severity: Reject,
    clause: "limit of this program",
    summary: "the search for a certification path was given up",
    causes: "There are very many CAs with equal names, which is an attack or a very tangled \
        hierarchy.",
    hint: "Give the right intermediate with `--untrusted FILE` and remove the others.",
    sender: "Include the intermediates that lead to the anchor, and no others.",
    receiver: "Give the right intermediate with `--untrusted FILE`.",
    administrator: "Remove CAs of equal names that are no longer used.",
    example: "Hundreds of cross-certificates of one name.",
};
