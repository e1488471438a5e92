//! Man pages and completions agree with the command line.

use crate::{project, text};

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
