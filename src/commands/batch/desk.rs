//! Where the files of a batch that are done are settled, and told of in the order of the arguments.

use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};
use crate::limits;
use crate::stdio::{CompleteFile, settle};

/// One file that was worked on.
pub(super) struct Done {
    pub(super) turn: usize,
    pub(super) outcome: Result<ExitStatus, CommandError>,
    /// What is kept of it.
    pub(super) own: Context,
}

impl Done {
    /// The messages that came of it. What is made of a file that failed later is dropped.
    fn take_messages(&self) -> Vec<CompleteFile> {
        let left = self.own.one_of_several.as_ref().map(|one| one.shelf.take());
        match self.outcome {
            Ok(_) => left.unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }

    /// Takes back what was to be told, if the message did not come to its place.
    fn settled(self, settled: Result<(), CommandError>) -> Done {
        if let Err(error) = settled {
            drop(Told::of(Ok(ExitStatus::DONE), &self.own));
            return Done {
                outcome: Err(error),
                ..self
            };
        }
        self
    }
}

/// What is told of one file.
struct Told {
    text: String,
    documents: Vec<u8>,
    status: ExitStatus,
}

impl Told {
    fn of(outcome: Result<ExitStatus, CommandError>, own: &Context) -> Told {
        let status = outcome.unwrap_or_else(|error| {
            own.report_error(&error);
            error.exit_status()
        });
        Told {
            text: own.console().take_gathered(),
            documents: own.take_documents(),
            status,
        }
    }
}

/// Where files that are done are told of in their order.
pub(super) struct Desk<'c> {
    context: &'c Context,
    book: Mutex<Book>,
    moved: Condvar,
}

struct Book {
    /// How many were told of.
    told: usize,
    /// Done, and behind one that is not.
    waiting: BTreeMap<usize, Told>,
    status: ExitStatus,
    closed: bool,
    failure: Option<CommandError>,
}

impl Book {
    fn new() -> Book {
        Book {
            told: 0,
            waiting: BTreeMap::new(),
            status: ExitStatus::DONE,
            closed: false,
            failure: None,
        }
    }

    /// Whether the file of this turn is too far ahead of those that were told of.
    fn has_to_wait(&self, turn: usize) -> bool {
        !self.closed && turn >= self.told + limits::BATCH_AHEAD
    }
}

impl<'c> Desk<'c> {
    pub(super) fn new(context: &'c Context) -> Desk<'c> {
        Desk {
            context,
            book: Mutex::new(Book::new()),
            moved: Condvar::new(),
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the file of this turn is near enough to the ones that were told of, so that what
    /// is kept stays small. `false` if no more is to be done.
    pub(super) fn admits(&self, turn: usize) -> bool {
        let book = self
            .moved
            .wait_while(self.book(), |book| book.has_to_wait(turn))
            .unwrap_or_else(PoisonError::into_inner);
        !book.closed
    }

    /// Settles the files that are done, those together that are there at the same time, and tells of
    /// them, until there is nobody left to work.
    pub(super) fn serve(&self, done: &Receiver<Done>) {
        while let Ok(first) = done.recv() {
            let others = done.try_iter().take(limits::BATCH_GROUP - 1);
            let group: Vec<Done> = [first].into_iter().chain(others).collect();
            let settled = settle(group.iter().map(Done::take_messages).collect());
            for (done, settled) in group.into_iter().zip(settled) {
                let Done { turn, outcome, own } = done.settled(settled);
                self.hand_in(turn, Told::of(outcome, &own));
            }
        }
    }

    /// Takes what is told of the file of this turn, and writes what is next.
    fn hand_in(&self, turn: usize, told: Told) {
        let mut book = self.book();
        book.waiting.insert(turn, told);
        while !book.closed {
            let number = book.told;
            let Some(next) = book.waiting.remove(&number) else {
                break;
            };
            self.context.console().write(&next.text);
            self.context.console().progress().advance();
            if let Err(error) = self.context.print_octets(&next.documents) {
                book.failure = Some(error);
                book.closed = true;
            }
            book.status = book.status.max(next.status);
            book.told += 1;
        }
        drop(book);
        self.moved.notify_all();
    }

    /// Lets nobody begin any more.
    pub(super) fn close(&self) {
        self.book().closed = true;
        self.moved.notify_all();
    }

    /// How the batch ends.
    ///
    /// # Errors
    /// Stdout could not be written.
    pub(super) fn ending(self) -> Result<ExitStatus, CommandError> {
        let book = self
            .book
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match book.failure {
            Some(error) => Err(error),
            None => Ok(book.status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_wait_that_are_too_far_ahead() {
        let mut book = Book {
            told: 3,
            ..Book::new()
        };
        assert!(!book.has_to_wait(limits::BATCH_AHEAD + 2));
        assert!(book.has_to_wait(limits::BATCH_AHEAD + 3));
        book.closed = true;
        assert!(!book.has_to_wait(limits::BATCH_AHEAD + 3));
    }
}
