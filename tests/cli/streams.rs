//! The rules of the streams: what is read, what is written and where, and what is told meanwhile.

use std::fs::{self, File, Permissions};
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Stdio;

use serde_json::json;

use crate::faults::{full, nobody};
use crate::office::{MAIL, finding, hold_the_contract};
use crate::place::{Place, Run};

/// A place with a message in every form that a command reads.
struct Desk {
    place: Place,
}

/// The commands that write a message, each with a file it accepts.
const FILTERS: [[&str; 2]; 4] = [
    ["sign", "mail.eml"],
    ["encrypt", "mail.eml"],
    ["decrypt", "encrypted.eml"],
    ["verify", "signed.eml"],
];

impl Desk {
    fn new() -> Desk {
        let place = Place::office();
        place.write("mail.eml", MAIL);
        place.run(["sign", "mail.eml", "-o", "signed.eml"]).done();
        let encrypt = [
            "encrypt",
            "--cipher=aes-256-gcm",
            "mail.eml",
            "-o",
            "encrypted.eml",
        ];
        place.run(encrypt).done();
        Desk { place }
    }

    /// Runs with this as stdin and stdout.
    fn run_between(&self, arguments: &[&str], stdin: File, stdout: impl Into<Stdio>) -> Run {
        let mut command = self.place.command(arguments);
        let child = command.stdin(stdin).stdout(stdout).spawn().unwrap();
        self.place.ending(child)
    }

    fn file(&self, name: &str) -> File {
        File::open(self.place.path(name)).unwrap()
    }
}

/// What the command made of `mail.eml` opens to it again.
#[track_caller]
fn opens_to_mail(place: &Place, command: &str, made: &[u8]) {
    let undo = match command {
        "sign" => "verify",
        "encrypt" => "decrypt",
        _ => return assert_eq!(str::from_utf8(made).unwrap(), MAIL),
    };
    let run = place.run_with(["-q", undo], &[], made).done();
    assert_eq!(run.text(), MAIL);
}

#[test]
fn every_way_to_name_stdin_stdout_and_files() {
    let desk = Desk::new();
    for [command, name] in FILTERS {
        let piped = || desk.run_between(&["-q", command], desk.file(name), Stdio::piped());
        opens_to_mail(&desk.place, command, &piped().done().stdout);
        let input = desk.place.read(name);
        for arguments in [
            &["-q", command][..],
            &["-q", command, "-"],
            &[command, "-q", "-o", "-"],
            &["-o-", command, "--quiet", "--", "-"],
            &[command, "/dev/stdin", "-q", "--output=/dev/stdout"],
        ] {
            let run = desk.place.run_with(arguments, &[], &input).done();
            opens_to_mail(&desk.place, command, &run.stdout);
        }
        for arguments in [
            &["-q", "-o", "out.eml", command, name][..],
            &["-q", command, "--output=out.eml", name],
        ] {
            assert_eq!(desk.place.run(arguments).done().text(), "");
            opens_to_mail(&desk.place, command, &desk.place.read("out.eml"));
            fs::remove_file(desk.place.path("out.eml")).unwrap();
        }
    }
}

/// As after `read line` in a shell.
#[test]
fn a_file_on_stdin_is_read_from_where_it_stands() {
    let desk = Desk::new();
    let line = "From bob Tue Nov 24 08:00:00 2026\r\n";
    desk.place.write("mbox", format!("{line}{MAIL}"));
    let mut stdin = desk.file("mbox");
    stdin.seek(SeekFrom::Start(line.len() as u64)).unwrap();
    let run = desk.run_between(&["sign"], stdin, Stdio::piped()).done();
    opens_to_mail(&desk.place, "sign", &run.stdout);
}

