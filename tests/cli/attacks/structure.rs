//! A signed part inside a message that shows something else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{UNSIGNED, entity, with_parts};
use crate::compression::compressed;
use crate::office::{MAIL, boundary, finding, findings};
use crate::place::Place;

/// Holds that a message is rejected for this reason, which is about a part.
#[track_caller]
fn rejects_for(place: &Place, message: &str, code: &str, part: &str) {
    let document = place.rejects(&["verify"], message, &[code]);
    assert_eq!(finding(&document, code)["part"], part);
}

#[test]
fn hidden_by_a_style_sheet() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let before = format!("{UNSIGNED}<div style=\"display: none\">");
    let after = "Content-Type: text/html\r\n\r\n</div>";
    let message = with_parts(&signed, "mixed", &[&before, entity(&signed), after]);
    rejects_for(&place, &message, "smime.unsigned-content", "2");
}

#[test]
fn as_a_picture_of_a_page() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let page = format!("{UNSIGNED}<img src=\"cid:signed\">");
    let picture = format!("Content-ID: <signed>\r\n{}", entity(&signed));
    let message = with_parts(&signed, "related", &[&page, &picture]);
    rejects_for(&place, &message, "smime.unsigned-content", "2");
}

#[test]
fn as_an_attachment() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let attached = format!("Content-Disposition: attachment\r\n{}", entity(&signed));
    let message = with_parts(&signed, "mixed", &[UNSIGNED, &attached]);
    rejects_for(&place, &message, "smime.unsigned-content", "2");
    let opaque = place.made(&["sign", "--opaque"], MAIL);
    let message = with_parts(&opaque, "mixed", &[UNSIGNED, entity(&opaque)]);
    rejects_for(&place, &message, "smime.unsigned-content", "2");
}

#[test]
fn as_an_alternative_that_is_not_shown() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let message = with_parts(&signed, "alternative", &[entity(&signed), UNSIGNED]);
    rejects_for(&place, &message, "smime.unsigned-content", "1");
}

#[test]
fn in_a_multipart_of_its_own_in_another() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let inner = with_parts(&signed, "mixed", &[entity(&signed)]).replace("outer", "inner");
    let message = with_parts(&signed, "mixed", &[UNSIGNED, entity(&inner)]);
    rejects_for(&place, &message, "smime.unsigned-content", "2.1");
    // Alone in it, nothing is beside it, and still the multipart is not what was signed.
    rejects_for(&place, &inner, "smime.unsigned-content", "1");
}

#[test]
fn as_a_message_that_is_forwarded() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let forwarded = format!("Content-Type: message/rfc822\r\n\r\n{signed}");
    let message = with_parts(&signed, "mixed", &[UNSIGNED, &forwarded]);
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
    let header = &signed[..signed.find("Content-Type").unwrap()];
    let alone = format!("{header}{forwarded}");
    place.rejects(&["verify"], &alone, &["smime.not-signed"]);
}

#[test]
fn beside_a_second_one() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let other = place.signed(&MAIL.replace("the figures are in", "another text"));
    let message = with_parts(&signed, "mixed", &[entity(&signed), entity(&other)]);
    rejects_for(&place, &message, "smime.unsigned-content", "1");
}

#[test]
fn with_a_part_more_inside_the_signed_structure() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let boundary = boundary(&signed);
    let first = format!("--{boundary}\r\n");
    let before = signed.replacen(&first, &format!("{first}{UNSIGNED}\r\n{first}"), 1);
    place.rejects(&["verify"], &before, &["mail.signed-part-count"]);
    let close = format!("--{boundary}--");
    let after = signed.replace(&close, &format!("{first}{UNSIGNED}\r\n{close}"));
    place.rejects(&["verify"], &after, &["mail.signed-part-count"]);
}

#[test]
fn with_text_around_the_delimiters() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let text = "Send the money to Mallory.";
    let preamble = "This is an S/MIME signed message";
    assert!(signed.contains(preamble));
    let message = format!("{}{text}\r\n", signed.replace(preamble, text));
    place.accepts_with(&["verify"], &message, "info", "smime.unsigned-content");
    assert_eq!(place.read("out.eml"), MAIL.as_bytes());
}

#[test]
fn under_a_second_content_type() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let at = signed.find("\r\n\r\n").unwrap() + 2;
    let (header, body) = signed.split_at(at);
    for second in ["text/html", "multipart/mixed; boundary=other"] {
        let field = format!("Content-Type: {second}\r\n");
        let after = format!("{header}{field}{body}");
        place.rejects(&["verify"], &after, &["mail.header-malformed"]);
        let before = signed.replacen("Content-Type", &format!("{field}Content-Type"), 1);
        place.rejects(&["verify"], &before, &["smime.not-signed"]);
    }
    let encrypted = place.made(&["encrypt"], MAIL);
    let at = encrypted.find("\r\n\r\n").unwrap() + 2;
    let (header, body) = encrypted.split_at(at);
    let after = format!("{header}Content-Transfer-Encoding: 7bit\r\n{body}");
    place.rejects(&["decrypt"], &after, &["mail.header-malformed"]);
}

