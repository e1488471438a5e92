//! `policy check`: what the policy would do to messages.

use serde_json::{Value, json};

use crate::office::{
    MAIL, boundary, edit_object, finding, findings, from_carol, hold_the_contract,
};
use crate::place::{Place, Run};

/// Rules for every outcome.
const POLICY: &str = r#"
[[rule]]
name = "asked for"
direction = "outbound"
subject = "[encrypt]"
sign = "required"
encrypt = "required"

[[rule]]
name = "partner"
direction = "outbound"
external = ["*@example.net"]
except = ["already-signed", "already-encrypted"]
sign = "required"
encrypt = "others-reject"

[[rule]]
name = "plain"
direction = "outbound"
external = ["*@*.example.org"]
sign = "off"
encrypt = "off"

[[rule]]
name = "strict"
direction = "inbound"
external = ["*@example.net"]
verify = "required"
require = ["signed"]

[[rule]]
name = "secret"
direction = "inbound"
external = ["*@example.org"]
require = ["encrypted"]
on-failure = "mark"
"#;

pub(crate) fn place() -> Place {
    let place = Place::office();
    place.write("store/policy.toml", POLICY);
    place
}

/// A message of Alice to these recipients.
pub(crate) fn to(recipients: &str) -> String {
    MAIL.replace("Bob <bob@example.com>", recipients)
}

/// Runs the check as text and as a document, and holds that both end with that status.
#[track_caller]
fn check(place: &Place, arguments: &[&str], message: &str, status: i32) -> (Run, Value) {
    let arguments = [&["policy", "check", "--direction"], arguments].concat();
    let run = place.filter(&arguments, message);
    assert_eq!((run.status, run.stderr.as_str()), (status, ""), "{run:?}");
    let json = place.filter(&[&arguments[..], &["--json"]].concat(), message);
    assert_eq!(
        (json.status, json.stderr.as_str()),
        (status, ""),
        "{json:?}"
    );
    let document = json.json();
    hold_the_contract(&document);
    assert_eq!(document["command"], "policy check");
    assert_eq!(
        document["verdict"] == "rejected",
        status == 1,
        "{document:#}"
    );
    (run, document)
}

/// Address, rule and actions of each recipient.
fn rows(document: &Value) -> Vec<String> {
    let recipients = document["recipients"].as_array().unwrap().iter();
    recipients
        .map(|recipient| {
            let actions = recipient["actions"].as_array().unwrap().iter();
            let actions: Vec<_> = actions.map(|action| action.as_str().unwrap()).collect();
            let (address, rule) = (&recipient["address"], &recipient["rule"]);
            let (address, rule) = (address.as_str().unwrap(), rule.as_str().unwrap());
            format!("{address}: {rule}: {}", actions.join(", "))
        })
        .collect()
}

