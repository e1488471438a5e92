//! `policy apply` when something is in the way: mail waits, whatever it is.

use std::fs::{self, File};
use std::io::Write;
use std::process::{Child, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::faults::full;
use crate::kills::{INTERRUPT, TERMINATE, send};
use crate::office::{MAIL, edit_object};
use crate::place::{Place, Run};
use crate::policy_apply::OUTBOUND;
use crate::rollover::{renewed, trusting};

const INBOUND: [&str; 3] = ["policy", "apply", "--direction=inbound"];

/// Holds that the mail waits, that the first line says why, and that nothing came out.
#[track_caller]
fn waits(run: &Run, why: &str) {
    assert_eq!(run.status, 75, "{run:?}");
    assert!(run.stderr.starts_with(&format!("4.3.0 {why}")), "{run:?}");
    assert_eq!(run.stdout, b"", "{run:?}");
}

#[test]
fn a_passphrase_that_is_missing_or_wrong() {
    let place = Place::new();
    let right = [("SMIME_PASSPHRASE", "right")];
    let set_up = |arguments: &[&str]| {
        let run = place.run_with(arguments, &right, b"");
        assert_eq!(run.status, 0, "{run:?}");
    };
    set_up(&["ca", "init", "--key-type=ec-p256"]);
    set_up(&["settings", "key-type", "ec-p256"]);
    set_up(&["cert", "issue", "alice@example.com"]);
    set_up(&["cert", "issue", "bob@example.com"]);
    let sealed = place.made(&["encrypt"], MAIL);
    for (arguments, message) in [(&OUTBOUND, MAIL), (&INBOUND, sealed.as_str())] {
        let with = |environment| place.run_with(arguments, environment, message.as_bytes());
        let missing = with(&[]);
        waits(&missing, "");
        assert!(missing.stderr.contains("passphrase"), "{missing:?}");
        let wrong = with(&[("SMIME_PASSPHRASE", "wrong")]);
        waits(&wrong, "");
        assert!(wrong.stderr.contains("passphrase"), "{wrong:?}");
        waits(&with(&[("SMIME_PASSPHRASE", "")]), "");
        waits(&with(&[("SMIME_PASSPHRASE_FILE", "none")]), "");
        assert_eq!(with(&right).status, 0);
    }
}

#[test]
fn a_keystore_that_cannot_be_read() {
    let in_the_way: [fn(&Place); 5] = [
        |place| fs::remove_dir_all(place.path("store")).unwrap(),
        |place| {
            fs::rename(place.path("store"), place.path("away")).unwrap();
            place.write("store", "no directory");
        },
        |place| {
            place.write("store/settings.toml", "digest = \"md4\"\n");
        },
        |place| {
            place.write("store/settings.toml", [0xff, 0xfe]);
        },
        // A generation is gone, as when a file system is not mounted.
        |place| {
            for entry in fs::read_dir(place.path("store")).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    fs::remove_dir_all(&path).unwrap();
                    fs::write(&path, "no directory").unwrap();
                }
            }
        },
    ];
    for (number, spoil) in in_the_way.into_iter().enumerate() {
        let place = Place::office();
        spoil(&place);
        for arguments in [&OUTBOUND, &INBOUND] {
            let run = place.filter(arguments, MAIL);
            assert_eq!(run.status, 75, "{number}: {run:?}");
            waits(&run, "");
        }
    }
}

#[test]
fn a_policy_that_cannot_be_read() {
    let place = Place::office();
    for text in [
        &b"[[rule]]\ndirektion = 1\n"[..],
        b"rule = [\n",
        b"\xff\xfe",
        b"\0",
    ] {
        place.write("store/policy.toml", text);
        let run = place.filter(&OUTBOUND, MAIL);
        waits(&run, "the policy file ");
        assert!(
            run.stderr.contains("line 1, ") || run.stderr.contains("line 2, "),
            "{run:?}"
        );
    }
    fs::remove_file(place.path("store/policy.toml")).unwrap();
    fs::create_dir(place.path("store/policy.toml")).unwrap();
    let run = place.filter(&INBOUND, MAIL);
    waits(&run, "");
    assert!(run.stderr.contains("policy.toml"), "{run:?}");
}

/// A message that is larger than what is kept in memory.
fn big() -> String {
    MAIL.replace("the figures", &"many figures\r\n".repeat(200_000))
}

/// The program under a limit of the shell.
fn limited(place: &Place, limit: &str, arguments: &[&str]) -> Output {
    let mut command = place.command_under(&format!("ulimit {limit}"), arguments);
    command.output().unwrap()
}

#[test]
fn a_disk_that_is_full() {
    let place = Place::office();
    let run = place.filter(&[&OUTBOUND[..], &["-o", "/dev/full"]].concat(), MAIL);
    waits(&run, "cannot write /dev/full");
    assert!(run.stderr.contains("No space left"), "{run:?}");

    place.write("message.eml", MAIL);
    let child = place
        .command([&OUTBOUND[..], &["message.eml"]].concat())
        .stdout(full())
        .spawn();
    waits(&place.ending(child.unwrap()), "cannot write stdout");

    // Where files may not grow, and where none can be made for what does not fit into memory.
    place.write("big.eml", big());
    place.write("out.eml", "as it was");
    let output = limited(
        &place,
        "-f 100",
        &[&OUTBOUND[..], &["big.eml", "-o", "out.eml"]].concat(),
    );
    assert_eq!(output.status.code(), Some(75), "{output:?}");
    assert!(output.stderr.starts_with(b"4.3.0 cannot "), "{output:?}");
    assert_eq!(place.read("out.eml"), b"as it was");
    let mut nowhere = place.command([&OUTBOUND[..], &["big.eml"]].concat());
    let child = nowhere.env("TMPDIR", place.path("none")).spawn().unwrap();
    waits(&place.ending(child), "cannot ");
}

