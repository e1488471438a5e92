//! The search for damage: several kinds at once, what is told, and where it ends.

use super::*;
use crate::verdict::Finding;

#[test]
fn two_kinds_of_damage_at_once() {
    let body = "Hello,\r\nFrom here on\r\n";
    let expected = ["smime.damage-text-added", "smime.damage-from-escaped"];
    expect(&text(body), &expected, |message| {
        let escaped = message.replacen("\r\nFrom here", "\r\n>From here", 1);
        escaped.replacen("here on\r\n", "here on\r\n____\r\nthe list\r\n", 1)
    });
    let expected = ["smime.damage-from-escaped", "smime.damage-dots-doubled"];
    expect(&text("From here\r\n.\r\n"), &expected, |message| {
        message
            .replacen("\r\nFrom", "\r\n>From", 1)
            .replacen("\r\n.\r\n", "\r\n..\r\n", 1)
    });
}

#[test]
fn the_finding_names_cause_and_remedy() {
    let world = World::new();
    let message = signed(&world, &text("x\r\nFrom here\r\n"));
    let damaged = message.replace("\r\nFrom here", "\r\n>From here");
    let verdict = world.verify(damaged.as_bytes()).verdict;
    let find = |reason| -> &Finding {
        verdict
            .findings
            .iter()
            .find(|f| f.reason == reason)
            .unwrap()
    };
    let named = find(Reason::SmimeDamageFromEscaped);
    assert_eq!((named.place.layer, named.place.signer), (Some(0), Some(0)));
    assert_eq!(
        named.detail["change"],
        "`From ` at the start of lines became `>From `"
    );
    assert_eq!(find(Reason::CmsMessageDigestMismatch).hint(), named.hint());
    assert!(named.hint().contains("maildir"));
}

#[test]
fn what_no_known_damage_explains_is_not_named() {
    let world = World::new();
    let message = signed(&world, PLAIN);
    for altered in [
        message.replacen("Hello,", "Hallo,", 1),
        message.replacen("this is it", "this is not it", 1),
    ] {
        assert_eq!(damage(&world, &altered), [""; 0]);
        let findings = world.verify(altered.as_bytes()).verdict.findings;
        let mismatch = findings
            .iter()
            .find(|f| f.reason == Reason::CmsMessageDigestMismatch);
        assert!(mismatch.unwrap().hint.is_none());
    }
}

#[test]
fn inside_an_encrypted_layer_nothing_is_tried() {
    let world = World::new();
    let message = signed(&world, PLAIN).replacen("this is it.\r\n\r\n", "this is it.\r\n", 1);
    assert_eq!(damage(&world, &message), ["smime.damage-final-line-end"]);
    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Gcm, message.as_bytes());
    let verdict = world.verify(&encrypted).verdict;
    assert_eq!(damage_of(&verdict), [""; 0]);
}

#[test]
fn the_search_is_bounded() {
    let world = World::new();
    let line = "a line of a long text\r\n";
    let body = line.repeat((crate::limits::DAMAGE_WORK as usize / line.len()) / 40);
    let message = signed(&world, &text(&format!("{body}.\r\n")));
    // Small enough for what is likely, too large for what is not.
    let dotted = message.replacen("\r\n.\r\n", "\r\n..\r\n", 1);
    assert_eq!(damage(&world, &dotted), ["smime.damage-dots-doubled"]);
    let both = dotted.replacen("a line", "a\tline", 1);
    assert_eq!(damage(&world, &both), [""; 0]);
}

#[test]
fn of_many_parts_and_long_headers_only_lines_are_looked_at() {
    let world = World::new();
    let part = "--inner\r\n\r\nx\r\n";
    // A part that a list adds is told if there are not too many: the multipart counts, and so does
    // the part that was added.
    let damaged = |parts: usize, fill: usize| {
        let header = format!(
            "Content-Type: multipart/mixed; boundary=inner\r\nX-Fill: {}\r\n\r\n",
            "x".repeat(fill)
        );
        let octets = header.len();
        let body = part.repeat(parts);
        let message = signed(&world, &format!("{header}{body}--inner--\r\n"));
        let added = message.replacen("--inner--", &format!("{part}--inner--"), 1);
        (octets, damage(&world, &added))
    };
    let named = ["smime.damage-text-added"];
    let most = crate::limits::DAMAGE_PARTS - 2;
    assert_eq!(damaged(most, 0).1, named);
    assert_eq!(damaged(most + 1, 0).1, [""; 0]);

    let (rest, found) = damaged(2, 0);
    assert_eq!(found, named);
    let most = crate::limits::DAMAGE_HEADERS - rest;
    assert_eq!(damaged(2, most - 10).1, named);
    assert_eq!(damaged(2, most + 10).1, [""; 0]);
}

#[test]
fn a_lost_nul_is_looked_for_in_a_short_content() {
    let places = |length: u64| {
        let source = Source::from_bytes(vec![b'x'; length as usize]);
        crate::mail::damage::lost_nul(&source).count() as u64
    };
    let longest = crate::limits::DAMAGE_NUL_SEARCH;
    assert_eq!(places(longest), longest + 1);
    assert_eq!(places(longest + 1), 0);
}
