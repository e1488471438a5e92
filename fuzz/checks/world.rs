//! A CA and the people it knows. The keys are fixed numbers, so that an input means the same in every
//! run.

use std::sync::LazyLock;

use smime::address::Address;
use smime::asn1::oid::ObjectIdentifier;
use smime::asn1::tag::Tag;
use smime::asn1::write::DerWriter;
use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::key::{PrivateKey, RsaScheme};
use smime::pki::issue::{self, Authority, CaProfile, LeafProfile, SubjectName, Usage};
use smime::pki::{Certificate, CertificatePool, Identity, SerialNumber};
use smime::policy::profile::{Include, Switch};
use smime::smime::lookup::{CertificateLookup, LookupError, Standing, StoredCertificate};
use smime::smime::{SignRequest, SignatureForm, SigningIdentity};
use smime::time::Time;

use super::lookups::Held;

/// The curve of every key.
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// The author of everything that is signed here.
pub(crate) const AUTHOR: &str = "alice@example.com";

/// The time at which everything is issued and judged.
pub(crate) fn time() -> Time {
    Time::from_unix(1_800_000_000).unwrap()
}

/// The P-256 key whose private number is that octet 32 times.
pub(crate) fn key(number: u8) -> PrivateKey {
    let mut sec1 = DerWriter::new();
    sec1.sequence(|key| {
        key.integer(1).octet_string(&[number; 32]);
        key.nested(Tag::context(0), |curve| {
            curve.oid(&P256);
        });
    });
    PrivateKey::decode(&sec1.into_vec()).unwrap()
}

/// The CA, the author, and a correspondent.
pub(crate) struct World {
    pub(crate) ca: Certificate,
    pub(crate) alice: Identity,
    pub(crate) bob: Identity,
    /// The keys of both of them.
    pub(crate) held: Held,
    pub(crate) issuers: CertificatePool,
}

/// Made once a process.
pub(crate) static WORLD: LazyLock<World> = LazyLock::new(World::new);

impl World {
    fn new() -> World {
        let ca_key = key(1);
        let profile = CaProfile {
            name: common_name("CA"),
            email: None,
            path_length: Some(0),
            days: 3_650,
        };
        let ca = issue::self_signed(&profile, &ca_key, &serial(1), time()).unwrap();
        let person = |number: u8, address: &str| {
            let key = key(number);
            let profile = LeafProfile {
                name: common_name(address),
                addresses: vec![Address::parse(address).unwrap()],
                usage: Usage::Both,
                days: 365,
                key: key.public_key().clone(),
                crl_url: None,
                policies: Vec::new(),
            };
            let authority = Authority {
                certificate: &ca,
                key: &ca_key,
            };
            let issued = issue::issue(&authority, &profile, &serial(number), time());
            Identity {
                certificate: issued.unwrap(),
                chain: vec![ca.clone()],
                key,
            }
        };
        let (alice, bob) = (person(2, AUTHOR), person(3, "bob@example.com"));
        World {
            held: Held(vec![alice.clone(), bob.clone()]),
            alice,
            bob,
            issuers: CertificatePool::new([ca.clone()], []),
            ca,
        }
    }

    /// The author as a signer.
    pub(crate) fn signers(&self) -> [SigningIdentity; 1] {
        [SigningIdentity {
            identity: self.alice.clone(),
            encryption_certificate: None,
        }]
    }
}

/// The request to sign so.
pub(crate) fn sign_request(
    signers: &[SigningIdentity],
    form: SignatureForm,
    protect_headers: Switch,
) -> SignRequest<'_> {
    SignRequest {
        signers,
        form,
        include: Include::Leaf,
        digest: Some(DigestAlgorithm::Sha256),
        rsa_scheme: RsaScheme::Pkcs1,
        time: time(),
        protect_headers,
    }
}

fn serial(number: u8) -> SerialNumber {
    SerialNumber::from_unsigned(&[number]).unwrap()
}

fn common_name(text: &str) -> SubjectName {
    SubjectName {
        common_name: Some(text.to_owned()),
        ..SubjectName::default()
    }
}

impl CertificateLookup for World {
    fn find_by_address(&self, address: &Address) -> Result<Vec<StoredCertificate>, LookupError> {
        let held = self.held.0.iter();
        let stored = held.filter(|identity| identity.certificate.addresses().contains(address));
        Ok(stored
            .map(|identity| StoredCertificate {
                certificate: identity.certificate.clone(),
                standing: Standing::Ordinary,
                since: Some(time()),
            })
            .collect())
    }
}
