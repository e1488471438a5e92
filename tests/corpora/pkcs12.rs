//! PKCS #12 files of OpenSSL, Java, NSS, Windows, Python and others: each opens with its passphrase
//! and holds what its origin says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use smime::pki::certificate_file::FileKind;
use smime::pki::pkcs12::{self, Contents, Pkcs12Error, Unreadable};

use crate::{corpora, files_below};

/// Files outside `pkcs12/passwords.tsv`: passphrase, keys, certificates.
const OTHERS: [(&str, &str, usize, usize); 31] = [
    // The samples of RFC 9216: in PEM, and the same in DER.
    ("rfc9216-keys/alice.p12", "alice", 2, 3),
    ("rfc9216-keys/alice.p12.der", "alice", 2, 3),
    ("rfc9216-keys/bob.p12", "bob", 2, 3),
    ("rfc9216-keys/bob.p12.der", "bob", 2, 3),
    ("rfc9216-keys/carlos.p12", "carlos", 2, 3),
    ("rfc9216-keys/carlos.p12.der", "carlos", 2, 3),
    ("rfc9216-keys/dana.p12", "dana", 2, 3),
    ("rfc9216-keys/dana.p12.der", "dana", 2, 3),
    // The description of that folder says `password`, which opens neither.
    ("asn1crypto/test-tripledes.p12", "password123", 1, 1),
    ("asn1crypto/keys/test-rc2.p12", "password123", 1, 1),
    ("rustcrypto-cms/example.pfx", "hunter42", 1, 1),
    // NSS, in BER with the content in pieces.
    ("mozilla-comm/smime/Alice.p12", "nss", 1, 2),
    ("mozilla-comm/smime/Alice-ec.p12", "nss", 1, 2),
    ("mozilla-comm/smime/Bob.p12", "nss", 1, 2),
    ("mozilla-comm/smime/Fran.p12", "nss", 1, 1),
    ("mozilla-comm/smime/Fran-ec.p12", "nss", 1, 1),
    ("apache-james/smime.p12", "secret", 1, 1),
    ("bouncycastle/mail-smime/johndoe.p12", "", 1, 1),
    ("mimekit/gmime-smime/smime.p12", "no.secret", 1, 1),
    ("mimekit/smime/certificate-authority.pfx", "no.secret", 1, 1),
    ("mimekit/smime/intermediate1.pfx", "no.secret", 1, 2),
    ("mimekit/smime/intermediate2.pfx", "no.secret", 1, 3),
    ("mimekit/smime/revoked-intermediate.pfx", "no.secret", 1, 2),
    ("mimekit/smime/rsa/smime.pfx", "no.secret", 1, 4),
    ("mimekit/smime/dnsnames/smime.pfx", "no.secret", 1, 4),
    ("mimekit/smime/nochain/smime.pfx", "no.secret", 1, 1),
    ("mimekit/smime/revoked/smime.pfx", "no.secret", 1, 4),
    ("mimekit/smime/revokednochain/smime.pfx", "no.secret", 1, 1),
    ("mimekit/smime/revokedsubca/smime.pfx", "no.secret", 1, 3),
    ("mimekit/smime/dsa/smime.pfx", "no.secret", 1, 4),
    ("mimekit/smime/ec/smime.pfx", "no.secret", 1, 4),
];

/// Where what is read differs from what the file holds: keys and certificates that are read, why.
const DIVERGENCES: [(&str, usize, usize, &str); 3] = [
    (
        "pkcs12/p12-keystore/pfx-ed448.pfx",
        0,
        1,
        "Ed448 keys are named, not computed with",
    ),
    (
        "mimekit/smime/dsa/smime.pfx",
        0,
        4,
        "DSA signatures are verified, not made",
    ),
    (
        "mimekit/smime/ec/smime.pfx",
        0,
        4,
        "the curve is given by its parameters, which RFC 5480 forbids",
    ),
];

/// Keys and certificates, the unreadable ones apart.
fn counts(contents: &Contents) -> (usize, usize) {
    (contents.keys.len(), contents.certificates.len())
}

struct Case {
    file: String,
    passphrase: String,
    held: (usize, usize),
}

