//! Files that are cut, altered, in BER or in PEM.

use super::*;
use crate::asn1::pem;

/// A file of an identity that costs next to nothing to open.
fn cheap() -> Vec<u8> {
    let password = Password::new("passphrase");
    let scheme = PasswordScheme::pbes2(KeyDerivation::pbkdf2(1).unwrap()).unwrap();
    let mut shrouded = shrouded(&scheme, &password);
    shrouded.bag_attributes = None;
    let integrity = Integrity::generate(DigestAlgorithm::Sha256, 1).unwrap();
    assemble(vec![safe(&[shrouded])], Some((integrity, &password))).unwrap()
}

#[test]
fn whatever_octet_is_altered_the_file_is_refused_or_the_same() {
    let file = cheap();
    let codes = [
        "p12.wrong-passphrase",
        "p12.mac-invalid",
        "p12.cipher-unsupported",
        "p12.encoding-invalid",
    ];
    let mut seen = std::collections::BTreeMap::new();
    for at in 0..file.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut altered = file.clone();
            altered[at] ^= change;
            match decode(&altered, "passphrase") {
                // The parameters of the digest, which the code is not over.
                Ok(read) => {
                    assert_eq!(read.keys.len(), 1, "octet {at}");
                    assert_eq!(read.keys[0].key.public_key(), key_number(0).public_key());
                    *seen.entry("opens").or_insert(0) += 1;
                }
                Err(error) => {
                    let code = error.reason().code();
                    assert!(codes.contains(&code), "{code}");
                    *seen.entry(code).or_insert(0) += 1;
                }
            }
        }
        let cut = decode(&file[..at], "passphrase");
        assert_eq!(reason(cut), "p12.encoding-invalid", "cut at {at}");
    }
    for code in codes {
        assert!(seen.contains_key(code), "{seen:?}");
    }
    assert!(
        seen.get("opens").is_none_or(|opens| *opens < 20),
        "{seen:?}"
    );
}

/// An element of indefinite length around the content of one in DER.
fn indefinite(der: &[u8], inside: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let header = match der[1] {
        short if short < 0x80 => 2,
        long => 2 + usize::from(long & 0x7f),
    };
    let mut ber = vec![der[0] | 0x20, 0x80];
    ber.extend(inside(&der[header..]));
    ber.extend([0, 0]);
    ber
}

/// OCTET STRINGs of 100 octets each.
fn pieces(content: &[u8]) -> Vec<u8> {
    let piece = |octets: &[u8]| OctetString::new(octets).unwrap().to_der().unwrap();
    content.chunks(100).flat_map(piece).collect()
}

#[test]
fn ber_is_read_as_nss_and_windows_write_it() {
    let file = cheap();
    let pfx = Pfx::from_der(&file).unwrap();
    let content = pfx.auth_safe.content.to_der().unwrap();
    // The content of authSafe in pieces, everything around it of indefinite length.
    let auth_safe = indefinite(&pfx.auth_safe.to_der().unwrap(), |_| {
        let mut inside = oid::DATA.to_der().unwrap();
        inside.extend([0xa0, 0x80]);
        inside.extend(indefinite(&content, pieces));
        inside.extend([0, 0]);
        inside
    });
    let ber = indefinite(&file, |_| {
        let mut inside = vec![0x02, 0x01, 0x03];
        inside.extend(&auth_safe);
        inside.extend(pfx.mac_data.to_der().unwrap());
        inside
    });
    assert_eq!(FileKind::of(&ber), FileKind::Pkcs12);
    assert_eq!(decode(&ber, "passphrase").unwrap().keys.len(), 1);
    assert_eq!(reason(decode(&ber, "another")), "p12.wrong-passphrase");
    let cut = decode(&ber[..ber.len() - 2], "passphrase");
    assert_eq!(reason(cut), "p12.encoding-invalid");
}

#[test]
fn a_file_in_pem_is_read_where_it_is_alone() {
    let file = cheap();
    let framed = pem::encode(PEM_LABEL, &file);
    let with_prose = format!("Bag of someone\n{framed}\n");
    for text in [&framed, &with_prose] {
        assert_eq!(FileKind::of(text.as_bytes()), FileKind::Pkcs12);
        assert_eq!(decode(text.as_bytes(), "passphrase").unwrap().keys.len(), 1);
        let wrong = decode(text.as_bytes(), "another");
        assert_eq!(reason(wrong), "p12.wrong-passphrase");
    }
    let certificate = pem::encode("CERTIFICATE", certificate(0).der());
    for text in [
        framed.replace("END", "EMD"),
        framed.clone() + &certificate,
        framed.clone() + &framed,
        pem::encode(PEM_LABEL, b"noise"),
        certificate.clone(),
    ] {
        let refused = decode(text.as_bytes(), "passphrase");
        assert_eq!(reason(refused), "p12.encoding-invalid", "{text}");
    }
    // Behind a certificate it is an item that is passed over, and named.
    let read =
        crate::pki::certificate_file::CertificateFile::read((certificate + &framed).as_bytes());
    assert_eq!((read.certificates.len(), read.problems.len()), (1, 1));
    assert!(read.problems[0].to_string().contains("PKCS #12"));
}
