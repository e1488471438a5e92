//! Nothing secret is told: neither passphrases nor private keys, whatever a command does with them,
//! succeeds in or fails at, and none is left in a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use smime::asn1::pem;
use smime::crypto::key::PrivateKey;
use smime::crypto::password::decrypt_private_key;

use crate::keystore_care::key_files;
use crate::office::MAIL;
use crate::place::Place;

const PASSPHRASE: &str = "Kept-to-itself-by-the-keystore";
const NEW_PASSPHRASE: &str = "Kept-to-itself-from-now-on-too";
const FILE_PASSPHRASE: &str = "Kept-to-itself-by-files-with-keys";
const WRONG_PASSPHRASE: &str = "Mistyped-and-still-nobodys-affair";
const BACKUP_PASSPHRASE: &str = "Kept-to-itself-by-the-backup-file";

/// Where the secrets are that a case gives itself.
const GIVEN: &str = "given";

/// The keys of the keystore in `store`, opened.
fn keys(place: &Place, passphrase: &str) -> Vec<PrivateKey> {
    let open = |file| {
        let frames = pem::decode_all(&fs::read(file).unwrap()).unwrap();
        decrypt_private_key(passphrase, &frames[0].der).unwrap()
    };
    key_files(place).into_iter().map(open).collect()
}

/// What must not be found: every form in which it could be written down, with what it is.
struct Secrets(BTreeMap<Vec<u8>, String>);

/// Octets of a secret that are looked for at once, wherever in it they are.
const PIECE: usize = 18;

impl Secrets {
    /// The passphrases, and these keys.
    fn new(keys: &[PrivateKey]) -> Secrets {
        let mut secrets = Secrets(BTreeMap::new());
        for passphrase in [
            PASSPHRASE,
            NEW_PASSPHRASE,
            FILE_PASSPHRASE,
            WRONG_PASSPHRASE,
            BACKUP_PASSPHRASE,
        ] {
            secrets.add("a passphrase", passphrase.as_bytes(), &[]);
        }
        for key in keys {
            let public = key.public_key().spki_der();
            // What comes before, in every key of the kind, is no secret.
            secrets.add("a private key", &key.to_pkcs8().unwrap()[16..], public);
        }
        secrets
    }

    /// Adds what is in `octets` and not public.
    fn add(&mut self, what: &str, octets: &[u8], public: &[u8]) {
        let is_secret = |piece: &[u8]| !public.windows(piece.len()).any(|part| part == piece);
        for piece in octets.windows(PIECE).step_by(4) {
            let hex: String = piece.iter().map(|octet| format!("{octet:02x}")).collect();
            let whole = [
                hex.to_uppercase().into_bytes(),
                hex.into_bytes(),
                piece.to_vec(),
            ];
            let whole = whole.into_iter().filter(|_| is_secret(piece));
            // In base64 a piece can begin at each of three places of a group.
            let groups = (0..3).map(|skipped| &piece[skipped..skipped + 15]);
            let groups = groups.filter(|group| is_secret(group));
            let base64 = groups.map(|group| STANDARD.encode(group).into_bytes());
            let forms = whole.chain(base64);
            self.0.extend(forms.map(|form| (form, what.to_owned())));
        }
    }

    /// The first secret that is in `octets`, however it is broken into lines or groups.
    fn find(&self, octets: &[u8]) -> Option<&str> {
        let is_kept = |octet: &u8| !octet.is_ascii_whitespace() && *octet != b':';
        let joined: Vec<u8> = octets.iter().copied().filter(is_kept).collect();
        let is_in = |form: &[u8]| {
            let finder = memchr::memmem::Finder::new(form);
            finder.find(octets).is_some() || finder.find(&joined).is_some()
        };
        let found = self.0.iter().find(|(form, _)| is_in(form));
        found.map(|(_, what)| what.as_str())
    }
}

/// A place where everything that is told is remembered, with who told it.
struct Watched {
    place: Place,
    told: Vec<(String, Vec<u8>)>,
}

impl Watched {
    /// Runs a command line with these variables set, and returns its status.
    fn run(&mut self, line: &str, variables: &[(&str, &str)]) -> i32 {
        let run = self.place.run_with(line.split(' '), variables, b"");
        self.told.push((format!("stdout of {line}"), run.stdout));
        let stderr = run.stderr.into_bytes();
        self.told.push((format!("stderr of {line}"), stderr));
        run.status
    }

