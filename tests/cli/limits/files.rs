//! Files beside messages.

use std::fs::File;

use smime::limits;

use super::bounded;
use crate::changes::named;
use crate::crafted::list_by;
use crate::place::{Place, Run};

/// Makes a file of that length, which takes no space.
fn sparse(place: &Place, name: &str, length: usize) {
    let file = File::create(place.path(name)).unwrap();
    file.set_len(length as u64).unwrap();
}

/// Holds that a run ended with that status and told why.
#[track_caller]
fn ended(run: &Run, status: i32, why: &str) {
    assert_eq!(run.status, status, "{run:?}");
    assert!(run.stderr.contains(why), "{run:?}");
}

#[test]
fn files_that_are_read_whole() {
    let place = Place::with_authority();
    sparse(&place, "large", limits::OBJECT_SIZE + 1);
    for command in [
        &["trust", "add", "large"][..],
        &["crl", "add", "large"],
        &["cert", "import", "large"],
        &["cert", "check", "large"],
    ] {
        let run = bounded(&place, command, "");
        ended(&run, 65, "large");
        assert!(run.stderr.contains("64 MiB"), "{run:?}");
    }
    let place = Place::new();
    sparse(&place, "backup", limits::ARCHIVE_SIZE + 1);
    let run = bounded(&place, &["ca", "restore", "backup"], "");
    ended(&run, 65, "it is larger than 1024 MiB");
}

#[test]
fn certificates_in_a_file() {
    let place = Place::office();
    let authority = place.authority_of("partner");
    let one = String::from_utf8(place.read(&authority)).unwrap();
    let most = limits::FILE_CERTIFICATES;
    place.write("many.pem", one.repeat(most));
    let run = bounded(&place, &["-q", "trust", "add", "many.pem"], "");
    assert_eq!(run.status, 0, "{run:?}");
    place.write("more.pem", one.repeat(most + 1));
    // The rest is passed over, and that is told.
    let run = bounded(&place, &["trust", "add", "more.pem"], "");
    let told = "item 10001 (CERTIFICATE) was passed over: more than 10000 certificates";
    ended(&run, 0, told);
}

#[test]
fn crls() {
    let place = Place::with_authority();
    let list = list_by("Somebody", 0);
    let most = limits::CRLS;
    place.write("most.pem", list.repeat(most));
    place.write("more.pem", list.repeat(most + 1));
    let run = bounded(&place, &["crl", "add", "more.pem"], "");
    ended(&run, 65, "it holds 1001 CRLs");
    let run = bounded(&place, &["-q", "crl", "add", "most.pem"], "");
    assert_eq!(run.status, 0, "{run:?}");

    // One is stored; others beside it make a thousand.
    let generation = named(&place.path("store"), "store-").remove(0);
    let name = |number: usize| generation.join(format!("crls/{number:064}-{number:064}.crl"));
    for number in 1..most {
        File::create(name(number)).unwrap();
    }
    place.write("another.pem", list_by("Somebody else", 1));
    let run = bounded(&place, &["crl", "add", "another.pem"], "");
    ended(&run, 73, "holds 1000 CRLs already");
    std::fs::remove_file(name(1)).unwrap();
    let run = bounded(&place, &["-q", "crl", "add", "another.pem"], "");
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn passphrases() {
    let place = Place::new();
    let most = limits::PASSPHRASE;
    for (length, status) in [(most + 1, 77), (most, 0)] {
        place.write("passphrase", "x".repeat(length));
        let init = ["ca", "init", "--key-type=ec-p256"];
        let from = ["--passphrase-file", "passphrase"];
        let run = place.run(init.iter().chain(&from));
        assert_eq!(run.status, status, "{run:?}");
        assert_eq!(run.stderr.contains("longer than 4096 octets"), status != 0);
    }
}

#[test]
fn files_of_the_keystore() {
    let place = Place::with_authority();
    let most = limits::KEYSTORE_FILE;
    let filled = |text: &str, length: usize| {
        let fill = length - text.len() - "#\n".len();
        format!("{text}#{}\n", "x".repeat(fill))
    };
    for (name, command) in [
        ("settings.toml", "settings"),
        ("policy.toml", "policy validate"),
    ] {
        let path = format!("store/{name}");
        let old = std::fs::read_to_string(place.path(&path)).unwrap_or_default();
        let words: Vec<&str> = command.split(' ').collect();
        place.write(&path, filled(&old, most));
        assert_eq!(bounded(&place, &words, "").status, 0);
        place.write(&path, filled(&old, most + 1));
        let run = bounded(&place, &words, "");
        assert_ne!(run.status, 0, "{run:?}");
        assert!(
            run.stderr.contains("it is longer than 1048576 octets"),
            "{run:?}"
        );
        place.write(&path, old);
    }
    place.write("rules.toml", filled("", most + 1));
    let run = bounded(&place, &["policy", "validate", "rules.toml"], "");
    ended(&run, 65, "it is larger than 1 MiB");
}
