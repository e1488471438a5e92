//! Real deliveries by Postfix: what we sign arrives as it was signed; what others sign less
//! carefully does not, and then we say why.

use crate::peer::Run;
use crate::place::{Place, crlf};
use crate::postfix::{Postfix, Settings, SevenBitHost};

/// Everything that transports stumble over: 8-bit text, a long line, `From `, dots, blanks at line
/// ends, in a nested multipart.
fn hazards() -> String {
    let long = "a long line, ".repeat(300);
    format!(
        "Content-Type: multipart/mixed; boundary=outer\nContent-Transfer-Encoding: 8bit\n\n\
         --outer\nContent-Type: multipart/alternative; boundary=inner\n\
         Content-Transfer-Encoding: 8bit\n\n--inner\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\n\nGr\u{fc}\u{df}e\nFrom here on\n.\n..\nblanks  \n{long}\n\
         --inner\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\
         <p>Gr\u{fc}\u{df}e {long}</p>\n--inner--\n\n--outer\nContent-Type: text/x-log\n\n\
         From x\n-- \nend\n--outer--\n"
    )
}

fn message(entity: &str) -> String {
    format!(
        "From: rsa@example.com\nTo: reader@example.com\nSubject: Delivery\nMIME-Version: 1.0\n{entity}"
    )
}

/// What our program says about a message.
fn verdict(place: &Place, message: &[u8]) -> (Run, Vec<String>) {
    place.write("delivered", message);
    let line = "verify --json --no-keystore --trust ca.pem delivered -o content";
    let run = place.smime(line, &[]);
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let serious = findings.filter(|finding| finding["severity"] != "info");
    let codes = serious.map(|finding| finding["code"].as_str().unwrap().to_owned());
    let codes = codes.filter(|code| code != "mail.bare-line-feed");
    (run, codes.collect())
}

/// Holds that we and OpenSSL accept what arrived, and that its content is what was written.
#[track_caller]
fn arrived(place: &Place, octets: &[u8]) {
    let (run, codes) = verdict(place, octets);
    assert!(run.succeeded, "{codes:?}: {}", run.stderr);
    assert_eq!(codes, [""; 0]);
    place
        .openssl("cms -verify -in delivered -CAfile ca.pem -out theirs", &[])
        .done();
    place.write("original", message(&hazards()));
    let texts = |name: &str| -> Vec<Vec<u8>> {
        let source = smime::source::Source::from_bytes(place.read(name));
        let scan = smime::mail::scan(&source).unwrap();
        let leaves = scan.root.walk().filter(|entity| entity.children.is_empty());
        let decoded = leaves.map(|leaf| {
            let mut text = Vec::new();
            let mut reader = smime::mail::transfer_encoding::decode_body(&source, leaf);
            std::io::Read::read_to_end(&mut reader, &mut text).unwrap();
            text.retain(|octet| *octet != b'\r');
            text
        });
        decoded.collect()
    };
    let expected = texts("original");
    assert_eq!(expected.len(), 3);
    assert_eq!(texts("content"), expected);
    assert_eq!(texts("theirs"), expected);
}

fn sign(place: &Place) -> Vec<u8> {
    place.write("message", message(&hazards()));
    let line = "sign --no-keystore --identity rsa.id message -o signed";
    place.smime(line, &[]).done();
    place.read("signed")
}

/// A message around an entity that OpenSSL signs as it is.
fn signed_as_it_is(place: &Place, entity: &str) -> Vec<u8> {
    place.write("raw", crlf(entity));
    let line = "cms -sign -binary -in raw -signer rsa.pem -inkey rsa.key -from rsa@example.com";
    place.openssl(line, &[]).done()
}

#[test]
fn by_smtp_into_a_maildir_and_a_mailbox_file() {
    let Some(place) = Place::new() else { return };
    let Some(postfix) = Postfix::start(&Settings::default()) else {
        return;
    };
    let deliver = |to: &str, message: &[u8]| postfix.submit("rsa@example.com", to, message);
    let signed = sign(&place);
    deliver("maildir@example.com", &signed);
    arrived(&place, &postfix.delivered());
    deliver("mailbox@example.com", &signed);
    arrived(&place, &postfix.kept());

    // A maildir keeps everything; a mailbox file does not.
    let text = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\
                Gr\u{fc}\u{df}e\nFrom here on\n";
    let signed = signed_as_it_is(&place, text);
    deliver("maildir@example.com", &signed);
    let (run, codes) = verdict(&place, &postfix.delivered());
    assert!(run.succeeded, "{codes:?}");
    deliver("mailbox@example.com", &signed);
    let (run, codes) = verdict(&place, &postfix.kept());
    assert!(!run.succeeded);
    assert_eq!(
        codes,
        ["cms.message-digest-mismatch", "smime.damage-from-escaped"]
    );
}

#[test]
fn by_way_of_a_relay_that_has_to_make_it_7bit() {
    let Some(place) = Place::new() else { return };
    let host = SevenBitHost::listen();
    let settings = Settings {
        next_hop: Some(host.port),
        ..Settings::default()
    };
    let Some(postfix) = Postfix::start(&settings) else {
        return;
    };
    let relay = |message: &[u8]| {
        postfix.submit("rsa@example.com", "reader@example.net", message);
        host.received(&postfix)
    };
    arrived(&place, &relay(&sign(&place)));

    let text = |body: &str| format!("Content-Type: text/plain; charset=utf-8\n{body}");
    let part = text("Content-Transfer-Encoding: 8bit\n\nGr\u{fc}\u{df}e = .\n");
    let long = "a long line, ".repeat(300);
    let multipart = format!(
        "Content-Type: multipart/mixed; boundary=bb\nContent-Transfer-Encoding: 8bit\n\n\
         --bb\n{part}\n--bb\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n\
         AAECAw==\n--bb--\n"
    );
    for (entity, damage) in [
        (part.as_str(), "smime.damage-transfer-encoding"),
        (&multipart, "smime.damage-transfer-encoding"),
        (
            &text(&format!("\nshort\n{long}\nshort\n")),
            "smime.damage-lines-wrapped",
        ),
    ] {
        let (run, codes) = verdict(&place, &relay(&signed_as_it_is(&place, entity)));
        assert!(!run.succeeded);
        assert!(codes.contains(&damage.to_owned()), "{damage}: {codes:?}");
    }
}