    /// The same; it has to end so.
    #[track_caller]
    fn ends(&mut self, line: &str, variables: &[(&str, &str)], status: i32) {
        let ended = self.run(line, variables);
        let (_, stderr) = self.told.last().unwrap();
        let stderr = String::from_utf8_lossy(stderr);
        assert_eq!(ended, status, "{line}: {stderr}");
    }

    /// Adds every file here, but for those that were given; says how many.
    fn add_files(&mut self, directory: &Path) -> usize {
        let entries = fs::read_dir(directory).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let mut count = 0;
        for path in paths.filter(|path| !path.ends_with(GIVEN)) {
            if path.is_dir() {
                count += self.add_files(&path);
            } else {
                let octets = fs::read(&path).unwrap();
                self.told.push((path.display().to_string(), octets));
                count += 1;
            }
        }
        count
    }
}

#[test]
fn what_is_secret_is_found_in_every_form() {
    let place = Place::new();
    let variables = [("SMIME_PASSPHRASE", PASSPHRASE)];
    let init = ["ca", "init", "--key-type=ec-p256"];
    place.run_with(init, &variables, b"").done();
    let keys = keys(&place, PASSPHRASE);
    let secrets = Secrets::new(&keys);
    let octets = keys[0].to_pkcs8().unwrap();
    let hex = |separator: &str| {
        let digits = octets.iter().map(|octet| format!("{octet:02x}"));
        digits.collect::<Vec<_>>().join(separator)
    };
    let base64 = |before: &[u8]| STANDARD.encode([before, &octets[..]].concat());
    for shown in [
        octets.to_vec(),
        // The private number alone.
        octets[36..68].to_vec(),
        pem::encode("PRIVATE KEY", &octets).into_bytes(),
        base64(b"a").into_bytes(),
        base64(b"ab").into_bytes(),
        hex("").into_bytes(),
        hex(":").to_uppercase().into_bytes(),
        hex(" ").into_bytes(),
        format!("{PASSPHRASE} opens nothing").into_bytes(),
    ] {
        assert!(secrets.find(&shown).is_some(), "{shown:?}");
    }
    assert_eq!(secrets.find(keys[0].public_key().spki_der()), None);
    assert_eq!(secrets.find(&place.run(["ca", "export"]).stdout), None);
}

