//! How often a command derives the key that opens private keys: once, however many it opens.

use std::fs;
use std::path::PathBuf;

use clap::Parser;
use tempfile::TempDir;

use super::{Cli, Context};
use crate::crypto::password::derivations;

const PASSPHRASE: &str = "derived once in each command";
const NEW_PASSPHRASE: &str = "derived once in each command from now on";
const MAIL: &str = "From: alice@example.com\r\nTo: alice@example.com, bob@example.com\r\n\
    Subject: Figures\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello\r\n";

/// A directory with a keystore and files, where commands run inside this process.
struct Place(TempDir);

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a command line, in which `@NAME` is a file here, and returns how often it derived a key
    /// from each of the two passphrases.
    #[track_caller]
    fn derives(&self, line: &str) -> [usize; 2] {
        let words = line.split(' ').map(|word| match word.split_once('@') {
            Some((before, name)) if !name.contains("example.") => {
                format!("{before}{}", self.path(name).display())
            }
            _ => word.to_owned(),
        });
        let keystore = format!("--keystore={}", self.path("store").display());
        let passphrase = format!("--passphrase-file={}", self.path("passphrase").display());
        let file = format!("--file-passphrase-file={}", self.path("file").display());
        let first = [
            "smime".to_owned(),
            keystore,
            passphrase,
            file,
            "-q".to_owned(),
        ];
        let told = format!("--output={}", self.path("told").display());
        let is_told = !line.contains(" -o") && !line.contains("--output");
        let words = first
            .into_iter()
            .chain(words)
            .chain(is_told.then_some(told));
        let cli = Cli::try_parse_from(words).unwrap();
        let context = Context::new(cli.global, cli.command.name()).gathering();
        let status = match cli.command.run(&context) {
            Ok(status) => status,
            Err(error) => panic!("{line}: {}", error.summary()),
        };
        let told = context.console().take_gathered();
        assert_eq!(status.code(), 0, "{line}: {told}");
        [PASSPHRASE, NEW_PASSPHRASE].map(derivations::take)
    }
}

#[test]
fn a_command_derives_one_key_for_all_that_it_opens() {
    let place = Place(tempfile::tempdir().unwrap());
    fs::write(place.path("passphrase"), PASSPHRASE).unwrap();
    fs::write(place.path("file"), "of a file").unwrap();
    for name in ["one.eml", "two.eml", "three.eml"] {
        fs::write(place.path(name), MAIL).unwrap();
    }
    assert_eq!(place.derives("ca init --key-type ec-p256"), [1, 0]);
    assert_eq!(place.derives("settings key-type ec-p256"), [0, 0]);
    for line in [
        "cert issue alice@example.com",
        "cert issue bob@example.com",
        "sign --signer alice@example.com --signer bob@example.com --output-dir @signed \
         @one.eml @two.eml @three.eml",
        "sign @one.eml -o @by-alice.eml",
        "encrypt --sign --output-dir @sealed @one.eml @two.eml @three.eml",
        "decrypt --output-dir @opened @sealed/one.eml @sealed/two.eml @sealed/three.eml",
        "verify --output-dir @verified @sealed/one.eml @sealed/two.eml @sealed/three.eml",
        "inspect @sealed/one.eml -o @inspected",
        "policy apply --direction outbound --output-dir @sent @one.eml @two.eml",
        "policy apply --direction inbound --output-dir @received @sealed/one.eml @sealed/two.eml",
        "cert export alice@example.com --with-private-key -o @alice.p12",
        "cert import @alice.p12",
        "cert renew alice@example.com --rekey",
        "cert renew --expiring 3000",
        "ca crl -o @ca.crl",
        "keystore check",
    ] {
        assert_eq!(place.derives(line), [1, 0], "{line}");
    }
    // What needs no private key derives nothing.
    for line in [
        "encrypt @one.eml -o @encrypted.eml",
        "verify @by-alice.eml -o @content.eml",
        "cert export bob@example.com -o @bob.p12",
        "status",
        "ca reset --yes --backup @backup",
        "ca restore @backup",
    ] {
        assert_eq!(place.derives(line), [0, 0], "{line}");
    }
    fs::write(place.path("new"), NEW_PASSPHRASE).unwrap();
    let line = "keystore passphrase --new-passphrase-file @new";
    assert_eq!(place.derives(line), [1, 1]);
}
