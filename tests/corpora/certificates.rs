//! Certificates made elsewhere are decoded, whatever they get wrong.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use smime::pki::Certificate;

use crate::{corpora, files_below};

const FOLDERS: [&str; 7] = [
    "pkits",
    "zlint-smime",
    "openssl",
    "rfc9216-keys",
    "rfc4134",
    "mozilla-comm",
    "pyhanko-certvalidator",
];

/// The DER of the certificates in a file that holds some: PEM frames, or one DER structure.
fn certificates_in(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap();
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("pem" | "crt" | "cer") => {}
        _ => return Vec::new(),
    }
    if bytes.first() == Some(&0x30) {
        return vec![bytes];
    }
    let text = String::from_utf8_lossy(&bytes);
    let begin = "-----BEGIN CERTIFICATE-----";
    let end = "-----END CERTIFICATE-----";
    text.split(begin)
        .skip(1)
        .filter_map(|rest| rest.split(end).next())
        .map(|body| {
            let digits: String = body.split_whitespace().collect();
            STANDARD.decode(digits).unwrap()
        })
        .collect()
}

fn all() -> Vec<(PathBuf, Vec<u8>)> {
    let Some(folder) = corpora() else {
        return Vec::new();
    };
    FOLDERS
        .iter()
        .flat_map(|name| files_below(&folder.join(name)))
        .flat_map(|path| {
            let found = certificates_in(&path);
            found.into_iter().map(move |der| (path.clone(), der))
        })
        .collect()
}

#[test]
fn every_certificate_is_decoded_with_sane_facts() {
    let mut count = 0;
    for (path, der) in all() {
        let shown = path.display();
        let decoded = Certificate::decode(&der);
        // An attribute certificate (RFC 5755) begins alike and is none.
        if path.to_string_lossy().ends_with(".attr.crt") {
            assert!(decoded.is_err(), "{shown}");
            continue;
        }
        let certificate = decoded.unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(certificate.der(), der, "{shown}");
        assert!(
            certificate.not_before() < certificate.not_after(),
            "{shown}"
        );
        assert!((1..=3).contains(&certificate.version()), "{shown}");
        for extension in certificate.extensions() {
            assert!(extension.check().is_ok(), "{shown}: {}", extension.id());
        }
        count += 1;
    }
    assert!(count == 0 || count > 650, "{count}");
}