#[test]
fn nothing_secret_is_told_in_the_life_of_a_keystore() {
    let place = Place::new();
    fs::create_dir(place.path(GIVEN)).unwrap();
    place.write("given/new", NEW_PASSPHRASE);
    place.write("given/binary", [PASSPHRASE.as_bytes(), b"\xff"].concat());
    place.write("mail.eml", MAIL);
    let mut watched = Watched {
        place,
        told: Vec::new(),
    };
    let right = [
        ("SMIME_PASSPHRASE", PASSPHRASE),
        ("SMIME_FILE_PASSPHRASE", FILE_PASSPHRASE),
    ];
    for line in [
        "ca init --key-type ec-p256 -v",
        "settings key-type ec-p256",
        "cert issue alice@example.com -v",
        "cert issue bob@example.com --key-type rsa-2048 --json",
        "cert issue carol@example.com --key-type ed25519 -vv",
        "ca show -v",
        "cert list -v",
        "cert list --json",
        "cert show alice@example.com -vv",
        "cert show bob@example.com --json",
        "status -v",
        "status --json",
        "settings",
        "policy init",
        "sign -vv mail.eml -o signed.eml",
        "sign --json --opaque mail.eml -o opaque.eml",
        "encrypt -vv --sign mail.eml -o sealed.eml",
        "encrypt --json mail.eml -o encrypted.eml",
        "decrypt -vv encrypted.eml -o decrypted.eml",
        "decrypt --json sealed.eml -o opened.eml",
        "verify -vv sealed.eml -o verified.eml",
        "inspect -vv sealed.eml",
        "inspect --asn1 sealed.eml",
        "inspect --json sealed.eml",
        "policy check --direction outbound --explain-all mail.eml",
        "policy check --direction inbound --json sealed.eml",
        "policy apply -v --direction outbound --log log.jsonl mail.eml -o sent.eml",
        "policy apply -v --direction inbound --log log.jsonl sealed.eml -o received.eml",
        "cert export alice@example.com --with-private-key -o alice.p12",
        "cert export bob@example.com --with-private-key --legacy -v -o bob.p12",
        "cert export carol@example.com --with-private-key --format pem --json -o carol.pem",
        "inspect -vv alice.p12",
        "inspect --json bob.p12",
        "inspect --asn1 alice.p12",
        "-k other ca init --key-type ec-p256",
        "-k other cert import alice.p12 bob.p12 carol.pem -v",
        "cert renew alice@example.com -v",
        "cert renew alice@example.com --rekey --json",
        "ca crl -v -o ca.crl",
        "keystore check -vv",
        "keystore check --json",
    ] {
        watched.ends(line, &right, 0);
    }
    let keys = keys(&watched.place, PASSPHRASE);
    assert_eq!(keys.len(), 5);

    // What fails tells no more.
    let wrong = [
        ("SMIME_PASSPHRASE", WRONG_PASSPHRASE),
        ("SMIME_FILE_PASSPHRASE", WRONG_PASSPHRASE),
    ];
    for (line, status) in [
        ("sign -vv mail.eml", 77),
        ("sign --json mail.eml", 77),
        ("encrypt --sign -vv mail.eml", 77),
        ("decrypt -vv encrypted.eml", 77),
        ("verify --json sealed.eml", 77),
        (
            "policy apply -v --direction outbound --log log.jsonl mail.eml",
            75,
        ),
        (
            "policy apply --json --direction inbound --log log.jsonl sealed.eml",
            75,
        ),
        ("cert issue dave@example.com -v", 77),
        (
            "cert export alice@example.com --with-private-key -o never.p12",
            77,
        ),
        ("cert import alice.p12 -v", 77),
        ("cert import carol.pem --json", 77),
        ("inspect -vv alice.p12", 0),
        ("sign -v --identity alice.p12 mail.eml", 77),
        ("keystore check -v", 77),
        ("keystore passphrase --new-passphrase-file given/new -v", 77),
        ("ca crl -v", 77),
    ] {
        watched.ends(line, &wrong, status);
    }
    watched.ends("sign -v --passphrase-file given/binary mail.eml", &[], 77);
    watched.ends("sign -v mail.eml", &[], 77);

    // Keys that lie open, whole and damaged, in what a user names.
    let open = pem::encode("PRIVATE KEY", &keys[0].to_pkcs8().unwrap());
    for (name, content) in [
        ("open.pem", open.clone()),
        ("half.pem", open.replace("-----END PRIVATE KEY-----\n", "")),
        ("other.pem", open.replace("PRIVATE KEY", "RSA PRIVATE KEY")),
        ("twice.pem", format!("{open}{open}")),
    ] {
        let name = format!("{GIVEN}/{name}");
        watched.place.write(&name, content);
        for line in [
            format!("sign -vv --no-keystore --identity {name} mail.eml"),
            format!("cert import -vv {name}"),
            format!("inspect -vv {name}"),
            format!("inspect --json {name}"),
        ] {
            let status = watched.run(&line, &right);
            assert!([0, 1, 65, 66, 67].contains(&status), "{line}: {status}");
        }
    }

    watched.ends(
        "keystore passphrase --new-passphrase-file given/new -v",
        &right,
        0,
    );
    let new = [
        ("SMIME_PASSPHRASE", NEW_PASSPHRASE),
        ("SMIME_FILE_PASSPHRASE", BACKUP_PASSPHRASE),
    ];
    for line in [
        "decrypt -vv sealed.eml",
        "ca reset --yes --backup archive -v",
        "ca restore archive -v",
        "decrypt --json sealed.eml -o again.eml",
    ] {
        watched.ends(line, &new, 0);
    }

    // And what was written down.
    let here = watched.place.path("");
    assert!(watched.add_files(&here) > 50);
    let secrets = Secrets::new(&keys);
    for (name, octets) in &watched.told {
        assert_eq!(secrets.find(octets), None, "{name}");
    }
}
