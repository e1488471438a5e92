//! `policy apply` of inbound mail: opened, verified, noted, rejected; and what it leaves behind.

use serde_json::Value;

use crate::office::{MAIL, edit_object, from_carol};
use crate::place::Place;
use crate::policy::to;
use crate::policy_apply::apply;
use crate::rollover::{CAROL, renewed, stored, trusting};

const IN: &str = "--direction=inbound";

/// A keystore with that policy, which notes results as mx.example.com.
fn place(policy: &str) -> Place {
    let place = trusting();
    place
        .run(["settings", "authserv-id", "mx.example.com"])
        .done();
    place.write("store/policy.toml", policy);
    place
}

fn spoil(message: &str) -> String {
    assert!(message.contains("figures"));
    message.replace("figures", "numbers")
}

#[test]
fn a_partner_is_encrypted_to_once_a_signed_mail_has_come() {
    let place = place("[[rule]]\ndirection = \"inbound\"\nsignature = \"strip\"\n");
    let to_carol = to(CAROL);
    let before = apply(&place, &["--direction=outbound"], &to_carol, 0);
    assert!(before.text().contains("multipart/signed"), "{before:?}");

    let run = apply(&place, &[IN], &place.signed_by_carol(), 0);
    let text = run.text();
    assert!(
        text.starts_with(
            "Authentication-Results: mx.example.com;\r\n smime=pass\r\n \
             body.smime-identifier=carol@example.net\r\n body.smime-serial="
        ),
        "{text}"
    );
    assert!(!text.contains("multipart/signed"), "{text}");
    assert_eq!(stored(&place, CAROL), ["third-party extracted"]);

    let after = apply(&place, &["--direction=outbound"], &to_carol, 0);
    assert!(
        after.text().contains("smime-type=authEnveloped-data"),
        "{after:?}"
    );
    let read = place.made(&["-q", "-k", "partner", "decrypt"], after.text());
    assert!(read.contains("multipart/signed"), "{read}");
}

#[test]
fn the_first_mail_after_a_rollover_is_rejected_and_the_second_passes() {
    let place = place("");
    let (old, new) = renewed(&place);
    apply(&place, &[IN], &old, 0);
    let arguments = ["policy", "apply", IN, "--json", "-o", "out.eml"];
    let first = place.filter(&arguments, &new);
    assert_eq!(first.status, 1, "{first:?}");
    assert!(first.stderr.starts_with("5.7.1 "), "{first:?}");
    assert!(
        first.stderr.contains("[pin.rollover-first-message]"),
        "{first:?}"
    );
    assert_eq!(first.json()["resend_would_pass"], true);
    assert_eq!(first.json()["extracted"][0]["outcome"], "stored");
    assert!(!place.path("out.eml").exists());
    let second = place.filter(&arguments, &new);
    assert_eq!(second.status, 0, "{second:?}");
    assert!(place.path("out.eml").exists());

    // Where the rollover is not the only reason, sending it again does not help.
    let place = self::place("[[rule]]\ndirection = \"inbound\"\nrequire = \"encrypted\"\n");
    let (old, new) = renewed(&place);
    place.filter(&arguments, &old);
    let first = place.filter(&arguments, &new);
    assert_eq!(first.status, 1, "{first:?}");
    assert_eq!(first.json()["resend_would_pass"], false);
    // Where it is delivered all the same, there is no such question.
    place.write(
        "store/policy.toml",
        "[[rule]]\ndirection = \"inbound\"\nrollover = \"hold\"\non-failure = \"mark\"\n",
    );
    let marked = place.filter(&arguments, &new);
    assert_eq!(marked.status, 0, "{marked:?}");
    assert_eq!(marked.json()["resend_would_pass"], serde_json::Value::Null);
}

