//! Where passphrases come from: a file, a descriptor, the environment, the terminal, in that order.
//!
//! The keystore has one passphrase, which may not be empty; a file that is itself protected has its
//! own, which may. Each source is read once and kept, because a pipe gives its content only once.

use std::env;
use std::error::Error;
use std::path::Path;
use std::sync::OnceLock;

use zeroize::Zeroize;

use crate::commands::global::PassphraseArgs;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::PassphraseSource;
use crate::stdio::{Passphrase, Progress, secret};

/// The sources of passphrases of this run.
pub struct Passphrases {
    args: PassphraseArgs,
    /// What makes room for a question.
    progress: Progress,
    keystore: OnceLock<Passphrase>,
    /// From the sources of the keystore, which a file may use too; `None` where there is none.
    given: OnceLock<Option<Passphrase>>,
    file: OnceLock<Option<Passphrase>>,
}

/// Where the new passphrase of a keystore that has one comes from, before the environment and the
/// terminal.
pub(super) struct NewPassphraseSources<'a> {
    pub(super) file: Option<&'a Path>,
    pub(super) descriptor: Option<u32>,
}

/// Whose passphrase protects a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// One of its own.
    File,
    /// That of the keystore.
    Keystore,
}

impl Passphrases {
    pub(super) fn new(args: PassphraseArgs, progress: Progress) -> Passphrases {
        Passphrases {
            args,
            progress,
            keystore: OnceLock::new(),
            given: OnceLock::new(),
            file: OnceLock::new(),
        }
    }

    /// The passphrase that opens the keystore.
    ///
    /// # Errors
    /// There is no source and no terminal, or it is empty (77).
    pub fn for_keystore(&self) -> Result<Passphrase, CommandError> {
        if let Some(known) = self.keystore.get() {
            return Ok(known.clone());
        }
        let passphrase = match self.given()? {
            Some(given) => given,
            None => self
                .ask("Passphrase of the keystore: ")?
                .ok_or_else(|| missing("the keystore"))?,
        };
        refuse_empty(&passphrase)?;
        Ok(self.keystore.get_or_init(|| passphrase).clone())
    }

    /// A passphrase for a keystore that is made: asked for twice on a terminal. `None` where there
    /// is no source.
    ///
    /// # Errors
    /// It is empty, or the two differ (77).
    pub fn for_new_keystore(&self) -> Result<Option<Passphrase>, CommandError> {
        let passphrase = match self.given()? {
            Some(given) => Some(given),
            None => ask_twice("New passphrase of the keystore: ")?,
        };
        let Some(passphrase) = passphrase else {
            return Ok(None);
        };
        refuse_empty(&passphrase)?;
        Ok(Some(self.keystore.get_or_init(|| passphrase).clone()))
    }

    /// The passphrase of the keystore if a source other than the terminal has it.
    ///
    /// # Errors
    /// It is empty, or cannot be read (77).
    pub fn given_for_keystore(&self) -> Result<Option<Passphrase>, CommandError> {
        let given = self.given()?;
        if let Some(given) = &given {
            refuse_empty(given)?;
        }
        Ok(given)
    }

    /// The passphrase that takes the place of the keystore's: asked for twice on a terminal.
    ///
    /// # Errors
    /// There is no source and no terminal, it is empty, or the two differ (77); one descriptor is to
    /// give both passphrases (2).
    pub(super) fn for_changed_keystore(
        &self,
        sources: &NewPassphraseSources<'_>,
    ) -> Result<Passphrase, CommandError> {
        if sources.descriptor.is_some() && sources.descriptor == self.args.passphrase_fd {
            let what = "one descriptor cannot give both the old and the new passphrase";
            return Err(CommandError::usage(what));
        }
        let given = match from_options(sources.file, sources.descriptor)? {
            Some(given) => Some(given),
            None => secret::from_environment("SMIME_NEW_PASSPHRASE")?,
        };
        let passphrase = match given {
            Some(given) => given,
            None => ask_twice("New passphrase of the keystore: ")?.ok_or_else(|| {
                denied("the new passphrase is missing, and there is no terminal to ask on").hint(
                    "Use --new-passphrase-file FILE or --new-passphrase-fd N, set \
                     SMIME_NEW_PASSPHRASE, or say --no-passphrase.",
                )
            })?,
        };
        refuse_empty(&passphrase)?;
        Ok(passphrase)
    }

    /// The passphrase that opens the protected file called `name`.
    ///
    /// # Errors
    /// There is no source and no terminal (77).
    pub fn for_file(&self, name: &str) -> Result<Passphrase, CommandError> {
        if let Some(given) = self.given_for_file()? {
            return Ok(given);
        }
        let question = format!("Passphrase of {name}: ");
        match self.ask(&question)? {
            Some(answer) => Ok(answer),
            None => self.given()?.ok_or_else(|| missing_for_file(name)),
        }
    }

