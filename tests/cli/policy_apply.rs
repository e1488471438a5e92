//! `policy apply` of outbound mail: what `policy check` says, done.

use serde_json::Value;

use crate::office::{MAIL, edit_object, findings, hold_the_contract};
use crate::place::{Place, Run};
use crate::policy::{place, to};

pub(crate) const OUTBOUND: [&str; 3] = ["policy", "apply", "--direction=outbound"];

/// Applies the policy, and holds that it ends as the check says, in the manner of the contract.
#[track_caller]
pub(crate) fn apply(place: &Place, arguments: &[&str], message: &str, status: i32) -> Run {
    let run = place.filter(&[&["policy", "apply"], arguments].concat(), message);
    assert_eq!(run.status, status, "{run:?}");
    let of_check: Vec<&str> = arguments
        .iter()
        .copied()
        .filter(|argument| !argument.starts_with("--split-dir"))
        .collect();
    let check = place.filter(&[&["policy", "check"], &of_check[..]].concat(), message);
    assert_eq!(check.status, status, "{check:?}");
    if status == 1 {
        assert!(run.stderr.starts_with("5.7.1 "), "{run:?}");
    }
    run
}

/// The message as its reader in `keystore` sees it, and the layers that were taken off.
#[track_caller]
fn opened(place: &Place, keystore: &str, message: &str) -> (String, Vec<String>) {
    let out = [
        "-k",
        keystore,
        "verify",
        "--no-extract",
        "-o",
        "opened",
        "--json",
    ];
    let run = place.filter(&out, message);
    assert_eq!(run.status, 0, "{run:?}");
    let document = run.json();
    let layers = document["layers"].as_array().unwrap().iter();
    let kinds = layers.map(|layer| layer["kind"].as_str().unwrap().to_owned());
    let text = String::from_utf8(place.read("opened")).unwrap();
    (text, kinds.collect())
}

#[test]
fn what_the_default_says_is_done() {
    let place = Place::office();
    let run = apply(&place, &["--direction=outbound"], MAIL, 0);
    let (text, layers) = opened(&place, "store", run.text());
    assert_eq!(layers, ["enveloped", "signed"]);
    assert!(text.ends_with("the figures are in.\r\n"), "{text}");
    let plain = apply(&place, &["--direction=outbound"], &to("x@example.org"), 0);
    assert!(plain.text().contains("multipart/signed"), "{plain:?}");
    // The user's certificate goes along, and the CA's does not.
    let der = |words: &[&str]| {
        place
            .run(words.iter().chain(&["--format=der"]))
            .done()
            .stdout
    };
    let own = der(&["cert", "export", "alice@example.com"]);
    let authority = der(&["ca", "export"]);
    edit_object(plain.text(), |object| {
        let holds = |wanted: &[u8]| object.windows(wanted.len()).any(|octets| octets == wanted);
        assert!(holds(&own));
        assert!(!holds(&authority));
    });
}

#[test]
fn a_rejection_writes_nothing_and_names_the_address() {
    let place = place();
    let asked = to("bob@example.com, erin@example.edu").replace("Figures", "[encrypt] Figures");
    let run = apply(&place, &["--direction=outbound"], &asked, 1);
    assert_eq!(run.stdout, b"");
    let first = run.stderr.lines().next().unwrap();
    assert!(first.starts_with("5.7.1 "), "{first}");
    assert!(first.contains("erin@example.edu"), "{first}");
    assert!(
        first.ends_with("[policy.recipient-certificate-missing]"),
        "{first}"
    );
    let json = place.filter(&[&OUTBOUND[..], &["--json"]].concat(), &asked);
    assert_eq!(
        (json.status, json.json()["verdict"].as_str()),
        (1, Some("rejected"))
    );
    assert!(json.stderr.starts_with("5.7.1 "), "{json:?}");
    hold_the_contract(&json.json());
}

#[test]
fn triggers_are_taken_out() {
    let place = Place::office();
    place.write(
        "store/policy.toml",
        "[[rule]]\ndirection = \"outbound\"\nsubject = \"[geheim]\"\nheader = \"X-Secret: yes\"\n\
         strip-trigger = true\nsign = \"required\"\nencrypt = \"required\"\n",
    );
    let asked = MAIL.replace(
        "Subject: Figures\r\n",
        "Subject: =?utf-8?Q?=5BGEHEIM=5D_Gr=C3=BC=C3=9Fe=0D=0ABcc:_x@example.org?=\r\n\
         X-Secret: YES\r\nX-Secret: no\r\n",
    );
    let run = apply(&place, &["--direction=outbound"], &asked, 0);
    assert!(!run.text().contains("EHEIM"), "{run:?}");
    assert!(!run.text().contains("\nBcc"), "{run:?}");
    assert!(!run.text().contains("X-Secret: YES"), "{run:?}");
    assert!(run.text().contains("X-Secret: no"), "{run:?}");
    let document = place.filter(&["verify", "--json", "--no-extract"], run.text());
    assert_eq!(
        document.json()["message"]["subject"],
        "Gr\u{fc}\u{df}e Bcc: x@example.org"
    );
    // What passes as it came keeps its trigger.
    let odd = asked.replace("MIME-Version: 1.0", "MIME-Version: 2.0");
    assert_eq!(
        apply(&place, &["--direction=outbound"], &odd, 0).text(),
        odd
    );
}

