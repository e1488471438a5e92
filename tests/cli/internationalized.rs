//! Addresses beyond ASCII: local parts in SmtpUTF8Mailbox (RFC 9598), domains as U-labels and A-labels.

use crate::place::Place;

/// A message from `author`, whose header is UTF-8 (RFC 6532).
fn from(author: &str) -> String {
    format!(
        "From: {author}\r\nTo: you@example.org\r\nSubject: Grüße\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n"
    )
}

/// One certificate with three addresses: of each form, and of one name twice.
fn place() -> Place {
    let place = Place::with_authority();
    place.issue(&[
        "jörg@bücher.example",
        "info@bücher.example",
        "user@example.com",
    ]);
    place
}

#[test]
fn a_certificate_holds_addresses_of_both_forms() {
    let place = place();
    // A domain is shown as it was written into the certificate.
    let listed = place.run(["cert", "list", "--json"]).done().json();
    assert_eq!(
        listed["certificates"][0]["addresses"],
        serde_json::json!([
            "jörg@xn--bcher-kva.example",
            "info@xn--bcher-kva.example",
            "user@example.com"
        ])
    );
    for address in [
        "jörg@bücher.example",
        "jörg@xn--bcher-kva.example",
        "jörg@BÜCHER.example",
        "info@bücher.EXAMPLE",
        "info@XN--bcher-KVA.example",
        "user@EXAMPLE.com",
    ] {
        let shown = place.run(["cert", "show", address]).done();
        assert!(shown.text().contains("\naddresses "), "{shown:?}");
        place
            .run(["cert", "export", address, "--format=pem", "-o", "leaf.pem"])
            .done();
        let check = ["cert", "check", "leaf.pem", "--address", address];
        place.run(check).done();
    }
    let check = [
        "cert",
        "check",
        "leaf.pem",
        "--address",
        "jorg@bücher.example",
    ];
    let run = place.run(check);
    assert_eq!(run.status, 1, "{run:?}");
}

#[test]
fn the_author_is_found_whatever_form_the_domain_has() {
    let place = place();
    let signed = |author: &str| {
        let run = place.run_with(["sign"], &[], from(author).as_bytes());
        assert_eq!(run.status, 0, "{run:?}");
        String::from_utf8(run.stdout).unwrap()
    };
    for author in [
        "jörg@bücher.example",
        "Jörg <jörg@xn--bcher-kva.example>",
        "\"Jörg, from the office\" <jörg@Bücher.Example>",
        "info@bücher.example",
        "=?utf-8?q?Auskunft?= <info@xn--bcher-kva.example>",
        "user@example.com",
    ] {
        let run = place.run_with(["verify"], &[], signed(author).as_bytes());
        assert_eq!(run.status, 0, "{author}: {run:?}");
    }
    // The same signature under another author.
    let of_joerg = signed("jörg@bücher.example");
    for (author, hint) in [
        // Letters that are not the same, however alike, and a domain that only looks alike.
        ("jorg@bücher.example", ""),
        ("jo\u{308}rg@bucher.example", ""),
        ("JÖRG@bücher.example", "case"),
        ("other@example.com", ""),
    ] {
        let forged = of_joerg.replacen("From: jörg@bücher.example", &format!("From: {author}"), 1);
        assert_ne!(forged, of_joerg);
        let run = place.run_with(["verify"], &[], forged.as_bytes());
        assert_eq!((run.status, run.text()), (1, ""), "{author}: {run:?}");
        assert!(run.stderr.contains("[smime.from-mismatch]"), "{run:?}");
        assert!(run.stderr.contains(hint), "{run:?}");
    }
}

#[test]
fn recipients_are_found_whatever_form_the_domain_has() {
    let place = place();
    for to in [
        "jörg@xn--bcher-kva.example",
        "jörg@bücher.example, info@bücher.example",
    ] {
        let message = from("user@example.com").replace("you@example.org", to);
        let run = place.run_with(["encrypt"], &[], message.as_bytes());
        assert_eq!((run.status, &*run.stderr), (0, ""), "{to}");
        let opened = place.run_with(["decrypt"], &[], &run.stdout);
        assert_eq!(opened.status, 0, "{opened:?}");
    }
    let message = from("user@example.com").replace("you@example.org", "Jörg@bücher.example");
    let run = place.run_with(["encrypt"], &[], message.as_bytes());
    assert_eq!(run.status, 67, "{run:?}");
    assert!(run.stderr.contains("jörg@"), "{run:?}");
}
