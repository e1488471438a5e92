//! `smime inspect`: what a message, object or file of certificates is, for whoever looks for a fault.

mod asn1;
mod asn1_document;
mod certificate;
mod certificate_list;
mod document;
mod file;
mod file_report;
mod findings;
mod layers;
mod message;
mod others;
mod pkcs12;
mod policy;
mod protected_header;
mod report;
mod subject;
mod tree;

use std::path::PathBuf;

use crate::commands::Context;
use crate::commands::lookup::TrustArgs;
use crate::error::{CommandError, ExitStatus};
use crate::smime::Input;
use crate::stdio::input_name;

use subject::Subject;

/// What to give where an input cannot be read.
const WHAT_IS_READ: &str = "Give a message, a CMS object, certificates, a certification request, a \
    CRL, a private key, a PKCS #12 file or a policy file.";

/// Show everything about a message, a CMS object, certificates, keys or a policy.
///
/// For a message: the tree of its parts, the layers with algorithms, signers, recipients and
/// certificates, every finding at its place, and the one next step. Encrypted layers are opened with
/// the keys that are held. Nothing is stored and nothing is accepted: exit status 0 says that the
/// input could be read, whatever is wrong with it.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime inspect message.eml\n  \
    smime inspect --identity me.p12 smime.p7m\n  \
    smime inspect message.eml --part 1.2 -o attachment.pdf\n  \
    smime inspect --asn1 smime.p7s")]
pub(super) struct Args {
    /// What to inspect; `-` or nothing for stdin.
    ///
    /// A message, a CMS object (DER, BER or PEM), certificates (PEM, DER or PKCS #7), a CRL, a
    /// certification request, a private key, a PKCS #12 file, or a policy.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The content of a detached signature, where FILE is a bare CMS object.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Show the ASN.1 structure of every CMS object, or of the file, as far as it can be read.
    #[arg(long, conflicts_with = "part")]
    asn1: bool,
    /// Write one part, by the number that the tree of parts shows; 0 is the message.
    ///
    /// A multipart comes out whole, with its header; any other part as its content,
    /// transfer-decoded. Nobody vouches for it: use `smime verify` for content that is to be trusted.
    #[arg(long, value_name = "PATH")]
    part: Option<String>,
    /// Decrypt with the identity in FILE instead of stored ones: PKCS #12, or PEM with key and
    /// certificate.
    #[arg(long, value_name = "FILE")]
    identity: Vec<PathBuf>,
    #[command(flatten)]
    trust: TrustArgs,
}

/// Tells that something was not `done` (decrypted, opened) for want of a passphrase.
fn warn_of_locked(context: &Context, done: &str, error: &CommandError) {
    let console = context.console();
    console.warning(format_args!("not {done}: {}", error.summary()));
    error.hints().iter().for_each(|hint| console.hint(hint));
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let source = context.input(args.file.as_deref())?;
    let name = input_name(args.file.as_deref());
    if source.is_empty() {
        return Err(CommandError::data(format!("{name} is empty")).hint(WHAT_IS_READ));
    }
    let subject = Subject::of(&source, &name)?;
    if args.content.is_some() && !matches!(subject, Subject::Object(_)) {
        return Err(CommandError::usage(format!("{name} is no bare CMS object"))
            .hint("Leave out --content."));
    }
    match subject {
        subject if args.asn1 => asn1::run(&args, context, subject, &source),
        Subject::Message(message) => message::run(&args, context, Input::Message(message)),
        Subject::Object(object) => {
            let content = args
                .content
                .as_deref()
                .map(|path| context.input(Some(path)));
            let content = content.transpose()?;
            message::run(&args, context, Input::Object { object, content })
        }
        Subject::File(_) | Subject::Policy(_) if args.part.is_some() => Err(CommandError::usage(
            format!("{name} is no message, so it has no parts"),
        )
        .hint("Leave out --part.")),
        Subject::Policy(octets) => policy::run(context, &octets, &name),
        Subject::File(octets) => file::run(&args, context, &octets, &name),
    }
}
