//! Certificates that the program does not issue: intermediate CAs, mappings of policies, pointers to
//! the issuer's certificate.

use std::sync::LazyLock;

use const_oid::ObjectIdentifier;
use der::Encode;
use smime::asn1::tag::Tag;
use smime::asn1::write::{DerWriter, element};
use smime::asn1::{oid, pem};
use smime::cms::{ContentDigests, SignerSpec, sign_detached};
use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::key::{KeyType, PrivateKey, RsaScheme, Signed};
use smime::time::Time;

static KEYS: LazyLock<[PrivateKey; 3]> =
    LazyLock::new(|| [(); 3].map(|()| PrivateKey::generate(KeyType::EcP256).unwrap()));

/// A certificate of the key with the number `key`, valid from 2020 to 2035 unless told otherwise.
pub(crate) struct Crafted {
    subject: String,
    key: usize,
    dates: [&'static str; 2],
    extensions: Vec<(ObjectIdentifier, Vec<u8>)>,
}

fn sequence(build: impl FnOnce(&mut DerWriter)) -> Vec<u8> {
    let mut value = DerWriter::new();
    value.sequence(build);
    value.into_vec()
}

fn name(common_name: &str) -> Vec<u8> {
    sequence(|name| {
        name.nested(Tag::SET, |part| {
            part.sequence(|attribute| {
                attribute
                    .oid(&oid::COMMON_NAME)
                    .element(Tag::universal(12), common_name.as_bytes());
            });
        });
    })
}

/// A detached signature over the content with the key of that number. The first of the certificates
/// that it carries is the signer's.
pub(crate) fn signature(key: usize, certificates: &[&[u8]], content: &[u8]) -> Vec<u8> {
    let signer = SignerSpec {
        key: &KEYS[key],
        certificate_der: certificates[0],
        digest: None,
        rsa_scheme: RsaScheme::Pkcs1,
        signing_time: Time::from_civil(2026, 11, 24, 8, 0, 0).unwrap(),
        encryption_certificate: None,
        capabilities: None,
    };
    let algorithm = signer.digest_algorithm();
    let digests = ContentDigests::of(&mut &content[..], &[algorithm]).unwrap();
    sign_detached(&digests, certificates, &[signer]).unwrap()
}

/// keyCertSign and cRLSign.
pub(crate) const ISSUES: &[u8] = &[1, 0x06];

impl Crafted {
    /// Without any extension.
    pub(crate) fn new(subject: &str, key: usize) -> Crafted {
        Crafted {
            subject: subject.to_owned(),
            key,
            dates: ["200101000000Z", "350101000000Z"],
            extensions: Vec::new(),
        }
    }

    pub(crate) fn authority(subject: &str, key: usize) -> Crafted {
        Crafted::limited_authority(subject, key, None, ISSUES)
    }

    /// A CA that may have so many CAs below it, and that key usage.
    pub(crate) fn limited_authority(
        subject: &str,
        key: usize,
        path_length: Option<u8>,
        usage: &[u8],
    ) -> Crafted {
        let constraints = sequence(|fields| {
            fields.element(Tag::BOOLEAN, &[0xff]);
            if let Some(length) = path_length {
                fields.integer(length);
            }
        });
        Crafted::new(subject, key)
            .with(oid::BASIC_CONSTRAINTS, constraints)
            .with(oid::KEY_USAGE, element(Tag::BIT_STRING, usage))
    }

    /// A CA for addresses of that domain alone.
    pub(crate) fn permitting(self, domain: &str) -> Crafted {
        let constraints = sequence(|constraints| {
            constraints.nested(Tag::context(0), |permitted| {
                permitted.sequence(|subtree| {
                    subtree.element(Tag::context(1).as_primitive(), domain.as_bytes());
                });
            });
        });
        self.with(oid::NAME_CONSTRAINTS, constraints)
    }

    /// A person with an address.
    pub(crate) fn person(subject: &str, key: usize, address: &str) -> Crafted {
        let names = sequence(|names| {
            names.element(Tag::context(1).as_primitive(), address.as_bytes());
        });
        Crafted::new(subject, key)
            .with(oid::SUBJECT_ALT_NAME, names)
            .with(oid::KEY_USAGE, element(Tag::BIT_STRING, &[7, 0x80]))
    }

