//! Tests of the keystore, each operation seen again by a second process.

mod archive;
mod batch;
mod check;
mod crashes;
pub(super) mod faults;
mod keys;
mod records;
mod trust;
mod whole;

use std::error::Error;

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::*;
use crate::address::Address;
use crate::asn1::tag::{Class, Tag};
use crate::asn1::write::DerWriter;
use crate::crypto::key::{KeyType, PrivateKey};
use crate::pki::Certificate;
use crate::time::Time;

/// A keystore in a directory of its own.
fn keystore() -> (tempfile::TempDir, Keystore) {
    let dir = tempfile::tempdir().unwrap();
    let keystore = Keystore::create(&dir.path().join("smime"), LOCK_TIMEOUT).unwrap();
    (dir, keystore)
}

/// A keystore with a CA and the keys of one user.
struct Populated {
    _dir: tempfile::TempDir,
    keystore: Keystore,
    authority: Certificate,
    identity: Certificate,
    key: KeyName,
}

fn populated() -> Populated {
    let (dir, keystore) = keystore();
    let (authority_key, key) = (new_key(), new_key());
    let authority = Made::new("CA").key(&authority_key).certificate();
    let identity = Made::new("user")
        .issuer("CA")
        .address("user@example.com")
        .key(&key);
    let identity = identity.certificate();
    let name = {
        let writer = writer(&keystore);
        let ring = writer.create_key_set(KeyProtection::FileModesOnly).unwrap();
        let name = writer.store_key(&authority_key, &ring, &nobody).unwrap();
        writer
            .create_authority(&authority, name, Origin::Issued, now(), None)
            .unwrap();
        let name = writer.store_key(&key, &ring, &nobody).unwrap();
        writer
            .add_identity(&new(&identity, Origin::Issued), name)
            .unwrap();
        name
    };
    Populated {
        _dir: dir,
        keystore,
        authority,
        identity,
        key: name,
    }
}

/// The same keystore as another process would see it.
fn reopen(keystore: &Keystore) -> Keystore {
    Keystore::open(keystore.dir()).unwrap()
}

fn writer(keystore: &Keystore) -> Writer<'_> {
    keystore.lock(LOCK_TIMEOUT).unwrap()
}

fn now() -> Time {
    Time::parse_rfc3339("2026-11-24T08:00:00Z").unwrap()
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn new_key() -> PrivateKey {
    PrivateKey::generate(KeyType::EcP256).unwrap()
}

/// A source that has no passphrase to give.
fn nobody() -> Result<Zeroizing<String>, Box<dyn Error + Send + Sync>> {
    Err("nobody knows".into())
}

fn new(certificate: &Certificate, origin: Origin) -> NewCertificate {
    NewCertificate {
        certificate: certificate.clone(),
        addresses: certificate.addresses(),
        origin,
        added: now(),
        provenance: None,
        capabilities: None,
    }
}

fn find(keystore: &Keystore, text: &str) -> Vec<StoredCertificate> {
    keystore
        .find_by_address(&address(text))
        .unwrap()
        .certificates
}

/// A certificate in the making. Its signature is void, which the keystore does not judge.
#[derive(Clone)]
struct Made {
    subject: String,
    issuer: String,
    addresses: Vec<String>,
    serial: u32,
    dates: [&'static str; 2],
    spki: Vec<u8>,
}

impl Made {
    fn new(subject: &str) -> Made {
        Made {
            subject: subject.to_owned(),
            issuer: subject.to_owned(),
            addresses: Vec::new(),
            serial: 1,
            dates: ["260101000000Z", "280101000000Z"],
            spki: fixed_spki(),
        }
    }

    fn issuer(mut self, issuer: &str) -> Made {
        issuer.clone_into(&mut self.issuer);
        self
    }

    fn address(mut self, address: &str) -> Made {
        self.addresses.push(address.to_owned());
        self
    }

    fn serial(mut self, serial: u32) -> Made {
        self.serial = serial;
        self
    }

    fn dates(mut self, not_before: &'static str, not_after: &'static str) -> Made {
        self.dates = [not_before, not_after];
        self
    }

    fn key(mut self, key: &PrivateKey) -> Made {
        key.public_key().spki_der().clone_into(&mut self.spki);
        self
    }

    fn certificate(&self) -> Certificate {
        let algorithm = |out: &mut DerWriter| {
            out.oid(&ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"));
        };
        let mut out = DerWriter::new();
        out.sequence(|out| {
            out.sequence(|out| {
                out.nested(Tag::context(0), |out| {
                    out.integer(2);
                });
                out.unsigned(&self.serial.to_be_bytes());
                out.sequence(algorithm);
                out.raw(&name(&self.issuer));
                out.sequence(|out| {
                    for date in self.dates {
                        out.element(Tag::UTC_TIME, date.as_bytes());
                    }
                });
                out.raw(&name(&self.subject));
                out.raw(&self.spki);
                if !self.addresses.is_empty() {
                    out.nested(Tag::context(3), |out| {
                        out.sequence(|out| self.alternative_names(out));
                    });
                }
            });
            out.sequence(algorithm);
            out.bit_string(&[0; 8]);
        });
        Certificate::decode(&out.into_vec()).unwrap()
    }

    fn alternative_names(&self, out: &mut DerWriter) {
        let mail = Tag {
            class: Class::ContextSpecific,
            number: 1,
            constructed: false,
        };
        let mut names = DerWriter::new();
        names.sequence(|out| {
            for address in &self.addresses {
                out.element(mail, address.as_bytes());
            }
        });
        out.sequence(|out| {
            out.oid(&ObjectIdentifier::new_unwrap("2.5.29.17"));
            out.octet_string(&names.into_vec());
        });
    }
}

fn name(common_name: &str) -> Vec<u8> {
    let mut out = DerWriter::new();
    out.sequence(|out| {
        out.nested(Tag::SET, |out| {
            out.sequence(|out| {
                out.oid(&ObjectIdentifier::new_unwrap("2.5.4.3"));
                out.element(Tag::UTF8_STRING, common_name.as_bytes());
            });
        });
    });
    out.into_vec()
}

fn fixed_spki() -> Vec<u8> {
    static SPKI: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    SPKI.get_or_init(|| new_key().public_key().spki_der().to_vec())
        .clone()
}
