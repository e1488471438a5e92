//! Reading man pages as tests need them.

use std::path::PathBuf;

use crate::{files, project};

/// All man pages.
pub(crate) fn pages() -> Vec<PathBuf> {
    let sections = ["1", "5", "7"].map(|section| files(&project("man"), section));
    sections.concat()
}

/// The text of a line as it is read, without the escapes of roff.
pub(crate) fn plain(line: &str) -> String {
    line.replace("\\&", "")
        .replace("\\-", "-")
        .replace("\\(aq", "'")
        .replace("\\(ga", "`")
        .replace("\\ ", " ")
        .replace("\\e", "\\")
}

/// The displayed examples of a page, each as its lines.
pub(crate) fn examples(page: &str) -> Vec<Vec<String>> {
    let mut examples = Vec::new();
    let mut current: Option<Vec<String>> = None;
    for line in page.lines() {
        match line {
            ".EX" => current = Some(Vec::new()),
            ".EE" => examples.extend(current.take()),
            _ => current.iter_mut().for_each(|lines| lines.push(plain(line))),
        }
    }
    examples
}

/// The section under a heading, up to the next of its kind.
pub(crate) fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let kind = heading.split(' ').next().unwrap_or_default();
    let (_, rest) = page
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("the page has no section {heading}"));
    let end = [format!("\n{kind} "), "\n.SH ".to_owned()]
        .iter()
        .filter_map(|next| rest.find(next))
        .min();
    &rest[..end.unwrap_or(rest.len())]
}

/// The words of a command line up to the first operator of the shell.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (None, '|' | '>' | '<' | '&' | ';') => break,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), _) if open == letter => quote = None,
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[test]
fn words_end_at_an_operator() {
    let line = "smime ca init --organization \"Example Ltd\" -o 'a b' | sendmail -t";
    let expected = [
        "smime",
        "ca",
        "init",
        "--organization",
        "Example Ltd",
        "-o",
        "a b",
    ];
    assert_eq!(words(line), expected);
}
