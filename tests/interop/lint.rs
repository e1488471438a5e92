//! What our CA issues, in the eyes of pkilint: RFC 5280 and the S/MIME Baseline Requirements.

use crate::peer::Peer;
use crate::place::Place;

/// Findings that stay, and why.
const EXCEPTIONS: [(&str, &str); 3] = [
    // The requirements know P-256 and P-384 alone. P-224 is offered because partners of old ask for
    // it, P-521 because RFC 8551 has it.
    ("p224", "cabf.smime.prohibited_spki_algorithm_encoding"),
    ("p521", "cabf.smime.prohibited_spki_algorithm_encoding"),
    // A level that validates nothing but mailboxes has no names of people; who gives `--name` knows it.
    ("utf8", "cabf.smime.common_name_value_unknown_source"),
];

#[test]
fn pkilint_finds_no_error_in_what_we_issue() {
    let (Some(place), Some(python)) = (Place::new(), Peer::pkilint()) else {
        return;
    };
    place
        .smime(
            "ca init --no-passphrase --organization Example --country DE",
            &[],
        )
        .done();
    // Strict, mailbox-validated: the narrowest profile there is.
    place
        .smime("settings certificate-policies 2.23.140.1.5.1.3", &[])
        .done();
    let mut files = vec!["ca.pem".to_owned()];
    place.smime("ca export -o ca.pem", &[]).done();
    for key in [
        "rsa-2048", "rsa-3072", "rsa-4096", "ec-p224", "ec-p256", "ec-p384", "ec-p521", "ed25519",
    ] {
        for usage in ["sign", "encrypt", "both"] {
            if key == "ed25519" && usage != "sign" {
                continue;
            }
            let name = format!("{}-{usage}", key.trim_start_matches("ec-"));
            let address = format!("{name}@example.com");
            let options = ["--key-type", key, "--usage", usage, "--days", "825"];
            place
                .smime("cert issue", &[&[address.as_str()], &options[..]].concat())
                .done();
            let file = format!("{name}.pem");
            place
                .smime("cert export --format pem -o", &[&file, &address])
                .done();
            files.push(file);
        }
    }
    // Addresses and names beyond ASCII.
    place
        .smime(
            "cert issue jörg@bücher.example.com another@example.com --name Jörg",
            &[],
        )
        .done();
    place
        .smime(
            "cert export --format pem another@example.com -o utf8.pem",
            &[],
        )
        .done();
    files.push("utf8.pem".to_owned());

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/lint.py");
    let arguments: Vec<&str> = [script]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let run = python.run(place.path(".").as_path(), &arguments);
    assert!(run.succeeded, "{run:?}");
    let text = String::from_utf8(run.stdout).unwrap();
    let (findings, last) = text
        .trim_end()
        .rsplit_once('\n')
        .unwrap_or(("", text.trim_end()));
    assert_eq!(last, format!("linted\t{}", files.len()));
    let mut expected = EXCEPTIONS.to_vec();
    for row in findings.lines() {
        let excepted = |(name, code): &(&str, &str)| row.starts_with(name) && row.ends_with(code);
        assert!(EXCEPTIONS.iter().any(excepted), "{row}");
        expected.retain(|exception| !excepted(exception));
    }
    assert!(expected.is_empty(), "no longer found: {expected:?}");
}
