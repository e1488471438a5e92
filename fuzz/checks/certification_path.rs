//! Checks of path validation, over hierarchies that the input describes.

use smime::asn1::oid::{self, ObjectIdentifier};
use smime::asn1::tag::Tag;
use smime::asn1::write::{DerWriter, element};
use smime::crypto::digest::WeakDigests;
use smime::crypto::key::Signed;
use smime::pki::{Certificate, CertificatePool, PathRequest, PolicyInputs, Purpose, validate_path};

use super::octets::Octets;
use super::world::{key, time};

const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// Certificates of one hierarchy.
const CERTIFICATES: usize = 8;

/// A path that is trusted ends in the anchor, and each of its signatures is that of the next
/// certificate's key.
pub(crate) fn certification_path(octets: &[u8]) {
    let mut octets = Octets(octets);
    let mut certificates = Vec::new();
    for _ in 0..CERTIFICATES {
        certificates.extend(certificate(&mut octets));
        if octets.is_empty() {
            break;
        }
    }
    let Some((leaf, others)) = certificates.split_first() else {
        return;
    };
    let anchor = others.last().unwrap_or(leaf).clone();
    let issuers = CertificatePool::new([anchor.clone()], others.to_vec());
    let report = validate_path(&PathRequest {
        certificate: leaf,
        issuers: &issuers,
        extra: others,
        time: time(),
        purpose: Purpose::Any,
        sha1: WeakDigests::Reject,
        revocation: None,
        policies: PolicyInputs::default(),
    });
    assert_eq!(report.path.first(), Some(leaf));
    if !report.trusted {
        assert!(!report.findings.is_empty());
        return;
    }
    assert_eq!(report.path.last(), Some(&anchor));
    for pair in report.path.windows(2) {
        assert_eq!(pair[0].issuer(), pair[1].subject());
        assert!(pair[1].is_ca() || pair[1] == anchor);
        let key = pair[1].public_key().unwrap();
        assert!(pair[0].verify_signature(&key).is_ok());
        assert!(pair[0].not_before() <= time() && time() <= pair[0].not_after());
    }
}

/// A certificate: names, keys and common extensions chosen by octets, and extensions whose content is
/// octets of the input.
fn certificate(octets: &mut Octets<'_>) -> Option<Certificate> {
    let choice = octets.next();
    let (subject, issuer) = (choice & 7, choice >> 3 & 7);
    let keys = octets.next();
    let (own, signer) = (key(1 + (keys & 7)), key(1 + (keys >> 3 & 7)));
    let flags = octets.next();
    let extensions = extensions(octets, flags);

    let algorithm = signer.signature_algorithm(None);
    let mut identifier = DerWriter::new();
    identifier.sequence(|identifier| {
        identifier.oid(&ECDSA_WITH_SHA_256);
    });
    let identifier = identifier.into_vec();
    let date = |tag: Tag, digits: &str| element(tag, digits.as_bytes());
    let mut tbs = DerWriter::new();
    tbs.sequence(|tbs| {
        tbs.nested(Tag::context(0), |version| {
            version.integer(2);
        });
        tbs.integer(1 + (choice & 0x7f))
            .raw(&identifier)
            .raw(&name(issuer));
        tbs.sequence(|dates| {
            dates.raw(&date(Tag::UTC_TIME, "200101000000Z"));
            let end = if flags & 1 == 0 {
                "490101000000Z"
            } else {
                "210101000000Z"
            };
            dates.raw(&date(Tag::UTC_TIME, end));
        });
        tbs.raw(&name(subject)).raw(own.public_key().spki_der());
        if !extensions.is_empty() {
            tbs.nested(Tag::context(3), |explicit| {
                explicit.raw(&element(Tag::SEQUENCE, &extensions));
            });
        }
    });
    let tbs = tbs.into_vec();
    let signature = signer.sign(&algorithm, Signed::Message(&tbs)).ok()?;
    let mut whole = DerWriter::new();
    whole.sequence(|whole| {
        whole.raw(&tbs).raw(&identifier).bit_string(&signature);
    });
    Certificate::decode(&whole.into_vec()).ok()
}

fn name(number: u8) -> Vec<u8> {
    let mut name = DerWriter::new();
    name.sequence(|name| {
        if number == 7 {
            return;
        }
        name.set_of(
            Tag::SET,
            vec![{
                let mut attribute = DerWriter::new();
                attribute.sequence(|attribute| {
                    attribute.oid(&oid::COMMON_NAME);
                    attribute.element(Tag::UTF8_STRING, &[b'A' + number]);
                });
                attribute.into_vec()
            }],
        );
    });
    name.into_vec()
}

/// The extensions that decide about paths; each may come from the input instead.
fn extensions(octets: &mut Octets<'_>, flags: u8) -> Vec<u8> {
    let mut out = Vec::new();
    if flags & 2 != 0 {
        let mut ca = DerWriter::new();
        ca.sequence(|ca| {
            ca.element(Tag::BOOLEAN, &[0xff]);
            if flags & 4 != 0 {
                ca.integer(flags >> 6);
            }
        });
        out.extend(extension(&oid::BASIC_CONSTRAINTS, true, &ca.into_vec()));
    }
    if flags & 8 != 0 {
        out.extend(extension(&oid::KEY_USAGE, true, &[3, 2, 1, 0b1110_0110]));
    }
    let known = [
        oid::NAME_CONSTRAINTS,
        oid::CERTIFICATE_POLICIES,
        oid::POLICY_MAPPINGS,
        oid::POLICY_CONSTRAINTS,
        oid::INHIBIT_ANY_POLICY,
        oid::SUBJECT_ALT_NAME,
        oid::EXTENDED_KEY_USAGE,
        oid::BASIC_CONSTRAINTS,
    ];
    for _ in 0..(flags >> 4 & 3) {
        let choice = octets.next();
        let length = octets.next();
        let value = octets.take(length.into());
        let kind = &known[usize::from(choice) % known.len()];
        out.extend(extension(kind, choice & 0x80 != 0, value));
    }
    out
}

fn extension(kind: &ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut extension = DerWriter::new();
    extension.sequence(|extension| {
        extension.oid(kind);
        if critical {
            extension.element(Tag::BOOLEAN, &[0xff]);
        }
        extension.octet_string(value);
    });
    extension.into_vec()
}
