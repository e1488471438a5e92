//! Keystores on media that are full or cannot be written to, that belong to others, or that somebody
//! else is writing to: refused with the status for it, and nothing changes.

use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::changes::{Change, changes, hold_whole, named, state};
use crate::office::MAIL;
use crate::place::Place;

/// Users that nobody is.
pub(crate) const SERVICE: u32 = 64_001;
const STRANGER: u32 = 64_002;

/// A file system of its own, mounted where one process alone sees it, and reached through that
/// process. It goes when the process does.
struct Medium {
    shell: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    mounted_at: PathBuf,
}

impl Medium {
    /// Mounts a file system in memory. `None` if that is not allowed here, as in most containers:
    /// then the tests of the module `keystore`, whose medium fails at every step, have to do.
    fn mount(place: &Place) -> Option<Medium> {
        let mounted_at = place.path("medium");
        fs::create_dir_all(&mounted_at).unwrap();
        let flags = if is_superuser() { "-m" } else { "-rm" };
        let mut shell = Command::new("unshare")
            .args([flags, "sh"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut medium = Medium {
            commands: shell.stdin.take().unwrap(),
            answers: BufReader::new(shell.stdout.take().unwrap()),
            shell,
            mounted_at,
        };
        let mount = "mount -t tmpfs -o size=1m,mode=0700 none";
        if !medium.order(mount) {
            println!("not run: a file system cannot be mounted here");
            return None;
        }
        Some(medium)
    }

    /// Has the shell run a command about the medium.
    fn order(&mut self, command: &str) -> bool {
        let line = format!("{command} '{}'; echo $?\n", self.mounted_at.display());
        if self.commands.write_all(line.as_bytes()).is_err() {
            return false;
        }
        let mut answer = String::new();
        let _ = self.answers.read_line(&mut answer);
        answer == "0\n"
    }

    /// A path on the medium.
    fn path(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.shell.id()));
        let mounted_at = self.mounted_at.strip_prefix("/").unwrap();
        root.join(mounted_at).join(name)
    }

    /// Fills it but for so many octets.
    fn fill(&self, left: usize) {
        let spare = self.path("spare");
        fs::write(&spare, vec![0; left]).unwrap();
        let mut file = File::create(self.path("fill")).unwrap();
        let piece = [0; 4096];
        while file.write_all(&piece).is_ok() {}
        fs::remove_file(spare).unwrap();
    }
}

