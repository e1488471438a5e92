//! Several files in one run: keys unlocked once, the work spread over the cores, one verdict each.
//!
//! Every file is worked on with a [`Context`] of its own, which keeps what is told of it, and the
//! message that came of it. One thread for each core works, and one more settles the messages, as many
//! together as are done while it waits for the disk. What is told of a file is written when it and
//! all files before it are settled, so the order of the output is that of the arguments, however long
//! each takes.

mod desk;

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use crate::commands::Context;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::limits;
use crate::stdio::{Counted, input_name};
use desk::{Desk, Done};

/// The messages of a command.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct FileArgs {
    /// The message; `-` or nothing for stdin. Several with --output-dir.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write what comes of each FILE into DIR, under the name of the FILE.
    ///
    /// For one or many: keys are unlocked once, the work is spread over the cores, and each file has
    /// its own verdict. DIR is made if it is missing.
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    output_dir: Option<PathBuf>,
}

/// Whether several files need a directory for what comes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Without {
    /// Without a directory nothing would be done.
    Refused,
    /// Without a directory the files are judged only.
    Judged,
}

/// What is to be done with each file.
pub(super) enum Plan<'a> {
    /// One input, and the output of the global options.
    One(Option<&'a Path>),
    /// A batch: each file, and where its message goes.
    Several(Vec<(&'a Path, Option<PathBuf>)>),
}

impl FileArgs {
    /// Looks whether every file has a place of its own for what comes of it.
    ///
    /// # Errors
    /// Several files and no directory where one is needed, or two files would have one place (2);
    /// the directory cannot be made (73).
    pub(super) fn plan(
        &self,
        without: Without,
        context: &Context,
    ) -> Result<Plan<'_>, CommandError> {
        let directory = match (&self.output_dir, self.files.as_slice()) {
            (None, []) => return Ok(Plan::One(None)),
            (None, [file]) => return Ok(Plan::One(Some(file))),
            (None, _) if without == Without::Refused || context.output_path().is_some() => {
                return Err(CommandError::usage("several files are given")
                    .hint("Give --output-dir DIR for what comes of them."));
            }
            (directory, _) => directory.as_deref(),
        };
        if self.files.iter().all(|file| file == Path::new("-")) {
            let what = "--output-dir needs files, whose names the results take";
            return Err(CommandError::usage(what).hint("For stdin, give -o FILE."));
        }
        let mut taken = BTreeSet::new();
        let mut places = Vec::with_capacity(self.files.len());
        for file in &self.files {
            let name = match file.file_name() {
                Some(name) if file != Path::new("-") => name,
                _ => {
                    let what = format!("{} is no file among several", input_name(Some(file)));
                    return Err(CommandError::usage(what).hint("Name each message as a file."));
                }
            };
            let place = directory.map(|directory| directory.join(name));
            if let Some(place) = &place
                && !taken.insert(name)
            {
                let place = input_name(Some(place));
                return Err(
                    CommandError::usage(format!("two files would be written to {place}"))
                        .hint("Files of one name need a run each, with a directory each."),
                );
            }
            places.push((file.as_path(), place));
        }
        if let Some(directory) = directory {
            std::fs::create_dir_all(directory).map_err(|error| {
                let what = format!("cannot create {}", input_name(Some(directory)));
                CommandError::new(ErrorKind::CannotCreate, what)
                    .caused_by(error)
                    .hint("--output-dir names a directory, which is made if it is missing.")
            })?;
        }
        Ok(Plan::Several(places))
    }
}

impl Plan<'_> {
    /// Reads every file and works on it with what `open` gives once for all, on several threads if
    /// there are several, and tells of each in turn. Returns the numerically highest status.
    ///
    /// What is wrong with a single input is told before what is wrong with the keystore.
    ///
    /// # Errors
    /// `open` fails, or the reading of or the work on a single input. In a batch that is told like a
    /// verdict and the others go on; only where stdout cannot be written it ends.
    pub(super) fn run<I, S: Sync>(
        &self,
        context: &Context,
        read: impl Fn(Option<&Path>, &Context) -> Result<I, CommandError> + Sync,
        open: impl FnOnce() -> Result<S, CommandError>,
        work: impl Fn(I, &S, (Option<&Path>, &Context)) -> Result<ExitStatus, CommandError> + Sync,
    ) -> Result<ExitStatus, CommandError> {
        let progress = context.console().progress();
        let places = match self {
            Plan::One(file) => {
                let (input, shared) = (read(*file, context)?, open()?);
                let work = || work(input, &shared, (*file, context));
                // A line of progress would stand in the middle of a message on the terminal.
                if context.output_path().is_none() && io::stdout().is_terminal() {
                    return work();
                }
                let what = format!("{} {}", context.command(), input_name(*file));
                return progress.during(what, Counted::Octets, work);
            }
            Plan::Several(places) => places,
        };
        let shared = open()?;
        let work = |file: &Path, own: &Context| {
            let input = read(Some(file), own)?;
            work(input, &shared, (Some(file), own))
        };
        let desk = Desk::new(context);
        let next = AtomicUsize::new(0);
        let take_turns = |done: SyncSender<Done>| {
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let Some((file, place)) = places.get(turn) else {
                    return;
                };
                if !desk.admits(turn) {
                    return;
                }
                let own = context.about(file, place.clone());
                match panic::catch_unwind(AssertUnwindSafe(|| work(file, &own))) {
                    Ok(outcome) => {
                        if done.send(Done { turn, outcome, own }).is_err() {
                            return;
                        }
                    }
                    // The others must not wait for this turn; the top reports the bug.
                    Err(bug) => {
                        desk.close();
                        panic::resume_unwind(bug);
                    }
                }
            }
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let files = Counted::Files(places.len() as u64);
        progress.during(context.command().to_owned(), files, || {
            thread::scope(|scope| {
                let (hand_on, done) = sync_channel(limits::BATCH_GROUP);
                for _ in 0..threads.min(places.len()) {
                    let hand_on = hand_on.clone();
                    scope.spawn(|| take_turns(hand_on));
                }
                drop(hand_on);
                desk.serve(&done);
            });
        });
        desk.ending()
    }
}