#[test]
fn what_is_not_processed_comes_out_byte_for_byte() {
    let place = place();
    let signed = place.signed(&to("carol@example.net"));
    let unclosed = "From: alice@example.com\nTo: bob@example.com\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\r\n";
    // Under a rule with that exception, and under the built-in default.
    let enough = place.signed(&to("x@example.org"));
    let sealed = place.made(&["encrypt"], MAIL);
    let cases = [
        (enough, "policy.already-signed"),
        (sealed, "policy.already-encrypted"),
        (unclosed.to_owned(), "policy.not-processed"),
        ("no message at all\n".to_owned(), "policy.not-processed"),
        (signed, "policy.already-signed"),
        (to("x@sub.example.org"), "policy.not-processed"),
    ];
    for (message, code) in &cases {
        let run = apply(&place, &["--direction=outbound"], message, 0);
        assert_eq!(run.text(), message);
        let first = run.stderr.lines().next().unwrap();
        assert!(first.starts_with("smime: not processed: "), "{run:?}");
        assert!(run.stderr.contains(code), "{run:?}");
        let json = place.filter(&[&OUTBOUND[..], &["--json"]].concat(), message);
        assert_eq!(json.json()["verdict"], "not-processed");
    }
    place.run(["settings", "protection", "off"]).done();
    for direction in ["--direction=outbound", "--direction=inbound"] {
        let run = apply(&place, &[direction], MAIL, 0);
        assert_eq!(run.text(), MAIL);
        assert!(run.stderr.contains("policy.protection-disabled"), "{run:?}");
    }
}

/// What stands in the directory: recipients and message of each number.
fn split(place: &Place, directory: &str) -> Vec<(String, String)> {
    let count = place.path(directory).read_dir().unwrap().count();
    assert_eq!(count % 2, 0);
    let text = |name: String| String::from_utf8(place.read(name)).unwrap();
    (1..=count / 2)
        .map(|number| {
            let recipients = text(format!("{directory}/{number}.rcpt"));
            (recipients, text(format!("{directory}/{number}.eml")))
        })
        .collect()
}

#[test]
fn recipients_with_different_outcomes_get_a_message_each() {
    let place = place();
    place.issue(&["carol@example.net"]);
    place.issue(&["hidden@example.com"]);
    let message = to("bob@example.com, carol@example.net, dave@example.net, x@example.org");
    let envelope = [
        "bob@example.com",
        "carol@example.net",
        "dave@example.net",
        "x@example.org",
        "hidden@example.com",
    ];
    let envelope: Vec<String> = envelope.map(|to| format!("--envelope-to={to}")).into();
    let mut arguments = vec!["--direction=outbound"];
    arguments.extend(envelope.iter().map(String::as_str));

    // Nobody gets it where one must not, and all share one message.
    let all = apply(&place, &arguments, &message, 1);
    assert_eq!(all.stdout, b"");

    arguments.push("--split-dir=copies");
    let run = apply(&place, &arguments, &message, 1);
    assert!(run.stderr.contains("dave@example.net"), "{run:?}");
    let copies = split(&place, "copies");
    let lists: Vec<&str> = copies.iter().map(|(list, _)| list.as_str()).collect();
    assert_eq!(
        lists,
        [
            "bob@example.com\ncarol@example.net\n",
            "x@example.org\n",
            "hidden@example.com\n"
        ]
    );
    for (number, layers) in [(0, 2), (1, 1), (2, 2)] {
        let (_, found) = opened(&place, "store", &copies[number].1);
        assert_eq!(found.len(), layers, "{number}");
        assert!(!copies[number].1.contains("hidden@"), "{number}");
    }
    let recipients = |message: &str| -> usize {
        let run = place.filter(&["inspect", "--json"], message);
        let layers = run.json()["layers"].clone();
        layers[0]["recipients"].as_array().unwrap().len()
    };
    assert_eq!(recipients(&copies[0].1), 2, "the hidden one is in no other");
    assert_eq!(recipients(&copies[2].1), 1);

    // A directory that is in use is left as it is.
    let again = place.filter(&[&["policy", "apply"], &arguments[..]].concat(), &message);
    assert_eq!(again.status, 75, "{again:?}");
    assert!(
        again.stderr.starts_with("4.3.0 cannot create copies"),
        "{again:?}"
    );
    assert_eq!(split(&place, "copies").len(), 3);
}

