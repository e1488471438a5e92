//! What happens when a correspondent signs with another certificate, and when all begins again.

use serde_json::{Value, json};

use crate::extraction::to_carol;
use crate::office::{MAIL, finding, findings, from_carol, hold_the_contract};
use crate::place::Place;

pub(crate) const CAROL: &str = "carol@example.net";

/// Runs `verify --json` and holds that it ends with that status; nothing gets out unless it is 0.
#[track_caller]
pub(crate) fn verify(place: &Place, arguments: &[&str], message: &str, status: i32) -> Value {
    place.write("out.eml", "old");
    let arguments = [&["verify", "--json", "-o", "out.eml"], arguments].concat();
    let run = place.filter(&arguments, message);
    assert_eq!(run.status, status, "{run:?}");
    hold_the_contract(&run.json());
    assert_eq!(place.read("out.eml") == b"old", status != 0);
    run.json()
}

/// Kind and origin of each certificate that is stored for an address.
pub(crate) fn stored(place: &Place, address: &str) -> Vec<String> {
    let listed = place
        .run(["cert", "list", "--json", "--address", address])
        .done()
        .json();
    let certificates = listed["certificates"].as_array().unwrap().iter();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let mut words: Vec<String> = certificates
        .map(|one| format!("{} {}", word(one, "kind"), word(one, "origin")))
        .collect();
    // Those of one second have no order.
    words.sort();
    words
}

/// Holds that a certificate is on record as taken from Carol's message, with the verdict on it.
#[track_caller]
fn hold_provenance(place: &Place, sha256: &Value, verdict: &str) {
    let show = ["cert", "show", "--json", sha256.as_str().unwrap()];
    let shown = place.run(show).done().json();
    let one = &shown["certificates"][0];
    assert_eq!(one["origin"], "extracted");
    let provenance = &one["provenance"];
    assert_eq!(provenance["verdict"], verdict);
    assert_eq!(provenance["message-id"], "1@example.com");
    assert_ne!(provenance["date"], Value::Null);
    assert!(one["capabilities"][0].is_string(), "{one}");
}

/// Alice trusts the partner's CA.
pub(crate) fn trusting() -> Place {
    let place = Place::office();
    let authority = place.authority_of("partner");
    place.run(["-q", "trust", "add", &authority]).done();
    place
}

/// Carol's certificate is imported by hand, and then she gets a new one. Returns her last message
/// with the old and her first with the new.
pub(crate) fn renewed(place: &Place) -> (String, String) {
    let file = place.certificate_of("partner", CAROL);
    place.run(["-q", "cert", "import", &file]).done();
    let old = place.signed_by_carol();
    let issue = ["-k", "partner", "cert", "issue", CAROL];
    let new = place.run(issue).done().text().trim().to_owned();
    let new = place.made(&["-k", "partner", "sign", "--signer", &new], &from_carol());
    (old, new)
}

#[test]
fn an_imported_certificate_is_trusted_for_itself() {
    let place = Place::office();
    let (old, new) = renewed(&place);
    assert_eq!(stored(&place, CAROL), ["third-party imported"]);
    let document = verify(&place, &[], &old, 0);
    let checks = &document["layers"][0]["signers"][0]["checks"];
    assert_eq!(
        (&checks["pinning"], &checks["identity"]),
        (&json!("pass"), &json!("pass"))
    );

    // The CA is still unknown, so a new certificate of it may be anybody's.
    let codes = ["pin.mismatch-untrusted", "path.issuer-unknown"];
    for _ in 0..2 {
        let document = place.rejects(&["verify"], &new, &codes);
        assert_eq!(document["resend_would_pass"], false);
        assert_eq!(
            document["layers"][0]["signers"][0]["checks"]["pinning"],
            "fail"
        );
    }
    assert_eq!(stored(&place, CAROL), ["third-party imported"]);
    let run = place.filter(&["verify"], &new);
    assert!(
        run.stderr
            .contains("\n  the same message sent again would pass: no\n"),
        "{run:?}"
    );
    // Importing it by hand settles it.
    let file = place.certificate_of("partner", CAROL);
    place.run(["-q", "cert", "import", &file]).done();
    verify(&place, &[], &new, 0);
}

