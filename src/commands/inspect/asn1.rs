//! The ASN.1 structure of CMS objects, certificates and whatever else is BER.

use std::io::{self, BufRead, BufReader, Write};

use crate::asn1::ber::BerError;
use crate::asn1::dump::{Ending, Line, LineKind, Values, dump};
use crate::asn1::pem;
use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};
use crate::mail;
use crate::mail::transfer_encoding::is_invalid_encoding;
use crate::pki::certificate_file::FileKind;
use crate::pki::pkcs12::PEM_LABEL;
use crate::smime::Input;
use crate::source::Source;
use crate::stdio::{Access, Output, Style, Text};

use super::Args;
use super::asn1_document::print_document;
use super::subject::Subject;

/// One encoding that is shown.
pub(super) struct Encoding {
    /// The part that it is the content of, or the label of its PEM frame.
    pub(super) name: Option<String>,
    pub(super) octets: Box<dyn BufRead>,
    pub(super) values: Values,
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    subject: Subject,
    source: &Source,
) -> Result<ExitStatus, CommandError> {
    let encodings = match subject {
        Subject::Object(object) => vec![whole(&object, Values::Shown)],
        Subject::File(octets) if pem::is_pem(&octets) => frames(&octets)?,
        Subject::File(octets) => {
            let values = match FileKind::of(&octets) {
                FileKind::PrivateKey | FileKind::Pkcs12 => Values::Hidden,
                _ => Values::Shown,
            };
            vec![whole(source, values)]
        }
        Subject::Policy(_) => {
            let what = "a policy file has no ASN.1 structure";
            return Err(CommandError::usage(what).hint("Leave out --asn1."));
        }
        // What is no message either is shown as far as it goes.
        Subject::Message(message) if mail::scan(&message).is_err() => {
            vec![whole(&message, Values::Shown)]
        }
        Subject::Message(message) => objects(args, context, message)?,
    };
    if encodings.is_empty() {
        context.console().warning("the message holds no CMS object");
    }
    match context.is_json() {
        true => print_document(context, encodings)?,
        false => print_text(context, encodings)?,
    }
    Ok(ExitStatus::DONE)
}

fn whole(source: &Source, values: Values) -> Encoding {
    Encoding {
        name: None,
        octets: Box::new(source.reader()),
        values,
    }
}

fn frames(octets: &[u8]) -> Result<Vec<Encoding>, CommandError> {
    let frames = pem::decode_all(octets)
        .map_err(|error| CommandError::data("cannot read the PEM frames").caused_by(error))?;
    let encodings = frames.into_iter().map(|frame| Encoding {
        values: match &*frame.label {
            label if label.ends_with("PRIVATE KEY") || label == PEM_LABEL => Values::Hidden,
            _ => Values::Shown,
        },
        name: Some(frame.label),
        octets: Box::new(io::Cursor::new(frame.der)),
    });
    Ok(encodings.collect())
}

/// The objects of a message, those in layers that can be opened included.
fn objects(args: &Args, context: &Context, message: Source) -> Result<Vec<Encoding>, CommandError> {
    let inspection = super::message::look(args, context, Input::Message(message))?;
    let objects = inspection.objects.iter().filter_map(|path| {
        let part = inspection.require_part(path).ok()?;
        Some(Encoding {
            name: Some(format!("part {path}")),
            octets: Box::new(BufReader::new(part.reader())),
            values: Values::Shown,
        })
    });
    Ok(objects.collect())
}

fn print_text(context: &Context, encodings: Vec<Encoding>) -> Result<(), CommandError> {
    let mut output = Output::open(context.output_path(), Access::Shared)?;
    let color = context.colors_output();
    for (index, encoding) in encodings.into_iter().enumerate() {
        let mut text = Text::new(color);
        if index > 0 {
            text.end();
        }
        if let Some(name) = &encoding.name {
            text.styled(Style::Head, name).end();
        }
        text.styled(Style::Head, "  offset depth header   length  element")
            .end();
        output.write_octets(text.as_str().as_bytes())?;
        let ending = dump(encoding.octets, encoding.values, &mut |line| {
            let mut text = Text::new(color);
            describe(line, &mut text);
            output.write_all(text.as_str().as_bytes())
        });
        if let Ending::Broken(error) = ending.map_err(|error| output.failed(error))? {
            let mut text = Text::new(color);
            text.styled(Style::Bad, "broken here")
                .add(": ")
                .line(broken(error)?);
            output.write_octets(text.as_str().as_bytes())?;
        }
    }
    output.commit()
}

fn describe(line: &Line, text: &mut Text) {
    let Line { depth, offset, .. } = line;
    text.add(format_args!("{offset:8} {depth:5} "));
    let indent = 2 * depth;
    match &line.kind {
        LineKind::Element {
            tag,
            length_of_header,
            length,
            value,
        } => {
            let length = length.map_or("open".to_owned(), |length| length.to_string());
            text.add(format_args!(
                "{length_of_header:6} {length:>8}  {:indent$}{tag}",
                ""
            ));
            if let Some(value) = value {
                text.add(format_args!(" {value}"));
            }
        }
        LineKind::EndOfContents => {
            text.add(format_args!(
                "{:6} {:>8}  {:indent$}end of contents",
                2, 0, ""
            ));
        }
        LineKind::MorePieces { count, octets } => {
            text.add(format_args!(
                "{:6} {octets:8}  {:indent$}and {count} more pieces",
                "", ""
            ));
        }
    }
    text.end();
}

/// What breaks the encoding; a failure of reading is an error.
pub(super) fn broken(error: BerError) -> Result<String, CommandError> {
    match error {
        BerError::Io(error) if !is_invalid_encoding(&error) => {
            Err(CommandError::io("cannot read the encoding", error))
        }
        error => Ok(error.to_string()),
    }
}