#[test]
fn outbound_by_rule_and_recipient() {
    let place = place();
    let both = ["bob@example.com: built-in default: sign, encrypt"];
    let (run, document) = check(&place, &["outbound"], MAIL, 0);
    assert_eq!(rows(&document), both);
    assert_eq!(document["verdict"], "accepted");
    assert_eq!(findings(&document, "info"), ["policy.no-rule-matched"]);
    assert_eq!(
        document["policy"],
        json!({"rule": "built-in default", "actions": ["sign", "encrypt"]})
    );
    assert!(
        run.text().starts_with(
            "would pass\nmessage-id 1@example.com\ndirection  outbound\n\
             from       alice@example.com\nto         bob@example.com\n"
        ),
        "{run:?}"
    );
    assert!(
        run.text()
            .contains("\nto bob@example.com: sign and encrypt\n"),
        "{run:?}"
    );

    let asked = to("bob@example.com, erin@example.edu").replace("Figures", "[encrypt] Figures");
    let (run, document) = check(&place, &["outbound"], &asked, 1);
    let reject = [
        "bob@example.com: asked for: reject",
        "erin@example.edu: asked for: reject",
    ];
    assert_eq!(rows(&document), reject, "everyone or nobody");
    assert_eq!(
        findings(&document, "reject"),
        ["policy.recipient-certificate-missing"]
    );
    let detail = &finding(&document, "policy.recipient-certificate-missing")["detail"];
    assert_eq!(detail["address"], "erin@example.edu");
    assert!(run.text().starts_with("would be rejected\n"), "{run:?}");

    place.issue(&["carol@example.net"]);
    let partner = to("carol@example.net, dave@example.net, x@sub.example.org, y@example.org");
    let (_, document) = check(&place, &["outbound"], &partner, 1);
    assert_eq!(
        rows(&document),
        [
            "carol@example.net: partner: sign, encrypt",
            "dave@example.net: partner: reject",
            "x@sub.example.org: plain: pass",
            "y@example.org: built-in default: sign",
        ]
    );
    assert_eq!(document["recipients"][0]["certificate"]["origin"], "issued");
    assert_eq!(
        document["recipients"][1]["certificate"]["sha256"],
        Value::Null
    );

    let (run, document) = check(&place, &["outbound"], &to("x@sub.example.org"), 0);
    assert_eq!(document["verdict"], "not-processed");
    assert!(
        run.text().starts_with("would be passed on as it is\n"),
        "{run:?}"
    );
}

#[test]
fn outbound_without_a_signer() {
    let place = place();
    let strangers = |recipient: &str| to(recipient).replace("Alice <alice@", "Zoe <zoe@");
    let (_, document) = check(&place, &["outbound"], &strangers("carol@example.net"), 1);
    assert_eq!(
        findings(&document, "reject")[0],
        "policy.signer-certificate-missing"
    );
    assert_eq!(document["signer"]["sha256"], Value::Null);
    let (_, document) = check(&place, &["outbound"], &strangers("bob@example.com"), 0);
    assert_eq!(
        rows(&document),
        ["bob@example.com: built-in default: encrypt"]
    );
    let later = ["outbound", "--time=2040-01-01"];
    let (_, document) = check(&place, &later, MAIL, 0);
    assert_eq!(rows(&document), ["bob@example.com: built-in default: pass"]);
    let passed = &document["signer"]["passed_over"][0]["codes"];
    assert_eq!(*passed, json!(["cert.expired"]));
}

#[test]
fn outbound_mail_that_is_not_processed() {
    let place = place();
    let not_mime = MAIL.replace("MIME-Version: 1.0\r\n", "");
    let (_, document) = check(&place, &["outbound"], &not_mime, 0);
    assert_eq!(document["verdict"], "not-processed");
    assert_eq!(rows(&document), ["bob@example.com: built-in default: pass"]);
    let info = findings(&document, "info");
    assert!(
        info.contains(&"policy.not-processed") && info.contains(&"mail.not-mime"),
        "{document:#}"
    );

    let carol = to("carol@example.net");
    let (_, document) = check(&place, &["outbound"], &place.signed(&carol), 0);
    assert_eq!(rows(&document), ["carol@example.net: partner: pass"]);
    assert!(
        findings(&document, "info").contains(&"policy.already-signed"),
        "{document:#}"
    );
    let header = &carol[..carol.find("Content-Type").unwrap()];
    let by_pgp = format!(
        "{header}Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"\r\n\
         \r\n--b\r\n\r\nHello\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n"
    );
    let (_, document) = check(&place, &["outbound"], &by_pgp, 0);
    assert!(
        findings(&document, "info").contains(&"policy.already-signed"),
        "{document:#}"
    );
    let warned = "smime: warning: the message is signed already [policy.already-signed]\n\
         smime: hint: Receivers see one signature inside the other.\n";
    let run = place.filter(&["sign"], &by_pgp).ended(0, warned);
    // What is signed already keeps its octets.
    let parts = by_pgp.split_once("\r\n\r\n").unwrap().1;
    assert!(run.text().contains(parts), "{run:?}");
    let encrypted = place.made(&["encrypt", "--to-self", "--missing=skip", "-q"], &carol);
    let (_, document) = check(&place, &["outbound"], &encrypted, 0);
    assert!(
        findings(&document, "info").contains(&"policy.already-encrypted"),
        "{document:#}"
    );
}