    /// A passphrase for a file that is written, and whether it is the keystore's, which whoever
    /// opens the file would have to know: asked for twice on a terminal.
    ///
    /// # Errors
    /// There is no source and no terminal, or the two differ (77).
    pub(super) fn for_new_file(&self, name: &str) -> Result<(Passphrase, Origin), CommandError> {
        if let Some(given) = self.given_for_file()? {
            return Ok((given, Origin::File));
        }
        match ask_twice(&format!("New passphrase of {name}: "))? {
            Some(answer) => Ok((answer, Origin::File)),
            None => {
                let given = self.given()?.ok_or_else(|| missing_for_file(name))?;
                Ok((given, Origin::Keystore))
            }
        }
    }

    /// The passphrase of a protected file, if a source other than the terminal has one.
    ///
    /// # Errors
    /// It cannot be read (77).
    pub(super) fn given_for_any_file(&self) -> Result<Option<Passphrase>, CommandError> {
        match self.given_for_file()? {
            Some(given) => Ok(Some(given)),
            None => self.given(),
        }
    }

    fn ask(&self, question: &str) -> Result<Option<Passphrase>, CommandError> {
        self.progress.making_room(|| secret::ask(question))
    }

    fn given(&self) -> Result<Option<Passphrase>, CommandError> {
        kept(&self.given, || {
            let sources = (&self.args.passphrase_file, self.args.passphrase_fd);
            if let Some(given) = from_options(sources.0.as_deref(), sources.1)? {
                return Ok(Some(given));
            }
            if let Some(value) = secret::from_environment("SMIME_PASSPHRASE")? {
                return Ok(Some(value));
            }
            match env::var_os("SMIME_PASSPHRASE_FILE") {
                Some(path) if !path.is_empty() => secret::from_file(Path::new(&path)).map(Some),
                _ => Ok(None),
            }
        })
    }

    fn given_for_file(&self) -> Result<Option<Passphrase>, CommandError> {
        kept(&self.file, || {
            let sources = (
                &self.args.file_passphrase_file,
                self.args.file_passphrase_fd,
            );
            match from_options(sources.0.as_deref(), sources.1)? {
                Some(given) => Ok(Some(given)),
                None => secret::from_environment("SMIME_FILE_PASSPHRASE"),
            }
        })
    }
}

/// The keystore asks here when it needs its keys.
impl PassphraseSource for Passphrases {
    fn passphrase(&self) -> Result<Passphrase, Box<dyn Error + Send + Sync>> {
        Ok(self.for_keystore()?)
    }
}

fn kept(
    cell: &OnceLock<Option<Passphrase>>,
    read: impl FnOnce() -> Result<Option<Passphrase>, CommandError>,
) -> Result<Option<Passphrase>, CommandError> {
    if let Some(known) = cell.get() {
        return Ok(known.clone());
    }
    let read = read()?;
    Ok(cell.get_or_init(|| read).clone())
}

fn from_options(
    path: Option<&Path>,
    descriptor: Option<u32>,
) -> Result<Option<Passphrase>, CommandError> {
    match (path, descriptor) {
        (Some(path), _) => secret::from_file(path).map(Some),
        (None, Some(descriptor)) => secret::from_descriptor(descriptor).map(Some),
        (None, None) => Ok(None),
    }
}

fn ask_twice(question: &str) -> Result<Option<Passphrase>, CommandError> {
    let Some(first) = secret::ask(question)? else {
        return Ok(None);
    };
    let mut second = secret::ask("The same again: ")?.unwrap_or_default();
    let same = *first == *second;
    second.zeroize();
    match same {
        true => Ok(Some(first)),
        false => Err(denied("the two passphrases differ").hint("Run the command again.")),
    }
}

fn denied(context: impl Into<String>) -> CommandError {
    CommandError::new(ErrorKind::Denied, context)
}

fn missing(of: &str) -> CommandError {
    denied(format!(
        "the passphrase of {of} is missing, and there is no terminal to ask on"
    ))
    .hint(
        "Use --passphrase-file FILE or --passphrase-fd N, or set SMIME_PASSPHRASE or \
         SMIME_PASSPHRASE_FILE.",
    )
}

fn missing_for_file(name: &str) -> CommandError {
    denied(format!(
        "the passphrase of {name} is missing, and there is no terminal to ask on"
    ))
    .hint(
        "Use --file-passphrase-file FILE or --file-passphrase-fd N, or set SMIME_FILE_PASSPHRASE.",
    )
}

fn refuse_empty(passphrase: &str) -> Result<(), CommandError> {
    match passphrase.is_empty() {
        false => Ok(()),
        true => Err(denied("the passphrase of the keystore is empty").hint(
            "A variable or file that should hold it is empty; a keystore without a passphrase is \
             made with --no-passphrase.",
        )),
    }
}
