//! OpenSSL's fuzzing corpora: every input ends in a verdict or an error, in less than a second and
//! 64 MiB, and none is accepted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use smime::cms::Object;
use smime::pki::CertificatePool;
use smime::policy::profile::Profile;
use smime::smime::{
    DecryptRequest, Input, JudgementTime, SignatureRelease, VerifyRequest, decrypt, verify,
};
use smime::source::Source;
use smime::time::Time;

use crate::lookups::Held;
use crate::{corpora, files_below};

const SECOND: Duration = Duration::from_secs(1);

/// Memory of the process that it may write to, in KiB.
const MEMORY: usize = 64 << 10;

fn inputs() -> Vec<PathBuf> {
    let Some(folder) = corpora() else {
        return Vec::new();
    };
    let folder = folder.join("openssl-fuzz");
    let found = ["cms", "smime", "pem"].map(|name| files_below(&folder.join(name)));
    let found = found.concat();
    assert!(found.len() > 1_400, "{} inputs", found.len());
    found
}

/// Does the work for every input, on two threads.
fn for_every_input(work: impl Fn(&Path) + Sync) {
    let inputs = inputs();
    let next = AtomicUsize::new(0);
    let worker = || {
        while let Some(path) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(path);
        }
    };
    std::thread::scope(|scope| {
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        workers
            .into_iter()
            .for_each(|worker| worker.join().unwrap());
    });
}

/// Runs the program on a file, with its memory limited.
fn inspect(path: &Path) -> Output {
    let limited = format!("ulimit -d {MEMORY} && exec \"$0\" inspect --no-keystore --json \"$1\"");
    Command::new("sh")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_smime")])
        .arg(path)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn every_input_ends_soon_in_little_memory() {
    for_every_input(|path| {
        let shown = path.display();
        // The machine may be busy with something else once, or twice.
        let mut fastest = Duration::MAX;
        for _ in 0..3 {
            let start = Instant::now();
            let run = inspect(path);
            fastest = fastest.min(start.elapsed());
            let status = run.status.code();
            assert!(
                matches!(status, Some(0 | 65)),
                "{shown}: {status:?} {run:?}"
            );
            if fastest < SECOND {
                return;
            }
        }
        panic!("{shown}: {fastest:?}");
    });
}

#[test]
fn no_input_is_accepted() {
    let nobody = Held(Vec::new());
    let anyone = CertificatePool::new([], []);
    let profile = Profile::default();
    for_every_input(|path| {
        let shown = path.display();
        let source = || Source::from_bytes(std::fs::read(path).unwrap());
        let bare = Input::Object {
            object: source(),
            content: None,
        };
        for input in [bare, Input::Message(source())] {
            let verification = verify(VerifyRequest {
                input: input.clone(),
                keys: &nobody,
                certificates: &nobody,
                issuers: &anyone,
                untrusted: &[],
                lists: &smime::pki::NoLists,
                time: JudgementTime::At(Time::from_unix(1_800_000_000).unwrap()),
                profile: &profile,
                expected: None,
                envelope_from: None,
                signature: SignatureRelease::Keep,
            });
            assert!(
                !verification.is_ok_and(|it| it.release.is_some()),
                "{shown}"
            );
            let decryption = decrypt(DecryptRequest {
                input,
                keys: &nobody,
            });
            assert!(!decryption.is_ok_and(|it| it.release.is_some()), "{shown}");
        }
    });
}

/// What OpenSSL 3.0.19 reads and is refused here: how many inputs, by what is said of them, and why.
const STRICTER: [(&str, usize, &str); 7] = [
    (
        "malformed AlgorithmIdentifier",
        3,
        "what stands in its place is another structure",
    ),
    (
        "malformed EncryptedContentInfo: no content",
        86,
        "the ciphertext would have to come from elsewhere, and in S/MIME there is no such place",
    ),
    (
        "malformed signed attributes",
        1,
        "what stands in their place is no SET OF Attribute",
    ),
    (
        "malformed value",
        39,
        "a negative version; or an OBJECT IDENTIFIER from 2.48 on, whose first two arcs take more \
         octets than one: legal, and used by nothing in CMS",
    ),
    (
        "misplaced end-of-contents octets",
        36,
        "they end an element of indefinite length and stand nowhere else (X.690 8.1.5)",
    ),
    (
        "primitive element where a constructed one belongs",
        11,
        "a SEQUENCE or SET, or an explicit tag, is never primitive (X.690 8.9.1, 8.14.2)",
    ),
    (
        "small tag number in the form of large ones",
        73,
        "numbers up to 30 have one octet (X.690 8.1.2.2)",
    ),
];

#[test]
fn what_openssl_reads_and_is_refused_here() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("openssl-fuzz");
    let table = std::fs::read_to_string(folder.join("openssl-verdicts.tsv")).unwrap();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut read = 0;
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        if columns[1] != "0" {
            continue;
        }
        let octets = std::fs::read(folder.join(columns[0])).unwrap();
        match Object::decode(&octets[..]) {
            Ok(_) => read += 1,
            Err(error) => {
                let error = error.to_string();
                let kind = error.split(" at octet").next().unwrap();
                *refused.entry(kind.to_owned()).or_default() += 1;
            }
        }
    }
    let expected = STRICTER.map(|(kind, count, _)| (kind.to_owned(), count));
    assert_eq!(refused, BTreeMap::from(expected));
    assert_eq!(read, 31);
}
