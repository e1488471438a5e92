//! gpgsm of GnuPG, which knows CMS objects and no mail: the parts are taken out for it.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::peer::{Peer, Run};
use crate::place::{ENTITY, PASSPHRASE, Place, crlf};

/// A home of gpgsm that trusts our CA; what runs in the background ends with it.
struct Home {
    place: Place,
}

impl Home {
    fn new() -> Option<Home> {
        Peer::gpgsm()?;
        let home = Home {
            place: Place::new()?,
        };
        let line = "x509 -in ca.pem -noout -fingerprint -sha1";
        let fingerprint = String::from_utf8(home.place.openssl(line, &[]).done()).unwrap();
        let fingerprint = fingerprint
            .trim_end()
            .rsplit('=')
            .next()
            .unwrap()
            .to_owned();
        home.place
            .write("trustlist.txt", format!("{fingerprint} S relax\n"));
        home.place
            .write("gpg-agent.conf", "allow-loopback-pinentry\n");
        home.place
            .write("gpgsm.conf", "disable-crl-checks\ndisable-dirmngr\n");
        home.place.write("passphrase", PASSPHRASE);
        home.run("--import ca.pem").done();
        Some(home)
    }

    /// Takes over the key of `name`, from our export for old programs.
    ///
    /// For one salt in a hundred or so gpgsm 2.2.40 derives another key than everybody else: of files
    /// that OpenSSL wrote it refuses some too, always the same ones. So a refused file is written
    /// anew, with other salts; five in a row would be our fault.
    fn import(&self, name: &str) {
        let line = format!("--import {name}.legacy.p12");
        for again in 1..=5 {
            let run = self.run(&line);
            let is_odd_salt = run.stderr.contains("decrypting the PKCS#12 file");
            if again == 5 || !is_odd_salt {
                run.done();
                return;
            }
            self.export_anew(name);
        }
    }

    fn export_anew(&self, name: &str) {
        let line = "ca init --no-passphrase --key-type ec-p256 --if-missing";
        self.place.smime(line, &[]).done();
        self.place
            .smime(&format!("cert import {name}.p12"), &[])
            .done();
        let line = format!(
            "cert export --format p12 --with-private-key --legacy {name}@example.com -o \
             {name}.legacy.p12"
        );
        self.place.smime(&line, &[]).done();
    }

    fn run(&self, line: &str) -> Run {
        let passphrase = File::open(self.place.path("passphrase")).unwrap();
        let output = Command::new("gpgsm")
            .args("--batch --pinentry-mode loopback --passphrase-fd 0".split(' '))
            .args(line.split_whitespace())
            .current_dir(self.place.path("."))
            .env("GNUPGHOME", self.place.path("."))
            .stdin(Stdio::from(passphrase))
            .output()
            .unwrap();
        Run::of(output)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .args(["--kill", "all"])
            .env("GNUPGHOME", self.place.path("."))
            .output();
    }
}

/// Our multipart/signed: the part that was signed, and the signature.
fn ours_clear(name: &str) {
    let Some(home) = Home::new() else { return };
    let place = &home.place;
    place.sign(name, "");
    let run = home.run("--verify object content");
    assert!(
        run.succeeded && run.stderr.contains("Good signature"),
        "{}",
        run.stderr
    );
    place.alter();
    assert!(!home.run("--verify object altered").succeeded);
}

cells! {
    ours_clear:
    ours_clear_rsa("rsa"),
    ours_clear_p256("p256"),
    ours_clear_p384("p384"),
    ours_clear_p224("p224"),
}

#[test]
fn ours_opaque_rsa() {
    let Some(home) = Home::new() else { return };
    let place = &home.place;
    place.sign("rsa", "--opaque");
    let run = home.run("--verify object");
    assert!(
        run.succeeded && run.stderr.contains("Good signature"),
        "{}",
        run.stderr
    );
}

#[test]
fn theirs_detached_rsa() {
    let Some(home) = Home::new() else { return };
    home.import("rsa");
    home.run("-u rsa@example.com -o object --detach-sign content")
        .done();
    home.place.accepts("rsa", true);
}

#[test]
fn theirs_opaque_rsa() {
    let Some(home) = Home::new() else { return };
    home.import("rsa");
    home.run("-u rsa@example.com -o object --sign content")
        .done();
    home.place.accepts("rsa", false);
}

/// Encrypted by us; what gpgsm 2.2 reads.
fn ours_encrypted(cipher: &str) {
    let Some(home) = Home::new() else { return };
    home.import("rsa");
    home.place.encrypt("rsa", &format!("--cipher {cipher}"));
    let content = home.run("--decrypt object").done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
}

cells! {
    ours_encrypted:
    ours_aes_128_cbc_rsa("aes-128-cbc"),
    ours_aes_256_cbc_rsa("aes-256-cbc"),
}

#[test]
fn theirs_encrypted_rsa() {
    let Some(home) = Home::new() else { return };
    home.import("rsa");
    home.run("-r rsa@example.com -o object --encrypt content")
        .done();
    home.place.opens("rsa");
}

/// gpgsm 2.2 takes the 521 bits of the curve for the length of a hash.
#[test]
fn cannot_verify_p521() {
    let Some(home) = Home::new() else { return };
    home.place.sign("p521", "");
    let run = home.run("--verify object content");
    assert!(!run.succeeded, "gpgsm reads it now: move the cell");
    assert!(run.stderr.contains("multiple of 8 bits"), "{run:?}");
}
