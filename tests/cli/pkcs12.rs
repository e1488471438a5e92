//! PKCS #12 files: how each way not to open ends.

use base64::Engine;

use crate::office::replace_octets;
use crate::place::{Place, Run};

const PASSPHRASE: [(&str, &str); 1] = [("SMIME_FILE_PASSPHRASE", "of the file")];

/// A keystore, and the file `own.p12` of an identity of another.
fn place() -> Place {
    let place = Place::with_authority();
    let other = Place::with_authority();
    other.issue(&["user@example.com", "--key-type=ec-p256"]);
    let export = ["cert", "export", "user@example.com"];
    let options = ["--with-private-key", "--legacy", "-q", "-o", "own.p12"];
    let run = other.run_with(export.iter().chain(&options), &PASSPHRASE, b"");
    assert_eq!(run.status, 0, "{run:?}");
    place.write("own.p12", other.read("own.p12"));
    place
}

fn import(place: &Place, name: &str, passphrase: &str) -> Run {
    let environment = [("SMIME_FILE_PASSPHRASE", passphrase)];
    place.run_with(["cert", "import", "--json", name], &environment, b"")
}

#[test]
fn each_way_not_to_open_has_its_code() {
    let place = place();
    let whole = place.read("own.p12");
    let mut altered = whole.clone();
    let code = whole.len() - 30;
    altered[code] ^= 1;
    place.write("altered.p12", altered);
    place.write("cut.p12", &whole[..whole.len() - 1]);
    // pbeWithSHAAnd3-KeyTripleDES-CBC becomes pbeWithSHAAnd128BitRC4, the same for its certificates.
    let triple_des = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03];
    let mut rc4_128 = triple_des;
    rc4_128[9] = 1;
    let mut rc4 = whole.clone();
    replace_octets(&mut rc4, &triple_des, &rc4_128);
    place.write("rc4.p12", rc4);
    for (name, passphrase, status, code) in [
        ("own.p12", "another", 77, "[p12.wrong-passphrase]"),
        ("altered.p12", "of the file", 65, "[p12.mac-invalid]"),
        ("altered.p12", "another", 77, "[p12.wrong-passphrase]"),
        ("rc4.p12", "of the file", 65, "[p12.cipher-unsupported]"),
        ("cut.p12", "of the file", 65, "[p12.encoding-invalid]"),
    ] {
        let run = import(&place, name, passphrase);
        assert_eq!(run.status, status, "{run:?}");
        assert_eq!(run.json()["error"]["exit"], status);
        assert!(run.stderr.contains(code), "{name}: {run:?}");
        assert!(run.stderr.contains("smime: hint: "), "{run:?}");
    }
    let named = import(&place, "rc4.p12", "of the file").stderr;
    assert!(
        named.contains("pbe-sha1-rc4-128 (1.2.840.113549.1.12.1.1)"),
        "{named}"
    );
    let listed = place.run(["cert", "list", "--json"]).done().json();
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 1);
    assert_eq!(import(&place, "own.p12", "of the file").status, 0);
}

#[test]
fn a_file_in_pem_opens_as_one_in_der_does() {
    let place = place();
    // In one line, which any program may write.
    let data = base64::engine::general_purpose::STANDARD.encode(place.read("own.p12"));
    let framed = format!("-----BEGIN PKCS12-----\n{data}\n-----END PKCS12-----\n");
    place.write("own.pem", framed);
    assert_eq!(import(&place, "own.pem", "of the file").status, 0);
    assert_eq!(import(&place, "own.pem", "another").status, 77);
    let inspect = |options: &[&str]| {
        let arguments = ["inspect", "own.pem"].iter().chain(options);
        place.run_with(arguments, &PASSPHRASE, b"").done()
    };
    let document = inspect(&["--json"]).json();
    assert_eq!(document["kind"], "pkcs12");
    assert_eq!(document["certificates"][0]["private_key"], true);
    // Its structure is shown, and nothing of what it keeps.
    let structure = inspect(&["--asn1"]);
    assert!(structure.text().starts_with("PKCS12\n"), "{structure:?}");
}
