//! A temporary directory with certificates and keys in it, where our program and OpenSSL run.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::peer::{Peer, Run};

/// The passphrase of files that hold a key of ours.
pub(crate) const PASSPHRASE: &str = "of the file";

/// The parties: `NAME@example.com`, with a key of the type that the name says.
pub(crate) const PARTIES: [(&str, &str); 6] = [
    ("rsa", "rsa-2048"),
    ("p224", "ec-p224"),
    ("p256", "ec-p256"),
    ("p384", "ec-p384"),
    ("p521", "ec-p521"),
    ("ed25519", "ed25519"),
];

/// The message without the fields that stay outside the protection: safe for transport as it is,
/// so that nothing but its line ends may change.
pub(crate) const ENTITY: &str = "\
Content-Type: multipart/mixed; boundary=\"a part\"

--a part
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe aus Z=C3=BCrich
--a part
Content-Type: application/octet-stream
Content-Disposition: attachment; filename=\"data.bin\"
Content-Transfer-Encoding: base64

AAECAwQFBgcICQoLDA0ODw==
--a part--
";

/// A place for one test.
pub(crate) struct Place {
    directory: TempDir,
    openssl: Peer,
}

/// What all places have: made once, kept in memory.
struct Files(Vec<(String, Vec<u8>)>);

impl Place {
    /// A place with these files, or `None` where OpenSSL is missing: the test then returns.
    ///
    /// - `ca.pem`: the CA;
    /// - `NAME.pem`, `NAME.key`: certificate and key of each of [`PARTIES`];
    /// - `NAME.id`: both in one file;
    /// - `NAME.p12`, `NAME.legacy.p12`: both and the CA's, under [`PASSPHRASE`];
    /// - `entity`: the [`ENTITY`];
    /// - `content`: the same with CRLF, as it is signed and encrypted.
    pub(crate) fn new() -> Option<Place> {
        static FILES: OnceLock<Files> = OnceLock::new();
        let place = Place::empty()?;
        let Files(files) = FILES.get_or_init(|| Files::make(Place::empty().as_ref()));
        for (name, octets) in files {
            place.write(name, octets);
        }
        place.write("entity", ENTITY);
        place.write("content", crlf(ENTITY));
        Some(place)
    }

    fn empty() -> Option<Place> {
        Some(Place {
            openssl: Peer::openssl()?,
            directory: tempfile::tempdir().unwrap(),
        })
    }

    /// The path of a file here.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file here, readable for nobody else.
    pub(crate) fn write(&self, name: &str, octets: impl AsRef<[u8]>) {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(self.path(name)).unwrap();
        file.write_all(octets.as_ref()).unwrap();
    }

    /// Reads a file here.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs our program here: the words of `line`, then `more`.
    pub(crate) fn smime(&self, line: &str, more: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_smime"))
            .args(line.split_whitespace())
            .args(more)
            .current_dir(self.directory.path())
            .env_clear()
            .env("SMIME_KEYSTORE", self.path("store"))
            .env("SMIME_FILE_PASSPHRASE", PASSPHRASE)
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run::of(output)
    }

    /// Has us sign the entity: the message in `signed`, its CMS object in `object`.
    pub(crate) fn sign(&self, name: &str, options: &str) {
        self.sign_with(name, &format!("{name}.id"), options);
    }

    /// The same with the identity in a file of that name.
    pub(crate) fn sign_with(&self, name: &str, identity: &str, options: &str) {
        self.write("message", message(name, ENTITY));
        let line = format!("sign --no-keystore --identity {identity} {options} message -o signed");
        self.smime(&line, &[]).done();
        let signed = self.read("signed");
        let object = match options.contains("--opaque") {
            true => object(&signed),
            false => signature(&signed),
        };
        self.write("object", object);
    }

    /// Has us encrypt the entity to `name`: the message in `encrypted`, its CMS object in `object`.
    pub(crate) fn encrypt(&self, name: &str, options: &str) {
        self.write("message", message("sender", ENTITY));
        let line = format!(
            "encrypt --no-keystore --certificate {name}.pem {options} message -o encrypted"
        );
        self.smime(&line, &[]).done();
        self.write("object", object(&self.read("encrypted")));
    }

    /// Holds that we accept the signature `object` of a peer: over `content`, or one with its
    /// content inside.
    #[track_caller]
    pub(crate) fn accepts(&self, name: &str, is_detached: bool) {
        let line = format!(
            "verify --no-keystore --trust ca.pem --untrusted {name}.pem \
             --expect {name}@example.com object"
        );
        let content: &[&str] = match is_detached {
            true => &["--content", "content"],
            false => &[],
        };
        assert_eq!(lf(&self.smime(&line, content).done()), ENTITY);
        if is_detached {
            self.alter();
            let run = self.smime(&line, &["--content", "altered"]);
            assert!(run.stdout.is_empty(), "{run:?}");
            // Where no attributes are signed, the signature is over the content itself.
            let reasons = ["[cms.message-digest-mismatch]", "[cms.signature-invalid]"];
            assert!(
                reasons.iter().any(|reason| run.stderr.contains(reason)),
                "{run:?}"
            );
        }
    }