#[test]
fn calendar_messages_may_be_excepted() {
    let place = place();
    let rule = "except = [\"already-signed\", \"already-encrypted\"]";
    let with = POLICY.replace(rule, "except = [\"calendar\"]");
    place.write("store/policy.toml", with);
    let carol = to("carol@example.net");
    let invitation = "text/calendar; method=REQUEST; charset=utf-8";
    let calendar = carol.replace("text/plain; charset=utf-8", invitation);
    let (_, document) = check(&place, &["outbound"], &calendar, 0);
    assert_eq!(rows(&document), ["carol@example.net: partner: pass"]);
    let header = &carol[..carol.find("Content-Type").unwrap()];
    let in_a_part = format!(
        "{header}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n\
         Content-Type: {invitation}\r\n\r\nx\r\n--b--\r\n"
    );
    let (_, document) = check(&place, &["outbound"], &in_a_part, 0);
    assert_eq!(rows(&document), ["carol@example.net: partner: pass"]);
    let (_, document) = check(&place, &["outbound"], &carol, 1);
    assert_ne!(rows(&document), ["carol@example.net: partner: pass"]);
}

#[test]
fn the_envelope_takes_the_place_of_the_fields() {
    let place = place();
    let envelope = [
        "outbound",
        "--envelope-to=x@sub.example.org",
        "--envelope-from=<alice@example.com>",
    ];
    let (_, document) = check(&place, &envelope, MAIL, 0);
    assert_eq!(rows(&document), ["x@sub.example.org: plain: pass"]);
    assert_eq!(document["message"]["envelope_from"], "alice@example.com");
    assert_eq!(
        document["message"]["envelope_to"],
        json!(["x@sub.example.org"])
    );
    for direction in ["outbound", "inbound"] {
        let nobody = "smime: error: the message names no recipient\n\
             smime: hint: Give the envelope recipients with --envelope-to ADDRESS.\n";
        let message = MAIL.replace("To: Bob <bob@example.com>\r\n", "");
        let run = place.filter(&["policy", "check", "--direction", direction], &message);
        assert_eq!(run.ended(2, nobody).text(), "");
    }
}

#[test]
fn inbound_by_rule_and_verdict() {
    let place = place();
    // Ordinary mail under the default, and under a rule that wants it signed.
    let (_, document) = check(&place, &["inbound"], MAIL, 0);
    assert_eq!(
        rows(&document),
        ["bob@example.com: built-in default: deliver"]
    );
    let (_, document) = check(&place, &["inbound"], &from_carol(), 1);
    assert_eq!(rows(&document), ["alice@example.com: strict: reject"]);
    assert_eq!(findings(&document, "reject"), ["policy.signature-required"]);

    let signed = place.signed_by_carol();
    let (_, document) = check(&place, &["inbound"], &signed, 1);
    let untrusted = ["path.issuer-unknown", "policy.signature-required"];
    assert_eq!(findings(&document, "reject"), untrusted);
    let authority = place.authority_of("partner");
    assert_eq!(place.run(["trust", "add", &authority]).status, 0);
    let (_, document) = check(&place, &["inbound"], &signed, 0);
    assert_eq!(rows(&document), ["alice@example.com: strict: deliver"]);
    assert_eq!(document["layers"][0]["signers"][0]["verdict"], "accepted");
    // A dry run stores nothing.
    let listed = place
        .run(["cert", "list", "--address=carol@example.net"])
        .done();
    assert_eq!(listed.text(), "");

    let tampered = signed.replace("are in", "are out");
    let (run, document) = check(&place, &["inbound"], &tampered, 1);
    // The answer, then the checks of each signer, then the findings with their rules.
    let text = run.text();
    let positions = [
        "would be rejected\n",
        "\nlayer 0: signed, clear\n  signer 0: carol@example.net: rejected\n",
        "\n    checks     integrity fail, signature pass, path pass, validity pass\n",
        "\nreject cms.message-digest-mismatch at layer 0, signer 0\n  the content is not what was \
         signed: its digest differs (RFC 5652 section 5.6)\n",
        "\n  what to do: ",
    ]
    .map(|part| text.find(part));
    assert!(
        positions.iter().all(Option::is_some),
        "{positions:?} {text}"
    );
    assert!(positions.is_sorted(), "{text}");
    let codes = ["cms.message-digest-mismatch", "policy.signature-required"];
    assert_eq!(findings(&document, "reject"), codes);
    // Under the default too, what is signed has to be right.
    let tampered = place.signed(MAIL).replace("are in", "are out");
    let (_, document) = check(&place, &["inbound"], &tampered, 1);
    assert_eq!(
        rows(&document),
        ["bob@example.com: built-in default: reject"]
    );
}

