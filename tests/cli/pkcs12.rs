//! PKCS #12 files: how each way not to open ends.

use base64::Engine;

use crate::office::{findings, replace_octets};
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

#[test]
fn how_a_file_is_protected_shows_without_its_passphrase() {
    let place = place();
    let inspect = |octets: &[u8], options: &[&str]| {
        place.write("shown.p12", octets);
        place.run(["inspect", "shown.p12"].iter().chain(options))
    };
    let run = inspect(&place.read("own.p12"), &[]).ended(
        0,
        "smime: warning: not opened: the passphrase of shown.p12 is missing, and there is no \
         terminal to ask on\n\
         smime: hint: Use --file-passphrase-file FILE or --file-passphrase-fd N, or set \
         SMIME_FILE_PASSPHRASE.\n",
    );
    assert_eq!(
        run.text(),
        "PKCS #12 file\n\
         integrity    hmac-sha1, key by pkcs12 with sha1, 2048 iterations\n\
         safe 0       des-ede3-cbc, key by pkcs12 with sha1, 2048 iterations\n\
         \x20            - not opened\n\
         safe 1       not encrypted\n\
         \x20            - encrypted private key \"user@example.com\", des-ede3-cbc, key by\n\
         \x20            pkcs12 with sha1, 2048 iterations\n\
         \n\
         next step: none\n"
    );
    // What cannot be opened whatever the passphrase is named with the reason.
    let mut rc4 = place.read("own.p12");
    let triple_des = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03];
    let mut rc4_128 = triple_des;
    rc4_128[9] = 1;
    replace_octets(&mut rc4, &triple_des, &rc4_128);
    let document = inspect(&rc4, &["--json"]).json();
    let encryption = &document["outline"]["safes"][0]["encryption"];
    assert_eq!(
        encryption["algorithm"],
        "pbe-sha1-rc4-128 (1.2.840.113549.1.12.1.1)"
    );
    assert!(
        encryption["problem"]
            .as_str()
            .unwrap()
            .contains("not supported")
    );
    // A file that is cut has no outline, and says why.
    let own = place.read("own.p12");
    let document = inspect(&own[..own.len() - 1], &["--json"]).json();
    assert_eq!(document["outline"], serde_json::Value::Null);
    assert_eq!(findings(&document, "reject"), ["p12.encoding-invalid"]);
}

#[test]
fn how_a_key_in_pem_is_protected_shows_without_its_passphrase() {
    let place = place();
    let export = ["cert", "export", "user@example.com", "--with-private-key"];
    assert_eq!(import(&place, "own.p12", "of the file").status, 0);
    let arguments = export
        .iter()
        .chain(&["--format=pem", "-q", "-o", "own.pem"]);
    assert_eq!(place.run_with(arguments, &PASSPHRASE, b"").status, 0);
    let show = |secret: &[(&str, &str)]| {
        let run = place.run_with(["inspect", "own.pem", "--json"], secret, b"");
        run.done().json()
    };
    let closed = show(&[]);
    let key = &closed["keys"][0];
    assert_eq!(
        (&key["key"], &key["encrypted"]),
        (&serde_json::Value::Null, &true.into())
    );
    assert_eq!(key["encryption"]["algorithm"], "aes-256-cbc");
    assert_eq!(
        key["encryption"]["derivation"],
        "scrypt with N 2^14, r 8, p 1"
    );
    assert!(
        key["problem"]
            .as_str()
            .unwrap()
            .contains("SMIME_FILE_PASSPHRASE")
    );
    assert_eq!(closed["certificates"][0]["private_key"], false);
    let wrong = show(&[("SMIME_FILE_PASSPHRASE", "another")]);
    assert!(
        wrong["keys"][0]["problem"]
            .as_str()
            .unwrap()
            .contains("is wrong")
    );
    let opened = show(&PASSPHRASE);
    assert_eq!(opened["keys"][0]["key"], "ec-p256");
    assert_eq!(opened["certificates"][0]["private_key"], true);
}