    /// Writes `altered`: the content with one letter less.
    pub(crate) fn alter(&self) {
        self.write("altered", crlf(ENTITY).replace("rich", "ick"));
    }

    /// Holds that we open the object `object` of a peer, with `content` inside.
    #[track_caller]
    pub(crate) fn opens(&self, name: &str) {
        let line = format!("decrypt --no-keystore --identity {name}.id object");
        let content = self.smime(&line, &[]).done();
        assert_eq!(content, self.read("content"));
    }

    /// Runs `openssl` here: the words of `line`, then `more`.
    pub(crate) fn openssl(&self, line: &str, more: &[&str]) -> Run {
        self.run(self.openssl, line, more)
    }

    /// Runs a peer here: the words of `line`, then `more`.
    pub(crate) fn run(&self, peer: Peer, line: &str, more: &[&str]) -> Run {
        let arguments: Vec<&str> = line
            .split_whitespace()
            .chain(more.iter().copied())
            .collect();
        peer.run(self.directory.path(), &arguments)
    }
}

impl Files {
    fn make(place: Option<&Place>) -> Files {
        let Some(place) = place else {
            return Files(Vec::new());
        };
        place
            .smime("ca init --no-passphrase --key-type ec-p256", &[])
            .done();
        place.smime("ca export -o ca.pem", &[]).done();
        let mut names = vec!["ca.pem".to_owned()];
        for (name, key_type) in PARTIES {
            let address = format!("{name}@example.com");
            let [pem, key, id] = ["pem", "key", "id"].map(|end| format!("{name}.{end}"));
            let [p12, legacy] = ["p12", "legacy.p12"].map(|end| format!("{name}.{end}"));
            place
                .smime("cert issue --key-type", &[key_type, &address])
                .done();
            let export = |options: &str, file: &str| {
                let line = format!("cert export {options} {address}");
                place.smime(&line, &["-o", file]).done();
            };
            export("--format pem", &pem);
            export("--format p12 --with-private-key", &p12);
            export("--format p12 --with-private-key --legacy", &legacy);
            export("--format pem --with-private-key", "encrypted");
            let passphrase = format!("pass:{PASSPHRASE}");
            place
                .openssl("pkey -in encrypted -out", &[&key, "-passin", &passphrase])
                .done();
            let both = [place.read(&key), place.read(&pem)].concat();
            place.write(&id, both);
            names.extend([pem, key, id, p12, legacy]);
        }
        let read = |name: String| {
            let octets = place.read(&name);
            (name, octets)
        };
        Files(names.into_iter().map(read).collect())
    }
}

/// The message of `name` around an entity.
pub(crate) fn message(name: &str, entity: &str) -> String {
    format!(
        "From: {name}@example.com\nTo: reader@example.com\nSubject: Interoperability\n\
         Date: Tue, 24 Nov 2026 08:00:00 +0000\nMessage-ID: <1@example.com>\n\
         MIME-Version: 1.0\n{entity}"
    )
}

/// An entity of more than a MiB.
pub(crate) fn large_entity() -> String {
    let mut entity = String::from(
        "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n",
    );
    let mut state = 1u32;
    while entity.len() < (5 << 20) / 4 {
        for _ in 0..76 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            entity.push(char::from(b'A' + (state >> 24) as u8 % 26));
        }
        entity.push('\n');
    }
    entity
}

/// With every line end in CRLF.
pub(crate) fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// With every line end in LF.
pub(crate) fn lf(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec())
        .unwrap()
        .replace("\r\n", "\n")
}

/// Holds that `octets` are a message from `name` around the entity, whatever its line ends are.
#[track_caller]
pub(crate) fn is_message(octets: &[u8], name: &str, entity: &str) {
    let text = lf(octets);
    let (header, body) = text.split_once("\n\n").unwrap();
    let (fields, expected) = entity.split_once("\n\n").unwrap();
    let has = |field: &str| header.lines().any(|line| line == field);
    assert!(has(&format!("From: {name}@example.com")), "{header}");
    assert!(has("MIME-Version: 1.0"), "{header}");
    assert!(fields.lines().all(has), "{header}");
    assert!(body == expected, "{body}");
}

/// The octets of the CMS object in an application/pkcs7-mime message.
pub(crate) fn object(message: &[u8]) -> Vec<u8> {
    let text = lf(message);
    decoded(text.split_once("\n\n").unwrap().1)
}

/// The octets of the CMS object in the last part of a multipart/signed message.
pub(crate) fn signature(message: &[u8]) -> Vec<u8> {
    let text = lf(message);
    let (text, _) = text.trim_end().rsplit_once("\n--").unwrap();
    decoded(text.rsplit_once("\n\n").unwrap().1)
}

fn decoded(body: &str) -> Vec<u8> {
    use base64::Engine;
    let characters: String = body.split_whitespace().collect();
    base64::engine::general_purpose::STANDARD
        .decode(characters)
        .unwrap()
}
