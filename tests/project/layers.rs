//! Imports run downward only. The table below is the architecture; any other edge fails, with the
//! file and the line that make it.

use crate::{files, project, text};

/// Each module of the library and what it may import.
const EDGES: &[(&str, &[&str])] = &[
    ("address", &[]),
    ("limits", &[]),
    ("nearest", &[]),
    ("reason", &[]),
    ("time", &[]),
    ("verdict", &["address", "reason", "time"]),
    ("asn1", &["limits"]),
    ("crypto", &["asn1", "limits"]),
    ("spool", &["crypto", "limits"]),
    ("source", &["spool"]),
    (
        "mail",
        &[
            "source", "spool", "crypto", "address", "limits", "reason", "time", "verdict",
        ],
    ),
    (
        "cms",
        &[
            "source", "spool", "crypto", "asn1", "limits", "reason", "time", "verdict",
        ],
    ),
    (
        "pki",
        &[
            "crypto", "asn1", "address", "limits", "reason", "time", "verdict",
        ],
    ),
    (
        "policy",
        &["crypto", "address", "nearest", "reason", "time", "verdict"],
    ),
    (
        "smime",
        &[
            "mail", "cms", "pki", "policy", "source", "spool", "crypto", "asn1", "address",
            "limits", "reason", "time", "verdict",
        ],
    ),
    (
        "keystore",
        &[
            "pki", "policy", "crypto", "asn1", "address", "limits", "nearest", "reason", "time",
            "verdict",
        ],
    ),
    ("error", &["source", "reason", "verdict"]),
    ("stdio", &["error", "source", "spool", "nearest", "limits"]),
    (
        "report",
        &["error", "stdio", "address", "reason", "time", "verdict"],
    ),
    (
        "commands",
        &[
            "smime", "keystore", "mail", "cms", "pki", "policy", "source", "spool", "crypto",
            "asn1", "address", "limits", "nearest", "reason", "time", "verdict", "error", "stdio",
            "report",
        ],
    ),
    ("main", &["commands"]),
    ("lib", &[]),
];

/// What only some modules may touch: files, streams, environment and clock.
const OUTSIDE_WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "SystemTime",
    "Timestamp::now",
    "io::std",
];
const MAY_TOUCH_IT: &[&str] = &["keystore", "stdio", "source", "spool", "commands", "main"];

fn module_of(path: &std::path::Path) -> String {
    let relative = path.strip_prefix(project("src")).unwrap();
    let first = relative
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_str()
        .unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The lines of a file outside comments and its trailing unit tests, numbered from 1.
pub(crate) fn code_lines(text: &str) -> Vec<(usize, &str)> {
    let tests = text.find("\n#[cfg(test)]\nmod tests {");
    text[..tests.unwrap_or(text.len())]
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .collect()
}

/// The modules of this crate that a line names, such as `crate::mail::…`, or all that a grouped
/// import lists first.
fn named_modules(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for prefix in ["crate::", "smime::"] {
        for (at, _) in line.match_indices(prefix) {
            let preceded = line[..at].chars().next_back();
            if preceded.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = &line[at + prefix.len()..];
            assert!(!rest.starts_with('{'), "write one import a module: {line}");
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            names.push(&rest[..end]);
        }
    }
    names
}

#[test]
fn imports_run_downward_only() {
    let mut wrong = Vec::new();
    for path in files(&project("src"), "rs") {
        if path.ends_with("tests.rs") {
            continue;
        }
        let module = module_of(&path);
        let allowed = EDGES
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("{} belongs to no layer of the table", path.display()))
            .1;
        for (number, line) in code_lines(&text(&path)) {
            for name in named_modules(line) {
                let known = EDGES.iter().any(|(known, _)| *known == name);
                if known && name != module && !allowed.contains(&name) {
                    wrong.push(format!("{}:{number}: {module} -> {name}", path.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "edges that are not in the table:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_table_has_no_circle() {
    // The order of the table is a topological order once pairs on one level are respected.
    fn reaches(from: &str, to: &str) -> bool {
        let (_, edges) = EDGES.iter().find(|(name, _)| *name == from).unwrap();
        edges.iter().any(|next| *next == to || reaches(next, to))
    }
    for (module, _) in EDGES {
        assert!(!reaches(module, module), "{module} reaches itself");
    }
}

#[test]
fn only_the_edge_touches_the_outside_world() {
    let mut wrong = Vec::new();
    for path in files(&project("src"), "rs") {
        let module = module_of(&path);
        if MAY_TOUCH_IT.contains(&module.as_str()) || path.ends_with("tests.rs") {
            continue;
        }
        for (number, line) in code_lines(&text(&path)) {
            for what in OUTSIDE_WORLD {
                if line.contains(what) {
                    wrong.push(format!("{}:{number}: {what}", path.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "outside world touched:\n{}",
        wrong.join("\n")
    );
}

/// Programs that are run and connections: what the environment says about either is no concern then.
#[test]
fn no_program_is_run_and_no_connection_opened() {
    let mut wrong = Vec::new();
    for path in files(&project("src"), "rs") {
        for (number, line) in code_lines(&text(&path)) {
            for what in ["process::Command", "std::net", "TcpStream", "UdpSocket"] {
                if line.contains(what) {
                    wrong.push(format!("{}:{number}: {what}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