#[test]
fn the_first_message_after_a_change_is_rejected_and_the_second_passes() {
    let place = trusting();
    let (old, new) = renewed(&place);
    let document = verify(&place, &[], &new, 1);
    assert_eq!(
        findings(&document, "reject"),
        ["pin.rollover-first-message"]
    );
    assert_eq!(document["resend_would_pass"], true);
    let sha256 = &document["layers"][0]["signers"][0]["sha256"];
    let extracted = json!([{
        "address": CAROL,
        "sha256": sha256,
        "outcome": "stored",
        "code": "pin.rollover-first-message",
    }]);
    assert_eq!(document["extracted"], extracted);
    hold_provenance(&place, sha256, "pin.rollover-first-message");
    let detail = &finding(&document, "pin.rollover-first-message")["detail"];
    assert_eq!(detail["new-sha256"], *sha256);
    assert_ne!(detail["old-sha256"], *sha256);
    for side in ["old", "new"] {
        assert_eq!(detail[format!("{side}-issuer")], "CN=Partner CA");
        assert_eq!(detail[format!("{side}-key")], "ec-p256");
        assert_eq!(detail[format!("{side}-addresses")], CAROL);
        assert!(
            detail[format!("{side}-validity")]
                .as_str()
                .unwrap()
                .contains("Z to 2")
        );
    }
    let document = verify(&place, &[], &new, 0);
    assert_eq!(document["resend_would_pass"], Value::Null);
    assert_eq!(document["extracted"][0]["outcome"], "known");
    assert_eq!(
        stored(&place, CAROL),
        ["third-party extracted", "third-party imported"]
    );
    // What was signed with the old one still passes.
    verify(&place, &[], &old, 0);

    let place = trusting();
    let (_, new) = renewed(&place);
    let run = place.filter(&["verify"], &new);
    assert_eq!((run.status, run.text()), (1, ""), "{run:?}");
    assert!(
        run.stderr.starts_with(
            "smime: rejected: the sender signs with a new certificate; it is trusted and now \
             stored, and this first message is rejected [pin.rollover-first-message]\n"
        ),
        "{run:?}"
    );
    assert!(
        run.stderr
            .contains("\n  the same message sent again would pass: yes\n"),
        "{run:?}"
    );
    let run = place.filter(&["verify"], &new);
    let run = run.ended(0, "smime: accepted: signed by carol@example.net\n");
    assert_eq!(run.text(), from_carol());
}

#[test]
fn a_first_message_that_is_wrong_otherwise_stores_nothing() {
    let place = trusting();
    let (_, new) = renewed(&place);
    for wrong in [
        new.replace("are in", "are out"),
        new.replace("Carol <carol@", "Carol <eve@"),
    ] {
        let document = verify(&place, &[], &wrong, 1);
        assert_ne!(
            findings(&document, "reject"),
            ["pin.rollover-first-message"]
        );
        assert_ne!(document["resend_would_pass"], true);
        assert_eq!(document["extracted"], json!([]));
    }
    assert_eq!(stored(&place, CAROL), ["third-party imported"]);
    let document = verify(&place, &[], &new, 1);
    assert_eq!(document["resend_would_pass"], true);
}

