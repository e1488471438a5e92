use crate::office::{MAIL, boundary, lf};
use crate::place::Place;

#[test]
fn not_mime() {
    let place = Place::office();
    place.write("message.eml", MAIL.replace("MIME-Version: 1.0\r\n", ""));
    place.shows("mail.not-mime", "sign message.eml -o signed.eml");
}

#[test]
fn header_malformed() {
    let place = Place::office();
    let message = MAIL.replacen("\r\n", "\r\nthis is no field\r\n", 1);
    place.write("message.eml", message);
    place.shows("mail.header-malformed", "sign message.eml -o signed.eml");
}

#[test]
fn boundary_missing() {
    let place = Place::office();
    let multipart = "multipart/mixed; boundary=other\r\n\r\n--parts\r\n\r\nHello\r\n--parts--";
    place.write(
        "message.eml",
        MAIL.replace("text/plain; charset=utf-8", multipart),
    );
    place.shows("mail.boundary-missing", "sign message.eml -o signed.eml");
}

#[test]
fn boundary_unterminated() {
    let place = Place::office();
    let multipart = "multipart/mixed; boundary=parts\r\n\r\n--parts\r\n\r\nHello";
    place.write(
        "message.eml",
        MAIL.replace("text/plain; charset=utf-8", multipart),
    );
    place.shows(
        "mail.boundary-unterminated",
        "sign message.eml -o signed.eml",
    );
}

#[test]
fn signed_part_count() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let close = format!("--{}--", boundary(&signed));
    let more = format!("--{}\r\n\r\nfooter\r\n{close}", boundary(&signed));
    place.verify_shows("mail.signed-part-count", &signed.replace(&close, &more));
}

#[test]
fn transfer_encoding_invalid() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let label = "Content-Transfer-Encoding: base64";
    let other = signed.replace(label, "Content-Transfer-Encoding: base46");
    place.verify_shows("mail.transfer-encoding-invalid", &other);
}

#[test]
fn bare_line_feed() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    place.write("message.eml", lf(&signed));
    place.shows(
        "mail.bare-line-feed",
        "verify -v message.eml -o content.eml",
    );
}

#[test]
fn line_too_long() {
    let place = Place::office();
    place.write("message.eml", format!("{MAIL}{}\r\n", "long ".repeat(300)));
    place.shows("mail.line-too-long", "inspect message.eml");
}

#[test]
fn nesting_too_deep() {
    let place = Place::office();
    let forwarded = "Content-Type: message/rfc822\r\n\r\n".repeat(70);
    let message = MAIL.replace("Content-Type", &format!("{forwarded}Content-Type"));
    place.write("message.eml", message);
    place.shows("mail.nesting-too-deep", "sign message.eml -o signed.eml");
}

#[test]
fn multiple_from() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    place.verify_shows(
        "mail.multiple-from",
        &format!("From: bob@example.com\r\n{signed}"),
    );
}
