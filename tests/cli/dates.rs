//! Dates outside what clocks count: before 1970, and from 2050 on, where certificates change the form.

use crate::crafted::Crafted;
use crate::place::Place;

/// A root for ever and a person in the time that UTCTime can say, with one second more.
fn place() -> Place {
    let place = Place::new();
    let root = Crafted::authority("Root", 0).valid("19000101000000Z", "99991231235959Z");
    place.write("root.pem", root.issued_by("Root", 0));
    let person = Crafted::person("Person", 2, "person@example.com");
    let person = person.valid("500101000000Z", "20500101000000Z");
    place.write("person.pem", person.issued_by("Root", 0));
    place
}

#[test]
fn certificates_are_valid_from_1950_and_beyond_2050() {
    let place = place();
    let check = |time: &str, file: &str| {
        place.run(["--time", time, "cert", "check", file, "--trust=root.pem"])
    };
    for (time, code) in [
        ("1899-12-31T23:59:59Z", "cert.not-yet-valid"),
        ("1949-12-31T23:59:59Z", "cert.not-yet-valid"),
        ("1950-01-01T00:00:00Z", ""),
        ("1969-12-31T23:59:59Z", ""),
        ("2049-12-31T23:59:59Z", ""),
        ("2050-01-01T00:00:00Z", ""),
        ("2050-01-01T00:00:01Z", "cert.expired"),
        ("9999-12-31T23:59:59Z", "cert.expired"),
    ] {
        let run = check(time, "person.pem");
        assert_eq!(run.status, i32::from(!code.is_empty()), "{time}: {run:?}");
        assert!(run.stderr.contains(code), "{time}: {run:?}");
    }
    // The root is a trust anchor, whose dates count too.
    let leaf =
        Crafted::person("Leaf", 2, "leaf@example.com").valid("18991231000000Z", "99991231235959Z");
    place.write("leaf.pem", leaf.issued_by("Root", 0));
    for (time, status) in [
        ("1900-01-01T00:00:00Z", 0),
        ("1899-12-31T12:00:00Z", 1),
        ("9999-12-31T23:59:59Z", 0),
    ] {
        let run = check(time, "leaf.pem");
        assert_eq!(run.status, status, "{time}: {run:?}");
    }
}

#[test]
fn such_dates_are_shown() {
    let place = place();
    let shown = place.run(["cert", "show", "person.pem"]).done();
    assert!(shown.text().contains("1950-01-01 00:00:00"), "{shown:?}");
    assert!(shown.text().contains("2050-01-01 00:00:00"), "{shown:?}");
    let shown = place
        .run(["cert", "show", "root.pem", "--json"])
        .done()
        .json();
    let shown = shown.to_string();
    for date in ["1900-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        assert!(shown.contains(date), "{shown}");
    }
}

const MESSAGE: &str = "From: user@example.com\r\nTo: you@example.org\r\nSubject: A subject\r\n\
     MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nA line.\r\n";

/// All that is made at the turn: a CA, a certificate, a signature, a CRL.
#[test]
fn what_is_made_around_2050_is_read_again() {
    let place = Place::new();
    let before = "--time=2049-06-01T00:00:00Z";
    let after = "--time=2051-01-01T00:00:00Z";
    let init = [
        "ca",
        "init",
        "--no-passphrase",
        "--key-type=ec-p256",
        "--days=3650",
    ];
    place.run([before].iter().chain(&init)).done();
    let issue = [
        "cert",
        "issue",
        "user@example.com",
        "--key-type=ec-p256",
        "--days=825",
    ];
    place.run([before].iter().chain(&issue)).done();
    let export = [
        "cert",
        "export",
        "user@example.com",
        "--format=der",
        "-o",
        "user.der",
    ];
    place.run([before].iter().chain(&export)).done();
    let der = place.read("user.der");
    let holds = |text: &str| der.windows(text.len()).any(|at| at == text.as_bytes());
    // UTCTime, whose year has two digits, then GeneralizedTime.
    assert!(
        holds("\x17\x0d490601") && holds("\x18\x0f20510903"),
        "{der:02x?}"
    );

    for time in [before, after] {
        place.write("message.eml", MESSAGE);
        place
            .run([time, "sign", "message.eml", "-o", "signed.eml"])
            .done();
        let verify = ["verify", "--json", "signed.eml", "-o", "content"];
        let run = place.run([time].iter().chain(&verify));
        assert_eq!(run.status, 0, "{run:?}");
        let signer = &run.json()["layers"][0]["signers"][0];
        assert_eq!(
            signer["signing_time"],
            time.strip_prefix("--time=").unwrap()
        );
        assert!(
            signer["not_after"]
                .as_str()
                .unwrap()
                .starts_with("2051-09-03T")
        );
        // At the time that the message claims, whenever it is judged.
        let run = place.run(["--time=signing-time"].iter().chain(&verify));
        assert_eq!(run.status, 0, "{run:?}");
    }
    let crl = ["ca", "crl", "--days=60", "-o", "ca.crl"];
    place
        .run(["--time=2049-12-20T00:00:00Z"].iter().chain(&crl))
        .done();
    place.run([before, "ca", "export", "-o", "ca.pem"]).done();
    place
        .run([
            before,
            "cert",
            "export",
            "user@example.com",
            "--format=pem",
            "-o",
            "user.pem",
        ])
        .done();
    for (time, code) in [
        ("2050-02-01T00:00:00Z", ""),
        ("2050-03-01T00:00:00Z", "crl.stale"),
    ] {
        let check = [
            "cert",
            "check",
            "user.pem",
            "--trust=ca.pem",
            "--crl=ca.crl",
            "--revocation=hard",
        ];
        let run = place.run(["--time", time].iter().chain(&check));
        assert_eq!(run.status, i32::from(!code.is_empty()), "{time}: {run:?}");
        assert!(run.stderr.contains(code), "{time}: {run:?}");
    }
}
