//! The catalogue of reasons: every code is raised somewhere, tested somewhere, and on the man page.

use std::path::Path;

use smime::reason::Reason;

use crate::{files, project, text};

fn source_text() -> String {
    let sources = files(&project("src"), "rs");
    let others = sources
        .iter()
        .filter(|path| !path.ends_with("src/reason.rs"));
    others.map(text).collect()
}

#[test]
fn every_reason_is_raised() {
    let sources = source_text();
    let unraised: Vec<_> = Reason::ALL
        .iter()
        .filter(|reason| !sources.contains(&format!("Reason::{reason:?}")))
        .map(|reason| reason.code())
        .collect();
    assert!(unraised.is_empty(), "raised nowhere: {unraised:?}");
}

#[test]
fn every_reason_has_a_test_that_expects_it() {
    let mut tests = String::new();
    for path in files(&project("src"), "rs") {
        let text = text(&path);
        if is_of_tests(&path) {
            tests.push_str(&text);
        } else if let Some(at) = text.find("#[cfg(test)]") {
            tests.push_str(&text[at..]);
        }
    }
    for path in files(&project("tests"), "rs")
        .into_iter()
        .chain(files(&project("tests"), "toml"))
    {
        tests.push_str(&text(path));
    }
    let untested: Vec<_> = Reason::ALL
        .iter()
        .filter(|reason| {
            !tests.contains(&format!("Reason::{reason:?}")) && !tests.contains(reason.code())
        })
        .map(|reason| reason.code())
        .collect();
    assert!(untested.is_empty(), "expected by no test: {untested:?}");
}

/// `tests.rs`, `scanner_tests.rs`, and whatever stands in a directory `tests`.
fn is_of_tests(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests")
}

#[test]
fn the_man_page_has_every_entry() {
    let page = text(project("man/smime-reasons.7"));
    for reason in Reason::ALL {
        let entry = reason.entry();
        let heading = format!("\n.B {}\n", roff(reason.code()));
        let Some((_, row)) = page.split_once(&heading) else {
            panic!("{reason} is not on the page");
        };
        let row = row.split("\n.TP").next().unwrap_or(row);
        for part in [
            entry.summary,
            entry.clause,
            entry.causes,
            entry.hint,
            entry.sender,
            entry.receiver,
            entry.administrator,
            entry.example,
        ] {
            let escaped = roff(part);
            assert!(
                row.contains(&escaped),
                "{reason}: its row on the page lacks: {escaped}"
            );
        }
    }
}

#[test]
fn the_section_on_conformance_has_every_code_about_the_form_of_mail() {
    let page = text(project("man/smime.1"));
    let (_, section) = page.split_once(".SH MIME CONFORMANCE").unwrap();
    let (section, _) = section.split_once(".SH ").unwrap();
    for code in Reason::ALL.iter().map(|reason| reason.code()) {
        let is_there = section.contains(&roff(code));
        assert!(
            is_there || !code.starts_with("mail."),
            "{code} is not there"
        );
    }
}

/// The text as the page writes it.
fn roff(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

#[test]
fn every_reason_has_a_case_with_its_whole_text() {
    let codes = project("tests/cli/codes");
    for reason in Reason::ALL {
        let is_shown = codes.join(format!("{reason}.txt")).exists();
        assert!(is_shown, "{reason} has no case in {}", codes.display());
    }
    // Each text is that of a case, and of a code that is still there.
    let cases: String = files(&codes, "rs").iter().map(text).collect();
    for file in files(&codes, "txt") {
        let code = file.file_stem().unwrap().to_string_lossy();
        assert!(Reason::find_by_code(&code).is_some(), "{code} is no code");
        assert!(cases.contains(&format!("\"{code}\"")), "{code} has no case");
        assert!(text(&file).contains(&*code), "the text of {code} lacks it");
    }
}
