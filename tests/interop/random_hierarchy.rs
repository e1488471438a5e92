//! Small random hierarchies of CAs, each certificate with what RFC 5280 lets it say and get wrong.

use std::sync::OnceLock;

use const_oid::ObjectIdentifier;
use der::Encode;
use smime::asn1::oid;
use smime::asn1::tag::Tag;
use smime::asn1::write::{DerWriter, element};
use smime::crypto::key::{KeyType, PrivateKey, Signed};
use smime::pki::Certificate;

/// The time that all hierarchies are judged at: 2026-11-24 08:00:00 UTC.
pub(crate) const NOW: i64 = 1_795_507_200;

/// The policies of which certificates and questions name some.
pub(crate) const POLICIES: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.1"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.2"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.3"),
];

const UTF8_STRING: Tag = Tag::universal(12);
const IA5_STRING: Tag = Tag::universal(22);

/// A sequence of numbers that its seed determines (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Each one of `all` with even chances.
    pub(crate) fn some_of<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        let kept = all.iter().filter(|_| self.once_in(2));
        kept.copied().collect()
    }
}

/// A trust anchor, what is below it, and the certificate in question.
pub(crate) struct Hierarchy {
    pub(crate) root: Certificate,
    pub(crate) intermediates: Vec<Certificate>,
    pub(crate) leaf: Certificate,
}

impl Hierarchy {
    pub(crate) fn below_root(&self) -> impl Iterator<Item = &Certificate> {
        self.intermediates.iter().chain([&self.leaf])
    }

    pub(crate) fn random(random: &mut Random) -> Hierarchy {
        let depth = random.below(4);
        let root_name = name("CA 0", None);
        let root = Draft::authority(random, &root_name, 0, Place::Root);
        let root = root.issued_by(&root_name, 0, random);
        let mut issuer = (root_name, 0);
        let mut intermediates = Vec::new();
        for at in 1..=depth {
            // A CA that certifies itself changes its key.
            let subject = match random.once_in(5) {
                true => issuer.0.clone(),
                false => name(&format!("CA {at}"), None),
            };
            let draft = Draft::authority(random, &subject, at, Place::Intermediate);
            let certificate = draft.issued_by(&issuer.0, issuer.1, random);
            if !random.once_in(40) {
                intermediates.push(certificate);
            }
            issuer = (subject, at);
        }
        let leaf = Draft::end_entity(random, 5).issued_by(&issuer.0, issuer.1, random);
        Hierarchy {
            root,
            intermediates,
            leaf,
        }
    }
}

#[derive(PartialEq, Eq)]
enum Place {
    Root,
    Intermediate,
}

fn keys(index: usize) -> &'static PrivateKey {
    static KEYS: [OnceLock<PrivateKey>; 6] = [const { OnceLock::new() }; 6];
    KEYS[index].get_or_init(|| PrivateKey::generate(KeyType::EcP256).unwrap())
}

/// `O=Example`, a common name, and an address in the subject if there is one.
fn name(common_name: &str, address: Option<&str>) -> Vec<u8> {
    let mut attributes = vec![
        (oid::ORGANIZATION_NAME, UTF8_STRING, "Example"),
        (oid::COMMON_NAME, UTF8_STRING, common_name),
    ];
    attributes.extend(address.map(|address| (oid::EMAIL_ADDRESS, IA5_STRING, address)));
    name_of(&attributes)
}

/// A Name of these attributes: each with its type and its kind of string, one in each RDN.
fn name_of(attributes: &[(ObjectIdentifier, Tag, &str)]) -> Vec<u8> {
    sequence(|name| {
        for (id, tag, text) in attributes {
            name.nested(Tag::SET, |part| {
                part.sequence(|attribute| {
                    attribute.oid(id).element(*tag, text.as_bytes());
                });
            });
        }
    })
}

fn sequence(build: impl FnOnce(&mut DerWriter)) -> Vec<u8> {
    let mut value = DerWriter::new();
    value.sequence(build);
    value.into_vec()
}

/// A GeneralName of a form that holds a text or octets.
fn general_name(form: u32, content: &[u8]) -> Vec<u8> {
    element(Tag::context(form).as_primitive(), content)
}

/// A certificate before it is signed.
struct Draft {
    subject: Vec<u8>,
    key: usize,
    dates: (&'static str, &'static str),
    extensions: Vec<(ObjectIdentifier, bool, Vec<u8>)>,
}

