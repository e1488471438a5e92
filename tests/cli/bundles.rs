//! `cert import` and `cert list`: files of many certificates, and what they are told apart as.

use serde_json::{Value, json};
use smime::asn1::pem;

use crate::office::replace_octets;
use crate::place::{Place, Run};

/// Certificates that differ from one in DER in the two digits of the address. Their signatures are void,
/// which an import does not judge.
fn numbered(der: &[u8], count: u8) -> String {
    let frame = |number: u8| {
        let mut der = der.to_vec();
        let address = format!("user{number:02}@example.com");
        replace_octets(&mut der, b"user00@example.com", address.as_bytes());
        pem::encode("CERTIFICATE", &der)
    };
    (0..count).map(frame).collect()
}

/// A keystore, and beside it `bundle.pem` with this many certificates of a partner and its CA's.
fn place(count: u8) -> Place {
    let (place, partner) = (Place::with_authority(), Place::with_authority());
    partner.issue(&["user00@example.com", "--key-type=ec-p256"]);
    let export = ["cert", "export", "user00@example.com", "--format=der"];
    let der = partner.run(export).done().stdout;
    let authority = partner.run(["ca", "export"]).done();
    place.write("bundle.pem", numbered(&der, count) + authority.text());
    place
}

fn listed(place: &Place, options: &[&str]) -> Vec<Value> {
    let list = ["cert", "list", "--json"].iter().chain(options);
    let document = place.run(list).done().json();
    document["certificates"].as_array().unwrap().clone()
}

#[test]
fn of_many_certificates_the_numbers_are_told() {
    let place = place(40);
    let stored = "smime: stored: a third party's certificate (40 of them)\n\
         smime: stored: an intermediate, which is not trusted for itself (1 of them)\n";
    let known = stored.replace("stored:", "stored already:");
    let import = ["cert", "import", "bundle.pem"];
    let run = place.run(import).ended(0, stored);
    assert_eq!(run.text().lines().count(), 40);
    let [one] = listed(&place, &["--address", "user17@example.com"])
        .try_into()
        .unwrap();
    assert_eq!(
        (&one["kind"], &one["pinned"]),
        (&json!("third-party"), &json!(true))
    );
    // 40, the partner's CA and ours.
    assert_eq!(listed(&place, &[]).len(), 42);
    let again = place.run(import).ended(0, &known);
    assert_eq!(again.text(), run.text());
    let run = place.run(["cert", "import", "-q", "--json", "bundle.pem"]);
    let document = run.done().json();
    assert_eq!(document["imported"].as_array().unwrap().len(), 41);
    for finding in document["findings"].as_array().unwrap() {
        assert_eq!(finding["code"], "cert.duplicate");
    }
    assert!(place.run(["keystore", "check"]).status == 0);
}

#[test]
fn one_that_is_refused_or_damaged_keeps_no_other_out() {
    let place = place(3);
    let bundle = String::from_utf8(place.read("bundle.pem")).unwrap();
    let damaged = bundle.replacen(
        "-----BEGIN CERTIFICATE-----\nMII",
        "-----BEGIN CERTIFICATE-----\nMIQ",
        1,
    );
    place.write("damaged.pem", damaged);
    let run = place.run(["cert", "import", "damaged.pem"]);
    assert_eq!(run.status, 0, "{run:?}");
    let warning = "smime: warning: damaged.pem: item 1 (CERTIFICATE) was passed over: ";
    assert!(run.stderr.starts_with(warning), "{run:?}");
    assert_eq!(run.text().lines().count(), 2);
}

/// The rows of a list, each with its columns, without the fingerprints.
fn table(run: &Run) -> Vec<Vec<&str>> {
    let lines = run.text().lines();
    let rows = lines.map(|line| line.split_whitespace().skip(1).collect());
    rows.collect()
}

#[test]
fn users_third_parties_and_cas_are_told_apart() {
    let place = place(1);
    place.issue(&["alice@example.com", "--key-type=ec-p256", "--days=20"]);
    place.run(["cert", "import", "-q", "bundle.pem"]).done();
    let run = place.run(["cert", "list"]).done();
    let rows = table(&run);
    assert_eq!(rows[0][..3], ["KIND", "ADDRESSES", "VALID"]);
    let cells = |row: usize| {
        (
            rows[row][0],
            rows[row][1],
            rows[row].last().copied().unwrap(),
        )
    };
    assert_eq!(cells(1), ("identity", "alice@example.com", "issued"));
    assert_eq!(cells(2), ("third-party", "user00@example.com", "imported"));
    assert_eq!((cells(3).0, cells(4).0), ("ca", "ca"));
    assert_eq!(rows.len(), 5);

    let expiring = listed(&place, &["--expiring", "30"]);
    assert_eq!(expiring.len(), 1);
    assert_eq!(expiring[0]["addresses"], json!(["alice@example.com"]));
    assert_eq!(listed(&place, &["--expiring", "10"]), [] as [Value; 0]);
    let keys = [
        "sha256",
        "kind",
        "addresses",
        "subject",
        "issuer",
        "serial",
        "not_before",
        "not_after",
        "key",
        "usage",
        "origin",
        "private_key",
    ];
    for key in keys {
        assert!(expiring[0].get(key).is_some(), "{key}: {}", expiring[0]);
    }
    let shown = place.run(["cert", "show", "alice@example.com"]).done();
    assert!(shown.text().contains("alice@example.com"), "{shown:?}");
}

#[test]
fn a_users_certificate_without_its_key_draws_a_hint() {
    let place = Place::with_authority();
    let other = Place::with_authority();
    place.issue(&["alice@example.com", "--key-type=ec-p256"]);
    other.issue(&["alice@example.com", "--key-type=ec-p256"]);
    let export = ["cert", "export", "alice@example.com", "--format=pem"];
    place.write("other.pem", other.run(export).done().stdout);
    let hint = "smime: alice@example.com: stored: a third party's certificate\n\
         smime: hint: alice@example.com is a user here: import the certificate with its private key \
         if it is the user's own.\n";
    place.run(["cert", "import", "other.pem"]).ended(0, hint);
}
