//! Many processes at once on one keystore: nothing is lost, no serial number is given out twice, and
//! nobody who reads sees half of anything.
//!
//! `SMIME_OPERATIONS=2000 cargo test --test cli crowd -- --nocapture` does more, and tells how long
//! it took.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use serde_json::Value;

use crate::changes::hold_whole;
use crate::office::from_carol;
use crate::place::{Place, Run};
use crate::rollover::trusting;

/// How many write at the same time.
const PROCESSES: usize = 16;

/// How many others read meanwhile.
const READERS: usize = 2;

/// How many operations there are unless more are asked for.
const OPERATIONS: usize = 160;

/// Does `work` for each number below `count`, in as many threads as there are to be processes.
fn at_once(count: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..PROCESSES {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    work(number);
                }
            });
        }
    });
}

/// Tells the readers to stop, also when a writer has failed.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Messages to Alice, each by somebody else, signed; in `mails`.
fn write_mails(place: &Place, count: usize) {
    at_once(count, |number| {
        let author = format!("author{number}@example.net");
        let issue = ["-k", "partner", "cert", "issue", &author];
        place.run(issue).done();
        let mail = from_carol()
            .replace("carol@example.net", &author)
            .replace("<1@", &format!("<{number}@"));
        place.write(&format!("{number}.eml"), mail);
    });
    fs::create_dir(place.path("mails")).unwrap();
    let mut sign: Vec<String> = ["-q", "-k", "partner", "sign", "--output-dir", "mails"]
        .map(str::to_owned)
        .to_vec();
    sign.extend((0..count).map(|number| format!("{number}.eml")));
    let run = place.run(sign);
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn many_processes_extract_and_issue_at_once() {
    let asked = std::env::var("SMIME_OPERATIONS");
    let operations = asked.map_or(OPERATIONS, |number| number.parse().unwrap());
    let place = trusting();
    // Each message is verified about twice.
    let authors = operations.div_ceil(4);
    write_mails(&place, authors);

    let issued = Mutex::new(BTreeSet::new());
    let outcomes: Mutex<BTreeMap<usize, Vec<String>>> = Mutex::default();
    let (again, reads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let is_over = AtomicBool::new(false);
    // On a slow medium somebody may have to wait for too long, and is told so.
    let run = |arguments: &[&str]| -> Run {
        loop {
            let run = place.run(arguments);
            if !run.stderr.contains(" is locked by another process") {
                assert_eq!(run.status, 0, "{arguments:?} {run:?}");
                return run;
            }
            again.fetch_add(1, Ordering::Relaxed);
        }
    };
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let mut before = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let listed = place.run(["cert", "list", "--json"]).done().json();
                    let count = listed["certificates"].as_array().unwrap().len();
                    assert!(count >= before, "{count} certificates after {before}");
                    before = count;
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let _over = Over(&is_over);
        at_once(operations, |number| {
            if number % 2 == 0 {
                let address = format!("user{number}@example.com");
                let run = run(&["cert", "issue", &address]);
                let fingerprint = run.text().trim_end().to_owned();
                assert!(issued.lock().unwrap().insert(fingerprint));
            } else {
                let author = number / 2 % authors;
                let run = run(&["verify", "--json", &format!("mails/{author}.eml")]);
                let outcome = run.json()["extracted"][0]["outcome"].clone();
                let outcome = outcome.as_str().unwrap().to_owned();
                let mut outcomes = outcomes.lock().unwrap();
                outcomes.entry(author).or_default().push(outcome);
            }
        });
    });
    let took = start.elapsed();

    let issued = issued.into_inner().unwrap();
    let outcomes = outcomes.into_inner().unwrap();
    let listed = place.run(["cert", "list", "--json"]).done().json();
    let listed = listed["certificates"].as_array().unwrap();
    let field = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let stored: BTreeSet<String> = listed.iter().map(|one| field(one, "sha256")).collect();
    assert!(issued.is_subset(&stored), "an issued certificate is lost");
    // The CA, Alice and Bob were there before.
    let own = issued.len() + 3;
    let serials: BTreeSet<String> = listed
        .iter()
        .filter(|one| one["origin"] == "issued")
        .map(|one| field(one, "serial"))
        .collect();
    assert_eq!(serials.len(), own, "a serial number was given out twice");
    let drawn = fs::read_dir(place.path("store/serials")).unwrap().count();
    assert_eq!(drawn, own);
    assert_eq!(listed.len(), own + outcomes.len());
    for (author, outcomes) in &outcomes {
        let times = outcomes.iter().filter(|outcome| *outcome == "stored");
        assert_eq!(times.count(), 1, "author {author}: {outcomes:?}");
        let address = format!("author{author}@example.net");
        let shown = place
            .run(["cert", "show", "--json", &address])
            .done()
            .json();
        let certificates = shown["certificates"].as_array().unwrap();
        assert_eq!(certificates.len(), 1);
        let message = format!("{author}@example.com");
        assert!(certificates[0].to_string().contains(&message), "{shown}");
    }
    let check = hold_whole(&place, &place.path("store"), &[]);
    assert_eq!(
        (&check["keys"], &check["leftovers"]),
        (&own.into(), &0.into())
    );
    println!(
        "{operations} operations by {PROCESSES} processes in {took:.1?}, {} certificates, \
         {} reads meanwhile, {} times told to try again",
        listed.len(),
        reads.into_inner(),
        again.into_inner(),
    );
}