#[test]
fn without_a_directory_different_messages_are_wrong_usage() {
    let place = Place::office();
    let message = to("bob@example.com, x@example.org");
    let run = place.filter(&OUTBOUND, &message);
    assert_eq!((run.status, run.stdout.len()), (2, 0), "{run:?}");
    let check = ["policy", "check", "--direction=outbound", "--json"];
    let check = place.filter(&check, &message).done().json();
    let told = findings(&check, "info");
    assert_eq!(told, ["policy.no-rule-matched", "policy.copies-differ"]);
    assert!(
        run.stderr
            .starts_with("4.3.5 the recipients get different messages\n"),
        "{run:?}"
    );
    // Signed alone, all share one message, blind recipients too.
    let blind = ["--envelope-to=x@example.org", "--envelope-to=y@example.org"];
    let run = place.filter(&[&OUTBOUND[..], &blind].concat(), &to("x@example.org"));
    assert_eq!(run.status, 0, "{run:?}");
    std::fs::create_dir(place.path("empty")).unwrap();
    let into = [&OUTBOUND[..], &blind, &["--split-dir=empty"]].concat();
    let run = place.filter(&into, &to("x@example.org\r\nBcc: y@example.org"));
    assert_eq!(run.status, 0, "{run:?}");
    let copies = split(&place, "empty");
    assert_eq!(copies.len(), 2);
    assert!(
        copies.iter().all(|(_, copy)| !copy.contains("Bcc")),
        "{copies:?}"
    );
}

#[test]
fn every_failure_is_temporary_and_says_so_first() {
    let place = Place::office();
    let first = |run: &Run| run.stderr.lines().next().unwrap_or_default().to_owned();
    let wrong = place.run(["policy", "apply", "--direction=sideways"]);
    assert_eq!(wrong.status, 2);
    assert!(first(&wrong).starts_with("4.3.5 "), "{wrong:?}");
    let nobody = place.filter(&OUTBOUND, "From: alice@example.com\n\nHello\n");
    assert_eq!(
        (nobody.status, first(&nobody).as_str()),
        (2, "4.3.5 the message names no recipient")
    );
    let missing = place.run(["policy", "apply", "--direction=outbound", "missing.eml"]);
    assert_eq!(missing.status, 75);
    assert!(
        first(&missing).starts_with("4.3.0 cannot open missing.eml"),
        "{missing:?}"
    );
    let keystore = place.filter(&[&["-k", "none"], &OUTBOUND[..]].concat(), MAIL);
    assert_eq!(keystore.status, 75);
    assert!(first(&keystore).starts_with("4.3.0 "), "{keystore:?}");
    let output = place.filter(&[&OUTBOUND[..], &["-o", "none/out.eml"]].concat(), MAIL);
    assert_eq!(output.status, 75, "{output:?}");
    let empty = place.filter(&[&OUTBOUND[..], &["--json"]].concat(), "");
    assert_eq!(
        (empty.status, empty.json()["error"]["exit"].as_u64()),
        (75, Some(65))
    );
    place.write("store/policy.toml", "[[rule]]\ndirektion = 1\n");
    let policy = place.filter(&OUTBOUND, MAIL);
    assert_eq!(policy.status, 75, "{policy:?}");
    assert!(
        first(&policy).starts_with("4.3.0 the policy file "),
        "{policy:?}"
    );
}

#[test]
fn several_files_have_a_verdict_each() {
    let place = place();
    let asked = to("erin@example.edu").replace("Figures", "[encrypt] Figures");
    for (name, message) in [("a.eml", MAIL), ("b.eml", &asked), ("c.eml", "")] {
        place.write(name, message);
    }
    let files = [
        "--output-dir=done",
        "--json",
        "a.eml",
        "b.eml",
        "c.eml",
        "d.eml",
    ];
    let run = place.run([&OUTBOUND[..], &files].concat());
    assert_eq!(run.status, 75, "{run:?}");
    let documents = run
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let documents: Vec<Value> = documents.collect();
    let verdicts: Vec<_> = documents
        .iter()
        .map(|document| &document["verdict"])
        .collect();
    assert_eq!(verdicts, ["accepted", "rejected", "error", "error"]);
    assert_eq!(
        findings(&documents[1], "reject"),
        ["policy.recipient-certificate-missing"]
    );
    assert!(place.path("done/a.eml").exists());
    assert!(!place.path("done/b.eml").exists());
    assert!(run.stderr.contains("\n5.7.1 b.eml: "), "{run:?}");
}