    /// Valid between these dates: UTCTime if they have two digits for the year, else GeneralizedTime.
    pub(crate) fn valid(mut self, from: &'static str, to: &'static str) -> Crafted {
        self.dates = [from, to];
        self
    }

    pub(crate) fn with(mut self, id: ObjectIdentifier, value: Vec<u8>) -> Crafted {
        self.extensions.push((id, value));
        self
    }

    /// Where the certificate of its issuer is.
    pub(crate) fn pointing_to(self, url: &str) -> Crafted {
        let access = sequence(|list| {
            list.sequence(|access| {
                access
                    .oid(&oid::CA_ISSUERS)
                    .element(Tag::context(6).as_primitive(), url.as_bytes());
            });
        });
        self.with(oid::AUTHORITY_INFO_ACCESS, access)
    }

    pub(crate) fn policy(self, policy: ObjectIdentifier) -> Crafted {
        let policies = sequence(|list| {
            list.sequence(|one| {
                one.oid(&policy);
            });
        });
        self.with(oid::CERTIFICATE_POLICIES, policies)
    }

    /// A CA to whose subject `to` is what `from` is to its issuer.
    pub(crate) fn mapping(self, from: ObjectIdentifier, to: ObjectIdentifier) -> Crafted {
        let mappings = sequence(|list| {
            list.sequence(|mapping| {
                mapping.oid(&from).oid(&to);
            });
        });
        self.with(oid::POLICY_MAPPINGS, mappings)
    }

    /// Signs it and returns it as PEM.
    pub(crate) fn issued_by(&self, issuer: &str, key: usize) -> String {
        pem::encode("CERTIFICATE", &self.der_issued_by(issuer, key))
    }

    /// Signs it and returns it as DER.
    pub(crate) fn der_issued_by(&self, issuer: &str, key: usize) -> Vec<u8> {
        self.der_issued_with(issuer, key, None)
    }

    /// Signs it over that digest and returns it as DER.
    pub(crate) fn der_issued_with(
        &self,
        issuer: &str,
        key: usize,
        digest: Option<DigestAlgorithm>,
    ) -> Vec<u8> {
        let key = &KEYS[key];
        let algorithm = key.signature_algorithm(digest);
        let algorithm_der = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
        let tbs = sequence(|tbs| {
            tbs.nested(Tag::context(0), |version| {
                version.integer(2);
            });
            tbs.integer(self.key as u8 + 1);
            tbs.raw(&algorithm_der).raw(&name(issuer));
            tbs.sequence(|dates| {
                for date in self.dates {
                    let tag = if date.len() == 13 { 23 } else { 24 };
                    dates.element(Tag::universal(tag), date.as_bytes());
                }
            });
            tbs.raw(&name(&self.subject));
            tbs.raw(KEYS[self.key].public_key().spki_der());
            tbs.nested(Tag::context(3), |extensions| {
                extensions.sequence(|list| {
                    for (id, value) in &self.extensions {
                        list.sequence(|extension| {
                            extension.oid(id).octet_string(value);
                        });
                    }
                });
            });
        });
        let signature = key.sign(&algorithm, Signed::Message(&tbs)).unwrap();
        sequence(|certificate| {
            certificate
                .raw(&tbs)
                .raw(&algorithm_der)
                .bit_string(&signature);
        })
    }
}

/// An empty CRL of 2020, whose next is due in 2035, as PEM.
pub(crate) fn list_by(issuer: &str, key: usize) -> String {
    let key = &KEYS[key];
    let algorithm = key.signature_algorithm(None);
    let algorithm_der = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
    let tbs = sequence(|tbs| {
        tbs.integer(1).raw(&algorithm_der).raw(&name(issuer));
        for date in ["200101000000Z", "350101000000Z"] {
            tbs.element(Tag::universal(23), date.as_bytes());
        }
        tbs.nested(Tag::context(0), |extensions| {
            extensions.sequence(|list| {
                list.sequence(|number| {
                    number.oid(&oid::CRL_NUMBER).octet_string(&[2, 1, 1]);
                });
            });
        });
    });
    let signature = key.sign(&algorithm, Signed::Message(&tbs)).unwrap();
    let list = sequence(|list| {
        list.raw(&tbs).raw(&algorithm_der).bit_string(&signature);
    });
    pem::encode("X509 CRL", &list)
}
