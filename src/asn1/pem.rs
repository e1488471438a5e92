//! PEM frames: textual encodings of certificates, keys and CMS objects (RFC 7468, and RFC 1421 for
//! the headers of old private keys).
//!
//! Files met in practice have Windows line ends, trailing blanks, lines of any width, missing
//! padding and prose between the frames; all of that is read. What is written is strict.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use zeroize::Zeroizing;

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PemFrame {
    /// What stands after `BEGIN`, such as `CERTIFICATE`.
    pub label: String,
    /// Header fields before the data, such as `Proc-Type` and `DEK-Info`, in order.
    pub headers: Vec<(String, String)>,
    /// The decoded data, which may be a private key.
    pub der: Zeroizing<Vec<u8>>,
}

/// Why a text that has PEM frames cannot be read. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct PemError {
    /// The line.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

/// Whether there is a line that begins a frame.
pub fn is_pem(octets: &[u8]) -> bool {
    first_label(octets).is_some()
}

/// The label of the first frame, where a line begins one.
pub fn first_label(octets: &[u8]) -> Option<&str> {
    lines(octets).find_map(begin_label)
}

/// Decodes every frame, in order. The text around frames is passed over.
///
/// # Errors
/// A frame has no end, an end with another label, or data that is not base64.
pub fn decode_all(octets: &[u8]) -> Result<Vec<PemFrame>, PemError> {
    let mut frames = Vec::new();
    let mut lines = lines(octets).zip(1..);
    while let Some((line, number)) = lines.next() {
        if let Some(label) = begin_label(line) {
            frames.push(decode_frame(label, number, &mut lines)?);
        }
    }
    Ok(frames)
}

fn decode_frame<'a>(
    label: &str,
    begin: usize,
    lines: &mut impl Iterator<Item = (&'a [u8], usize)>,
) -> Result<PemFrame, PemError> {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut data = Zeroizing::new(Vec::new());
    let mut in_headers = true;
    for (raw, line) in lines {
        let fail = |what| PemError { line, what };
        let text = raw.trim_ascii();
        if begin_label(raw).is_some() {
            return Err(fail("a frame begins within another one"));
        }
        if let Some(end) = frame_label(raw, "-----END ") {
            if end != label {
                return Err(fail("a frame ends with another label than it began with"));
            }
            let der = decode_base64(&data).ok_or_else(|| fail("the data is not base64"))?;
            return Ok(PemFrame {
                label: label.to_owned(),
                headers,
                der,
            });
        }
        if in_headers {
            if let Some((name, value)) = header_field(text) {
                headers.push((name, value));
                continue;
            }
            // A folded value goes on in the next line, which begins with a blank (RFC 1421
            // section 4.6). Before any field, such a line is indented data.
            let folded = raw.first().is_some_and(|octet| b" \t".contains(octet));
            if let (true, false, Some((_, value))) = (folded, text.is_empty(), headers.last_mut()) {
                value.push_str(&String::from_utf8_lossy(text));
                continue;
            }
            in_headers = text.is_empty() && headers.is_empty();
        }
        data.extend(text.iter().filter(|octet| !octet.is_ascii_whitespace()));
    }
    Err(PemError {
        line: begin,
        what: "the frame that begins here has no end",
    })
}

/// Encodes one frame: 64 columns, lines that end in LF.
pub fn encode(label: &str, der: &[u8]) -> String {
    let data = Zeroizing::new(STANDARD.encode(der));
    let mut text = String::with_capacity(data.len() + data.len() / 64 + 2 * label.len() + 40);
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    let mut rest = data.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// Lines that end in LF, CRLF or CR alone.
fn lines(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let mut rest = Some(octets);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.iter().position(|octet| b"\r\n".contains(octet)) else {
            rest = None;
            return Some(text);
        };
        let ending = if text[end..].starts_with(b"\r\n") {
            2
        } else {
            1
        };
        rest = Some(&text[end + ending..]);
        Some(&text[..end])
    })
}

fn begin_label(line: &[u8]) -> Option<&str> {
    frame_label(line, "-----BEGIN ")
}

fn frame_label<'a>(line: &'a [u8], prefix: &str) -> Option<&'a str> {
    let text = line.trim_ascii();
    let label = text
        .strip_prefix(prefix.as_bytes())?
        .strip_suffix(b"-----")?;
    let printable = label.iter().all(|octet| (0x20..0x7f).contains(octet));
    std::str::from_utf8(label).ok().filter(|_| printable)
}