#[test]
fn failures_end_as_the_rule_says() {
    let place = place("");
    let spoiled = spoil(&place.signed_by_carol());
    let rejected = apply(&place, &[IN], &spoiled, 1);
    assert_eq!(rejected.stdout, b"");
    assert!(
        rejected.stderr.contains("[cms.message-digest-mismatch]"),
        "{rejected:?}"
    );
    for (word, expected) in [("mark", 0), ("pass", 0), ("reject", 1)] {
        let rule = format!("[[rule]]\ndirection = \"inbound\"\non-failure = \"{word}\"\n");
        place.write("store/policy.toml", rule);
        let run = apply(&place, &[IN], &spoiled, expected);
        if expected == 0 {
            let (field, rest) = run.text().split_once("From: ").unwrap();
            let noted = "Authentication-Results: mx.example.com;\r\n smime=fail\r\n \
                reason=cms.message-digest-mismatch\r\n";
            assert!(field.starts_with(noted), "{field}");
            assert!(spoiled.ends_with(rest), "the message is as it came");
        }
    }
    assert_eq!(stored(&place, CAROL), [""; 0]);
}

#[test]
fn signatures_stay_where_the_rule_keeps_them() {
    let place = place("[[rule]]\ndirection = \"inbound\"\nsignature = \"keep\"\n");
    let signed = place.signed_by_carol();
    let run = apply(&place, &[IN], &signed, 0);
    assert!(run.text().ends_with(&signed), "{run:?}");
    place
        .filter(&["-q", "verify", "-o", "out.eml"], run.text())
        .done();
}

#[test]
fn encrypted_mail_is_opened_and_what_cannot_be_opened_is_passed_on() {
    let place = place("");
    let sealed = place.made(&["encrypt"], MAIL);
    let run = apply(&place, &[IN], &sealed, 0);
    assert!(run.text().contains("the figures are in.\r\n"), "{run:?}");
    assert!(
        run.text()
            .starts_with("Authentication-Results: mx.example.com;\r\n smime=none\r\n")
    );

    let broken = edit_object(&sealed, |octets| *octets.last_mut().unwrap() ^= 1);
    let run = apply(&place, &[IN], &broken, 1);
    assert_eq!(run.stdout, b"");
    place.write(
        "store/policy.toml",
        "[[rule]]\ndirection = \"inbound\"\non-failure = \"pass\"\n",
    );
    let run = apply(&place, &[IN], &broken, 0);
    assert!(run.text().ends_with(&broken), "as it came");

    place.write("store/policy.toml", "");
    let foreign = place.made(
        &["-k", "partner", "encrypt", "--recipient=carol@example.net"],
        MAIL,
    );
    let run = apply(&place, &[IN], &foreign, 0);
    assert!(run.text().ends_with(&foreign), "{run:?}");

    place.write(
        "store/policy.toml",
        "[[rule]]\ndirection = \"inbound\"\ndecrypt = \"off\"\nverify = \"off\"\n",
    );
    let run = apply(&place, &[IN], &sealed, 0);
    assert_eq!(run.text(), sealed);
}

#[test]
fn a_result_that_claims_to_be_ours_is_taken_out_wherever_it_came_in() {
    let place = place("[[rule]]\ndirection = \"inbound\"\nsignature = \"strip\"\n");
    let forged = "Authentication-Results: MX.example.com; smime=pass\r\n";
    let other = "Authentication-Results: other.example; smime=pass\r\n";
    let message = format!("{forged}{other}{}", from_carol());
    let run = apply(&place, &[IN], &message, 0);
    let fields: Vec<&str> = run
        .text()
        .lines()
        .filter(|line| line.starts_with("Authentication-Results"))
        .collect();
    assert_eq!(
        fields,
        [
            "Authentication-Results: mx.example.com;",
            "Authentication-Results: other.example; smime=pass"
        ]
    );
    // A signed part brings its own header.
    let inside = format!("{forged}{}", from_carol());
    let signed = place.made(&["-k", "partner", "sign", "--protect-headers"], &inside);
    let run = apply(&place, &[IN], &signed, 0);
    assert!(!run.text().contains("MX.example.com"), "{run:?}");
    assert!(run.text().contains("smime=pass\r\n body."), "{run:?}");
}

#[test]
fn envelope_and_author_differ() {
    let place = place("");
    let signed = place.signed_by_carol();
    let from = ["--envelope-from=<bounces@list.example.org>", IN];
    let run = apply(&place, &from, &signed, 1);
    assert!(run.stderr.starts_with("5.7.1 "), "{run:?}");
    assert!(
        run.stderr.contains("[smime.envelope-from-mismatch]"),
        "{run:?}"
    );
    place.write(
        "store/policy.toml",
        "[[rule]]\ndirection = \"inbound\"\nenvelope-from = \"warn\"\n",
    );
    apply(&place, &from, &signed, 0);
    apply(&place, &["--envelope-from=<>", IN], &signed, 0);
}