#[test]
fn the_output_may_be_the_input() {
    let desk = Desk::new();
    for [command, name] in FILTERS {
        let path = desk.place.path(name);
        fs::copy(&path, desk.place.path("file.eml")).unwrap();
        fs::set_permissions(desk.place.path("file.eml"), Permissions::from_mode(0o640)).unwrap();
        desk.place
            .run(["-q", command, "file.eml", "-o", "file.eml"])
            .done();
        opens_to_mail(&desk.place, command, &desk.place.read("file.eml"));
        let mode = desk.place.path("file.eml").metadata().unwrap().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
    assert_eq!(desk.place.leftovers(), [""; 0]);
}

#[test]
fn symbolic_links_are_followed() {
    let desk = Desk::new();
    fs::create_dir(desk.place.path("elsewhere")).unwrap();
    symlink("elsewhere/target.eml", desk.place.path("link.eml")).unwrap();
    for _ in 0..2 {
        desk.place
            .run(["-q", "verify", "signed.eml", "-o", "link.eml"])
            .done();
        assert_eq!(desk.place.read("elsewhere/target.eml"), MAIL.as_bytes());
        assert!(desk.place.path("link.eml").is_symlink());
    }
    symlink("missing/target.eml", desk.place.path("dangling.eml")).unwrap();
    let run = desk
        .place
        .run(["verify", "signed.eml", "-o", "dangling.eml"]);
    assert_eq!((run.status, run.text()), (73, ""), "{run:?}");
}

#[test]
fn an_output_that_cannot_be_created() {
    let desk = Desk::new();
    fs::create_dir(desk.place.path("directory")).unwrap();
    for [command, name] in FILTERS {
        let failed = |target: &str, why: &str| {
            let told = format!("smime: error: cannot create {target}\n  caused by: {why}\n");
            let run = desk
                .place
                .run([command, name, "-o", target])
                .ended(73, &told);
            assert_eq!(run.text(), "");
            let run = desk
                .place
                .run([command, name, "-o", target, "--json"])
                .ended(73, &told);
            hold_the_contract(&run.json());
            assert_eq!(run.json()["error"]["exit"], 73);
        };
        failed("directory", "is a directory");
        failed("directory/", "is a directory");
        failed("mail.eml/out.eml", "Not a directory");
        failed(
            "missing/out.eml",
            "No such file or directory\nsmime: hint: Make the directory first.",
        );
    }
    assert_eq!(
        fs::read_dir(desk.place.path("directory")).unwrap().count(),
        0
    );
}

#[test]
fn a_full_disk() {
    let desk = Desk::new();
    let told = |name: &str| {
        format!(
            "smime: error: cannot write {name}\n  \
             caused by: No space left on device\n"
        )
    };
    for [command, name] in FILTERS {
        desk.run_between(&[command, name], desk.file(name), full())
            .ended(74, &told("stdout"));
        let json = [command, name, "--json"];
        let run = desk.run_between(&json, desk.file(name), full());
        assert_eq!(
            (run.status, run.stderr.ends_with(&told("stdout"))),
            (74, true),
            "{run:?}"
        );
        let file = [command, name, "-o", "/dev/full"];
        desk.place.run(file).ended(74, &told("/dev/full"));
        let run = desk
            .place
            .run(file.iter().chain(&["--json"]))
            .ended(74, &told("/dev/full"));
        assert_eq!(run.json()["error"]["exit"], 74);
    }
}

#[test]
fn a_reader_that_went_away_ends_the_program_quietly() {
    let desk = Desk::new();
    let run = |arguments: &[&str]| desk.run_between(arguments, desk.file("mail.eml"), nobody());
    for [command, name] in FILTERS {
        run(&[command, name]).ended(74, "");
        run(&["-q", "--json", command, name]).ended(74, "");
    }
    // Content that nobody got leaves no trace.
    let signed = desk.place.signed_by_carol();
    desk.place.write("carol.eml", signed);
    let authority = desk.place.authority_of("partner");
    run(&["verify", "--trust", &authority, "carol.eml"]).ended(74, "");
    let listed = desk
        .place
        .run(["cert", "list", "--address=carol@example.net"])
        .done();
    assert_eq!(listed.text(), "");
}

#[test]
fn stdin_and_stdout_are_not_one_file() {
    let desk = Desk::new();
    for [command, name] in FILTERS {
        let before = desk.place.read(name);
        let both = || {
            File::options()
                .append(true)
                .open(desk.place.path(name))
                .unwrap()
        };
        for (arguments, input) in [(&[command][..], "stdin"), (&[command, name], name)] {
            let told = format!(
                "smime: error: {input} and stdout are the same file\n\
                 smime: hint: Use `-o FILE`, which may name the input file.\n"
            );
            desk.run_between(arguments, desk.file(name), both())
                .ended(2, &told);
            assert_eq!(desk.place.read(name), before);
        }
    }
}

#[test]
fn the_document_takes_the_place_of_the_message() {
    let desk = Desk::new();
    for [command, name] in FILTERS {
        let run = desk.place.run([command, name, "--json"]);
        hold_the_contract(&run.json());
        assert_eq!(
            (run.status, &run.json()["command"]),
            (0, &json!(command)),
            "{run:?}"
        );
        assert_eq!(run.text().matches('\n').count(), 1);
        let run = desk.place.run(["--json", "-o", "out.eml", command, name]);
        assert_eq!(
            (run.status, &run.json()["verdict"]),
            (0, &json!("accepted")),
            "{run:?}"
        );
        opens_to_mail(&desk.place, command, &desk.place.read("out.eml"));
        let shared = "smime: error: stdout cannot take both the document and the message\n\
             smime: hint: Give -o a file, or leave it out.\n";
        let run = desk
            .place
            .run([command, name, "--json", "-o", "-"])
            .ended(2, shared);
        assert_eq!(run.text(), "");
    }
}

#[test]
fn text_of_others_is_escaped() {
    let desk = Desk::new();
    let subject = "Subject: =?utf-8?Q?a=1B]0;title=07=E2=80=AEb=C2=9B31m?=";
    let message = MAIL.replace("Subject: Figures", subject);
    let report = desk.place.filter(&["verify"], &message).stderr;
    let line = report
        .lines()
        .find(|line| line.contains("subject"))
        .unwrap();
    assert!(
        line.ends_with("a\\u{1b}]0;title\\u{7}\\u{202e}b\\u{9b}31m"),
        "{line}"
    );
    let run = desk.place.filter(&["verify", "--json"], &message);
    assert!(
        run.text().trim_end().chars().all(|c| !c.is_control()),
        "{run:?}"
    );
    assert!(!run.text().contains('\u{202e}'));
    assert_eq!(
        run.json()["message"]["subject"],
        "a\u{1b}]0;title\u{7}\u{202e}b\u{9b}31m"
    );
    let name = desk.place.run(["verify", "no\x1b[2Jsuch"]);
    assert!(
        name.stderr
            .starts_with("smime: error: cannot open no\\u{1b}[2Jsuch\n"),
        "{name:?}"
    );
}

#[test]
fn quiet_leaves_answers_and_errors() {
    let desk = Desk::new();
    let rejected = "smime: rejected: the message is not signed [smime.not-signed]\n";
    desk.place
        .run(["-q", "verify", "mail.eml"])
        .ended(1, rejected);
    let error = "smime: error: cannot open missing.eml\n  \
         caused by: No such file or directory\n";
    desk.place
        .run(["-q", "verify", "missing.eml"])
        .ended(66, error);
    let error = "smime: error: no usable certificate for carol@example.net\n";
    let carol = MAIL.replace("bob@example.com", "carol@example.net");
    desk.place
        .filter(&["-q", "encrypt"], &carol)
        .ended(67, error);
    // Warnings stand in the document all the same.
    let skip = ["-q", "encrypt", "--to-self", "--missing=skip", "--json"];
    let run = desk.place.filter(&skip, &carol).ended(0, "");
    finding(&run.json(), "policy.recipient-certificate-missing");
}

#[test]
fn options_stand_before_or_after_the_command() {
    let desk = Desk::new();
    let one = desk.place.run([
        "--time=2040-01-01",
        "-k",
        "store",
        "--json",
        "verify",
        "signed.eml",
    ]);
    let other = desk.place.run([
        "verify",
        "signed.eml",
        "--json",
        "--keystore=store",
        "--time",
        "2040-01-01",
    ]);
    assert_eq!((one.status, other.status), (1, 1));
    assert_eq!(one.json(), other.json());
    let named = desk.place.run(["-k", "partner", "verify", "signed.eml"]);
    assert_eq!(
        named.status, 1,
        "an option comes before the environment: {named:?}"
    );
}

#[test]
fn the_keystore_has_a_default_place() {
    let desk = Desk::new();
    let place = &desk.place;
    let run = |environment: &[(&str, &str)]| {
        let mut command = place.command(["verify", "-q", "signed.eml", "-o", "out.eml"]);
        command
            .env_remove("SMIME_KEYSTORE")
            .envs(environment.iter().copied());
        place.ending(command.spawn().unwrap())
    };
    fs::create_dir_all(place.path("home/.local/share")).unwrap();
    fs::rename(place.path("store"), place.path("home/.local/share/smime")).unwrap();
    let home = place.path("home");
    let home = home.to_str().unwrap();
    run(&[("HOME", home)]).done();
    run(&[
        ("HOME", home),
        ("SMIME_KEYSTORE", ""),
        ("XDG_DATA_HOME", ""),
    ])
    .done();
    let data = format!("{home}/.local/share");
    run(&[("XDG_DATA_HOME", &data), ("HOME", "/nonexistent")]).done();
    assert_eq!(
        run(&[("SMIME_KEYSTORE", "partner"), ("HOME", home)]).status,
        1
    );
    let none = "smime: error: no keystore is named\n";
    run(&[]).ended(78, none);
}

#[test]
fn an_output_file_is_replaced_and_stdout_stays_empty() {
    let place = Place::new();
    place.write("codes.txt", "old");
    let run = place
        .run(["reasons", "cert.expired", "-o", "codes.txt"])
        .done();
    assert_eq!(run.text(), "");
    assert!(
        place
            .read("codes.txt")
            .starts_with(b"cert.expired (reject)\n")
    );
}

#[test]
fn color_is_for_terminals_unless_it_is_asked_for() {
    let place = Place::new();
    assert!(!place.run(["reasons"]).done().text().contains('\x1b'));
    let run = place.run(["reasons", "--color=always"]).done();
    assert!(run.text().contains("\x1b["));
    let rejected = |arguments: &[&str]| {
        let no_color = [("NO_COLOR", "1")];
        let run = place.run_with(arguments, &no_color, MAIL.as_bytes());
        run.stderr.lines().next().unwrap().to_owned()
    };
    let plain = "smime: rejected: the message is not signed [smime.not-signed]";
    let verify = ["--no-keystore", "verify"];
    assert_eq!(rejected(&verify), plain);
    assert_eq!(rejected(&[&verify[..], &["--color=never"]].concat()), plain);
    // What is asked for on the command line comes before the environment.
    let colored = rejected(&[&verify[..], &["--color", "always"]].concat());
    assert!(
        colored.starts_with("smime: \x1b[1;31mrejected\x1b[0m: "),
        "{colored:?}"
    );
}
