//! Whether a message conforms to MIME, so that it can be signed or encrypted.
//!
//! What does not conform is read differently by different programs; signing it would vouch for
//! something unknown. The judgement covers the form only: From, Date and Message-ID are not asked
//! for. Sloppy forms that all programs read alike are let through (see
//! [`ContentType::parse`](crate::mail::ContentType::parse)).

use crate::limits;
use crate::mail::content_type::{ContentType, REPEATED};
use crate::mail::entity::{Entity, Problem, Scan, TransferEncoding};
use crate::mail::header::{HeaderField, HeaderFields, HeaderLine, octets_to_text};
use crate::mail::lexer::Lexer;
use crate::reason::{Reason, Severity};
use crate::verdict::Finding;

/// What keeps a message from conforming to MIME; empty if it conforms.
pub fn conformance(scan: &Scan) -> Vec<Finding> {
    let mut findings = Vec::from_iter(mime_version(scan));
    findings.extend(entity_conformance(scan));
    findings
}

/// The same for a MIME entity, such as decrypted content, which needs no MIME-Version field.
pub fn entity_conformance(scan: &Scan) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut entities = scan.root.walk();
    // Behind the last entity that was counted no delimiter was looked for.
    let is_whole = !entities.any(|entity| entity.problems.contains(&Problem::TooManyParts));
    for entity in scan.root.walk() {
        let finding = |reason| Finding::new(reason).at(entity.place());
        header(entity, &mut |reason, why, line: &[u8]| {
            let finding = finding(reason).saying(why);
            findings.push(match line {
                [] => finding,
                line => finding.with("line", excerpt(line)),
            });
        });
        fields(entity, &mut |reason, why, value: String| {
            findings.push(finding(reason).saying(why).with("value", value));
        });
        structure(entity, &mut |reason, why| {
            if is_whole || reason != Reason::MailBoundaryUnterminated {
                findings.push(finding(reason).saying(why));
            }
        });
    }
    findings
}

/// RFC 2045 section 4, and section 5.2 for messages without the field.
fn mime_version(scan: &Scan) -> Option<Finding> {
    let header = &scan.root.header;
    let finding = |why: &str| Some(Finding::new(Reason::MailNotMime).saying(why));
    match header.first("MIME-Version") {
        Some(field) if is_version_1_0(&field.unfolded()) => None,
        Some(field) => finding("the MIME-Version field is not `1.0`")
            .map(|finding| finding.with("value", field.value())),
        None if header.fields().any(|field| is_content_field(field.name())) => {
            finding("there are Content-* fields but no MIME-Version field")
        }
        None if !scan.facts.is_7bit() => {
            finding("there is no MIME-Version field, and not all lines are 7-bit")
        }
        None => None,
    }
}