impl Draft {
    fn new(random: &mut Random, subject: Vec<u8>, key: usize) -> Draft {
        let dates = match random.below(30) {
            0 => ("200101000000Z", "251231235959Z"),
            1 => ("270101000000Z", "301231235959Z"),
            2 => ("261124080000Z", "261124080000Z"),
            _ => ("200101000000Z", "301231235959Z"),
        };
        let identifier = keys(key).public_key().key_identifier();
        let mut draft = Draft {
            subject,
            key,
            dates,
            extensions: Vec::new(),
        };
        let identifier = element(Tag::OCTET_STRING, &identifier);
        draft.add(oid::SUBJECT_KEY_IDENTIFIER, false, identifier);
        if random.once_in(60) {
            let unknown = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.9");
            draft.add(unknown, true, vec![5, 0]);
        }
        draft
    }

    fn add(&mut self, id: ObjectIdentifier, critical: bool, value: Vec<u8>) {
        self.extensions.push((id, critical, value));
    }

    fn authority(random: &mut Random, subject: &[u8], key: usize, place: Place) -> Draft {
        let mut draft = Draft::new(random, subject.to_vec(), key);
        let path_length = match random.below(8) {
            length @ 0..3 => u8::try_from(length).ok(),
            _ => None,
        };
        let (is_ca, present) = match random.below(30) {
            _ if place == Place::Root => (true, true),
            0 => (false, true),
            1 => (false, false),
            _ => (true, true),
        };
        if present {
            let constraints = sequence(|fields| {
                if is_ca {
                    fields.element(Tag::BOOLEAN, &[0xff]);
                    if let Some(length) = path_length {
                        fields.integer(length);
                    }
                }
            });
            draft.add(oid::BASIC_CONSTRAINTS, true, constraints);
        }
        // keyCertSign and cRLSign, or the latter alone.
        match random.below(30) {
            0 => draft.key_usage(&[1, 0x02]),
            1 | 2 => {}
            _ => draft.key_usage(&[1, 0x06]),
        }
        draft.extended_key_usage(random, 8);
        if random.once_in(4) {
            draft.name_constraints(random);
        }
        if place == Place::Intermediate {
            draft.policies(random);
            draft.policy_rules(random);
        }
        draft
    }

    fn end_entity(random: &mut Random, key: usize) -> Draft {
        let mailboxes = [
            "user@example.com",
            "user@Mail.Example.com",
            "User@example.com",
            "user@example.net",
        ];
        let in_subject = random.once_in(3).then(|| random.one_of(&mailboxes));
        let mut draft = Draft::new(random, name("User 1", in_subject), key);
        let mut names = vec![general_name(1, random.one_of(&mailboxes).as_bytes())];
        if random.once_in(3) {
            let host = random.one_of(&["www.example.com", "example.com", "www.example.net"]);
            names.push(general_name(2, host.as_bytes()));
        }
        if random.once_in(4) {
            let uri = random.one_of(&["https://www.example.com/a", "https://example.net/b"]);
            names.push(general_name(6, uri.as_bytes()));
        }
        if random.once_in(4) {
            names.push(general_name(
                7,
                random.one_of(&[&[192, 0, 2, 1], &[198, 51, 100, 1]]),
            ));
        }
        let names = sequence(|list| {
            list.raw(&names.concat());
        });
        draft.add(oid::SUBJECT_ALT_NAME, false, names);
        // digitalSignature; nonRepudiation; keyAgreement.
        match random.below(20) {
            0 => draft.key_usage(&[3, 0x08]),
            1 => draft.key_usage(&[6, 0x40]),
            2 => {}
            _ => draft.key_usage(&[7, 0x80]),
        }
        draft.extended_key_usage(random, 2);
        draft.policies(random);
        draft
    }

    fn key_usage(&mut self, bits: &[u8]) {
        self.add(oid::KEY_USAGE, true, element(Tag::BIT_STRING, bits));
    }

    fn extended_key_usage(&mut self, random: &mut Random, times: usize) {
        if !random.once_in(times) {
            return;
        }
        let server_auth = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
        let usages = match random.below(12) {
            0 => vec![server_auth],
            1 => vec![server_auth, oid::EMAIL_PROTECTION],
            _ => vec![oid::EMAIL_PROTECTION],
        };
        let usages = sequence(|list| {
            usages.iter().for_each(|usage| {
                list.oid(usage);
            });
        });
        self.add(oid::EXTENDED_KEY_USAGE, false, usages);
    }

