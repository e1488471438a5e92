//! A keystore with people in it whose certificates are in every state.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::address::Address;
use crate::crypto::key::PrivateKey;
use crate::keystore::{
    KeyProtection, Keystore, LOCK_TIMEOUT, NewCertificate, Origin, PassphraseSource,
};
use crate::pki::test_pki::{Draft, key_number, time};
use crate::pki::{Certificate, Identity, KeyUsages, RevocationReason};

/// The state of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    Present,
    Missing,
    Expired,
    NotYetValid,
    Weak,
    Revoked,
    Held,
    WrongUsage,
    Untrusted,
}

impl State {
    /// Every state in which a certificate cannot be used to sign or to encrypt to, with the code that
    /// says why.
    pub(super) const UNUSABLE: [(State, Option<&'static str>); 7] = [
        (State::Missing, None),
        (State::Expired, Some("cert.expired")),
        (State::NotYetValid, Some("cert.not-yet-valid")),
        (State::Weak, Some("cert.weak-key")),
        (State::Revoked, Some("crl.revoked")),
        (State::Held, Some("pin.held")),
        (State::WrongUsage, None),
    ];

    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// An internal user (`example.com`), or somebody outside (`example.net`), each with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) state: State,
    pub(super) is_internal: bool,
    pub(super) number: u8,
}

impl Person {
    pub(super) fn inside(state: State) -> Person {
        Person {
            state,
            is_internal: true,
            number: 0,
        }
    }

    pub(super) fn outside(state: State, number: u8) -> Person {
        Person {
            state,
            is_internal: false,
            number,
        }
    }

    pub(super) fn address(self) -> String {
        let domain = if self.is_internal {
            "example.com"
        } else {
            "example.net"
        };
        format!("{}{}@{domain}", self.state.name(), self.number)
    }

    /// The certificate with its key; nobody has one who is missing.
    pub(super) fn identity(self) -> Identity {
        let serial = (self.state as u8) * 20 + self.number * 2 + u8::from(self.is_internal) + 1;
        let draft = Draft::leaf(&self.state.name(), 2)
            .address(&self.address())
            .serial(serial);
        let draft = match self.state {
            State::Expired => draft.days(-10, -1),
            State::NotYetValid => draft.days(1, 10),
            State::Weak => draft
                .spki(WEAK_KEY.public_key().spki_der())
                .usages(KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment),
            State::WrongUsage if self.is_internal => draft.usages(KeyUsages::KeyAgreement),
            State::WrongUsage => draft.usages(KeyUsages::DigitalSignature),
            _ => draft,
        };
        let (authority, key) = match self.state {
            State::Untrusted => ("Other CA", 3),
            _ => ("CA", 0),
        };
        Identity {
            certificate: draft.issued_by(authority, key),
            key: match self.state {
                State::Weak => WEAK_KEY.clone(),
                _ => key_number(2).clone(),
            },
            chain: Vec::new(),
        }
    }
}

/// Below the limit of rule 4.
static WEAK_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate_rsa(1000));

/// A keystore in a directory of its own.
pub(super) struct Store {
    directory: TempDir,
    keystore: Keystore,
}

impl Store {
    /// With a CA, and these people.
    pub(super) fn of(people: &[Person]) -> Store {
        let directory = tempfile::tempdir().unwrap();
        let keystore = Keystore::create(&directory.path().join("store"), LOCK_TIMEOUT).unwrap();
        let authority = Draft::ca("CA", 0).self_signed(0);
        {
            let writer = keystore.lock(LOCK_TIMEOUT).unwrap();
            let ring = writer.create_key_set(KeyProtection::FileModesOnly).unwrap();
            let key = writer.store_key(key_number(0), &ring, &nobody()).unwrap();
            writer
                .create_authority(&authority, key, Origin::Issued, time(), None)
                .unwrap();
        }
        let store = Store {
            directory,
            keystore,
        };
        for person in people {
            store.add(*person);
        }
        store
    }

    fn add(&self, person: Person) {
        if person.state == State::Missing {
            return;
        }
        let identity = person.identity();
        let certificate = &identity.certificate;
        let origin = match person.is_internal {
            true => Origin::Issued,
            false => Origin::Extracted,
        };
        let new = new(certificate, &person.address(), origin);
        let writer = self.keystore.lock(LOCK_TIMEOUT).unwrap();
        match (person.state, person.is_internal) {
            (State::Held, _) => drop(writer.hold(&new).unwrap()),
            (_, true) => {
                let ring = self.keystore.key_ring().unwrap();
                let key = writer.store_key(&identity.key, &ring, &nobody()).unwrap();
                writer.add_identity(&new, key).unwrap();
            }
            (_, false) => drop(writer.add_third_party(&new).unwrap()),
        }
        if person.state == State::Revoked {
            let reason = RevocationReason::KeyCompromise;
            assert!(writer.revoke(certificate, reason, time()).unwrap());
        }
    }

    /// Puts a policy in force.
    pub(super) fn policy(&self, text: &str) {
        fs::write(self.keystore.policy_path(), text).unwrap();
    }

    /// The directory of the keystore.
    pub(super) fn keystore(&self) -> &Path {
        self.keystore.dir()
    }

    /// A path beside the keystore.
    pub(super) fn path(&self, name: &str) -> String {
        self.directory.path().join(name).display().to_string()
    }
}

fn new(certificate: &Certificate, address: &str, origin: Origin) -> NewCertificate {
    NewCertificate {
        certificate: certificate.clone(),
        addresses: vec![Address::parse(address).unwrap()],
        origin,
        added: time(),
        provenance: None,
        capabilities: None,
    }
}

/// Keys that are protected by file modes alone need no passphrase.
fn nobody() -> impl PassphraseSource {
    || -> Result<Zeroizing<String>, Box<dyn std::error::Error + Send + Sync>> {
        Err("nobody knows".into())
    }
}