#[test]
fn a_reset_keeps_the_policy_and_everything_passes() {
    let policy = "[[rule]]\ndirection = \"inbound\"\nrequire = \"signed\"\n";
    let place = place(policy);
    apply(&place, &[IN], &from_carol(), 1);
    place.run(["-q", "ca", "reset", "--yes"]).done();
    assert_eq!(place.read("store/policy.toml"), policy.as_bytes());
    let run = apply(&place, &[IN], &from_carol(), 0);
    assert_eq!(run.text(), from_carol());
}

#[test]
fn recipients_under_different_rules_get_a_message_each() {
    let place = place(
        "[[rule]]\ndirection = \"inbound\"\ninternal = \"bob@example.com\"\nsignature = \"keep\"\n\
         [[rule]]\ndirection = \"inbound\"\nsignature = \"strip\"\n",
    );
    let signed = place.signed_by_carol();
    let to = [
        "--envelope-to=alice@example.com",
        "--envelope-to=bob@example.com",
        IN,
    ];
    let one = place.filter(&[&["policy", "apply"], &to[..]].concat(), &signed);
    assert_eq!(one.status, 2, "{one:?}");
    apply(
        &place,
        &[&to[..], &["--split-dir=copies"]].concat(),
        &signed,
        0,
    );
    assert_eq!(place.read("copies/1.rcpt"), b"alice@example.com\n");
    let text = |name: &str| String::from_utf8(place.read(name)).unwrap();
    assert!(!text("copies/1.eml").contains("multipart/signed"));
    assert!(text("copies/2.eml").ends_with(&signed));
}

#[test]
fn each_decision_is_one_line_of_the_log() {
    let place = place("[[rule]]\nname = \"in\"\ndirection = \"inbound\"\n");
    let signed = place.signed_by_carol();
    let files: Vec<String> = (0..10).map(|number| format!("{number}.eml")).collect();
    for file in &files {
        place.write(file, &signed);
    }
    let children: Vec<_> = (0..8)
        .map(|number| {
            let directory = format!("--output-dir=out{number}");
            let arguments = ["policy", "apply", IN, "--log=log", &directory];
            let files = files.iter().map(String::as_str);
            place
                .command(arguments.into_iter().chain(files))
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        assert_eq!(place.ending(child).status, 0);
    }
    let arguments = ["policy", "apply", IN, "--log=log", "-o/dev/null"];
    place.filter(&arguments, &spoil(&signed));
    place.filter(&arguments, "");
    let out = ["policy", "apply", "--direction=outbound", "--log=log"];
    place.filter(&out, MAIL).done();
    let log = String::from_utf8(place.read("log")).unwrap();
    assert!(log.ends_with('\n'));
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 83, "{log}");
    for line in &lines[..80] {
        assert_eq!(line["verdict"], "accepted");
        assert_eq!(line["header_from"][0], CAROL);
        assert_eq!(line["recipients"][0]["rule"], "in");
        assert_eq!(line["signers"][0].as_str().unwrap().len(), 64);
    }
    assert_eq!(lines[80]["verdict"], "rejected");
    assert_eq!(lines[80]["reasons"][0], "cms.message-digest-mismatch");
    assert_eq!(lines[81]["error"]["exit"], 65);
    assert_eq!(lines[82]["recipients"][0]["actions"][1], "encrypt");
    assert_eq!(
        lines[82]["recipients"][0]["certificate"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    assert_eq!(lines[82]["message_id"], "1@example.com");
    for secret in ["figures", "Figures"] {
        assert!(!log.contains(secret), "{log}");
    }
    // What cannot be logged is not done.
    let nowhere = ["policy", "apply", "--direction=outbound", "--log=none/log"];
    let run = place.filter(&nowhere, MAIL);
    assert_eq!((run.status, run.stdout.len()), (75, 0), "{run:?}");
    let full = ["policy", "apply", "--direction=outbound", "--log=/dev/full"];
    assert_eq!(place.filter(&full, MAIL).status, 75);
}