/// Whether a field is one that MIME defines the meaning of (RFC 2045 section 9).
pub(crate) fn is_content_field(name: &str) -> bool {
    let prefix = "content-";
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Comments are allowed even between the digits, as the example in RFC 2045 section 4 shows.
fn is_version_1_0(body: &[u8]) -> bool {
    let mut lexer = Lexer::new(body);
    for octet in b"1.0" {
        if lexer.skip_cfws().is_err() || !lexer.take(*octet) {
            return false;
        }
    }
    lexer.skip_cfws().is_ok() && lexer.is_at_end()
}

const NO_FIELD: &str = "a header line is neither a field nor folded";
const OBSOLETE: &str = "white space stands before the colon of a header field";
const SEPARATOR: &str = "the header starts with the `From ` line of a mailbox";

/// The lines of the header.
fn header(entity: &Entity, report: &mut dyn FnMut(Reason, &'static str, &[u8])) {
    let malformed = Reason::MailHeaderMalformed;
    for line in entity.header.lines() {
        match line {
            HeaderLine::Malformed(line) => {
                report(malformed, NO_FIELD, line);
                break;
            }
            HeaderLine::MailboxSeparator(line) => report(malformed, SEPARATOR, line),
            HeaderLine::Field(_) => {}
        }
    }
    if entity.header_facts.has_nul() {
        report(malformed, "the header holds a NUL", &[]);
    }
    if entity.header_facts.bare_cr > 0 {
        report(malformed, "the header holds a bare CR", &[]);
    }
    for problem in &entity.problems {
        match problem {
            Problem::HeaderTooLarge => report(malformed, "the header is too large", &[]),
            Problem::HeaderUnterminated => {
                report(malformed, "the header runs into a delimiter", &[]);
            }
            Problem::TooDeep | Problem::TooManyParts => {}
        }
    }
}

/// Why programs may differ in what an entity is: they may end its header at another line, fields say
/// different things about it, or a parameter does. `None` if all read it alike.
///
/// The `From ` line of a mailbox before a message is a warning: filters and mail servers put it
/// there, and every program goes on behind it. At a line that is no field, or has white space before
/// its colon, Python's email package and mutt end the header and show the rest as text; OpenSSL,
/// JavaMail and mail-parser go on.
pub fn ambiguity(entity: &Entity) -> Option<Finding> {
    let malformed = |why: String| Finding::new(Reason::MailHeaderMalformed).saying(why);
    let header = &entity.header;
    let mut separator = None;
    for line in header.lines() {
        let (why, line) = match line {
            HeaderLine::Field(field) if field.is_obsolete() => (OBSOLETE, field.raw()),
            HeaderLine::Field(_) => continue,
            HeaderLine::MailboxSeparator(line) if entity.path.is_empty() => {
                let finding = malformed(SEPARATOR.to_owned()).weighing(Severity::Warning);
                separator = Some(finding.with("line", excerpt(line)).hinting(
                    "Take the line away: it belongs to a mailbox file, not to the message.",
                ));
                continue;
            }
            HeaderLine::MailboxSeparator(line) => (SEPARATOR, line),
            HeaderLine::Malformed(line) => (NO_FIELD, line),
        };
        let finding = malformed(why.to_owned()).with("line", excerpt(line));
        return Some(finding.hinting(
            "Programs that end the header at this line show something else than what was judged; \
             find the relay or filter that put it there.",
        ));
    }
    if let Some(why) = unreadable(entity) {
        return Some(malformed(why.to_owned()));
    }
    for name in ["Content-Type", "Content-Transfer-Encoding"] {
        let mut values = header.all(name).map(|field| field.value());
        let first = values.next();
        if values.any(|value| Some(value) != first) {
            return Some(malformed(format!("there are several {name} fields")));
        }
    }
    let repeated = header.first("Content-Type").and_then(|content_type| {
        let (_, malformed) = ContentType::read(&content_type.unfolded());
        malformed.filter(|malformed| *malformed == REPEATED)
    });
    if let Some(what) = repeated {
        return Some(malformed(format!("in the Content-Type field {what}")));
    }
    encoded_composite(entity).map_or(separator, |why| {
        let finding = Finding::new(Reason::MailTransferEncodingInvalid).saying(why);
        Some(finding.with("value", &entity.transfer_encoding))
    })
}

/// That parts are inside an entity which is labelled as encoded as a whole. Most programs take no
/// notice of the label, some decode by it, and JavaMail does as it is told.
fn encoded_composite(entity: &Entity) -> Option<String> {
    let is_encoded = !entity.transfer_encoding.is_identity() && is_composite(&entity.content_type);
    let essence = entity.content_type.essence();
    is_encoded.then(|| format!("{essence} must be 7bit, 8bit or binary"))
}

/// What keeps a header from being read to its end by every program; `None` if nothing does.
pub(crate) fn unreadable(entity: &Entity) -> Option<&'static str> {
    if entity.problems.contains(&Problem::HeaderTooLarge) {
        Some("the header is too large to be read to its end")
    } else if entity.header_facts.has_nul() {
        Some("the header holds a NUL")
    } else if entity.header_facts.bare_cr > 0 {
        Some("the header holds a bare CR, which other programs read as a line end")
    } else {
        None
    }
}

/// Content-Type, Content-Transfer-Encoding, and repeated fields.
fn fields(entity: &Entity, report: &mut dyn FnMut(Reason, String, String)) {
    let header = &entity.header;
    for name in ["MIME-Version", "Content-Type", "Content-Transfer-Encoding"] {
        if let Some(second) = header.all(name).nth(1) {
            report(
                Reason::MailNotMime,
                format!("there are several {name} fields"),
                second.value(),
            );
        }
    }
    let parse = |field: HeaderField<'_>| ContentType::parse(&field.unfolded()).map(drop);
    if let Some(field) = header.first("Content-Type")
        && let Err(malformed) = parse(field)
    {
        let why = format!("the Content-Type field cannot be parsed: {malformed}");
        report(Reason::MailNotMime, why, field.value());
    }
    transfer_encoding(entity, header, report);
}

fn transfer_encoding(
    entity: &Entity,
    header: &HeaderFields,
    report: &mut dyn FnMut(Reason, String, String),
) {
    let Some(field) = header.first("Content-Transfer-Encoding") else {
        return;
    };
    let (encoding, malformed) = TransferEncoding::read(&field.unfolded());
    if let Some(malformed) = malformed {
        let why = format!("the Content-Transfer-Encoding field cannot be parsed: {malformed}");
        report(Reason::MailNotMime, why, field.value());
    } else if let TransferEncoding::Unknown(_) = encoding {
        let why = "the Content-Transfer-Encoding is unknown".to_owned();
        report(Reason::MailTransferEncodingInvalid, why, field.value());
    } else if let Some(why) = encoded_composite(entity) {
        report(Reason::MailTransferEncodingInvalid, why, field.value());
    }
}

/// The composite types (RFC 2045 section 6.4). Types that came later may be encoded: message/global
/// and its relatives (RFC 6532 section 3.7), and reports, which hold no entity.
fn is_composite(content_type: &ContentType) -> bool {
    content_type.type_ == "multipart"
        || (content_type.type_ == "message"
            && ["rfc822", "partial", "external-body"].contains(&content_type.subtype.as_str()))
}

/// Boundaries, delimiters and limits.
fn structure(entity: &Entity, report: &mut dyn FnMut(Reason, &'static str)) {
    for problem in &entity.problems {
        match problem {
            Problem::TooDeep => report(Reason::MailNestingTooDeep, "entities nest too deeply"),
            Problem::TooManyParts => {
                report(Reason::MailNestingTooDeep, "there are too many entities");
            }
            Problem::HeaderTooLarge | Problem::HeaderUnterminated => {}
        }
    }
    if let Some((reason, why)) = boundary(entity) {
        report(reason, why);
    }
}

/// What keeps a multipart from being cut into its parts: no boundary, no delimiter, or no close
/// delimiter (RFC 2046 section 5.1.1). `None` if nothing does, or it is no multipart.
pub fn boundary(entity: &Entity) -> Option<(Reason, &'static str)> {
    if !entity.is_multipart() || entity.problems.contains(&Problem::TooDeep) {
        return None;
    }
    let missing = Reason::MailBoundaryMissing;
    match entity.content_type.boundary() {
        None => Some((missing, "a multipart has no boundary parameter")),
        Some(boundary) if boundary.len() > limits::BOUNDARY_LENGTH => {
            Some((missing, "the boundary is longer than a line"))
        }
        Some(_) if entity.children.is_empty() => {
            Some((missing, "the delimiter of a multipart never occurs"))
        }
        Some(_) if !entity.closed => Some((
            Reason::MailBoundaryUnterminated,
            "a multipart has no close delimiter",
        )),
        Some(_) => None,
    }
}

/// The beginning of a line, for the detail of a finding.
fn excerpt(line: &[u8]) -> String {
    octets_to_text(&line[..line.len().min(80)])
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::scanner::scan_reader;

    fn codes(text: &str) -> Vec<&'static str> {
        let [lf, crlf] = [text.to_owned(), text.replace('\n', "\r\n")].map(|text| {
            let findings = conformance(&scan_reader(text.as_bytes()).unwrap());
            findings.iter().map(|f| f.reason.code()).collect::<Vec<_>>()
        });
        assert_eq!(lf, crlf, "{text}");
        lf
    }

    #[test]
    fn the_version_field_is_asked_for_where_mime_is_used() {
        for (text, expected) in [
            ("MIME-Version: 1.0\n\nbody", &[][..]),
            ("mime-version: (a) 1 (b) . (c) 0 (d)\n\nbody", &[]),
            ("MIME-Version: 1.0\nContent-Type: text/plain\n\n\u{e4}", &[]),
            ("Subject: x\n\nbody", &[]),
            ("MIME-Version: 1.1\n\nbody", &["mail.not-mime"]),
            ("MIME-Version:\n\nbody", &["mail.not-mime"]),
            ("MIME-Version: 1.0 x\n\nbody", &["mail.not-mime"]),
            ("Subject: x\n\n\u{e4}", &["mail.not-mime"]),
            ("Subject: \u{e4}\n\nbody", &["mail.not-mime"]),
            ("Subject: x\n\n\0", &["mail.not-mime"]),
            ("content-TYPE: text/plain\n\nbody", &["mail.not-mime"]),
            ("Content-Length: 4\n\nbody", &["mail.not-mime"]),
            (
                "MIME-Version: 1.0\nMIME-Version: 1.0\n\nbody",
                &["mail.not-mime"],
            ),
        ] {
            assert_eq!(codes(text), expected, "{text}");
        }
        let scan = scan_reader(&b"Content-Type: text/plain\n\nbody"[..]).unwrap();
        assert!(entity_conformance(&scan).is_empty());
    }

    #[test]
    fn content_fields_parse_in_every_part() {
        for (field, expected) in [
            ("Content-Type: text/plain; charset=us-ascii;", &[][..]),
            ("Content-Type: text/plain; name=a b", &["mail.not-mime"]),
            ("Content-Type: text", &["mail.not-mime"]),
            ("Content-Type: a/b\nContent-Type: a/b", &["mail.not-mime"]),
            ("Content-Transfer-Encoding: BASE64 (x)", &[]),
            (
                "Content-Transfer-Encoding: x-token",
                &["mail.transfer-encoding-invalid"],
            ),
            (
                "Content-Transfer-Encoding: 8-bit",
                &["mail.transfer-encoding-invalid"],
            ),
            ("Content-Transfer-Encoding:", &["mail.not-mime"]),
            ("Content-Transfer-Encoding: 7bit; x", &["mail.not-mime"]),
            (
                "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64",
                &["mail.not-mime"],
            ),
            ("no field", &["mail.header-malformed"]),
        ] {
            let root = format!("MIME-Version: 1.0\n{field}\n\nbody");
            assert_eq!(codes(&root), expected, "{field}");
            let part = format!(
                "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=BB\n\n\
                 --BB\n\n--BB\n{field}\n\nbody\n--BB--\n"
            );
            assert_eq!(codes(&part), expected, "{field}");
            for finding in conformance(&scan_reader(part.as_bytes()).unwrap()) {
                assert_eq!(finding.place.part.as_deref(), Some("2"));
                assert!(!finding.detail.is_empty());
            }
        }
    }

    #[test]
    fn headers_that_programs_read_differently_are_ambiguous() {
        let reject = Some(Severity::Reject);
        for (header, ambiguous) in [
            ("Content-Type: a/b; x=y", None),
            ("Content-Type: a/b; x=y; bad", None),
            ("Content-Type: a/b\nContent-Type: a/b", None),
            ("Content-Type: a/b\nContent-Type: a/c", reject),
            (
                "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64",
                reject,
            ),
            ("Content-Type: a/b; bad; x=y; x=z", reject),
            ("Content-Type: a/b; boundary=y; boundary*=z", reject),
            ("Content-Type: a/b; name=y; name*=z", None),
            ("A: b\nno field\nContent-Type: a/b", reject),
            ("A: b\n: no name\nContent-Type: a/b", reject),
            ("A : b\nContent-Type: a/b", reject),
            ("Content-Type\t: a/b", reject),
            ("A: b\n>From c\nContent-Type: a/b", reject),
            ("A: b\nFrom c\nContent-Type: a/b", reject),
            ("From c\nFrom c\nContent-Type: a/b", reject),
            ("From c\n d\nContent-Type: a/b", reject),
            ("From c\nContent-Type: a/b", Some(Severity::Warning)),
            ("From c\nContent-Type: a/b\nContent-Type: a/c", reject),
            ("A: \0\nContent-Type: a/b", reject),
            ("A: b\rc\nContent-Type: a/b", reject),
            (
                "Content-Type: multipart/a; boundary=b\nContent-Transfer-Encoding: Base64",
                reject,
            ),
            (
                "Content-Type: multipart/a; boundary=b\nContent-Transfer-Encoding: 8bit",
                None,
            ),
            ("Content-Type: a/b\nContent-Transfer-Encoding: base64", None),
        ] {
            let mut scan = scan_reader(format!("{header}\n\nbody").as_bytes()).unwrap();
            let severity = |entity: &Entity| ambiguity(entity).map(|finding| finding.severity);
            assert_eq!(severity(&scan.root), ambiguous, "{header}");
            // No mailbox puts its line before a part.
            scan.root.put_under("1");
            let part = ambiguous.and(reject);
            assert_eq!(severity(&scan.root), part, "{header}");
        }
    }

    #[test]
    fn composite_parts_are_not_encoded() {
        for (type_, encoding, conforms) in [
            ("multipart/mixed; boundary=BB", "8bit", true),
            ("multipart/mixed; boundary=BB", "binary", true),
            ("multipart/mixed; boundary=BB", "base64", false),
            ("multipart/mixed; boundary=BB", "quoted-printable", false),
            ("message/rfc822", "base64", false),
            ("message/partial; id=a; number=1", "quoted-printable", false),
            ("message/global", "base64", true),
            ("message/delivery-status", "base64", true),
            ("application/octet-stream", "base64", true),
        ] {
            let text = format!(
                "MIME-Version: 1.0\nContent-Type: {type_}\n\
                 Content-Transfer-Encoding: {encoding}\n\n--BB\n\n\n--BB--\n"
            );
            let expected: &[_] = if conforms {
                &[]
            } else {
                &["mail.transfer-encoding-invalid"]
            };
            assert_eq!(codes(&text), expected, "{type_} {encoding}");
        }
    }
}
