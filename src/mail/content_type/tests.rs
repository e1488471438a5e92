//! The grammar of Content-Type, and what is let through beside it.

use super::*;

fn parameter(text: &str, name: &str) -> String {
    let (content_type, _) = ContentType::read(text.as_bytes());
    content_type.parameter(name).unwrap_or("none").to_owned()
}

#[test]
fn types_comments_and_quotes() {
    let text = " (a (b)) Multipart (c) / (d) Mixed(e) ; (f) BOUNDARY (g) = (h) \"a \\\"b(c)\" (i) ";
    let content_type = ContentType::parse(text.as_bytes()).unwrap();
    assert_eq!(content_type.essence(), "multipart/mixed");
    assert!(content_type.is("multipart", "mixed"));
    assert_eq!(content_type.parameter("boundary"), Some("a \"b(c)"));
    assert_eq!(content_type.boundary(), Some("a \"b(c)"));
}

#[test]
fn sloppy_forms_that_all_read_alike_conform() {
    for (text, name, value) in [
        ("text/plain; charset=us-ascii;", "charset", "us-ascii"),
        ("text/plain;; charset=us-ascii ; ", "charset", "us-ascii"),
        ("text/plain;charset=us-ascii(comment);a=b", "a", "b"),
        (
            "multipart/mixed; boundary=----=_Next.a:b/c@d?e",
            "boundary",
            "----=_Next.a:b/c@d?e",
        ),
        (
            "multipart/related; type=text/html; boundary=x",
            "type",
            "text/html",
        ),
        ("text/x; name=\"\"", "name", ""),
    ] {
        let content_type = ContentType::parse(text.as_bytes()).unwrap();
        assert_eq!(content_type.parameter(name), Some(value), "{text}");
    }
}

#[test]
fn what_the_grammar_forbids_is_read_and_named() {
    for (text, name, value) in [
        (
            "text/plain; name=my file.txt; charset=utf-8",
            "charset",
            "utf-8",
        ),
        ("text/plain; charset", "charset", "none"),
        ("text/plain; =x; charset=utf-8", "charset", "utf-8"),
        ("text/plain charset=utf-8", "charset", "none"),
        ("text/plain; charset=; a=b", "a", "b"),
        (
            "text/plain; charset=utf-8; charset=latin1",
            "charset",
            "utf-8",
        ),
        ("text/plain; name=\"open; charset=utf-8", "charset", "none"),
        ("text/plain; name=\"a\"b; charset=utf-8", "name", "a"),
        ("text/plain; (open", "charset", "none"),
        (
            "multipart/mixed; boundary=a; boundary*=utf-8''b",
            "boundary",
            "b",
        ),
        ("text/plain; a*x=b; charset=utf-8", "charset", "utf-8"),
    ] {
        assert!(ContentType::parse(text.as_bytes()).is_err(), "{text}");
        assert_eq!(parameter(text, name), value, "{text}");
    }
    for text in [
        "",
        "text",
        "text/",
        "/plain",
        "text plain; charset=x",
        ";",
        "text/(a",
    ] {
        assert!(ContentType::parse(text.as_bytes()).is_err(), "{text}");
        assert_eq!(
            ContentType::read(text.as_bytes()).0,
            ContentType::default(),
            "{text}"
        );
    }
}

#[test]
fn continuations_and_character_sets() {
    for (text, expected) in [
        ("a/b; x*0=one; x*1=\" two\"", "one two"),
        ("a/b; x*1=two; y=z; x*0=\"one \"", "one two"),
        (
            "a/b; x*0*=utf-8'de'%C3%A4; x*1*=%C3%BC; x*2=%41",
            "\u{e4}\u{fc}%41",
        ),
        ("a/b; x*=iso-8859-1''%E4", "\u{e4}"),
        ("a/b; x*=''%C3%A4", "\u{e4}"),
        ("a/b; x*=%zz%4", "%zz%4"),
        ("a/b; x=old; x*=utf-8''new", "new"),
        ("a/b; x*0=one; x*2=three", "one"),
        ("a/b; x*1=two", ""),
        ("a/b; x*0=\"a\"; x*10=k; x*1=b", "ab"),
    ] {
        assert!(ContentType::parse(text.as_bytes()).is_ok(), "{text}");
        assert_eq!(parameter(text, "x"), expected, "{text}");
    }
    let twice = "a/b; x*0=one; x*0=uno; x*1=two";
    assert!(ContentType::parse(twice.as_bytes()).is_err());
    assert_eq!(parameter(twice, "x"), "onetwo");
}

#[test]
fn boundaries_do_not_end_in_white_space() {
    let boundary = |text: &str| {
        let (content_type, _) = ContentType::read(text.as_bytes());
        content_type.boundary().map(str::to_owned)
    };
    assert_eq!(
        boundary("multipart/x; boundary=\"a b  \"").as_deref(),
        Some("a b")
    );
    assert_eq!(boundary("multipart/x; boundary=\"  \""), None);
    assert_eq!(boundary("multipart/x"), None);
}

#[test]
fn dispositions_have_file_names() {
    let disposition = Disposition::read(b" Attachment; filename*=utf-8''%C3%A4.p7m");
    assert_eq!(disposition.kind, "attachment");
    assert_eq!(disposition.filename(), Some("\u{e4}.p7m"));
    assert_eq!(Disposition::read(b"").filename(), None);
}
