//! Keys and small hierarchies for tests, made in code. Keys are made once a process.

use std::sync::OnceLock;

use const_oid::{AssociatedOid, ObjectIdentifier};
use der::Encode;
use der::asn1::{Ia5String, OctetString};
use der::flagset::FlagSet;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, BasicConstraints, ExtendedKeyUsage,
    SubjectAltName, SubjectKeyIdentifier,
};

use super::issue::SubjectName;
use super::{Certificate, KeyUsage, KeyUsages, Name};
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::key::{KeyType, PrivateKey, Signed};
use crate::time::Time;

/// The time at which everything here is issued.
pub(crate) fn time() -> Time {
    Time::from_civil(2026, 11, 24, 8, 0, 0).unwrap()
}

/// One of a few P-256 keys.
pub(crate) fn key_number(index: usize) -> &'static PrivateKey {
    static KEYS: [OnceLock<PrivateKey>; 8] = [const { OnceLock::new() }; 8];
    KEYS[index].get_or_init(|| PrivateKey::generate(KeyType::EcP256).unwrap())
}

/// The key of a CA.
pub(crate) fn key() -> &'static PrivateKey {
    key_number(0)
}

/// Another key.
pub(crate) fn other_key() -> &'static PrivateKey {
    key_number(1)
}

/// A name of one common name.
pub(crate) fn name(common_name: &str) -> Name {
    let name = SubjectName {
        common_name: Some(common_name.to_owned()),
        ..SubjectName::default()
    };
    name.to_name().unwrap()
}

fn policy_id(policy: &str) -> ObjectIdentifier {
    match policy {
        "*" => oid::ANY_POLICY,
        number => ObjectIdentifier::new(number).unwrap(),
    }
}

/// A GeneralName of a form that holds a text: rfc822Name 1, dNSName 2, URI 6.
pub(crate) fn text_name(number: u32, text: &str) -> Vec<u8> {
    element(Tag::context(number).as_primitive(), text.as_bytes())
}

/// A certificate in the making, good unless a test spoils it.
#[derive(Clone)]
pub(crate) struct Draft {
    subject: Name,
    spki: Vec<u8>,
    version: u8,
    serial: u8,
    dates: (Time, Time),
    extensions: Vec<Extension>,
    digest: Option<DigestAlgorithm>,
    signature_spoiled: bool,
    inner_algorithm: Option<DigestAlgorithm>,
}

impl Draft {
    fn new(subject: Name, key: usize) -> Draft {
        let key = key_number(key).public_key();
        let draft = Draft {
            subject,
            spki: key.spki_der().to_vec(),
            version: 3,
            serial: 1,
            dates: (time().plus_days(-10), time().plus_days(10)),
            extensions: Vec::new(),
            digest: None,
            signature_spoiled: false,
            inner_algorithm: None,
        };
        let identifier = OctetString::new(key.key_identifier()).unwrap();
        draft.extension(false, &SubjectKeyIdentifier(identifier))
    }

    /// A CA without a path length.
    pub(crate) fn ca(common_name: &str, key: usize) -> Draft {
        Draft::new(name(common_name), key)
            .path_length(None)
            .usages(KeyUsages::KeyCertSign | KeyUsages::CRLSign)
    }

    /// An end entity with the address `<common name>@example.com`, to sign and to encrypt to.
    pub(crate) fn leaf(common_name: &str, key: usize) -> Draft {
        let address = format!("{common_name}@example.com");
        Draft::new(name(common_name), key)
            .usages(KeyUsages::DigitalSignature | KeyUsages::KeyAgreement)
            .purposes(&[oid::EMAIL_PROTECTION])
            .address(&address)
    }

    pub(crate) fn address(self, address: &str) -> Draft {
        let mailbox = GeneralName::Rfc822Name(Ia5String::new(address).unwrap());
        self.extension(false, &SubjectAltName(vec![mailbox]))
    }