#[test]
fn without_extraction_a_resend_would_not_pass() {
    let place = trusting();
    let (_, new) = renewed(&place);
    let codes = ["pin.rollover-first-message"];
    let document = place.rejects(&["verify", "--no-extract"], &new, &codes);
    assert_eq!(document["resend_would_pass"], false);
    place.run(["settings", "extraction", "off"]).done();
    let document = place.rejects(&["verify"], &new, &codes);
    assert_eq!(document["resend_would_pass"], false);
    // Neither does the dry run of the policy store anything.
    place.run(["settings", "extraction", "on"]).done();
    let check = ["policy", "check", "--direction=inbound", "--json"];
    for _ in 0..2 {
        let run = place.filter(&check, &new);
        assert_eq!(
            (run.status, &run.json()["resend_would_pass"]),
            (1, &json!(true)),
            "{run:?}"
        );
    }
    assert_eq!(stored(&place, CAROL), ["third-party imported"]);
}

#[test]
fn a_trusted_change_may_be_accepted() {
    for by in ["option", "settings"] {
        let place = trusting();
        let (_, new) = renewed(&place);
        let option: &[&str] = match by {
            "option" => &["--rollover", "accept"],
            _ => {
                place.run(["settings", "rollover", "accept"]).done();
                &[]
            }
        };
        let document = verify(&place, option, &new, 0);
        assert_eq!(findings(&document, "warning"), ["pin.rollover-accepted"]);
        assert_eq!(document["extracted"][0]["outcome"], "stored");
        assert_eq!(document["extracted"][0]["code"], "pin.rollover-accepted");
        assert_eq!(
            stored(&place, CAROL),
            ["third-party extracted", "third-party imported"]
        );
        assert_eq!(
            findings(&verify(&place, option, &new, 0), "warning"),
            [""; 0]
        );
    }
    // An untrusted one never.
    let place = Place::office();
    let (_, new) = renewed(&place);
    let document = verify(&place, &["--rollover=accept"], &new, 1);
    assert!(
        findings(&document, "reject").contains(&"pin.mismatch-untrusted"),
        "{document:#}"
    );
}

#[test]
fn a_change_may_be_held_until_it_is_approved() {
    let place = trusting();
    place.run(["settings", "rollover", "hold"]).done();
    let (old, new) = renewed(&place);
    for _ in 0..2 {
        let document = place.rejects(&["verify"], &new, &["pin.held"]);
        assert_eq!(document["resend_would_pass"], false);
        assert_eq!(document["extracted"][0]["outcome"], "held");
        assert_eq!(document["extracted"][0]["code"], "pin.held");
    }
    assert_eq!(
        stored(&place, CAROL),
        ["held extracted", "third-party imported"]
    );
    let held = &place.rejects(&["verify"], &new, &["pin.held"])["extracted"][0]["sha256"];
    hold_provenance(&place, held, "pin.held");
    let status = place.run(["status", "--json"]).done().json();
    assert_eq!(status["held"][0]["addresses"], json!([CAROL]));
    // Nobody is encrypted to with a certificate that is held.
    let encrypted = place.made(&["encrypt"], &to_carol());
    let document = place
        .filter(&["-k", "partner", "decrypt", "--json"], &encrypted)
        .json();
    let used = &document["layers"][0]["recipients"][0]["serial"];
    let listed = place
        .run(["cert", "list", "--json", "--address", CAROL])
        .done()
        .json();
    let mut listed = listed["certificates"].as_array().unwrap().iter();
    let imported = listed.find(|one| one["origin"] == "imported").unwrap();
    assert_eq!(*used, imported["serial"]);

    let approved = place.run(["cert", "approve", CAROL]);
    assert_eq!(approved.status, 0, "{approved:?}");
    assert_eq!(
        stored(&place, CAROL),
        ["third-party extracted", "third-party imported"]
    );
    verify(&place, &[], &new, 0);
    verify(&place, &[], &old, 0);
    assert_eq!(place.run(["cert", "approve", CAROL]).status, 67);
}

