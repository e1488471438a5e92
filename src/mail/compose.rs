//! Protected messages as they are sent: multipart/signed (RFC 1847, RFC 8551 section 3.5.3) and
//! application/pkcs7-mime (RFC 8551 section 3.2).
//!
//! The fields of the original stay outside with their octets; its Content-* fields went inside, in
//! the [signing form](crate::mail::signing_form). What is generated has the line ends of the
//! original, and so has the signed part as it is written: the signature is over the canonical form,
//! which is the same for both, since the signing form has no CR or LF that stands alone.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::crypto::random;
use crate::mail::canonical::LineEndWriter;
use crate::mail::conformance::is_content_field;
use crate::mail::header::HeaderLine;
use crate::mail::header_protection::confidentiality::outside;
use crate::mail::transfer_encoding::Base64Encoder;
use crate::mail::{HeaderField, HeaderFields, LineEnding};

/// Columns of base64 around CMS objects, the width that every program reads.
const COLUMNS: usize = 64;

/// What stands before the first delimiter, for programs without MIME.
const PREAMBLE: &str = "This is an S/MIME signed message";

/// What surrounds the protected content.
#[derive(Clone, Copy)]
pub struct Outer<'a> {
    header: Option<&'a HeaderFields>,
    line_ending: LineEnding,
    drop: &'a [&'a str],
    confidential: bool,
}

impl<'a> Outer<'a> {
    /// A message with the fields of `header`, except Content-*, MIME-Version, and those whose names
    /// are in `drop`, such as `Bcc`.
    pub fn message(
        header: &'a HeaderFields,
        line_ending: LineEnding,
        drop: &'a [&'a str],
    ) -> Outer<'a> {
        Outer {
            header: Some(header),
            line_ending,
            drop,
            confidential: false,
        }
    }

    /// The same, where the fields are protected inside an encrypted message: those that others need
    /// not see say less.
    pub fn confidential(self) -> Outer<'a> {
        Outer {
            confidential: true,
            ..self
        }
    }

    /// An entity without fields of a message, in canonical form: the content of another layer.
    pub fn entity() -> Outer<'static> {
        Outer {
            header: None,
            line_ending: LineEnding::Crlf,
            drop: &[],
            confidential: false,
        }
    }

    /// Starts a multipart/signed message; `micalg` is the digest's name, such as `sha-256`, or
    /// several with commas between them.
    ///
    /// # Errors
    /// There are no random numbers for the boundary; writing fails.
    pub fn clear_signed<W: Write>(&self, out: W, micalg: &str) -> io::Result<ClearSigned<W>> {
        // 128 random bits cannot be in the content by chance, and `=_` in no encoded line.
        let random: [u8; 16] = random::array().map_err(io::Error::other)?;
        let hex: String = random.iter().map(|octet| format!("{octet:02x}")).collect();
        let boundary = format!("=_smime_{hex}");
        let quote = if micalg.contains(',') { "\"" } else { "" };
        let mut out = self.begin(out)?;
        write!(
            out,
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n \
             micalg={quote}{micalg}{quote}; boundary=\"{boundary}\"\r\n\r\n\
             {PREAMBLE}\r\n\r\n--{boundary}\r\n"
        )?;
        Ok(ClearSigned { out, boundary })
    }

    /// Starts an application/pkcs7-mime message.
    ///
    /// # Errors
    /// Writing fails.
    pub fn pkcs7_mime<W: Write>(&self, out: W, content: Pkcs7Content) -> io::Result<Pkcs7Mime<W>> {
        let (smime_type, name) = (content.smime_type(), content.file_name());
        let mut out = self.begin(out)?;
        write!(
            out,
            "Content-Type: application/pkcs7-mime; smime-type={smime_type};\r\n \
             name=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n"
        )?;
        let encoder = Base64Encoder::new(out, COLUMNS, b"\r\n");
        Ok(Pkcs7Mime { encoder })
    }

    /// Writes the fields of the original, and MIME-Version.
    fn begin<W: Write>(&self, mut out: W) -> io::Result<LineEndWriter<W>> {
        let Some(header) = self.header else {
            return Ok(LineEndWriter::new(out, self.line_ending));
        };
        let shown = |field: HeaderField<'a>| {
            if self.drop.iter().any(|name| field.is(name)) {
                None
            } else if self.confidential {
                outside(&field)
            } else {
                Some(field.current())
            }
        };
        write_message_fields(header, shown, self.line_ending, &mut out)?;
        let mut out = LineEndWriter::new(out, self.line_ending);
        out.write_all(b"MIME-Version: 1.0\r\n")?;
        Ok(out)
    }
}

