//! What goes wrong meanwhile: filters that are killed, and a keystore that is locked.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Whom to kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    /// The shell, whatever it does.
    Filter,
    /// What the shell has started.
    Program,
    /// The shell while sendmail(1) runs, which goes on alone.
    FilterHandingBack,
}

/// How often the runs for one message are killed: it has to arrive some time.
const TIMES: usize = 2;

/// Ends the killing when it is dropped, if only because an assertion failed.
pub(super) struct Stop<'a>(pub(super) &'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Kills a run of `filter` each `pause` until told to stop, but none with `spared` among its
/// arguments. Returns the command lines of the runs.
///
/// It kills only processes that run the file `filter`, or that such a process has started.
pub(super) fn kill_now_and_then(
    (filter, spared): (&Path, &str),
    pause: Duration,
    stop: &AtomicBool,
) -> Vec<String> {
    let victims = [Victim::Filter, Victim::Program, Victim::FilterHandingBack];
    let mut killed = Vec::new();
    for victim in victims.into_iter().cycle() {
        std::thread::sleep(pause);
        loop {
            if stop.load(Ordering::Relaxed) {
                return killed;
            }
            let spares = |arguments: &[String]| {
                let line = arguments.join(" ");
                let times = killed.iter().filter(|other| **other == line).count();
                times == TIMES || arguments.iter().any(|argument| argument == spared)
            };
            if let Some(line) = kill(filter, victim, spares) {
                killed.push(line);
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    killed
}

/// One process.
struct Process {
    id: u32,
    parent: u32,
    arguments: Vec<String>,
}

fn kill(filter: &Path, victim: Victim, spares: impl Fn(&[String]) -> bool) -> Option<String> {
    let processes = processes();
    let runs_filter = |process: &&Process| {
        let script = process.arguments.get(1);
        script.is_some_and(|script| Path::new(script) == filter) && !spares(&process.arguments)
    };
    // Not always the oldest.
    let mut runs: Vec<&Process> = processes.iter().filter(runs_filter).collect();
    runs.sort_by_key(|process| process.id.wrapping_mul(2_654_435_761));
    let found = runs.iter().find_map(|run| {
        let child = processes.iter().find(|process| process.parent == run.id);
        let hands_back = child.is_some_and(|child| child.arguments[0].ends_with("sendmail"));
        let id = match victim {
            Victim::Filter => Some(run.id),
            Victim::Program => child.map(|child| child.id),
            Victim::FilterHandingBack => hands_back.then_some(run.id),
        };
        Some((id?, run.arguments.join(" ")))
    });
    let (id, line) = found?;
    let kill = Command::new("kill").args(["-9", &id.to_string()]).output();
    kill.unwrap().status.success().then_some(line)
}

fn processes() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").unwrap();
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let process = |id: u32| {
        // It may have ended by now.
        let line = std::fs::read_to_string(format!("/proc/{id}/cmdline")).ok()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
        Some(Process {
            id,
            parent: parent.trim().parse().ok()?,
            arguments: line.split('\0').map(str::to_owned).collect(),
        })
    };
    numbers.filter_map(process).collect()
}