#[test]
fn memory_that_is_used_up() {
    let place = Place::office();
    place.write("big.eml", big());
    let limit_of =
        |kilobytes: u32, arguments: &[&str]| limited(&place, &format!("-v {kilobytes}"), arguments);
    // Below this the program cannot be loaded, or not tell its name.
    let least = (15_000..100_000)
        .step_by(500)
        .find(|kilobytes| limit_of(*kilobytes, &["--version"]).status.code() == Some(0));
    let least = least.unwrap() + 500;
    let apply = [&OUTBOUND[..], &["big.eml", "-o", "out.eml"]].concat();
    let mut ends = [0, 0];
    for kilobytes in (least..least + 12_000).step_by(1500) {
        let run = limit_of(kilobytes, &apply);
        match run.status.code() {
            Some(0) => ends[0] += 1,
            Some(75) => ends[1] += 1,
            _ => panic!("with {kilobytes} KB: {run:?}"),
        }
    }
    assert!(ends[1] > 0, "{ends:?}");
}

#[test]
fn a_keystore_that_another_process_holds() {
    let place = trusting();
    let (old, new) = renewed(&place);
    place.filter(&INBOUND, &old);
    let lock = File::options()
        .write(true)
        .open(place.path("store/lock"))
        .unwrap();
    lock.lock().unwrap();
    // The new certificate has to be stored, or the message that is sent again would be rejected too.
    let run = place.filter(&INBOUND, &new);
    waits(&run, "the keystore ");
    assert!(run.stderr.contains("locked by another process"), "{run:?}");
    // What stores nothing does not wait for the lock.
    let start = Instant::now();
    assert_eq!(place.filter(&OUTBOUND, MAIL).status, 0);
    assert!(start.elapsed() < Duration::from_secs(8));
    lock.unlock().unwrap();
    let run = place.filter(&INBOUND, &new);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(
        run.stderr.contains("[pin.rollover-first-message]"),
        "{run:?}"
    );
    assert_eq!(place.filter(&INBOUND, &new).status, 0);
}

#[test]
fn a_bug() {
    // A thread that cannot be started is the only panic that is known.
    let place = Place::office();
    for name in ["a.eml", "b.eml"] {
        place.write(name, MAIL);
    }
    let mut command =
        place.command([&OUTBOUND[..], &["--output-dir=out", "a.eml", "b.eml"]].concat());
    let child = command.env("RUST_MIN_STACK", usize::MAX.to_string());
    waits(
        &place.ending(child.spawn().unwrap()),
        "this is a bug in smime: ",
    );
}

/// A run that waits for its message, ready for signals.
fn waiting(place: &Place) -> Child {
    let child = place
        .command(OUTBOUND)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let catches_term = || {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        u64::from_str_radix(mask.unwrap().trim(), 16).unwrap() & (1 << 14) != 0
    };
    let start = Instant::now();
    while !catches_term() {
        assert!(start.elapsed() < Duration::from_secs(60));
        sleep(Duration::from_millis(5));
    }
    // Handlers are put up one after the other.
    sleep(Duration::from_millis(100));
    child
}

#[test]
fn whoever_ends_it_with_a_signal() {
    let place = Place::office();
    let (hang_up, abort) = (1, 6);
    for signal in [TERMINATE, INTERRUPT, hang_up, abort] {
        let mut child = waiting(&place);
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(MAIL.as_bytes()).unwrap();
        send(signal, &child);
        let run = place.ending(child);
        match signal == abort {
            true => assert_eq!((run.status, run.stdout.len()), (75, 0), "{run:?}"),
            false => waits(&run, "ended by a signal; try again later\n"),
        }
    }
}

#[test]
fn input_at_the_limits() {
    let place = Place::office();
    // Entities in entities, beyond what is looked at.
    let mut nested = String::from(
        "From: alice@example.com\r\nTo: bob@example.com\r\n\
        MIME-Version: 1.0\r\n",
    );
    for depth in 0..300 {
        let level =
            format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
        nested.push_str(&level);
    }
    let header = format!("X: {}\r\n", "y".repeat(4 << 20));
    let many = "Received: x\r\n".repeat(200_000);
    let broken = edit_object(&place.made(&["encrypt"], MAIL), |octets| {
        octets.truncate(99)
    });
    for message in [
        nested.clone(),
        header + MAIL,
        many + MAIL,
        "\0".repeat(9999),
    ] {
        // It is not processed, or cannot be: but it is not lost.
        for arguments in [&OUTBOUND, &INBOUND] {
            let run = place.filter(
                &[&arguments[..], &["--envelope-to=bob@example.com"]].concat(),
                &message,
            );
            match run.status {
                0 => assert!(
                    run.text().ends_with(&message[message.len() - 99..]),
                    "{:?}",
                    run.stderr
                ),
                1 => assert!(run.stderr.starts_with("5.7.1 "), "{:?}", run.stderr),
                _ => waits(&run, ""),
            }
        }
    }
    let run = place.filter(&INBOUND, &broken);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.starts_with("5.7.1 "), "{run:?}");
}
