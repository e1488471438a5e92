//! The threat model in SECURITY.md: every boundary says who is behind it and what they want, and
//! every defense names tests that exist.

use std::collections::BTreeSet;

use crate::inventory::tests;
use crate::markdown::rows;
use crate::{project, text};

/// What has to be there, by the beginning of its heading.
const BOUNDARIES: &[&str] = &[
    "The message",
    "CMS objects",
    "Certificates and CRLs",
    "PKCS #12",
    "The keystore directory",
    "The policy and settings files",
    "The command line and the environment",
    "The terminal",
    "Time",
    "Temporary files",
    "The memory of the process",
];

#[test]
fn every_defense_names_tests_that_exist() {
    let page = text(project("SECURITY.md"));
    let (_, section) = page.split_once("\n## What is defended, ").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let names: BTreeSet<_> = tests().into_iter().map(|test| test.name).collect();
    let mut headings = Vec::new();
    for boundary in section.split("\n### ").skip(1) {
        let (heading, boundary) = boundary.split_once('\n').unwrap();
        headings.push(heading);
        let about = boundary.trim_start().split("\n\n").next().unwrap();
        assert!(about.contains("Controlled by "), "{heading}: {about}");
        assert!(about.contains(" want"), "{heading}: {about}");
        let rows = rows(boundary);
        assert!(!rows.is_empty(), "{heading}");
        for [_, shown] in rows {
            for name in shown.split(", ") {
                let name = name.trim_matches('`');
                assert!(names.contains(name), "{heading}: there is no test {name}");
            }
        }
    }
    for boundary in BOUNDARIES {
        let is_there = headings.iter().any(|heading| heading.starts_with(boundary));
        assert!(is_there, "{boundary}: {headings:?}");
    }
    assert!(page.contains("\n## Out of scope\n"));
}