/// Lines at which programs end a header, that others pass over.
const NO_FIELDS: &[&str] = &[
    "this is no field",
    "Send the money: to Mallory",
    ": a field without a name",
    "Send-the-money : to Mallory",
    "X-\u{c4}: a name that is not ASCII",
    ">From alice@example.com Tue Nov 24 08:00:00 2026",
    "From alice@example.com Tue Nov 24 08:00:00 2026",
];

/// The message or entity with a line more at the end of its header.
fn with_line(message: &str, line: &str) -> String {
    message.replacen("\r\n\r\n", &format!("\r\n{line}\r\n\r\n"), 1)
}

#[test]
fn under_a_header_that_ends_at_a_line_that_is_no_field() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let opaque = place.made(&["sign", "--opaque"], MAIL);
    let encrypted = place.made(&["encrypt"], MAIL);
    let code = "mail.header-malformed";
    for line in NO_FIELDS {
        for (command, message) in [
            (&["verify"][..], &signed),
            (&["verify", "--expect", "alice@example.com"], &signed),
            (&["verify"], &opaque),
            (&["decrypt"], &encrypted),
        ] {
            let document = place.rejects(command, &with_line(message, line), &[code]);
            assert_eq!(finding(&document, code)["detail"]["line"], *line);
        }
    }
    let message = with_line(&signed, NO_FIELDS[0]);
    for (command, status) in [
        (&["inspect", "--json"][..], 0),
        (&["policy", "check", "--direction=inbound", "--json"], 1),
        (&["policy", "apply", "--direction=inbound", "--json"], 1),
    ] {
        let run = place.filter(command, &message);
        assert_eq!(run.status, status, "{command:?}");
        assert_eq!(findings(&run.json(), "reject"), [code], "{command:?}");
    }
}

#[test]
fn under_a_header_inside_that_ends_at_a_line_that_is_no_field() {
    let place = Place::office();
    // Nobody signed the header of a signed entity, wherever that stands.
    let signed = place.signed(MAIL);
    for line in NO_FIELDS {
        let inside = with_line(entity(&signed), line);
        let code = "mail.header-malformed";
        place.rejects(&["verify"], &compressed(inside.as_bytes()), &[code]);
        let first = format!("From somebody\r\n{}", entity(&signed));
        place.rejects(&["verify"], &compressed(first.as_bytes()), &[code]);
    }
    let inside = compressed(entity(&signed).as_bytes());
    place.filter(&["-q", "verify"], &inside).done();
}

#[test]
fn behind_the_line_of_a_mailbox() {
    let place = Place::office();
    let separator = "From alice@example.com Tue Nov 24 08:00:00 2026\r\n";
    let signed = format!("{separator}{}", place.signed(MAIL));
    place.accepts_with(&["verify"], &signed, "warning", "mail.header-malformed");
    let released = String::from_utf8(place.read("out.eml")).unwrap();
    assert_eq!(released, format!("{separator}{MAIL}"));
    let encrypted = format!(
        "{separator}{}",
        place.made(&["encrypt", "--cipher=aes-256-gcm"], MAIL)
    );
    place.accepts_with(&["decrypt"], &encrypted, "warning", "mail.header-malformed");
    for more in [separator, " continued\r\n"] {
        let several = signed.replacen(separator, &format!("{separator}{more}"), 1);
        place.rejects(&["verify"], &several, &["mail.header-malformed"]);
    }
}

#[test]
fn labelled_as_encoded_as_a_whole() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    // Whoever decodes it sees what the preamble says in base64.
    let hidden = STANDARD.encode("Content-Type: text/plain\r\n\r\nSend the money to Mallory.");
    let signed = signed.replace("This is an S/MIME signed message", &hidden);
    place.filter(&["-q", "verify"], &signed).done();
    for encoding in ["base64", "Quoted-Printable (x)", "x-uuencode"] {
        let field = format!("Content-Transfer-Encoding: {encoding}\r\nContent-Type: multipart");
        let labelled = signed.replacen("Content-Type: multipart", &field, 1);
        place.rejects(&["verify"], &labelled, &["mail.transfer-encoding-invalid"]);
    }
}

#[test]
fn under_two_boundaries() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let boundary = boundary(&signed);
    for second in [
        "boundary=other",
        "boundary*=other",
        "boundary*0=other",
        "boundary*0*=''other",
    ] {
        let one = format!("boundary=\"{boundary}\"");
        let both = signed.replacen(&one, &format!("{one}; {second}"), 1);
        let run = place.filter(&["verify", "--json"], &both);
        let document = run.json();
        let codes = findings(&document, "reject");
        assert_eq!(
            (run.status, codes[0]),
            (1, "mail.header-malformed"),
            "{second}"
        );
    }
}