impl Drop for Medium {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

pub(crate) fn is_superuser() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Holds that nothing has changed, for a run that ended with that status.
#[track_caller]
fn hold_refused(change: &Change, place: &Place, store: &Path, status: i32, before: &str) {
    let run = change.run(place, store);
    let name = change.name();
    if change.is_by_the_way() {
        assert_eq!(run.status, 0, "{name} {run:?}");
        assert!(run.stderr.contains("was not stored: "), "{name} {run:?}");
    } else {
        assert_eq!((run.status, run.text()), (status, ""), "{name} {run:?}");
        assert!(run.stderr.starts_with("smime: error: "), "{name} {run:?}");
        let out = fs::read(place.path("out")).unwrap_or_default();
        assert!(out.is_empty() || out == b"old", "{name}");
    }
    assert_eq!(state(place, store), before, "{name}");
}

#[test]
fn a_full_disk_refuses_every_change() {
    for change in changes() {
        for left in [0, 8, 24, 60, 120] {
            let place = Place::new();
            let Some(medium) = Medium::mount(&place) else {
                return;
            };
            let store = medium.path("store");
            change.begin_in(&place, &store);
            let before = state(&place, &store);
            medium.fill(left << 10);
            let run = change.run(&place, &store);
            let name = format!("{} with {left} KiB left", change.name());
            // To remove something takes no space.
            let takes_space = !change.is_by_the_way() && !name.contains(" remove ");
            assert!(
                left > 0 || run.status != 0 || !takes_space,
                "{name}: {run:?}"
            );
            if run.status != 0 {
                assert_eq!((run.status, run.text()), (74, ""), "{name}: {run:?}");
                assert!(
                    run.stderr.contains("No space left on device"),
                    "{name}: {run:?}"
                );
                assert_eq!(state(&place, &store), before, "{name}");
                assert!(named(&store.join("tmp"), "").is_empty(), "{name}");
            }
            fs::remove_file(medium.path("fill")).unwrap();
            if run.status == 0 {
                break;
            }
            if before != crate::changes::NOTHING {
                hold_whole(&place, &store, &[]);
            }
            let run = change.run(&place, &store);
            assert_eq!(run.status, 0, "{name}, and emptied: {run:?}");
            hold_whole(&place, &store, &[]);
        }
    }
}

#[test]
fn a_medium_that_cannot_be_written_to_is_read() {
    for change in changes() {
        let place = Place::new();
        let Some(mut medium) = Medium::mount(&place) else {
            return;
        };
        let store = medium.path("store");
        change.begin_in(&place, &store);
        let before = state(&place, &store);
        assert!(medium.order("mount -o remount,ro"));
        hold_refused(change, &place, &store, 74, &before);
        if store.exists() && before.contains("alice@") {
            hold_whole(&place, &store, &[]);
            let at = store.to_str().unwrap();
            let signed = place.made(&["-k", at, "sign"], MAIL);
            place.filter(&["-k", at, "-q", "verify"], &signed).done();
            let sealed = place.made(&["-k", at, "encrypt"], MAIL);
            place.filter(&["-k", at, "-q", "decrypt"], &sealed).done();
            place.run(["-k", at, "ca", "export"]).done();
        }
    }
}

#[test]
fn every_change_waits_for_another_and_gives_up() {
    let mut waiting = Vec::new();
    for change in changes() {
        let place = change.begin();
        let store = place.path("store");
        let before = state(&place, &store);
        if !store.exists() {
            fs::DirBuilder::new().mode(0o700).create(&store).unwrap();
        }
        let lock = File::create(store.join("lock")).unwrap();
        lock.lock().unwrap();
        let child = change.spawn(&place, &store);
        waiting.push((change, place, before, lock, child));
    }
    for (change, place, before, lock, child) in waiting {
        let store = place.path("store");
        let run = place.ending(child);
        let name = change.name();
        let locked = "the keystore [PLACE]/store is locked by another process";
        assert!(run.stderr.contains(locked), "{name}: {run:?}");
        if change.is_by_the_way() {
            assert_eq!(run.status, 0, "{name}: {run:?}");
        } else {
            assert_eq!((run.status, run.text()), (75, ""), "{name}: {run:?}");
            assert!(run.stderr.contains("smime: hint: "), "{name}: {run:?}");
            let out = fs::read(place.path("out")).unwrap_or_default();
            assert!(out.is_empty() || out == b"old", "{name}");
        }
        assert_eq!(state(&place, &store), before, "{name}");
        drop(lock);
        let run = change.run(&place, &store);
        assert_eq!(run.status, 0, "{name}: {run:?}");
    }
}

fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), user);
        }
    }
}