fn cases(folder: &Path) -> Vec<Case> {
    let table = std::fs::read_to_string(folder.join("pkcs12/passwords.tsv")).unwrap();
    let mut cases: Vec<Case> = table
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            Case {
                file: fields[0].to_owned(),
                passphrase: fields[1].to_owned(),
                held: (fields[3].parse().unwrap(), fields[4].parse().unwrap()),
            }
        })
        .collect();
    assert!(cases.len() > 30, "{} cases", cases.len());
    cases.extend(OTHERS.map(|(file, passphrase, keys, certificates)| Case {
        file: file.to_owned(),
        passphrase: passphrase.to_owned(),
        held: (keys, certificates),
    }));
    cases
}

#[test]
fn every_file_opens_and_holds_what_it_should() {
    let Some(folder) = corpora() else { return };
    let mut divergences: BTreeMap<_, _> = DIVERGENCES
        .into_iter()
        .map(|(file, keys, certificates, _)| (file, (keys, certificates)))
        .collect();
    for case in cases(&folder) {
        let file = std::fs::read(folder.join(&case.file)).unwrap();
        assert_eq!(FileKind::of(&file), FileKind::Pkcs12, "{}", case.file);
        let contents = pkcs12::decode(&file, &case.passphrase)
            .unwrap_or_else(|error| panic!("{}: {error}", case.file));
        let sealed = pkcs12::outline(&file).unwrap();
        assert_eq!(
            sealed.integrity, contents.outline.integrity,
            "{}",
            case.file
        );
        for (closed, open) in sealed.safes.iter().zip(&contents.outline.safes) {
            assert_eq!(closed.encryption, open.encryption, "{}", case.file);
            assert!(
                closed.bags.is_none() || closed.bags == open.bags,
                "{}",
                case.file
            );
            let told = open.encryption.iter().chain(
                open.bags
                    .iter()
                    .flatten()
                    .filter_map(|bag| bag.encryption.as_ref()),
            );
            assert!(
                told.into_iter().all(|one| one.problem.is_none()),
                "{}",
                case.file
            );
        }
        assert_eq!(
            sealed.safes.len(),
            contents.outline.safes.len(),
            "{}",
            case.file
        );
        let unreadable_keys = contents
            .unreadable
            .iter()
            .filter(|entry| matches!(entry, Unreadable::Key(_)))
            .count();
        let (keys, certificates) = counts(&contents);
        assert_eq!(
            (keys + unreadable_keys, certificates),
            case.held,
            "{}",
            case.file
        );
        let expected = divergences.remove(&*case.file).unwrap_or(case.held);
        assert_eq!((keys, certificates), expected, "{}", case.file);
    }
    assert!(divergences.is_empty(), "no such files: {divergences:?}");
}

#[test]
fn a_wrong_passphrase_is_told_from_damage() {
    let Some(folder) = corpora() else { return };
    let mut told_apart = 0;
    for case in cases(&folder) {
        let file = std::fs::read(folder.join(&case.file)).unwrap();
        let wrong = pkcs12::decode(&file, "not the passphrase of any").unwrap_err();
        assert!(
            matches!(wrong, Pkcs12Error::WrongPassphrase),
            "{}: {wrong}",
            case.file
        );
        if file.starts_with(b"-----") {
            // What it frames is altered as a case of its own.
            continue;
        }
        // An octet in the middle of the content, which the integrity code is over.
        let mut altered = file.clone();
        altered[file.len() / 2] ^= 0x55;
        let error = pkcs12::decode(&altered, &case.passphrase).unwrap_err();
        // Where nothing, or only what was altered, is encrypted, the two cannot be told apart.
        let told = matches!(error, Pkcs12Error::MacInvalid);
        let untold = matches!(error, Pkcs12Error::WrongPassphrase);
        assert!(told || untold, "{}: {error}", case.file);
        told_apart += usize::from(told);
        let cut = pkcs12::decode(&file[..file.len() - 3], &case.passphrase).unwrap_err();
        assert!(
            matches!(cut, Pkcs12Error::EncodingInvalid(_)),
            "{}: {cut}",
            case.file
        );
    }
    assert!(told_apart >= 40, "{told_apart}");
}

#[test]
fn no_file_is_left_out() {
    let Some(folder) = corpora() else { return };
    let names = files_below(&folder).into_iter().map(|path| {
        let name = path.strip_prefix(&folder).unwrap();
        name.to_str().unwrap().to_owned()
    });
    let is_pkcs12 = |name: &String| {
        let ends = [".p12", ".pfx", ".p12.der"];
        ends.iter().any(|end| name.ends_with(end))
    };
    let mut left: BTreeSet<String> = names.filter(is_pkcs12).collect();
    for case in cases(&folder) {
        left.remove(&case.file);
    }
    assert!(left.is_empty(), "{left:?}");
}
