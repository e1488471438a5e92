//! Every octet of a small message changed, one at a time: rejected, or the change is outside of what
//! is protected, at a place that is listed here with the reason, and what is protected comes out
//! as it was.

use std::collections::BTreeSet;
use std::ops::Range;

use super::*;

/// The bits that are turned: the lowest, the one of upper and lower case, the highest.
const BITS: [u8; 3] = [0x01, 0x20, 0x80];

/// What is signed or encrypted: fields and body.
const FIELDS: [&str; 2] = [
    "Content-Type: text/plain; charset=utf-8\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
];
const BODY: &str = "\r\n\r\nGr=C3=BC=C3=9Fe aus Z=C3=BCrich\r\n";

/// A message, and the places in it that nothing protects.
struct Case {
    message: Vec<u8>,
    open: Vec<(&'static str, Range<usize>)>,
    /// The reasons that must have been needed.
    needed: BTreeSet<&'static str>,
}

impl Case {
    fn new(message: Vec<u8>) -> Case {
        Case {
            message,
            open: Vec::new(),
            needed: BTreeSet::new(),
        }
    }

    /// The offset of `part`, which has to be there.
    fn find(&self, part: &str) -> usize {
        let windows = self.message.windows(part.len());
        let mut found = windows
            .enumerate()
            .filter(|(_, window)| *window == part.as_bytes());
        found.next().unwrap().0
    }

    /// Where base64 begins behind `before`, and ends.
    fn base64(&self, before: &str) -> Range<usize> {
        let start = self.find(before) + before.len();
        let is_base64 = |octet: &&u8| octet.is_ascii_alphanumeric() || b"+/=\r\n".contains(octet);
        let length = self.message[start..].iter().take_while(is_base64).count();
        start..start + length
    }

    fn open(&mut self, why: &'static str, range: Range<usize>) {
        self.needed.insert(why);
        self.open.push((why, range));
    }

    /// Base64 goes on at the next character of its alphabet, whatever stands between.
    fn open_line_ends(&mut self, base64: &Range<usize>) {
        for at in base64.clone() {
            if b"\r\n".contains(&self.message[at]) {
                self.open("line ends in base64 are passed over", at..at + 1);
            }
        }
    }

    /// Where padding ends the base64, the last character before it has bits that mean nothing.
    fn open_padding(&mut self, base64: &Range<usize>) {
        let end = base64.start + self.message[base64.clone()].trim_ascii_end().len();
        let padding = self.message[..end]
            .iter()
            .rev()
            .take_while(|octet| **octet == b'=')
            .count();
        if padding > 0 {
            let why = "padding of base64, and the bits that it leaves unused";
            self.open(why, end - padding - 1..end);
        }
    }

    /// Opens octets of the object that the base64 holds. Whether a bit of a character is one of them
    /// alone depends on where they stand, so that these need not be needed.
    fn open_octets(&mut self, why: &'static str, base64: &Range<usize>, octets: Range<usize>) {
        let characters: Vec<usize> = base64
            .clone()
            .filter(|at| !b"\r\n".contains(&self.message[*at]))
            .collect();
        let range = octets.start * 8 / 6..(octets.end * 8).div_ceil(6);
        for at in &characters[range] {
            self.open.push((why, *at..*at + 1));
        }
    }

    /// Changes every octet; `release` gives what comes out of a message.
    fn check(&self, release: impl Fn(Vec<u8>) -> Option<Vec<u8>>) {
        assert!(release(self.message.clone()).is_some());
        let mut surprises = Vec::new();
        let mut seen = BTreeSet::new();
        for at in 0..self.message.len() {
            for bit in BITS {
                let mut changed = self.message.clone();
                changed[at] ^= bit;
                let Some(released) = release(changed) else {
                    continue;
                };
                let released = String::from_utf8_lossy(&released);
                assert!(released.ends_with(BODY), "octet {at}: {released}");
                for field in FIELDS {
                    assert!(released.contains(field), "octet {at}: {released}");
                }
                match self.open.iter().find(|(_, range)| range.contains(&at)) {
                    Some((why, _)) => {
                        seen.insert(*why);
                    }
                    None => {
                        let around = &self.message[at..self.message.len().min(at + 20)];
                        let around = String::from_utf8_lossy(around).into_owned();
                        surprises.push(format!("{at} ^ {bit:02x}: {around:?}"));
                    }
                }
            }
        }
        assert!(surprises.is_empty(), "{}", surprises.join("\n"));
        for why in &self.needed {
            assert!(seen.contains(why), "protected after all: {why}");
        }
    }
}

impl World {
    fn release_verified(&self, message: Vec<u8>) -> Option<Vec<u8>> {
        // A message that cannot be read at all is an error, and releases nothing.
        let request = VerifyRequest {
            input: Input::Message(Source::from_bytes(message)),
            keys: self,
            certificates: self,
            issuers: &CertificatePool::new([self.ca.clone()], []),
            untrusted: &[],
            lists: &crate::pki::NoLists,
            time: self.time,
            profile: &self.profile,
            expected: None,
            envelope_from: None,
            signature: self.signature,
        };
        let verification = verify(request).ok()?;
        let accepted = verification.verdict.outcome() == Outcome::Accepted;
        assert_eq!(verification.release.is_some(), accepted);
        written(verification.release?)
    }

