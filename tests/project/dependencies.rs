//! What the program is built from: pre-releases are pinned and explained, nothing is there that is
//! not used, and the checks of licenses, sources and duplicates are part of every run.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::markdown::rows;
use crate::{files, project, text};

fn table(path: &str) -> Table {
    text(project(path)).parse().unwrap()
}

/// The name and the version of every package that Cargo.lock has, those of tests included.
fn locked() -> Vec<(String, String)> {
    let lock = table("Cargo.lock");
    let packages = lock["package"].as_array().unwrap().iter();
    let word = |package: &Value, key: &str| package[key].as_str().unwrap().to_owned();
    packages
        .map(|package| (word(package, "name"), word(package, "version")))
        .collect()
}

/// What Cargo.toml asks for: the name and the requirement.
fn required(kind: &str) -> Vec<(String, String)> {
    let manifest = table("Cargo.toml");
    let dependencies = manifest[kind].as_table().unwrap().iter();
    let version = |value: &Value| {
        value
            .as_str()
            .or_else(|| value["version"].as_str())
            .unwrap()
            .to_owned()
    };
    dependencies
        .map(|(name, value)| (name.clone(), version(value)))
        .collect()
}

/// Whatever drags one in has to be seen: those that come by way of others count as well.
#[test]
fn every_pre_release_is_pinned_and_has_a_row() {
    let is_pre_release = |version: &str| version.split('+').next().unwrap().contains('-');
    let locked: BTreeSet<_> = locked()
        .into_iter()
        .filter(|(_, version)| is_pre_release(version))
        .collect();
    let required: BTreeSet<_> = required("dependencies").into_iter().collect();
    for (name, version) in &locked {
        let pin = (name.clone(), format!("={version}"));
        assert!(required.contains(&pin), "{name} {version} is not pinned");
    }
    let page = text(project("SECURITY.md"));
    let (_, section) = page
        .split_once("\nPre-releases, each pinned with `=`:\n")
        .unwrap();
    let section = section.trim_start().split("\n\n").next().unwrap();
    let rows: BTreeSet<_> = rows(section)
        .into_iter()
        .map(|[package, _, _]| {
            let (name, version) = package.split_once(' ').unwrap();
            (name.trim_matches('`').to_owned(), version.to_owned())
        })
        .collect();
    assert_eq!(rows, locked);
}

/// The name by which code calls a package.
fn module(package: &str) -> String {
    match package {
        "md-5" => "md5".to_owned(),
        package => package.replace('-', "_"),
    }
}

#[test]
fn every_dependency_is_used() {
    let texts = |directories: &[&str]| -> String {
        let paths = directories
            .iter()
            .flat_map(|path| files(&project(path), "rs"));
        paths.map(text).collect()
    };
    let (sources, all) = (texts(&["src"]), texts(&["src", "tests", "benches"]));
    for (kind, text) in [("dependencies", sources), ("dev-dependencies", all)] {
        for (package, _) in required(kind) {
            let module = module(package.as_str());
            let is_named = |at: usize| {
                let before = text[..at].chars().next_back();
                let behind = &text[at + module.len()..];
                !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
                    && ["::", " as "].iter().any(|next| behind.starts_with(next))
            };
            let is_used = text.match_indices(&module).any(|(at, _)| is_named(at));
            assert!(is_used, "{package}");
        }
    }
}

#[test]
fn no_code_of_ours_is_unsafe() {
    let manifest = table("Cargo.toml");
    assert_eq!(
        manifest["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
}

#[test]
fn ci_checks_duplicates_licenses_and_sources() {
    let ci = text(project(".ci/run"));
    assert!(ci.contains("cargo deny --locked check bans licenses sources\n"));
}
