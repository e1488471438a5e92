//! A medium that fails at a chosen step, for one keystore and nobody else in this process.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::super::medium::Step;

/// What happens at the chosen step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::keystore) enum Fault {
    /// The process ends: no step is taken from here on, cleaning up neither.
    Crash,
    /// The disk is full: what takes space fails from here on, the rest does not.
    Full,
}

struct Plan {
    fault: Fault,
    /// How many steps are still taken.
    left: usize,
    struck: bool,
    unflushed: HashSet<PathBuf>,
}

static PLANS: Mutex<Option<HashMap<PathBuf, Plan>>> = Mutex::new(None);

fn with_plans<T>(work: impl FnOnce(&mut HashMap<PathBuf, Plan>) -> T) -> T {
    let mut plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
    work(plans.get_or_insert_default())
}

/// The keystore below `dir` fails after `left` steps.
pub(super) fn arm(dir: &Path, fault: Fault, left: usize) {
    let plan = Plan {
        fault,
        left,
        struck: false,
        unflushed: HashSet::new(),
    };
    with_plans(|plans| plans.insert(dir.to_owned(), plan));
}

/// Ends that, and says whether it came so far.
pub(super) fn disarm(dir: &Path) -> bool {
    with_plans(|plans| plans.remove(dir)).unwrap().struck
}

pub(in crate::keystore) fn step(step: Step, path: &Path) -> io::Result<()> {
    with_plans(|plans| {
        let Some((_, plan)) = plans.iter_mut().find(|(dir, _)| path.starts_with(dir)) else {
            return Ok(());
        };
        plan.struck |= plan.left == 0;
        plan.left = plan.left.saturating_sub(1);
        if plan.struck {
            let takes_space = matches!(step, Step::MakeDirectory | Step::Create | Step::Write);
            match plan.fault {
                Fault::Crash => return Err(io::Error::other("the process has ended")),
                Fault::Full if takes_space => return Err(io::ErrorKind::StorageFull.into()),
                Fault::Full => {}
            }
        }
        match step {
            Step::Write => {
                plan.unflushed.insert(path.to_owned());
            }
            Step::Flush => {
                plan.unflushed.remove(path);
            }
            // Else a loss of power could leave a name without its content.
            Step::Rename => assert!(!plan.unflushed.contains(path), "renamed unflushed"),
            _ => {}
        }
        Ok(())
    })
}