/// Whether a field belongs to the entity and not to the message (RFC 2045 section 3).
pub(super) fn is_mime_field(field: &HeaderField<'_>) -> bool {
    is_content_field(field.name()) || field.is("MIME-Version")
}

/// Writes what `shown` makes of the fields that are not the entity's, and the `From ` line of a
/// mailbox file.
///
/// Malformed lines are left out: programs that end a header at one would not see what follows.
pub(super) fn write_message_fields<'a>(
    header: &'a HeaderFields,
    mut shown: impl FnMut(HeaderField<'a>) -> Option<Cow<'a, [u8]>>,
    line_ending: LineEnding,
    out: &mut dyn Write,
) -> io::Result<()> {
    for line in header.lines() {
        let raw = match line {
            HeaderLine::Field(field) if !is_mime_field(&field) => shown(field),
            HeaderLine::MailboxSeparator(line) => Some(Cow::Borrowed(line)),
            HeaderLine::Field(_) | HeaderLine::Malformed(_) => None,
        };
        if let Some(raw) = raw {
            write_lines(&raw, line_ending, out)?;
        }
    }
    Ok(())
}

/// Writes lines with other line ends; the last one gets one too.
pub(super) fn write_lines(
    octets: &[u8],
    line_ending: LineEnding,
    out: &mut dyn Write,
) -> io::Result<()> {
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        out.write_all(line.strip_suffix(b"\r").unwrap_or(line))?;
        out.write_all(line_ending.as_str().as_bytes())?;
    }
    Ok(())
}

/// A multipart/signed message being written.
///
/// What is written to it is the signed part, in canonical form; the caller digests the same
/// octets. [`ClearSigned::finish`] adds the signature.
pub struct ClearSigned<W> {
    out: LineEndWriter<W>,
    boundary: String,
}

impl<W: Write> ClearSigned<W> {
    /// Writes the signature, a DER-encoded SignedData, and ends the message.
    ///
    /// # Errors
    /// Writing fails.
    pub fn finish(mut self, signature: &[u8]) -> io::Result<W> {
        // The first line end belongs to the delimiter: it is not signed.
        write!(
            self.out,
            "\r\n--{}\r\n\
             Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n\
             Content-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n",
            self.boundary
        )?;
        let mut encoder = Base64Encoder::new(self.out, COLUMNS, b"\r\n");
        encoder.write_all(signature)?;
        let mut out = encoder.finish()?;
        write!(out, "\r\n--{}--\r\n", self.boundary)?;
        out.finish()
    }
}

impl<W: Write> Write for ClearSigned<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.out.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What an application/pkcs7-mime body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkcs7Content {
    /// A SignedData with content.
    SignedData,
    /// An EnvelopedData.
    EnvelopedData,
    /// An AuthEnvelopedData.
    AuthEnvelopedData,
    /// A SignedData that only carries certificates.
    CertsOnly,
}

impl Pkcs7Content {
    /// The smime-type parameter (RFC 8551 section 3.2.2).
    pub fn smime_type(self) -> &'static str {
        match self {
            Pkcs7Content::SignedData => "signed-data",
            Pkcs7Content::EnvelopedData => "enveloped-data",
            Pkcs7Content::AuthEnvelopedData => "authEnveloped-data",
            Pkcs7Content::CertsOnly => "certs-only",
        }
    }

    /// The file name (RFC 8551 section 3.2.1).
    pub fn file_name(self) -> &'static str {
        match self {
            Pkcs7Content::CertsOnly => "smime.p7c",
            _ => "smime.p7m",
        }
    }
}

/// An application/pkcs7-mime message being written.
///
/// What is written to it is the CMS object. [`Pkcs7Mime::finish`] ends the message.
pub struct Pkcs7Mime<W> {
    encoder: Base64Encoder<LineEndWriter<W>>,
}

