//! Man pages and completions agree with the command line.

use crate::roff::{examples, pages, plain, words};
use crate::{files, project, text};

/// Visits every command with its path of names, such as `["smime", "ca", "init"]`.
fn visit(
    command: &clap::Command,
    path: &[String],
    visitor: &mut dyn FnMut(&[String], &clap::Command),
) {
    visitor(path, command);
    for subcommand in command
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        let mut path = path.to_vec();
        path.push(subcommand.get_name().to_owned());
        visit(subcommand, &path, visitor);
    }
}

fn commands() -> clap::Command {
    let mut command = smime::commands::definition();
    command.build();
    command
}

#[test]
fn every_command_and_option_is_on_its_man_page() {
    let mut wrong = Vec::new();
    visit(&commands(), &["smime".to_owned()], &mut |path, command| {
        // A group such as `ca` has one page for all its subcommands.
        let page_name = path.iter().take(2).cloned().collect::<Vec<_>>().join("-");
        let page = text(project(&format!("man/{page_name}.1"))).replace("\\-", "-");
        if path.len() > 2 {
            let name = path[1..].join(" ");
            if !page.contains(&name) {
                wrong.push(format!("{page_name}.1 lacks the command `{name}`"));
            }
        }
        for argument in command.get_arguments() {
            // Global options stand on smime(1).
            let global = argument.is_global_set() && path.len() > 1;
            let Some(long) = argument
                .get_long()
                .filter(|long| *long != "help" && !global)
            else {
                continue;
            };
            if !page.contains(&format!("--{long}")) {
                wrong.push(format!(
                    "{page_name}.1 lacks `--{long}` of `{}`",
                    path.join(" ")
                ));
            }
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn man_pages_name_no_option_that_does_not_exist() {
    let mut known = std::collections::BTreeSet::new();
    visit(&commands(), &["smime".to_owned()], &mut |_, command| {
        for argument in command.get_arguments() {
            known.extend(argument.get_long().map(str::to_owned));
        }
    });
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(project("man")).unwrap() {
        let path = entry.unwrap().path();
        let page = text(&path).replace("\\-", "-");
        for (number, line) in page.lines().enumerate() {
            // Options stand in bold; examples of other programs do not.
            if !line.starts_with(".B") {
                continue;
            }
            for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
                if let Some(name) = word.strip_prefix("--")
                    && !name.is_empty()
                    && !known.contains(name)
                {
                    wrong.push(format!("{}:{}: --{name}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "options that do not exist:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn pages_of_commands_have_all_their_sections() {
    for path in files(&project("man"), "1") {
        let page = text(&path);
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXIT STATUS",
            "EXAMPLES",
            "STANDARDS",
            "SEE ALSO",
        ] {
            let heading = format!("\n.SH {section}\n");
            assert!(
                page.contains(&heading),
                "{} lacks {section}",
                path.display()
            );
        }
    }
}

#[test]
fn the_help_of_every_command_has_examples() {
    visit(&commands(), &["smime".to_owned()], &mut |path, command| {
        for help in [
            command.clone().render_help(),
            command.clone().render_long_help(),
        ] {
            assert!(
                help.to_string().contains("\nExample"),
                "{path:?} has no example"
            );
        }
    });
}

/// Holds that the command line understands a line that a page shows.
#[track_caller]
fn understands(line: &str, page: &std::path::Path) {
    use clap::error::ErrorKind;
    let words = words(line);
    match commands().try_get_matches_from(words) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {}
        Err(error) => panic!("{}: {line}: {error}", page.display()),
    }
}

#[test]
fn the_examples_of_pages_are_understood() {
    let mut count = 0;
    for path in pages() {
        for example in examples(&text(&path)) {
            let joined = example.join("\n").replace("\\\n", " ");
            for line in joined.lines() {
                let line = line.trim_start_matches("$ ").trim_start();
                // Output and errors begin with `smime:`.
                if line.starts_with("smime ") {
                    understands(line, &path);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn the_commands_beside_those_of_openssl_are_understood() {
    let path = project("man/smime-from-openssl.7");
    let page = text(&path);
    let mut commands = Vec::new();
    for table in page.split("\n.TS\n").skip(1) {
        let (table, _) = table.split_once("\n.TE").unwrap();
        let mut command = String::new();
        for row in table.lines().skip(3).chain(["_"]) {
            match row.split_once('\t') {
                Some((_, cell)) => command.push_str(&format!(" {}", plain(cell).trim())),
                None => commands.extend(Some(std::mem::take(&mut command))),
            }
        }
    }
    commands.retain(|command| !command.is_empty());
    assert!(commands.len() > 30, "{commands:?}");
    for command in commands {
        understands(command.trim(), &path);
    }
}

#[test]
fn completions_are_those_that_the_program_prints() {
    for (shell, file) in [
        ("bash", "smime.bash"),
        ("zsh", "_smime"),
        ("fish", "smime.fish"),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_smime"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(output.status.success());
        let committed = text(project(&format!("completions/{file}")));
        assert!(
            committed.as_bytes() == output.stdout,
            "completions/{file} is not what `smime completions {shell}` prints; write it anew"
        );
    }
}

/// The value of an option can be seen by every user of the machine.
#[test]
fn no_option_takes_a_passphrase_as_its_value() {
    let mut seen = 0;
    visit(&commands(), &["smime".to_owned()], &mut |path, command| {
        let arguments = command.get_arguments();
        let named = arguments.filter_map(|argument| Some((argument.get_long()?, argument)));
        for (name, argument) in named.filter(|(name, _)| name.contains("pass")) {
            seen += 1;
            let value = match argument.get_value_names() {
                Some([value]) if argument.get_action().takes_values() => value.as_str(),
                _ => "",
            };
            let is_place = match value {
                "FILE" => name.ends_with("-file"),
                "N" => name.ends_with("-fd"),
                switch => switch.is_empty() && name.starts_with("no-"),
            };
            assert!(is_place, "{path:?} --{name} {value}");
        }
    });
    assert!(seen >= 6, "{seen}");
}