    fn name_constraints(&mut self, random: &mut Random) {
        let organization = |text: &str| {
            let name = name_of(&[(oid::ORGANIZATION_NAME, UTF8_STRING, text)]);
            element(Tag::context(4), &name)
        };
        let bases = [
            general_name(1, b"example.com"),
            general_name(1, b".example.com"),
            general_name(1, b"user@example.com"),
            general_name(1, b"example.net"),
            general_name(2, b"example.com"),
            general_name(2, b"www.example.com"),
            organization("Example"),
            organization(" EXAMPLE "),
            organization("Other"),
            general_name(6, b".example.com"),
            general_name(6, b"example.net"),
            general_name(7, &[192, 0, 2, 0, 255, 255, 255, 0]),
        ];
        let subtrees: Vec<Vec<&Vec<u8>>> = (0..2)
            .map(|kind| {
                let count = random.below(3 - kind);
                (0..count)
                    .map(|_| &bases[random.below(bases.len())])
                    .collect()
            })
            .collect();
        if subtrees.iter().all(Vec::is_empty) {
            return;
        }
        let value = sequence(|fields| {
            for (number, bases) in (0..).zip(&subtrees).filter(|(_, bases)| !bases.is_empty()) {
                fields.nested(Tag::context(number), |subtrees| {
                    for base in bases {
                        subtrees.sequence(|subtree| {
                            subtree.raw(base);
                        });
                    }
                });
            }
        });
        self.add(oid::NAME_CONSTRAINTS, true, value);
    }

    fn policies(&mut self, random: &mut Random) {
        let mut named = random.some_of(&POLICIES);
        if random.once_in(3) {
            named.push(oid::ANY_POLICY);
        }
        if named.is_empty() {
            return;
        }
        let value = sequence(|list| {
            for policy in named {
                list.sequence(|one| {
                    one.oid(&policy);
                });
            }
        });
        self.add(oid::CERTIFICATE_POLICIES, random.once_in(2), value);
    }

    /// Mappings, constraints of policies, and anyPolicy inhibited.
    fn policy_rules(&mut self, random: &mut Random) {
        if random.once_in(4) {
            let (from, to) = (random.one_of(&POLICIES), random.one_of(&POLICIES));
            let value = sequence(|list| {
                list.sequence(|mapping| {
                    mapping.oid(&from).oid(&to);
                });
            });
            self.add(oid::POLICY_MAPPINGS, random.once_in(2), value);
        }
        if random.once_in(6) {
            let numbers = [random.below(4), random.below(4)];
            let value = sequence(|fields| {
                for (tag, number) in (0..).zip(numbers).filter(|(_, number)| *number < 3) {
                    let number = u8::try_from(number).unwrap();
                    fields.element(Tag::context(tag).as_primitive(), &[number]);
                }
            });
            if value.len() > 2 {
                self.add(oid::POLICY_CONSTRAINTS, true, value);
            }
        }
        if random.once_in(8) {
            let skip = u8::try_from(random.below(3)).unwrap();
            self.add(oid::INHIBIT_ANY_POLICY, true, vec![2, 1, skip]);
        }
    }

    /// Signs it, rarely in a way that does not verify unless it is self-signed.
    fn issued_by(&self, issuer: &[u8], issuer_key: usize, random: &mut Random) -> Certificate {
        let key = keys(issuer_key);
        let algorithm = key.signature_algorithm(None);
        let algorithm_der = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
        let above = element(
            Tag::context(0).as_primitive(),
            &key.public_key().key_identifier(),
        );
        let above = element(Tag::SEQUENCE, &above);
        let tbs = sequence(|tbs| {
            tbs.nested(Tag::context(0), |version| {
                version.integer(2);
            });
            tbs.integer(u8::try_from(self.key).unwrap() + 1);
            tbs.raw(&algorithm_der).raw(issuer);
            tbs.sequence(|dates| {
                for date in [self.dates.0, self.dates.1] {
                    dates.element(Tag::universal(23), date.as_bytes());
                }
            });
            tbs.raw(&self.subject);
            tbs.raw(keys(self.key).public_key().spki_der());
            tbs.nested(Tag::context(3), |extensions| {
                extensions.sequence(|list| {
                    let own = self.extensions.iter();
                    let above = (oid::AUTHORITY_KEY_IDENTIFIER, false, above.clone());
                    for (id, critical, value) in own.chain([&above]) {
                        list.sequence(|extension| {
                            extension.oid(id);
                            if *critical {
                                extension.element(Tag::BOOLEAN, &[0xff]);
                            }
                            extension.octet_string(value);
                        });
                    }
                });
            });
        });
        let signed = match random.once_in(60) && issuer_key != self.key {
            true => &tbs[1..],
            false => &tbs[..],
        };
        let signature = key.sign(&algorithm, Signed::Message(signed)).unwrap();
        let certificate = sequence(|certificate| {
            certificate
                .raw(&tbs)
                .raw(&algorithm_der)
                .bit_string(&signature);
        });
        Certificate::decode(&certificate).unwrap()
    }
}