    fn release_decrypted(&self, message: Vec<u8>) -> Option<Vec<u8>> {
        let request = DecryptRequest {
            input: Input::Message(Source::from_bytes(message)),
            keys: self,
        };
        let decryption = decrypt(request).ok()?;
        let accepted = decryption.verdict.outcome() == Outcome::Accepted;
        assert_eq!(decryption.release.is_some(), accepted);
        written(decryption.release?)
    }
}

fn written(release: Release) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    release.write(&mut out).unwrap();
    Some(out)
}

const OUTSIDE: &str =
    "fields of the header outside: the From address is compared, nothing is signed";
const DECLARED: &str = "digest algorithms declared beforehand are a hint: the SignerInfo decides";
const VERSION: &str = "nothing depends on the version, which many programs get wrong";

#[test]
fn of_a_clear_signed_message() {
    let world = World::new();
    let mut case = Case::new(sign(&world.alice, MESSAGE));
    let text = String::from_utf8(case.message.clone()).unwrap();
    let (_, boundary) = text.split_once("boundary=\"").unwrap();
    let delimiter = format!("\r\n--{}", boundary.split_once('"').unwrap().0);
    let parameters = case.find("boundary=\"");
    let value = parameters + "boundary=\"".len();
    let header = case.find("\r\n\r\n");
    case.open(OUTSIDE, 0..value);
    let first = case.find(&delimiter);
    case.open(
        "the blank line, and a preamble, which mail programs do not show",
        header..first + 2,
    );
    let second = case.find(&format!("{delimiter}\r\nContent-Type: application"));
    let base64 = case.base64("filename=\"smime.p7s\"\r\n\r\n");
    let part = second + delimiter.len()..base64.start;
    case.open("labels of the signature part: what it holds decides", part);
    let end = case.message.len();
    case.open_line_ends(&base64);
    case.open_padding(&base64);
    let last = text.rfind(&delimiter).unwrap();
    case.open(
        "the close delimiter: the signature ended before it",
        last + 2..end,
    );
    open_signed_data(&mut case, &world, &base64);
    case.check(|message| world.release_verified(message));
}

#[test]
fn of_an_opaque_signed_message() {
    let world = World::new();
    let mut case = Case::new(sign_with(&world.alice, SignatureForm::Opaque, MESSAGE));
    let base64 = case.base64("filename=\"smime.p7m\"\r\n\r\n");
    case.open(OUTSIDE, 0..base64.start);
    case.open_line_ends(&base64);
    case.open_padding(&base64);
    open_signed_data(&mut case, &world, &base64);
    case.check(|message| world.release_verified(message));
}

#[test]
fn of_a_message_encrypted_with_gcm() {
    let world = World::new();
    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Gcm, MESSAGE.as_bytes());
    let mut case = Case::new(encrypted);
    let base64 = case.base64("filename=\"smime.p7m\"\r\n\r\n");
    case.open(OUTSIDE, 0..base64.start);
    case.open_line_ends(&base64);
    case.open_padding(&base64);
    let der = der_of(&case, &base64);
    let find = |part: &[u8]| {
        der.windows(part.len())
            .position(|window| window == part)
            .unwrap()
    };
    // AuthEnvelopedData { INTEGER 0, SET { [1] { INTEGER 3, … } } }
    let version = find(&[0x02, 0x01, 0x00, 0x31]) + 2;
    case.open_octets(VERSION, &base64, version..version + 1);
    let version = find(&[0x02, 0x01, 0x03, 0xa0]) + 2;
    case.open_octets(VERSION, &base64, version..version + 1);
    let ec_public_key = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    let at = find(&ec_public_key);
    let why = "the algorithm of the ephemeral key: its curve can only be the recipient's";
    case.open_octets(why, &base64, at..at + ec_public_key.len());
    let data = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    let at = find(&data);
    let why = "the type of the content (RFC 5083 has it authenticated only with attributes): it is \
               read as mail whatever it claims";
    case.open_octets(why, &base64, at..at + data.len());
    case.check(|message| world.release_decrypted(message));
}

/// The object that the base64 holds.
fn der_of(case: &Case, base64: &Range<usize>) -> Vec<u8> {
    use base64::Engine;
    let characters: Vec<u8> = case.message[base64.clone()]
        .iter()
        .filter(|octet| !b"\r\n".contains(octet))
        .copied()
        .collect();
    base64::engine::general_purpose::STANDARD
        .decode(characters)
        .unwrap()
}

fn open_signed_data(case: &mut Case, world: &World, base64: &Range<usize>) {
    let der = der_of(case, base64);
    let offsets = |part: &[u8]| -> Vec<usize> {
        let windows = der.windows(part.len()).enumerate();
        windows
            .filter(|(_, window)| *window == part)
            .map(|(at, _)| at)
            .collect()
    };
    // SET { SEQUENCE { sha256 } }: the first occurrence is before the content.
    let sha256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    let declared = offsets(&sha256)[0];
    case.open_octets(DECLARED, base64, declared..declared + sha256.len());
    // INTEGER 1, SEQUENCE { name, … }: the first occurrence of the name is in the certificate.
    let issuer = offsets(world.ca.subject().der())[1];
    case.open_octets(VERSION, base64, issuer - 3..issuer - 2);
}
