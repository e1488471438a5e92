use crate::crafted::{Crafted, signature};
use crate::office::base64_lines;
use crate::place::Place;

/// A message around `entity`, which is signed as if it were `digested`: other programs sign what
/// `smime sign` would encode first.
fn signed_over(place: &Place, entity: &str, digested: &str) -> String {
    place.write(
        "root.pem",
        Crafted::authority("Root", 0).issued_by("Root", 0),
    );
    let alice = Crafted::person("Alice", 1, "alice@example.com").der_issued_by("Root", 0);
    let object = signature(1, &[&alice], digested.as_bytes());
    format!(
        "From: alice@example.com\r\nTo: bob@example.com\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n\
         \tmicalg=sha-256; boundary=\"outermost\"\r\n\r\n--outermost\r\n{entity}\r\n\
         --outermost\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--outermost--\r\n",
        base64_lines(&object, "\r\n")
    )
}

/// Holds what is shown of a message whose content was damaged.
#[track_caller]
fn shows(code: &str, entity: &str, digested: &str) {
    let place = Place::new();
    let message = signed_over(&place, entity, digested);
    place.write("message.eml", message);
    place.shows(
        code,
        "verify message.eml --no-keystore --trust root.pem -o content.eml",
    );
}

const TEXT: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\nHello,\r\nthis is it.\r\n";

#[test]
fn line_ends() {
    shows("smime.damage-line-ends", TEXT, &TEXT.replace("\r\n", "\n"));
}

#[test]
fn final_line_end() {
    shows("smime.damage-final-line-end", &format!("{TEXT}\r\n"), TEXT);
}

#[test]
fn trailing_space() {
    let signed = format!("{TEXT}-- \r\nAlice\r\n");
    shows(
        "smime.damage-trailing-space",
        &signed.replace("-- ", "--"),
        &signed,
    );
}

#[test]
fn from_escaped() {
    let signed = format!("{TEXT}From here on it rains.\r\n");
    shows(
        "smime.damage-from-escaped",
        &signed.replace("From here", ">From here"),
        &signed,
    );
}

#[test]
fn dots_doubled() {
    let signed = format!("{TEXT}.profile\r\n");
    shows(
        "smime.damage-dots-doubled",
        &signed.replace(".profile", "..profile"),
        &signed,
    );
}

#[test]
fn lines_wrapped() {
    let (first, second) = ("1234567890".repeat(99), "1234567890".repeat(9));
    let signed = format!("{TEXT}{first}{second}\r\n");
    let wrapped = format!("{TEXT}{first}!\r\n {second}\r\n");
    shows("smime.damage-lines-wrapped", &wrapped, &signed);
}

#[test]
fn transfer_encoding() {
    let signed = "Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 8bit\r\n\r\nGr\u{fc}\u{df}e\r\n";
    let encoded = "Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n";
    shows("smime.damage-transfer-encoding", encoded, signed);
}

#[test]
fn rewrapped() {
    let header = "Content-Type: application/octet-stream\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n";
    let wrapped = |width: usize| {
        let data = "ABCD".repeat(40);
        let lines = data.as_bytes().chunks(width).map(String::from_utf8_lossy);
        let lines: Vec<_> = lines.collect();
        format!("{header}{}\r\n", lines.join("\r\n"))
    };
    shows("smime.damage-rewrapped", &wrapped(72), &wrapped(76));
}

#[test]
fn text_added() {
    let listed = format!("{TEXT}_____________________\r\nTo leave the list, write to it.\r\n");
    shows("smime.damage-text-added", &listed, TEXT);
}

#[test]
fn part_header() {
    let other = TEXT.replace("charset=utf-8", "charset=\"utf-8\"");
    shows("smime.damage-part-header", &other, TEXT);
}

#[test]
fn multipart() {
    let signed = "Content-Type: multipart/mixed; boundary=inner\r\n\r\n\
        This is a multi-part message in MIME format.\r\n--inner\r\n\r\nHello\r\n--inner--\r\n";
    let preamble = "This is a multi-part message in MIME format.\r\n";
    shows(
        "smime.damage-multipart",
        &signed.replace(preamble, ""),
        signed,
    );
}

#[test]
fn tabs() {
    let signed = format!("{TEXT}\tindented\r\n");
    shows(
        "smime.damage-tabs",
        &signed.replace('\t', "        "),
        &signed,
    );
}

#[test]
fn nul_removed() {
    let signed = format!("{TEXT}C strings\0\r\n");
    shows(
        "smime.damage-nul-removed",
        &signed.replace('\0', ""),
        &signed,
    );
}
