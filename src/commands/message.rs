//! What the message commands share: reading the input, and how failures end.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::asn1::pem;
use crate::commands::batch::{FileArgs, Plan, Without};
use crate::commands::{Context, TimeChoice};
use crate::error::{CommandError, ErrorKind};
use crate::limits;
use crate::reason::Reason;
use crate::smime::{Input, JudgementTime, Release, SmimeError};
use crate::source::{InputChanged, Source};
use crate::stdio::{Access, Output, input_name};
use crate::verdict::Verdict;

/// What to give where an input cannot be read.
pub(super) const WHAT_IS_READ: &str =
    "The input has to be a mail message or a CMS object (DER, BER or PEM).";

/// What a message command reads that takes bare objects too.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct InputArgs {
    #[command(flatten)]
    files: FileArgs,
    /// The content of a detached signature, where FILE is a bare CMS object (DER, BER or PEM).
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
}

impl InputArgs {
    /// Looks what is to be done with which file.
    ///
    /// # Errors
    /// As [`FileArgs::plan`]; `--content` stands beside several files (2).
    pub(super) fn plan(
        &self,
        without: Without,
        context: &Context,
    ) -> Result<Plan<'_>, CommandError> {
        context.refuse_shared_stdout()?;
        let plan = self.files.plan(without, context)?;
        match (&plan, &self.content) {
            (Plan::Several(files), Some(_)) if files.len() > 1 => {
                let what = "--content is the content of one signature, and several files are given";
                Err(CommandError::usage(what).hint("Verify detached signatures one by one."))
            }
            _ => Ok(plan),
        }
    }

    /// Opens the input at `path` and tells messages from bare objects.
    ///
    /// # Errors
    /// It cannot be read (66), is empty, or neither of the two (65).
    pub(super) fn open(
        &self,
        path: Option<&Path>,
        context: &Context,
    ) -> Result<Input, CommandError> {
        let source = context.input(path)?;
        let name = input_name(path);
        let content = self
            .content
            .as_deref()
            .map(|path| context.input(Some(path)))
            .transpose()?;
        if source.is_empty() {
            return Err(CommandError::data(format!("{name} is empty")).hint(WHAT_IS_READ));
        }
        match bare_object(&source, &name)? {
            Some(object) => Ok(Input::Object { object, content }),
            None if content.is_some() => Err(CommandError::usage(format!(
                "{name} is no bare CMS object, which --content would go with"
            ))
            .hint("Leave out --content; a message has its content.")),
            None => Ok(Input::Message(source)),
        }
    }
}

/// The DER or BER of a bare CMS object; `None` if the input looks like a message.
fn bare_object(source: &Source, name: &str) -> Result<Option<Source>, CommandError> {
    let failed = |error| CommandError::io(format!("cannot read {name}"), error);
    let start = source
        .slice(0..64)
        .read_all(64)
        .map_err(failed)?
        .unwrap_or_default();
    // A SEQUENCE with a long length: no message starts with such octets.
    if matches!(start.as_slice(), [0x30, 0x80..=0xff, ..]) {
        return Ok(Some(source.clone()));
    }
    if !start.trim_ascii_start().starts_with(b"-----BEGIN ") {
        return Ok(None);
    }
    let text = source
        .read_all(limits::OBJECT_SIZE)
        .map_err(failed)?
        .ok_or_else(|| {
            CommandError::data(format!(
                "cannot read {name}: PEM larger than {} MiB",
                limits::OBJECT_SIZE >> 20
            ))
        })?;
    let frames = pem::decode_all(&text).map_err(|error| {
        CommandError::data(format!("cannot read {name}"))
            .caused_by(error)
            .hint(WHAT_IS_READ)
    })?;
    let object = frames
        .into_iter()
        .find(|frame| matches!(frame.label.as_str(), "CMS" | "PKCS7"));
    match object {
        Some(frame) => Ok(Some(Source::from_bytes(frame.der.to_vec()))),
        None => Err(
            CommandError::data(format!("{name} holds no CMS object and no message"))
                .hint("Look at it with `smime inspect`."),
        ),
    }
}

