//! Every command that changes a keystore is killed (SIGKILL), or interrupted, at any moment. What is found afterwards
//! is the old state or the new one, whole, every key opens, and work goes on.
//!
//! Where `keystore::tests::crashes` stops at each step of the file system, this is the real thing.
//! `SMIME_KILLS=1000 cargo test --test cli kills -- --nocapture` kills more often, and tells how it
//! went.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::changes::{Change, NOTHING, changes, hold_whole, named, state};
use crate::place::Place;

pub(crate) const INTERRUPT: i32 = 2;
const KILL: i32 = 9;
pub(crate) const TERMINATE: i32 = 15;

/// How many runs are killed unless more is asked for.
const KILLS: usize = 100;

/// One command under fire.
struct Target {
    change: &'static Change,
    before: String,
    after: String,
    /// Between these the state changes, as far as is known: kills close in on that moment.
    early: Duration,
    late: Duration,
    kills_before: usize,
    kills_after: usize,
}

impl Target {
    fn new(change: &'static Change) -> Target {
        let place = change.begin();
        let store = place.path("store");
        let before = state(&place, &store);
        let start = Instant::now();
        let run = change.run(&place, &store);
        let late = start.elapsed();
        assert_eq!(run.status, 0, "{} {run:?}", change.name());
        Target {
            change,
            before,
            after: state(&place, &store),
            early: Duration::ZERO,
            late,
            kills_before: 0,
            kills_after: 0,
        }
    }

    /// Sends one run a signal after that share of the time in question; says whether it ended by it.
    fn shoot(&mut self, share: f64, signal: i32) -> bool {
        let place = self.change.begin();
        let store = place.path("store");
        let delay = self.early + (self.late - self.early).mul_f64(share);
        let mut child = self.change.spawn(&place, &store);
        thread::sleep(delay);
        send(signal, &child);
        let was_alive = child.wait().unwrap().signal() == Some(signal);

        let name = format!(
            "{} with signal {signal} after {delay:?}",
            self.change.name()
        );
        let found = state(&place, &store);
        let is_after = found == self.after;
        assert!(is_after || found == self.before, "{name}:\n{found}");
        if found != NOTHING {
            hold_whole(&place, &store, &[]);
        }
        self.hold_output(&place, is_after, &name);
        if !is_after {
            let run = self.change.run(&place, &store);
            assert_eq!(run.status, 0, "{name}, and run again: {run:?}");
            assert_eq!(state(&place, &store), self.after, "{name}, and run again");
        }
        self.hold_tidy(&place, &name);

        // A quarter of the way, since no two runs take the same time.
        let least = self.late / 8;
        if !was_alive || is_after {
            self.late = (self.late * 3 + delay) / 4;
        } else {
            self.early = (self.early * 3 + delay) / 4;
        }
        self.early = self.early.min(self.late.saturating_sub(least));
        match (was_alive, is_after) {
            (true, true) => self.kills_after += 1,
            (true, false) => self.kills_before += 1,
            (false, _) => {}
        }
        was_alive
    }

    /// Holds that a file that is written beside the keystore is the old one or complete.
    fn hold_output(&self, place: &Place, is_after: bool, name: &str) {
        let out = fs::read(place.path("out")).unwrap_or_default();
        let is_whole = match self.change.name().as_str() {
            "ca crl -o out" => out.ends_with(b"-----END X509 CRL-----\n"),
            "verify dave.eml -o out" => out.ends_with(b"the figures are in.\r\n"),
            "ca reset --yes --backup out" => {
                let restored = place.path("restored");
                let environment = [("SMIME_FILE_PASSPHRASE", "of the file")];
                let restore = ["-k", "restored", "ca", "restore", "out"];
                let run = place.run_with(restore, &environment, b"");
                assert_eq!(run.status == 0, !out.is_empty(), "{name}: {run:?}");
                assert!(
                    run.status == 0 || !is_after,
                    "{name}: reset without a backup"
                );
                run.status == 0 && state(place, &restored) == self.before
            }
            _ => false,
        };
        assert!(is_whole || out.is_empty() || out == b"old", "{name}");
    }

    /// Holds that after the next run nothing lies about.
    fn hold_tidy(&self, place: &Place, name: &str) {
        let store = place.path("store");
        let check = hold_whole(place, &store, &["--repair"]);
        assert_eq!(check["repaired"], serde_json::json!([]), "{name}");
        assert_eq!(state(place, &store), self.after, "{name}, and repaired");
        assert!(named(&store.join("tmp"), "").is_empty(), "{name}");
        let generations = named(&store, "store-");
        assert_eq!(generations.len(), 1, "{name}");
        assert!(named(&generations[0], "keys-").len() <= 1, "{name}");
        if !named(&place.path(""), ".smime-").is_empty() {
            self.change.run(place, &store);
        }
        assert!(named(&place.path(""), ".smime-").is_empty(), "{name}");
    }
}

/// Sends a signal to a process that was not waited for yet.
pub(crate) fn send(signal: i32, child: &Child) {
    let order = format!("kill -{signal} {}", child.id());
    let sent = Command::new("sh").args(["-c", &order]).status();
    assert!(sent.unwrap().success(), "{order}");
}

#[test]
fn a_run_that_is_killed_leaves_the_old_state_or_the_new_one() {
    let wanted = std::env::var("SMIME_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let mut targets: Vec<Target> = changes().iter().map(Target::new).collect();
    let (mut kills, mut shots) = (0, 0);
    while kills < wanted {
        for target in &mut targets {
            // The golden ratio spreads any number of points evenly.
            let share = (0.618_034 * f64::from(shots)).fract();
            let signal = match shots % 7 {
                3 => INTERRUPT,
                6 => TERMINATE,
                _ => KILL,
            };
            kills += usize::from(target.shoot(share, signal) && signal == KILL);
            shots += 1;
        }
        assert!(
            shots as usize <= 20 * wanted,
            "{kills} kills in {shots} runs"
        );
    }
    let sum = |count: fn(&Target) -> usize| targets.iter().map(count).sum::<usize>();
    let (before, after) = (sum(|one| one.kills_before), sum(|one| one.kills_after));
    println!(
        "{shots} runs, {kills} killed; ended by a signal: {before} before the change, {after} after it"
    );
    for one in &targets {
        let (before, after) = (one.kills_before, one.kills_after);
        println!("{before:5} {after:5}  {}", one.change.name());
    }
    assert!(before > 0 && after > 0, "{before} before, {after} after");
}
