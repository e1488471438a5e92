//! Several files in one run: each has its own verdict and its own place.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::office::{MAIL, finding, from_carol, hold_the_contract};
use crate::place::{Place, Run};
use crate::rollover::trusting;

/// More files than any machine here has cores, so that they are not done in their order.
const FILES: usize = 24;

fn name(number: usize) -> String {
    format!("{number:02}.eml")
}

/// A message that no other file holds.
fn mail(number: usize) -> String {
    MAIL.replace("<1@", &format!("<{number}@"))
        .replace("figures", &format!("figures of week {number}"))
}

/// Writes the messages into a directory and returns their paths.
fn write_messages(place: &Place, directory: &str) -> Vec<String> {
    fs::create_dir(place.path(directory)).unwrap();
    let paths = (0..FILES).map(|number| {
        let path = format!("{directory}/{}", name(number));
        place.write(&path, mail(number));
        path
    });
    paths.collect()
}

fn files_in(place: &Place, directory: &str) -> Vec<String> {
    let entries = fs::read_dir(place.path(directory)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn run(place: &Place, arguments: &[&str], files: &[String]) -> Run {
    place.run(
        arguments
            .iter()
            .copied()
            .chain(files.iter().map(String::as_str)),
    )
}

/// The lines of JSON on stdout.
fn documents(run: &Run) -> Vec<Value> {
    let lines = run.text().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The same file of each directory in turn, through all four commands.
#[test]
fn a_directory_of_mail_goes_there_and_back() {
    let place = Place::office();
    let mut paths = write_messages(&place, "mail");
    for (command, directory, told) in [
        (&["sign"][..], "signed", ""),
        (&["encrypt", "--cipher=aes-256-gcm"], "encrypted", ""),
        (
            &["decrypt"],
            "decrypted",
            ": auth-enveloped with aes-256-gcm",
        ),
        (&["verify"], "verified", ": signed by alice@example.com"),
    ] {
        let arguments = [command, &["--output-dir", directory]].concat();
        let mut lines = String::new();
        for path in &paths {
            // The signature below is not what decryption judges.
            lines += &format!("smime: accepted: {path}{told}\n");
        }
        let done = run(&place, &arguments, &paths);
        let told: String = done
            .stderr
            .lines()
            .map(|line| line.replace(", inside it signed", "") + "\n")
            .collect();
        assert_eq!((done.status, &told), (0, &lines));
        assert!(done.stdout.is_empty());
        let names: Vec<String> = (0..FILES).map(name).collect();
        assert_eq!(files_in(&place, directory), names);
        paths = names
            .iter()
            .map(|name| format!("{directory}/{name}"))
            .collect();
    }
    for number in 0..FILES {
        let verified = place.read(format!("verified/{}", name(number)));
        assert_eq!(String::from_utf8(verified).unwrap(), mail(number));
    }
}

#[test]
fn each_file_has_its_own_verdict_and_the_highest_status_counts() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    place.write("good.eml", &signed);
    place.write("altered.eml", signed.replace("figures", "numbers"));
    place.write("unsigned.eml", MAIL);
    let all = ["good.eml", "altered.eml", "missing.eml", "unsigned.eml"].map(str::to_owned);

    let rejected = run(&place, &["verify", "-q", "--output-dir", "out"], &all[..2]);
    let line = "smime: rejected: altered.eml: the content is not what was signed: its digest \
                differs [cms.message-digest-mismatch]\n";
    rejected.ended(1, line);
    assert_eq!(files_in(&place, "out"), ["good.eml"]);

    let done = run(&place, &["verify", "--json", "--output-dir", "out"], &all);
    assert_eq!(done.status, 66, "{done:?}");
    let documents = documents(&done);
    let told: Vec<_> = documents
        .iter()
        .map(|document| {
            let (file, verdict) = (&document["file"], &document["verdict"]);
            (file.as_str().unwrap(), verdict.as_str().unwrap())
        })
        .collect();
    let expected = [
        ("good.eml", "accepted"),
        ("altered.eml", "rejected"),
        ("missing.eml", "error"),
        ("unsigned.eml", "rejected"),
    ];
    assert_eq!(told, expected);
    documents.iter().for_each(hold_the_contract);
    assert_eq!(documents[2]["error"]["exit"], 66);
    finding(&documents[3], "smime.not-signed");
    // One document, one file, nothing beside.
    let names: BTreeSet<_> = files_in(&place, "out").into_iter().collect();
    assert_eq!(names, BTreeSet::from(["good.eml".to_owned()]));
}

#[test]
fn without_a_directory_verify_judges_and_the_others_refuse() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let files = ["a.eml", "b.eml"].map(str::to_owned);
    for file in &files {
        place.write(file, &signed);
    }
    let told = "smime: accepted: a.eml: signed by alice@example.com\n\
                smime: accepted: b.eml: signed by alice@example.com\n";
    let judged = run(&place, &["verify"], &files).ended(0, told);
    assert!(judged.stdout.is_empty());
    for command in ["sign", "encrypt", "decrypt"] {
        run(&place, &[command], &files).ended(
            2,
            "smime: error: several files are given\n\
             smime: hint: Give --output-dir DIR for what comes of them.\n",
        );
    }
}

#[test]
fn what_has_no_place_of_its_own_is_refused_before_any_work() {
    let place = Place::office();
    for directory in ["one", "two"] {
        fs::create_dir(place.path(directory)).unwrap();
        place.write(&format!("{directory}/mail.eml"), MAIL);
    }
    let refused = |arguments: &[&str], told: &str| {
        let run = place.run(arguments);
        assert_eq!(run.status, 2, "{run:?}");
        assert!(run.stderr.starts_with(told), "{run:?}");
        assert!(!place.path("out").exists());
    };
    let sign = ["sign", "--output-dir", "out"];
    refused(
        &[&sign[..], &["one/mail.eml", "two/mail.eml"]].concat(),
        "smime: error: two files would be written to out/mail.eml\n",
    );
    refused(
        &[&sign[..], &["one/mail.eml", "-"]].concat(),
        "smime: error: stdin is no file among several\n",
    );
    refused(&sign, "smime: error: --output-dir needs files");
    refused(
        &[&sign[..], &["one/mail.eml", "-o", "x.eml"]].concat(),
        "smime: error: the argument '--output-dir <DIR>' cannot be used with",
    );
    refused(
        &["verify", "one/mail.eml", "two/mail.eml", "--content", "x"],
        "smime: error: --content is the content of one signature",
    );
    place.write("file", "");
    let run = place.run(["sign", "--output-dir", "file", "one/mail.eml"]);
    assert_eq!(run.status, 73, "{run:?}");
}

/// What the files of one run offer is stored once each, by whichever thread comes first.
#[test]
fn certificates_are_extracted_from_many_files_at_once() {
    let place = trusting();
    fs::create_dir(place.path("inbox")).unwrap();
    let mut files = Vec::new();
    for number in 0..FILES {
        let sender = format!("carol{}@example.net", number / 2);
        if number % 2 == 0 {
            let issue = ["-k", "partner", "cert", "issue", &sender];
            assert_eq!(place.run(issue).status, 0);
        }
        let message = from_carol().replace("carol@example.net", &sender);
        let path = format!("inbox/{}", name(number));
        place.write(&path, place.made(&["-k", "partner", "sign"], &message));
        files.push(path);
    }
    let done = run(&place, &["verify", "--json"], &files);
    assert_eq!(done.status, 0, "{done:?}");
    let outcomes: Vec<_> = documents(&done)
        .iter()
        .map(|document| {
            document["extracted"][0]["outcome"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    for pair in outcomes.chunks(2) {
        assert!(pair.contains(&"stored".to_owned()), "{outcomes:?}");
    }
    for number in 0..FILES / 2 {
        let address = format!("carol{number}@example.net");
        let listed = place.run(["cert", "list", "--json", "--address", &address]);
        let listed = listed.done().json();
        assert_eq!(listed["certificates"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_passphrase_is_asked_for_once() {
    let place = Place::new();
    let passphrase = [("SMIME_PASSPHRASE", "correct horse")];
    let init = ["ca", "init", "--key-type", "ec-p256"];
    assert_eq!(place.run_with(init, &passphrase, b"").status, 0);
    let issue = [
        "cert",
        "issue",
        "alice@example.com",
        "--key-type",
        "ec-p256",
    ];
    assert_eq!(place.run_with(issue, &passphrase, b"").status, 0);
    let files = write_messages(&place, "mail");
    // A pipe gives its content once.
    let sign = ["sign", "-q", "--passphrase-fd", "0", "--output-dir", "out"];
    let arguments = sign.iter().copied().chain(files.iter().map(String::as_str));
    place.run_with(arguments, &[], b"correct horse\n").done();
    assert_eq!(files_in(&place, "out").len(), FILES);
}

#[test]
fn bcc_copies_of_several_files_do_not_meet() {
    let place = Place::office();
    let files = ["a.eml", "b.eml"].map(str::to_owned);
    for file in &files {
        let mail = MAIL.replace("Subject:", "Bcc: alice@example.com\r\nSubject:");
        place.write(file, mail);
    }
    let arguments = ["encrypt", "-q", "--bcc-dir", "bcc", "--output-dir", "out"];
    run(&place, &arguments, &files).done();
    assert_eq!(files_in(&place, "out"), files);
    for file in files {
        let copies = files_in(&place, &format!("bcc/{file}"));
        assert_eq!(copies, ["alice@example.com.eml"]);
    }
    // Without a directory for them it is that file's error, and the others go on.
    place.write("c.eml", MAIL);
    let run = place.run(["encrypt", "--json", "--output-dir", "new", "a.eml", "c.eml"]);
    assert_eq!(run.status, 2, "{run:?}");
    let verdicts: Vec<Value> = documents(&run)
        .iter()
        .map(|d| d["verdict"].clone())
        .collect();
    assert_eq!(verdicts, ["error", "accepted"]);
    assert!(
        run.stderr
            .starts_with("smime: error: a.eml: the message has a Bcc field\n")
    );
}
