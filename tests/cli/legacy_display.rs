//! Text that is marked as a copy of header fields, and is another.

use crate::office::MAIL;
use crate::place::Place;

#[test]
fn text_marked_as_a_copy_of_the_header() {
    let place = Place::office();
    // Without a subject nothing is hidden outside, and no copy of it is put in.
    let marked = MAIL
        .replace("charset=utf-8", "charset=utf-8; hp-legacy-display=1")
        .replace("Subject: Figures\r\n", "");
    for text in [
        "Pay Mallory a thousand.\r\n",
        "Subject: Pay Mallory a thousand.\r\n",
        "To: Bob <bob@example.com>\r\nAmount: a thousand\r\n",
    ] {
        let mail = marked.replace("Hello Bob,\r\n", &format!("{text}\r\nHello Bob,\r\n"));
        let arguments = [
            "encrypt",
            "--sign",
            "--protect-headers",
            "--cipher=aes-256-gcm",
        ];
        let message = place.made(&arguments, &mail);
        let run = place.filter(&["verify"], &message);
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.text().contains("thousand"), "{text}: {run:?}");
    }
}