/// Runs the program as another user.
fn run_as(place: &Place, user: u32, arguments: &[&str], message: &str) -> crate::place::Run {
    let mut command = Command::new("setpriv");
    command
        .args([
            format!("--reuid={user}"),
            format!("--regid={user}"),
            "--clear-groups".to_owned(),
            env!("CARGO_BIN_EXE_smime").to_owned(),
        ])
        .args(arguments)
        .current_dir(place.path(""))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("SMIME_KEYSTORE", place.path("store"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(message.as_bytes());
    place.ending(child)
}

/// A keystore that a service owns, where the program can be run as other users. `None`, and told, if
/// this is not the superuser, or others cannot run the program where it was built.
fn of_a_service() -> Option<Place> {
    let place = Place::office();
    if !is_superuser() {
        println!("not run: only the superuser can be somebody else");
        return None;
    }
    fs::set_permissions(place.path(""), Permissions::from_mode(0o755)).unwrap();
    give(&place.path("store"), SERVICE);
    let run = run_as(&place, SERVICE, &["reasons", "cms.decryption-failed"], "");
    if run.status != 0 {
        println!("not run: others cannot run the program: {run:?}");
        return None;
    }
    Some(place)
}

#[test]
fn a_service_keeps_its_keystore_when_the_superuser_works_on_it() {
    let Some(place) = of_a_service() else {
        return;
    };
    // As after a fresh start: the superuser is the first to write.
    fs::remove_file(place.path("store/lock")).unwrap();
    place.issue(&["erin@example.com"]);
    place.run(["settings", "rollover", "accept"]).done();
    place.run(["-q", "policy", "init"]).done();
    place.run(["keystore", "check"]).done();
    let run = |arguments: &[&str], message: &str| run_as(&place, SERVICE, arguments, message);
    run(&["cert", "issue", "frank@example.com"], "");
    let signed = run(&["sign"], MAIL).done();
    run(&["-q", "verify"], signed.text()).done();
    run(&["keystore", "check"], "").done();
    let mut pending = vec![place.path("store")];
    while let Some(path) = pending.pop() {
        assert_eq!(path.metadata().unwrap().uid(), SERVICE, "{path:?}");
        pending.extend(named(&path, ""));
    }
    // A directory that was prepared for a service.
    let empty = place.path("empty");
    fs::DirBuilder::new().mode(0o700).create(&empty).unwrap();
    give(&empty, SERVICE);
    let at = ["-k", "empty"];
    let init = ["ca", "init", "--no-passphrase", "--key-type=ec-p256"];
    place.run(at.iter().chain(&init)).done();
    let issue = [
        "-k",
        "empty",
        "cert",
        "issue",
        "a@example.com",
        "--key-type=ec-p256",
    ];
    let issued = run(&issue, "");
    assert_eq!(issued.status, 0, "{issued:?}");
}

#[test]
fn a_stranger_is_kept_out() {
    let Some(place) = of_a_service() else {
        return;
    };
    let before = state(&place, &place.path("store"));
    for arguments in [
        &["sign"][..],
        &["status"],
        &["cert", "list"],
        &["cert", "issue", "erin@example.com"],
        &["settings", "rollover", "accept"],
        &["ca", "reset", "--yes"],
        &["ca", "init", "--no-passphrase"],
    ] {
        let run = run_as(&place, STRANGER, arguments, MAIL);
        assert_eq!((run.status, run.text()), (74, ""), "{arguments:?} {run:?}");
        assert!(run.stderr.contains("Permission denied"), "{run:?}");
    }
    assert_eq!(state(&place, &place.path("store")), before);

    // Where a stranger could have put a key, or can, no key is used.
    let store = place.path("store");
    let generation = named(&store, "store-").remove(0);
    let keys = named(&generation, "keys-").remove(0);
    let all: Vec<PathBuf> = named(&keys, "")
        .into_iter()
        .filter(|path| path.extension().unwrap() == "pem")
        .collect();
    for key in &all {
        chown(key, Some(STRANGER), None).unwrap();
    }
    let run = run_as(&place, 0, &["sign"], MAIL);
    assert_eq!((run.status, run.text()), (77, ""), "{run:?}");
    assert!(run.stderr.contains("belongs to"), "{run:?}");
    let run = place.run(["keystore", "check"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert_eq!(
        run.text().matches("it belongs to another user").count(),
        all.len(),
        "{run:?}"
    );
    for key in &all {
        chown(key, Some(SERVICE), None).unwrap();
    }
    fs::set_permissions(&store, Permissions::from_mode(0o770)).unwrap();
    for arguments in [&["sign"][..], &["cert", "list"], &["ca", "reset", "--yes"]] {
        let run = place.filter(arguments, MAIL);
        assert_eq!((run.status, run.text()), (77, ""), "{run:?}");
        assert!(
            run.stderr.contains("is accessible to others (mode 0770)"),
            "{run:?}"
        );
    }
    fs::set_permissions(&store, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(state(&place, &store), before);
}

/// The temporary file has no other bound than its disk.
#[test]
fn a_message_that_does_not_fit_on_a_full_disk() {
    let place = Place::office();
    let Some(medium) = Medium::mount(&place) else {
        return;
    };
    let line = "All the figures of the year, again.\r\n";
    let mail = format!("{MAIL}{}", line.repeat((3 << 20) / line.len()));
    let signed = place.signed(&mail);
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], &mail);
    for (command, message) in [
        ("sign", &mail),
        ("encrypt", &mail),
        ("verify", &signed),
        ("decrypt", &encrypted),
    ] {
        // What comes through a pipe is kept there.
        let mut child = place.command([command]);
        let child = child.env("TMPDIR", medium.path("")).stdin(Stdio::piped());
        let mut child = child.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(message.as_bytes());
        let run = place.ending(child);
        assert_eq!((run.status, run.text()), (74, ""), "{command}: {run:?}");
        assert!(run.stderr.contains("No space left on device"), "{run:?}");
        assert!(named(&medium.path(""), "").is_empty(), "{command}");

        // What was there stays there.
        let input = place.write("input", message);
        fs::write(medium.path("out"), "old").unwrap();
        let mut child = place.command([command.as_ref(), "-oout".as_ref(), input.as_os_str()]);
        let run = place.ending(child.current_dir(medium.path("")).spawn().unwrap());
        assert_eq!(run.status, 74, "{command}: {run:?}");
        assert!(run.stderr.contains("No space left on device"), "{run:?}");
        assert_eq!(fs::read(medium.path("out")).unwrap(), b"old");
        fs::remove_file(medium.path("out")).unwrap();
        assert!(named(&medium.path(""), "").is_empty(), "{command}");
    }
}
