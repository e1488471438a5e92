//! Every test of the project, by the name that documents call it: the binary it is in (`lib` for
//! the unit tests), its module and its function, as in `cli::streams::text_of_others_is_escaped`.

use std::path::Path;

use crate::{files, project, text};

pub(crate) struct Test {
    pub(crate) name: String,
    /// What stands between the lines with its name and its end.
    pub(crate) body: String,
}

/// All tests that are written out; those that macros make are not among them.
pub(crate) fn tests() -> Vec<Test> {
    let mut found = Vec::new();
    for (binary, directory) in [
        ("lib", "src"),
        ("cli", "tests/cli"),
        ("corpora", "tests/corpora"),
        ("interop", "tests/interop"),
        ("project", "tests/project"),
    ] {
        let directory = project(directory);
        for path in files(&directory, "rs") {
            let mut module = vec![binary.to_owned()];
            module.extend(module_of(path.strip_prefix(&directory).unwrap()));
            add_tests(&module, &text(&path), &mut found);
        }
    }
    found
}

fn module_of(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let parts = path.iter().map(|part| part.to_str().unwrap().to_owned());
    parts
        .filter(|part| !["mod", "main", "lib"].contains(&part.as_str()))
        .collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn add_tests(file: &[String], text: &str, found: &mut Vec<Test>) {
    let mut inside: Vec<(usize, &str)> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line
            .trim()
            .strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(" {"))
        {
            inside.push((indent(line), name));
        }
        if line.trim() == "}" && inside.last().is_some_and(|(at, _)| *at == indent(line)) {
            inside.pop();
        }
        if line.trim() != "#[test]" {
            continue;
        }
        let function = lines
            .find_map(|line| line.trim().strip_prefix("fn "))
            .unwrap();
        let end = format!("{}}}", &line[..indent(line)]);
        let body: Vec<_> = lines.by_ref().take_while(|line| *line != end).collect();
        let modules = file.iter().map(String::as_str);
        let modules = modules.chain(inside.iter().map(|(_, name)| *name));
        let function = function.split(['(', '<']).next().unwrap();
        let name: Vec<_> = modules.chain([function]).collect();
        found.push(Test {
            name: name.join("::"),
            body: body.join("\n"),
        });
    }
}

#[test]
fn tests_are_found_in_files_and_in_modules_of_files() {
    let names: Vec<_> = tests().into_iter().map(|test| test.name).collect();
    for name in [
        "project::inventory::tests_are_found_in_files_and_in_modules_of_files",
        "cli::cases",
        "lib::asn1::ber::tests::nesting_is_limited",
        "lib::commands::tests::the_definition_is_consistent",
    ] {
        assert!(
            names.iter().any(|found| found == name),
            "{name}: {names:#?}"
        );
    }
    assert!(names.len() > 700, "{}", names.len());
}