#[test]
fn while_another_process_writes() {
    let place = trusting();
    let (old, new) = renewed(&place);
    place.run_with(["-q", "verify"], &[], old.as_bytes()).done();
    place.write("new.eml", new);
    place.write("mail.eml", MAIL);
    let lock = std::fs::File::open(place.path("store/lock")).unwrap();
    lock.lock().unwrap();
    // Nobody who reads waits.
    place.filter(&["-q", "verify"], &old).done();
    place.signed(MAIL);
    place.run(["cert", "list"]).done();
    // Who has to write waits a while. A promise that cannot be kept is not made.
    let spawn = |arguments: &[&str]| place.command(arguments).spawn().unwrap();
    let issuing = spawn(&["cert", "issue", "erin@example.com"]);
    let verifying = spawn(&["verify", "new.eml", "--json", "-o", "out.eml"]);
    for child in [issuing, verifying] {
        let run = place.ending(child);
        assert_eq!(run.status, 75, "{run:?}");
        let locked = "smime: error: the keystore [PLACE]/store is locked by another process";
        assert!(run.stderr.starts_with(locked), "{run:?}");
        assert!(run.stderr.contains("smime: hint: "), "{run:?}");
    }
    assert!(!place.path("out.eml").exists());
    lock.unlock().unwrap();
    assert_eq!(
        verify(
            &place,
            &[],
            &String::from_utf8(place.read("new.eml")).unwrap(),
            1
        )["resend_would_pass"],
        true
    );
    place.issue(&["erin@example.com"]);
}

#[test]
fn a_reset_keeps_policy_and_settings_and_all_begins_again() {
    let place = trusting();
    let policy = "[[rule]]\nname = \"mine\"\ndirection = \"outbound\"\nencrypt = \"off\"\n";
    place.write("store/policy.toml", policy);
    place.run(["settings", "rollover", "accept"]).done();
    verify(&place, &[], &place.signed_by_carol(), 0);
    let encrypted = place.made(&["encrypt"], MAIL);
    let signed = place.signed(MAIL);
    let serials = |place: &Place| -> Vec<String> {
        let listed = place.run(["cert", "list", "--json"]).done().json();
        let listed = listed["certificates"].as_array().unwrap().iter();
        listed
            .map(|one| one["serial"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = serials(&place);

    let run = place.run(["ca", "reset", "--yes"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
    assert_eq!(serials(&place), [""; 0]);
    assert_eq!(place.run(["trust", "list"]).done().text(), "");
    assert_eq!(
        place.run(["status", "--json"]).done().json()["protection"],
        "off"
    );
    assert_eq!(place.read("store/policy.toml"), policy.as_bytes());
    assert_eq!(
        place.run(["settings", "rollover"]).done().text(),
        "accept\n"
    );
    assert_eq!(
        place.run(["settings", "key-type"]).done().text(),
        "ec-p256\n"
    );
    let off = "smime: error: the keystore's protection is off, so its keys and certificates are \
         not used\n\
         smime: hint: Run `smime ca init` to create the local CA, which turns it on.\n\
         smime: hint: With --no-keystore and files, messages are processed without a keystore.\n";
    for (command, message) in [
        ("sign", MAIL),
        ("encrypt", MAIL),
        ("decrypt", &encrypted),
        ("verify", &signed),
    ] {
        place.filter(&[command], message).ended(78, off);
    }
    let run = place.run(["cert", "issue", "alice@example.com"]);
    assert_eq!(run.status, 78, "{run:?}");

    let init = ["ca", "init", "--no-passphrase", "--name", "Example CA"];
    place.run(init).done();
    place.issue(&["alice@example.com"]);
    place.issue(&["bob@example.com"]);
    let after = serials(&place);
    assert!(
        after.iter().all(|serial| !before.contains(serial)),
        "{before:?} {after:?}"
    );
    let again = place.signed(MAIL);
    place.filter(&["-q", "verify"], &again).done();
    place
        .filter(&["-q", "decrypt"], &place.made(&["encrypt"], MAIL))
        .done();
    // What was before is gone: its CA is unknown, and its keys are not held.
    place.rejects(&["verify"], &signed, &["path.issuer-unknown"]);
    place.rejects(&["decrypt"], &encrypted, &["cms.recipient-not-found"]);
}