#[test]
fn inbound_mail_that_cannot_be_read_is_a_failure_with_a_reason() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let cut = edit_object(&signed, |object| object.truncate(object.len() / 2));
    let (_, document) = check(&place, &["inbound"], &cut, 1);
    assert_eq!(
        rows(&document),
        ["bob@example.com: built-in default: reject"]
    );
    assert_eq!(findings(&document, "reject"), ["cms.encoding-invalid"]);
    let boundary = boundary(&signed);
    let close = format!("--{boundary}--");
    let third = format!("--{boundary}\r\n\r\nadded\r\n{close}");
    let broken = signed.replace(&close, &third);
    let (_, document) = check(&place, &["inbound"], &broken, 1);
    assert_eq!(findings(&document, "reject"), ["mail.signed-part-count"]);
}

#[test]
fn inbound_mail_that_must_be_encrypted() {
    let place = place();
    let erin = MAIL.replace("alice@example.com", "erin@example.org");
    let (_, document) = check(&place, &["inbound"], &erin, 0);
    assert_eq!(rows(&document), ["bob@example.com: secret: mark"]);
    assert_eq!(
        findings(&document, "reject"),
        ["policy.encryption-required"]
    );
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], &erin);
    let (_, document) = check(&place, &["inbound"], &encrypted, 0);
    assert_eq!(rows(&document), ["bob@example.com: secret: deliver"]);
    assert_eq!(findings(&document, "reject"), [""; 0]);
    let envelope = ["inbound", "--envelope-from", "bounce@example.com"];
    let (_, document) = check(&place, &envelope, &place.signed(MAIL), 1);
    assert_eq!(
        findings(&document, "reject"),
        ["smime.envelope-from-mismatch"]
    );
}