    /// With an extension, in the place of another of its kind.
    pub(crate) fn with(mut self, id: ObjectIdentifier, critical: bool, value: &[u8]) -> Draft {
        self = self.without(id);
        self.extensions.push(Extension {
            extn_id: id,
            critical,
            extn_value: OctetString::new(value).unwrap(),
        });
        self
    }

    fn extension<T: AssociatedOid + Encode>(self, critical: bool, value: &T) -> Draft {
        self.with(T::OID, critical, &value.to_der().unwrap())
    }

    pub(crate) fn without(mut self, id: ObjectIdentifier) -> Draft {
        self.extensions.retain(|other| other.extn_id != id);
        self
    }

    pub(crate) fn usages(self, usages: impl Into<FlagSet<KeyUsages>>) -> Draft {
        self.extension(true, &KeyUsage(usages.into()))
    }

    pub(crate) fn purposes(self, purposes: &[ObjectIdentifier]) -> Draft {
        self.extension(false, &ExtendedKeyUsage(purposes.to_vec()))
    }

    /// A CA with that path length.
    pub(crate) fn path_length(self, length: Option<u8>) -> Draft {
        let constraints = BasicConstraints {
            ca: true,
            path_len_constraint: length,
        };
        self.extension(true, &constraints)
    }

    pub(crate) fn ca_issuers(self, url: &str) -> Draft {
        let url = Ia5String::new(url).unwrap();
        let access = AccessDescription {
            access_method: oid::CA_ISSUERS,
            access_location: GeneralName::UniformResourceIdentifier(url),
        };
        self.extension(false, &AuthorityInfoAccessSyntax(vec![access]))
    }

    /// With these policies; `*` is anyPolicy.
    pub(crate) fn policies(self, policies: &[&str]) -> Draft {
        let mut value = DerWriter::new();
        value.sequence(|list| {
            for policy in policies {
                list.sequence(|one| {
                    one.oid(&policy_id(policy));
                });
            }
        });
        self.with(oid::CERTIFICATE_POLICIES, false, &value.into_vec())
    }

    /// A CA that has policies of the issuer's domain stand for those of the subject's.
    pub(crate) fn mappings(self, mappings: &[(&str, &str)]) -> Draft {
        let mut value = DerWriter::new();
        value.sequence(|list| {
            for (issuer, subject) in mappings {
                list.sequence(|one| {
                    one.oid(&policy_id(issuer)).oid(&policy_id(subject));
                });
            }
        });
        self.with(oid::POLICY_MAPPINGS, true, &value.into_vec())
    }

    /// requireExplicitPolicy and inhibitPolicyMapping.
    pub(crate) fn policy_constraints(self, explicit: Option<u8>, mapping: Option<u8>) -> Draft {
        let mut value = DerWriter::new();
        value.sequence(|fields| {
            for (tag, number) in [(0, explicit), (1, mapping)] {
                if let Some(number) = number {
                    fields.element(Tag::context(tag).as_primitive(), &[number]);
                }
            }
        });
        self.with(oid::POLICY_CONSTRAINTS, true, &value.into_vec())
    }

    pub(crate) fn inhibit_any_policy(self, skip: u8) -> Draft {
        self.with(oid::INHIBIT_ANY_POLICY, true, &[2, 1, skip])
    }