impl<W: Write> Pkcs7Mime<W> {
    /// Ends the message.
    ///
    /// # Errors
    /// Writing fails.
    pub fn finish(self) -> io::Result<W> {
        self.encoder.finish()?.finish()
    }
}

impl<W: Write> Write for Pkcs7Mime<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.encoder.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::mail::canonical::canonical_reader;
    use crate::mail::signing_form::SigningForm;
    use crate::mail::{Protection, conformance, protection, scan};
    use crate::source::Source;

    const MESSAGE: &str = "Received: from a\n\tby b\nFrom: a@example.com\nBcc: c@example.com\n\
        MIME-Version: 1.0\nSubject: Hi\nContent-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: 8bit\n\nGr\u{fc}\u{df}e \nFrom here\n";

    fn read(reader: &mut dyn Read) -> Vec<u8> {
        let mut octets = Vec::new();
        reader.read_to_end(&mut octets).unwrap();
        octets
    }

    #[test]
    fn a_clear_signed_message_keeps_the_signed_octets_in_either_line_end() {
        for text in [MESSAGE.to_owned(), MESSAGE.replace('\n', "\r\n")] {
            let source = Source::from_bytes(text.clone().into_bytes());
            let scanned = scan(&source).unwrap();
            let form = SigningForm::plan(&scanned, &source).unwrap();
            let digested = read(&mut form.reader());
            let outer = Outer::message(&scanned.root.header, scanned.line_ending, &["Bcc"]);
            let mut clear = outer.clear_signed(Vec::new(), "sha-256").unwrap();
            form.write(&mut clear).unwrap();
            let written = clear.finish(&[0x30; 100]).unwrap();

            let header = "Received: from a\n\tby b\nFrom: a@example.com\nSubject: Hi\n\
                MIME-Version: 1.0\nContent-Type: multipart/signed; ";
            let is_lf = !text.contains('\r');
            let header = if is_lf {
                header.to_owned()
            } else {
                header.replace('\n', "\r\n")
            };
            assert!(written.starts_with(header.as_bytes()));
            assert_eq!(written.contains(&b'\r'), !is_lf);

            let source = Source::from_bytes(written);
            let signed = scan(&source).unwrap();
            assert_eq!(conformance(&signed), []);
            let Protection::ClearSigned {
                content,
                signature,
                micalg,
                ..
            } = protection(&signed.root)
            else {
                panic!("not recognized");
            };
            assert_eq!(micalg.as_deref(), Some("sha-256"));
            assert_eq!(
                read(&mut canonical_reader(&content.source(&source))),
                digested
            );
            assert_eq!(
                signature.content_type.essence(),
                "application/pkcs7-signature"
            );
        }
    }

    #[test]
    fn an_opaque_message_is_base64_in_64_columns() {
        let header =
            HeaderFields::new(b"To: b@example.com\r\nContent-Type: text/html\r\n".to_vec());
        let outer = Outer::message(&header, LineEnding::Crlf, &[]);
        let mut opaque = outer
            .pkcs7_mime(Vec::new(), Pkcs7Content::AuthEnvelopedData)
            .unwrap();
        opaque.write_all(&[0; 50]).unwrap();
        let written = String::from_utf8(opaque.finish().unwrap()).unwrap();
        let expected = "To: b@example.com\r\nMIME-Version: 1.0\r\n\
            Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data;\r\n \
            name=\"smime.p7m\"\r\nContent-Transfer-Encoding: base64\r\n\
            Content-Disposition: attachment; filename=\"smime.p7m\"\r\n\r\n";
        let body = format!("{}\r\nAAA=\r\n", "A".repeat(64));
        assert_eq!(written, expected.to_owned() + &body);
    }

    #[test]
    fn an_entity_for_another_layer_has_no_fields_of_a_message() {
        let mut opaque = Outer::entity()
            .pkcs7_mime(Vec::new(), Pkcs7Content::SignedData)
            .unwrap();
        opaque.write_all(b"x").unwrap();
        let written = opaque.finish().unwrap();
        assert!(written.starts_with(b"Content-Type: application/pkcs7-mime"));
    }
}
