//! A mail server with our filter in it, made of the files and by the steps of examples/postfix.
//!
//! Messages of many kinds go through it both ways while filters are killed and the keystore is locked
//! for a while. Each ends in a mailbox or goes back to its sender with a text of ours. None is lost,
//! and one is there twice only if its filter was killed.
//!
//! `SMIME_POSTFIX_MESSAGES` is the number of messages, 100 unless it is given.

mod arrivals;
mod faults;
mod mails;
mod site;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::peer::is_there;
use crate::postfix::{Postfix, Settings, free_port};
use arrivals::Tally;
use faults::{Stop, kill_now_and_then};
use mails::{Mail, TEXT, Templates};
use site::Site;

/// How long the keystore is locked at least. A writer waits as long before it gives up.
const LOCKED: Duration = Duration::from_secs(10);

/// Between two filters that are killed.
const PAUSE: Duration = Duration::from_millis(700);

/// A rule for a sender who signs everything. It goes before those of the example.
const BANK: &str = "[[rule]]\nname = \"bank\"\ndirection = \"inbound\"\n\
                    external = [\"*@bank.example\"]\nrequire = [\"signed\"]\n";

struct Gateway {
    site: Site,
    postfix: Postfix,
    inbound: u16,
    outbound: u16,
}

impl Gateway {
    fn start() -> Option<Gateway> {
        let python = Command::new("python3").arg("--version").output();
        let found = python.is_ok_and(|output| output.status.success());
        if !is_there("python3", found) || !Postfix::can_start() {
            return None;
        }
        let site = Site::new();
        let policy = site.path("var/lib/smime/keystore/policy.toml");
        let rules = std::fs::read_to_string(&policy).unwrap();
        std::fs::write(policy, format!("{BANK}\n{rules}")).unwrap();
        let [inbound, outbound] = [free_port(), free_port()];
        let services = [("smtp      inet", inbound), ("submission inet", outbound)];
        let services = services
            .iter()
            .fold(site.example("master.cf"), |text, (service, port)| {
                assert_eq!(text.matches(service).count(), 1, "{service}");
                text.replace(service, &format!("127.0.0.1:{port} inet"))
            })
            .replace(" n       -       y ", " n       -       n ");
        // All mailboxes are one, retries are soon, and `-` may begin an address.
        let main = format!(
            "{}\nvirtual_mailbox_domains = example.com partner.example other.example bank.example\n\
             virtual_mailbox_maps = static:all/\nminimal_backoff_time = 2s\n\
             maximal_backoff_time = 4s\nqueue_run_delay = 1s\nallow_min_user = yes\n",
            site.example("main.cf")
        );
        let postfix = Postfix::start(&Settings {
            main: &main,
            services: &services,
            sendmail: true,
            ..Settings::default()
        })?;
        Some(Gateway {
            site,
            postfix,
            inbound,
            outbound,
        })
    }

    /// Has another process hand the messages over.
    fn send(&self, mails: &[Mail]) {
        let folder = tempfile::tempdir().unwrap();
        for (number, mail) in mails.iter().enumerate() {
            let port = match mail.is_outbound {
                true => self.outbound,
                false => self.inbound,
            };
            let recipients: Vec<&String> = mail.recipients.iter().map(|(to, _)| to).collect();
            let envelope = json!({"port": port, "sender": mail.sender, "recipients": recipients});
            let name = |kind: &str| folder.path().join(format!("{number:05}.{kind}"));
            std::fs::write(name("json"), envelope.to_string()).unwrap();
            std::fs::write(name("eml"), mail.message.replace('\n', "\r\n")).unwrap();
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/send.py");
        let run = Command::new("python3")
            .arg(script)
            .arg(folder.path())
            .output()
            .unwrap();
        let sent = String::from_utf8(run.stdout).unwrap();
        let told = String::from_utf8_lossy(&run.stderr);
        assert_eq!(sent.trim(), mails.len().to_string(), "{told}");
    }

    /// Waits until Postfix has logged this.
    fn wait_for(&self, text: &str) {
        let start = Instant::now();
        while !self.postfix.log().contains(text) {
            assert!(start.elapsed() < 4 * LOCKED, "{}", self.postfix.log());
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Waits until all mail is where it stays.
    fn wait(&self, patience: Duration) {
        let start = Instant::now();
        let mut idle = 0;
        // A message between two queues is in none.
        while idle < 5 {
            assert!(start.elapsed() < patience, "{}", self.postfix.log());
            std::thread::sleep(Duration::from_millis(200));
            idle = match self.postfix.is_idle() {
                true => idle + 1,
                false => 0,
            };
        }
    }
}

#[test]
fn nothing_is_lost_on_the_way_through_the_filter() {
    let Some(gateway) = Gateway::start() else {
        return;
    };
    let count: usize = match std::env::var("SMIME_POSTFIX_MESSAGES") {
        Ok(count) => count.parse().unwrap(),
        Err(_) => 100,
    };
    let templates = Templates::new(&gateway.site);
    let mut mails: Vec<Mail> = (0..count).map(|n| templates.mail(n, count)).collect();
    // Its run fails by itself while the keystore is locked, if nobody kills it before.
    mails.insert(count / 2, templates.rollover(count));
    let spared = &mails[count / 2].sender;
    let filter = gateway.site.path("usr/local/libexec/smime-filter");
    let patience = Duration::from_secs(60 + count as u64);
    let stop = AtomicBool::new(false);
    let start = Instant::now();
    let killed = std::thread::scope(|scope| {
        let killer = scope.spawn(|| kill_now_and_then((&filter, spared), PAUSE, &stop));
        let killing = Stop(&stop);
        let (before, after) = mails.split_at(count / 2);
        gateway.send(before);
        // So that the run of the next begins while the keystore is locked.
        gateway.wait(patience);
        let lock = gateway.site.path("var/lib/smime/keystore/lock");
        let lock = std::fs::File::open(lock).unwrap();
        lock.lock().unwrap();
        let locked = Instant::now();
        gateway.send(after);
        std::thread::sleep(LOCKED.saturating_sub(locked.elapsed()));
        // On a busy machine its run begins late.
        gateway.wait_for("is locked by another process");
        drop(lock);
        gateway.wait(patience);
        drop(killing);
        killer.join().unwrap()
    });
    let took = start.elapsed().as_secs();
    let log = gateway.postfix.log();
    let tally = Tally::new(&gateway.site, &mails, (&killed, &log), &gateway.postfix);
    println!("{} messages in {took} s: {tally:?}", mails.len());
    assert!(tally.killed > 0 && tally.deferred > 0, "{tally:?}");
    the_filter_leaves_nothing_behind(&gateway.site);
}

fn the_filter_leaves_nothing_behind(site: &Site) {
    // Whose filter is killed before it takes the name away leaves an empty file.
    let files = std::fs::read_dir(site.path("var/spool/smime")).unwrap();
    let sizes: Vec<u64> = files
        .map(|file| file.unwrap().metadata().unwrap().len())
        .collect();
    assert!(sizes.iter().all(|size| *size == 0), "{sizes:?}");
    let log = std::fs::read_to_string(site.path("var/log/smime/decisions.jsonl")).unwrap();
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    assert!(!log.contains(TEXT));
}
