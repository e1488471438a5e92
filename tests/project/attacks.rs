//! The table of attacks in SECURITY.md: every row names a test that expects the row's code, and every
//! test in `tests/cli/attacks` has a row.

use std::collections::BTreeSet;

use smime::reason::Reason;

use crate::markdown::rows;
use crate::{inventory, project, text};

struct Row {
    attack: String,
    code: String,
    test: String,
}

/// The rows: attack, source, code, test.
fn table() -> Vec<Row> {
    let page = text(project("SECURITY.md"));
    let (_, section) = page.split_once("\n## Attacks that are tested\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = rows(section)
        .into_iter()
        .map(|[attack, _, code, test]| Row {
            attack: attack.to_owned(),
            code: code.trim_matches('`').to_owned(),
            test: test.trim_matches('`').to_owned(),
        });
    rows.collect()
}

/// The tests of attacks, as `module::name`, with their text.
fn tests() -> Vec<(String, String)> {
    let attacks = inventory::tests().into_iter().filter_map(|test| {
        let name = test.name.strip_prefix("cli::attacks::")?;
        Some((name.to_owned(), test.body))
    });
    attacks.collect()
}

#[test]
fn every_row_names_a_test_that_expects_its_code() {
    let tests = tests();
    for Row { attack, code, test } in table() {
        assert!(Reason::find_by_code(&code).is_some(), "{attack}: {code}");
        let body = tests.iter().find(|(name, _)| *name == test);
        let (_, body) = body.unwrap_or_else(|| panic!("{attack}: there is no test {test}"));
        assert!(
            body.contains(&format!("\"{code}\"")),
            "{attack}: {test} does not expect {code}"
        );
    }
}

#[test]
fn every_test_has_a_row() {
    let rows: BTreeSet<_> = table().into_iter().map(|row| row.test).collect();
    let missing: Vec<_> = tests()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !rows.contains(name))
        .collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
    assert!(rows.len() > 20, "{rows:?}");
}