impl Context {
    /// When to judge a message.
    pub(super) fn judgement_time(&self) -> JudgementTime {
        let now = super::context::clock();
        match self.time_choice() {
            None => JudgementTime::At(now),
            Some(TimeChoice::At(time)) => JudgementTime::At(time),
            Some(TimeChoice::SigningTime) => JudgementTime::SigningTime { otherwise: now },
            Some(TimeChoice::Received) => JudgementTime::Received { otherwise: now },
        }
    }
}

/// Writes a message to its place and puts it there, if there is one.
///
/// # Errors
/// As `write`, told about the input at `path`; or writing fails, told about the output.
pub(super) fn write_message(
    output: Option<Output>,
    write: impl FnOnce(&mut dyn Write) -> Result<(), SmimeError>,
    (doing, path): (&str, Option<&Path>),
) -> Result<(), CommandError> {
    let Some(output) = output else { return Ok(()) };
    let mut tracked = Tracked {
        output,
        has_failed: false,
    };
    match write(&mut tracked) {
        Ok(()) => tracked.output.commit(),
        Err(SmimeError::Io(error)) if tracked.has_failed => Err(tracked.output.failed(error)),
        Err(error) => Err(smime_error(error, doing, path)),
    }
}

/// Tells failures of writing from those of reading.
struct Tracked {
    output: Output,
    has_failed: bool,
}

impl Write for Tracked {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.output
            .write(octets)
            .inspect_err(|_| self.has_failed = true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush().inspect_err(|_| self.has_failed = true)
    }
}

impl Context {
    /// Writes what an accepting verdict releases.
    ///
    /// # Errors
    /// As [`write_message`].
    pub(super) fn write_release(
        &self,
        release: Option<Release>,
        what: (&str, Option<&Path>),
    ) -> Result<(), CommandError> {
        let Some(release) = release else {
            return Ok(());
        };
        let output = self.message_output(Access::Shared)?;
        write_message(output, |out| Ok(release.write(out)?), what)
    }
}

/// How a failure of the S/MIME layer ends, told about the input called `name`.
pub(super) fn smime_error(error: SmimeError, doing: &str, path: Option<&Path>) -> CommandError {
    let what = format!("cannot {doing} {}", input_name(path));
    match error {
        SmimeError::Unreadable(cause) => {
            CommandError::data(what).caused_by(cause).hint(WHAT_IS_READ)
        }
        SmimeError::NotMime(findings) => {
            let mut error = CommandError::data(format!("{what}: it does not conform to MIME"));
            if let Some(finding) = findings.first() {
                let part = match &finding.place.part {
                    Some(part) => format!(" (part {part})"),
                    None => String::new(),
                };
                error = error
                    .caused_by(format!("{} [{}]{part}", finding.summary(), finding.reason))
                    .hint(finding.hint())
                    .hint_if(
                        finding.reason != Reason::MailNotMime,
                        format!("`smime reasons {}` tells more.", finding.reason),
                    );
            }
            let verdict = Verdict {
                findings,
                ..Verdict::default()
            };
            error.with_verdict(verdict)
        }
        SmimeError::Lookup(error) => match error.0.downcast::<crate::keystore::KeystoreError>() {
            Ok(error) => (*error).into(),
            Err(error) => CommandError::new(ErrorKind::Io, what).caused_by(error),
        },
        SmimeError::Io(error) => CommandError::io(what, error),
        SmimeError::InputChanged => CommandError::io(what, io::Error::other(InputChanged)),
        error @ (SmimeError::Key(_) | SmimeError::Cms(_)) => {
            CommandError::new(ErrorKind::NoCertificate, what).caused_by(error)
        }
    }
}