    /// A CA that permits and excludes names, each one a DER-encoded GeneralName.
    pub(crate) fn name_constraints(self, permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Draft {
        let mut value = DerWriter::new();
        value.sequence(|fields| {
            for (number, names) in [(0, permitted), (1, excluded)] {
                if !names.is_empty() {
                    fields.nested(Tag::context(number), |subtrees| {
                        for name in names {
                            subtrees.sequence(|subtree| {
                                subtree.raw(name);
                            });
                        }
                    });
                }
            }
        });
        self.with(oid::NAME_CONSTRAINTS, true, &value.into_vec())
    }

    /// With these names, each one a DER-encoded GeneralName, as subjectAltName.
    pub(crate) fn alternative_names(self, names: &[Vec<u8>]) -> Draft {
        let mut value = DerWriter::new();
        value.sequence(|list| {
            list.raw(&names.concat());
        });
        self.with(oid::SUBJECT_ALT_NAME, false, &value.into_vec())
    }

    pub(crate) fn subject(mut self, subject: Name) -> Draft {
        self.subject = subject;
        self
    }

    pub(crate) fn spki(mut self, spki: &[u8]) -> Draft {
        self.spki = spki.to_vec();
        self
    }

    pub(crate) fn version(mut self, version: u8) -> Draft {
        self.version = version;
        self
    }

    pub(crate) fn serial(mut self, serial: u8) -> Draft {
        self.serial = serial;
        self
    }

    /// Valid between these days, counted from [`time`].
    pub(crate) fn days(mut self, from: i64, until: i64) -> Draft {
        self.dates = (time().plus_days(from), time().plus_days(until));
        self
    }

    pub(crate) fn digest(mut self, digest: DigestAlgorithm) -> Draft {
        self.digest = Some(digest);
        self
    }

    pub(crate) fn spoil_signature(mut self) -> Draft {
        self.signature_spoiled = true;
        self
    }

    /// Names another algorithm within the signed part than outside of it.
    pub(crate) fn inner_algorithm(mut self, digest: DigestAlgorithm) -> Draft {
        self.inner_algorithm = Some(digest);
        self
    }

    pub(crate) fn self_signed(&self, key: usize) -> Certificate {
        self.sign(&self.subject, key)
    }

    pub(crate) fn issued_by(&self, issuer: &str, key: usize) -> Certificate {
        self.sign(&name(issuer), key)
    }

    pub(crate) fn sign(&self, issuer: &Name, key: usize) -> Certificate {
        Certificate::decode(&self.sign_der(issuer, key)).unwrap()
    }

    pub(crate) fn sign_der(&self, issuer: &Name, key: usize) -> Vec<u8> {
        self.sign_der_with(issuer, key_number(key))
    }

    /// With a key that is none of those.
    pub(crate) fn sign_with(&self, issuer: &str, key: &PrivateKey) -> Certificate {
        Certificate::decode(&self.sign_der_with(&name(issuer), key)).unwrap()
    }

    fn sign_der_with(&self, issuer: &Name, key: &PrivateKey) -> Vec<u8> {
        let identifier = |digest| {
            let algorithm = key.signature_algorithm(digest);
            algorithm.algorithm_identifier().unwrap().to_der().unwrap()
        };
        let mut tbs = DerWriter::new();
        tbs.sequence(|tbs| {
            if self.version > 1 {
                tbs.nested(Tag::context(0), |version| {
                    version.integer(self.version - 1);
                });
            }
            tbs.integer(self.serial);
            tbs.raw(&identifier(self.inner_algorithm.or(self.digest)));
            tbs.raw(issuer.der());
            tbs.sequence(|dates| {
                dates.raw(&super::validity::encode(self.dates.0));
                dates.raw(&super::validity::encode(self.dates.1));
            });
            tbs.raw(self.subject.der()).raw(&self.spki);
            if !self.extensions.is_empty() {
                tbs.nested(Tag::context(3), |extensions| {
                    extensions.raw(&self.extensions.to_der().unwrap());
                });
            }
        });
        let tbs = tbs.into_vec();
        let algorithm = key.signature_algorithm(self.digest);
        let signed = match self.signature_spoiled {
            true => &tbs[1..],
            false => &tbs[..],
        };
        let signature = key.sign(&algorithm, Signed::Message(signed)).unwrap();
        let mut certificate = DerWriter::new();
        certificate.sequence(|certificate| {
            certificate
                .raw(&tbs)
                .raw(&identifier(self.digest))
                .bit_string(&signature);
        });
        certificate.into_vec()
    }
}