#[test]
fn several_files_in_one_table() {
    let place = place();
    let signed = place.signed(MAIL);
    place.write("good.eml", &signed);
    place.write("tampered.eml", signed.replace("are in", "are out"));
    place.write("carol.eml", from_carol());
    place.write("noise", [0xff; 100]);
    let files = [
        "policy",
        "check",
        "--direction=inbound",
        "good.eml",
        "tampered.eml",
        "carol.eml",
    ];
    let run = place.run(files);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{run:?}");
    assert_eq!(
        run.text(),
        "FILE          ANSWER  RULE              ACTIONS  WHY\n\
         good.eml      pass    built-in default  deliver  policy.no-rule-matched\n\
         tampered.eml  reject  built-in default  reject   cms.message-digest-mismatch\n\
         carol.eml     reject  strict            reject   policy.signature-required\n"
    );
    assert_eq!(
        place
            .run([
                "policy",
                "check",
                "--direction=inbound",
                "good.eml",
                "good.eml"
            ])
            .status,
        0
    );

    // The highest status counts; a file that cannot be read does not keep the others back.
    let more = files.iter().chain(&["noise", "missing", "--json"]);
    let run = place.run(more);
    assert_eq!(run.status, 66, "{run:?}");
    let documents: Vec<Value> = run
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let verdicts: Vec<_> = documents
        .iter()
        .map(|document| &document["verdict"])
        .collect();
    assert_eq!(
        verdicts,
        ["accepted", "rejected", "rejected", "not-processed", "error"]
    );
    let exits: Vec<_> = documents[4..]
        .iter()
        .map(|document| &document["error"]["exit"])
        .collect();
    assert_eq!(exits, [66]);
    let files: Vec<_> = documents
        .iter()
        .map(|document| document["file"].as_str().unwrap())
        .collect();
    let named = ["good.eml", "tampered.eml", "carol.eml", "noise", "missing"];
    assert_eq!(files, named);
    for document in &documents {
        hold_the_contract(document);
    }
    let empty = place.filter(&["policy", "check", "--direction=outbound"], "");
    assert_eq!(empty.status, 65, "{empty:?}");
}

#[test]
fn every_rule_is_shown_on_request() {
    let place = place();
    let arguments = ["policy", "check", "--direction=outbound"];
    let brief = place.filter(&arguments, &to("x@sub.example.org")).done();
    assert!(!brief.text().contains("does not match"), "{brief:?}");
    let all = place.filter(
        &[&arguments[..], &["--explain-all"]].concat(),
        &to("x@sub.example.org"),
    );
    assert!(
        all.text().contains(
            "to x@sub.example.org: pass\n    \
             rule         plain\n                 \
             line 2: `asked for` does not match: the subject does not\n                 \
             contain `[encrypt]`\n                 \
             line 9: `partner` does not match: the recipient\n                 \
             x@sub.example.org is not in `external`\n                 \
             line 17: `plain` matches: outbound; external *@*.example.org\n                 \
             line 24: `strict` is not tried: a rule before it matches\n                 \
             line 31: `secret` is not tried: a rule before it matches\n"
        ),
        "{all:?}"
    );
    let run = place.filter(&["policy", "check"], MAIL);
    assert_eq!((run.status, run.text()), (2, ""), "{run:?}");
    let run = place.filter(&["policy", "check", "--direction=sideways"], MAIL);
    assert_eq!((run.status, run.text()), (2, ""), "{run:?}");
}

#[test]
fn a_rejection_ends_with_the_next_step_and_fits_a_terminal() {
    let place = place();
    let later = [
        "policy",
        "check",
        "--direction=outbound",
        "--time=2040-01-01",
        "--explain-all",
        "--envelope-from=alice@example.com",
        "--envelope-to=carol@example.net",
        "--envelope-to=bob@example.com",
    ];
    let run = place.filter(&later, &to("carol@example.net, bob@example.com"));
    assert_eq!(run.status, 1, "{run:?}");
    for line in run.text().lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let text = run.text();
    assert!(
        text.contains("envelope   from <alice@example.com> to carol@example.net,"),
        "{text}"
    );
    assert!(
        text.contains("signer     no usable certificate\n           passed over "),
        "{text}"
    );
    assert!(text.contains(": the certificate has expired"), "{text}");
    let (_, end) = text.split_once("resent     ").unwrap();
    assert_eq!(
        end,
        "the same message would be rejected again\n\
         next step  Run `smime cert issue alice@example.com`, or import one.\n"
    );
    // Of inbound mail, the layers and who signed them.
    let signed = place.signed_by_carol();
    let run = place.filter(&["policy", "check", "--direction=inbound"], &signed);
    assert_eq!(run.status, 1, "{run:?}");
    let text = run.text();
    assert!(
        text.contains("layer 0") && text.contains("path.issuer-unknown at layer 0, signer 0, "),
        "{text}"
    );
    assert!(text.contains("\nnext step  "), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
