//! The ASN.1 structure of CMS objects and the like as a document.

use std::io;

use serde::Serialize;

use crate::asn1::dump::{Ending, Line, LineKind, dump};
use crate::commands::Context;
use crate::error::CommandError;
use crate::limits;
use crate::verdict::Verdict;

use super::asn1::{Encoding, broken};
use super::document::with_keys;

/// The keys that the document has more.
#[derive(Serialize)]
struct Keys {
    asn1: Vec<Structure>,
}

#[derive(Serialize)]
struct Structure {
    name: Option<String>,
    elements: Vec<Element>,
    /// Where and why it breaks.
    broken: Option<String>,
}

#[derive(Serialize)]
struct Element {
    offset: u64,
    depth: usize,
    header: u64,
    /// `null` for an indefinite length.
    length: Option<u64>,
    tag: String,
    constructed: bool,
    value: Option<String>,
}

pub(super) fn print_document(
    context: &Context,
    encodings: Vec<Encoding>,
) -> Result<(), CommandError> {
    let mut left = limits::ASN1_ELEMENTS;
    let mut structures = Vec::new();
    for encoding in encodings {
        let mut elements = Vec::new();
        let ending = dump(encoding.octets, encoding.values, &mut |line| {
            left = left.checked_sub(1).ok_or(io::ErrorKind::FileTooLarge)?;
            elements.extend(element(line));
            Ok(())
        });
        let broken = match ending {
            Ok(Ending::Complete) => None,
            Ok(Ending::Broken(error)) => Some(broken(error)?),
            Err(_) => {
                let limit = limits::ASN1_ELEMENTS;
                Some(format!(
                    "more than {limit} elements; without --json all are shown"
                ))
            }
        };
        structures.push(Structure {
            name: encoding.name,
            elements,
            broken,
        });
    }
    let keys = Keys { asn1: structures };
    context.print(&with_keys(context, &Verdict::default(), keys), |_| {})
}

/// Ends of contents and pieces beyond the first ones have no element of their own.
fn element(line: &Line) -> Option<Element> {
    let LineKind::Element {
        tag,
        length_of_header,
        length,
        value,
    } = &line.kind
    else {
        return None;
    };
    Some(Element {
        offset: line.offset,
        depth: line.depth,
        header: *length_of_header,
        length: *length,
        tag: tag.to_string(),
        constructed: tag.constructed,
        value: value.clone(),
    })
}