fn header_field(text: &[u8]) -> Option<(String, String)> {
    let colon = text.iter().position(|octet| *octet == b':')?;
    let (name, value) = (&text[..colon], &text[colon + 1..]);
    let is_name = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'-';
    (!name.is_empty() && name.iter().all(is_name)).then(|| {
        let value = value.trim_ascii();
        (
            String::from_utf8_lossy(name).into_owned(),
            String::from_utf8_lossy(value).into_owned(),
        )
    })
}

/// Base64 with or without padding, and with any trailing bits.
fn decode_base64(data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    const SLOPPY: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    SLOPPY.decode(data).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> PemFrame {
        let mut frames = decode_all(text.as_bytes()).unwrap();
        assert_eq!(frames.len(), 1, "{text:?}");
        frames.remove(0)
    }

    #[test]
    fn encoding_is_read_back_at_every_size() {
        for size in 0..200u8 {
            let der: Vec<u8> = (0..size).collect();
            let text = encode("X509 CRL", &der);
            assert!(text.lines().all(|line| line.len() <= 64) && !text.contains("\n\n"));
            let frame = only(&text);
            assert_eq!((frame.label.as_str(), &*frame.der), ("X509 CRL", &der));
        }
    }

    #[test]
    fn sloppy_files_are_read() {
        let plain = "-----BEGIN CMS-----\nMAMCAQU=\n-----END CMS-----\n";
        let expected = only(plain);
        assert_eq!(*expected.der, [0x30, 3, 2, 1, 5]);
        for text in [
            plain.replace('\n', "\r\n"),
            plain.replace('\n', "\r"),
            plain.replace('\n', " \t\n"),
            plain.replace("MAMC", "M\nA\n\nM C\n"),
            plain.replace('=', ""),
            plain.replace("QU=", "QV="),
            plain.replace("MAMC", "  MAMC"),
            format!("\u{feff}{plain}"),
            format!("subject=CN=a\n-- \n{plain}some prose: yes\n"),
            plain.trim_end().to_owned(),
        ] {
            assert_eq!(only(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn headers_of_old_keys_are_kept() {
        let frame = only(
            "-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\n\
             DEK-Info: DES-EDE3-CBC,\r\n 0011223344556677\r\n\r\nMAMC\r\nAQU=\r\n\
             -----END RSA PRIVATE KEY-----\r\n",
        );
        assert_eq!(
            frame.headers,
            [
                ("Proc-Type".to_owned(), "4,ENCRYPTED".to_owned()),
                (
                    "DEK-Info".to_owned(),
                    "DES-EDE3-CBC,0011223344556677".to_owned()
                )
            ]
        );
        assert_eq!(*frame.der, [0x30, 3, 2, 1, 5]);
    }

    #[test]
    fn several_frames_come_in_order() {
        let text = encode("A", b"1") + "between\n" + &encode("B", b"2") + &encode("A", b"3");
        let frames = decode_all(text.as_bytes()).unwrap();
        let seen: Vec<_> = frames.iter().map(|f| (&*f.label, f.der[0])).collect();
        assert_eq!(seen, [("A", b'1'), ("B", b'2'), ("A", b'3')]);
    }

    #[test]
    fn text_without_frames_has_none() {
        for text in ["", "hello", "x -----BEGIN A-----", "-----BEGIN A----"] {
            assert!(!is_pem(text.as_bytes()), "{text}");
            assert_eq!(decode_all(text.as_bytes()), Ok(Vec::new()));
        }
        assert!(is_pem(b"prose\r\n-----BEGIN A-----"));
    }

    #[test]
    fn broken_frames_name_their_line() {
        for (text, line) in [
            ("\n-----BEGIN A-----\nMAMC", 2),
            ("-----BEGIN A-----\nMAMC\n-----END B-----", 3),
            ("-----BEGIN A-----\n-----BEGIN A-----", 2),
            ("-----BEGIN A-----\r\nMA?C\r\n-----END A-----", 3),
            ("-----BEGIN A-----\nMAMCA\n-----END A-----", 3),
            ("-----BEGIN A-----\nMA==MAMC\n-----END A-----", 3),
        ] {
            assert_eq!(
                decode_all(text.as_bytes()).unwrap_err().line,
                line,
                "{text}"
            );
        }
    }
}
