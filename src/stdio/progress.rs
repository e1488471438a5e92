//! Progress of long work, on a terminal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::source::Source;

/// Work that is done sooner shows nothing.
const DELAY: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// What is counted while work goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Nothing but time.
    Time,
    /// How far the message is read that is followed; it starts again with every pass.
    Octets,
    /// Files, this many in all.
    Files(u64),
    /// Certificates, this many in all.
    Certificates(u64),
}

/// A line on stderr that shows how far long work is. Clones show the same line.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
    shown: bool,
    followed: Arc<Mutex<Option<Followed>>>,
}

#[derive(Debug)]
struct Followed {
    reached: Arc<AtomicU64>,
    len: u64,
}

impl Progress {
    /// Makes a line that is never shown unless `shown` is set.
    pub fn new(shown: bool) -> Progress {
        Progress {
            bar: ProgressBar::hidden(),
            shown,
            followed: Arc::default(),
        }
    }

    /// Counts the octets of this message from now on.
    pub fn follow(&self, source: &Source) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        *followed = Some(Followed {
            reached: source.reached(),
            len: source.len(),
        });
    }

    /// Counts one more.
    pub fn advance(&self) {
        self.bar.inc(1);
    }

    /// Writes or asks something on the terminal, which the line makes room for.
    pub fn making_room<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Does `work`, and shows that it goes on once it has taken a second.
    pub fn during<T>(&self, what: String, counted: Counted, work: impl FnOnce() -> T) -> T {
        if !self.shown {
            return work();
        }
        self.bar.reset();
        self.bar.set_style(style(counted));
        self.bar.set_message(what);
        if let Counted::Files(count) | Counted::Certificates(count) = counted {
            self.bar.set_length(count);
        }
        let (work_goes_on, ended) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| self.draw(counted, ended));
            let done = work();
            drop(work_goes_on);
            done
        })
    }

    /// Draws until the other end of `ended` is dropped.
    fn draw(&self, counted: Counted, ended: Receiver<()>) {
        let goes_on = |wait| ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout);
        if !goes_on(DELAY) {
            return;
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        loop {
            if counted == Counted::Octets {
                self.look();
            }
            self.bar.tick();
            if !goes_on(TICK) {
                break;
            }
        }
        self.bar.finish_and_clear();
        self.bar.set_draw_target(ProgressDrawTarget::hidden());
    }

    fn look(&self) {
        let followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Followed { reached, len }) = &*followed {
            self.bar.set_length(*len);
            self.bar.set_position(reached.load(Ordering::Relaxed));
        }
    }
}

fn style(counted: Counted) -> ProgressStyle {
    let template = match counted {
        Counted::Time => "{spinner} {msg}, {elapsed}",
        Counted::Octets => "{spinner} {msg}: {bytes} of {total_bytes}, {elapsed}",
        Counted::Files(_) => "{spinner} {msg}: {pos} of {len} files, {elapsed}",
        Counted::Certificates(_) => "{spinner} {msg}: {pos} of {len} certificates, {elapsed}",
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_whether_it_is_shown_or_not() {
        for shown in [false, true] {
            let progress = Progress::new(shown);
            let source = Source::from_bytes(vec![b'x'; 70_000]);
            progress.follow(&source);
            let done = progress.during("reading".to_owned(), Counted::Octets, || {
                progress.making_room(|| source.read_all(100_000).unwrap().unwrap().len())
            });
            assert_eq!(done, 70_000);
            progress.look();
            assert_eq!(progress.bar.position(), 70_000);
            assert_eq!(progress.bar.length(), Some(70_000));
        }
    }

    #[test]
    fn every_count_has_a_line_of_its_own() {
        for counted in [
            Counted::Time,
            Counted::Octets,
            Counted::Files(3),
            Counted::Certificates(3),
        ] {
            let progress = Progress::new(true);
            progress.during("verify".to_owned(), counted, || progress.advance());
            assert_eq!(progress.bar.position(), 1);
            assert_eq!(progress.bar.message(), "verify");
        }
    }
}
