//! The filter for Postfix: its status is one of three whatever happens, and addresses are no more
//! than addresses. What a real Postfix does with it is among the tests of interoperability.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::{project, text};

/// Keeps what it is given: in `N.args` a line for each argument, in `N` the message.
const SENDMAIL: &str = "#!/bin/sh\ncd \"$(dirname \"$0\")/sent\" || exit 70\n\
                        n=$(ls | wc -l)\nprintf '%s\\n' \"$@\" > \"$n.args\"\ncat > \"$n\"\n";

/// A rule that encrypts for everyone or nobody, where the author asks for it.
const POLICY: &str = "[[rule]]\ndirection = \"outbound\"\nsubject = \"[encrypt]\"\n\
                      encrypt = \"required\"\n";

const MESSAGE: &str = "From: alice@example.com\nTo: bob@example.com, x@example.org\n\
                       Subject: Figures\n\nThe figures are in.\n";

/// The filter with a keystore, and another sendmail.
struct Filter {
    directory: TempDir,
    shell: &'static str,
}

impl Filter {
    fn new(shell: &'static str) -> Filter {
        let filter = Filter {
            directory: tempfile::tempdir().unwrap(),
            shell,
        };
        for folder in ["spool", "sent"] {
            std::fs::create_dir(filter.path(folder)).unwrap();
        }
        let root = filter.directory.path().display().to_string();
        let script = text(project("examples/postfix/smime-filter"))
            .replace("/usr/local/bin/smime", env!("CARGO_BIN_EXE_smime"))
            .replace("/usr/sbin/sendmail", &format!("{root}/sendmail"))
            .replace("/var/spool/smime", &format!("{root}/spool"))
            .replace("/var/log/smime", &root)
            .replace("/var/lib/smime", &root);
        std::fs::write(filter.path("filter"), script).unwrap();
        filter.sendmail(SENDMAIL);
        filter.smime("ca init --no-passphrase --key-type ec-p256");
        for name in ["alice", "bob"] {
            filter.smime(&format!("cert issue {name}@example.com --key-type ec-p256"));
        }
        std::fs::write(filter.path("keystore/policy.toml"), POLICY).unwrap();
        filter
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn sendmail(&self, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path("sendmail");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn smime(&self, line: &str) {
        let run = Command::new(env!("CARGO_BIN_EXE_smime"))
            .args(line.split(' '))
            .env("SMIME_KEYSTORE", self.path("keystore"))
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
    }

    fn run(&self, arguments: &[&str], message: &str) -> Output {
        std::fs::write(self.path("message"), message).unwrap();
        Command::new(self.shell)
            .arg(self.path("filter"))
            .args(arguments)
            .current_dir(self.directory.path())
            .env_remove("SMIME_PASSPHRASE")
            .stdin(std::fs::File::open(self.path("message")).unwrap())
            .stdout(Stdio::piped())
            .output()
            .unwrap()
    }

    /// Holds that a run ends so, and that nothing remains of it.
    #[track_caller]
    fn ends_in(&self, status: i32, arguments: &[&str], message: &str) -> Output {
        let output = self.run(arguments, message);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{arguments:?}: {output:?}"
        );
        let left = std::fs::read_dir(self.path("spool"));
        assert!(left.is_err() || left.unwrap().next().is_none());
        output
    }

    /// Takes what was handed back: arguments and message of each.
    fn sent(&self) -> Vec<(Vec<String>, String)> {
        let mut sent = Vec::new();
        while let Ok(message) = take(&self.path(&format!("sent/{}", 2 * sent.len()))) {
            let arguments = take(&self.path(&format!("sent/{}.args", 2 * sent.len()))).unwrap();
            sent.push((arguments.lines().map(str::to_owned).collect(), message));
        }
        sent
    }
}

fn take(path: &Path) -> std::io::Result<String> {
    let octets = std::fs::read(path)?;
    std::fs::remove_file(path)?;
    Ok(String::from_utf8(octets).unwrap())
}

/// The shells that are here.
fn filters() -> impl Iterator<Item = Filter> {
    let shells = ["sh", "dash", "bash", "ksh"].into_iter().filter(|shell| {
        let run = Command::new(shell).args(["-c", ":"]).output();
        run.is_ok_and(|output| output.status.success())
    });
    shells.map(Filter::new)
}

#[test]
fn addresses_are_no_more_than_addresses() {
    for filter in filters() {
        for address in [
            "x@example.org",
            "-oQ@example.org",
            "--log=x@example.org",
            "\"$(touch pwned) x\"@example.org",
            "`touch${IFS}pwned`@example.org",
            "\"; touch pwned; *\"@example.org",
        ] {
            filter.ends_in(0, &["outbound", address, address], MESSAGE);
            let sent = filter.sent();
            assert_eq!(sent.len(), 1);
            assert_eq!(sent[0].0, ["-G", "-i", "-f", address, "--", address]);
            assert!(sent[0].1.contains("multipart/signed"), "{}", sent[0].1);
        }
        filter.ends_in(0, &["outbound", "", "x@example.org"], MESSAGE);
        assert_eq!(
            filter.sent()[0].0,
            ["-G", "-i", "-f", "", "--", "x@example.org"]
        );
        assert!(!filter.path("pwned").exists());
    }
}

#[test]
fn several_recipients_get_the_messages_that_are_theirs() {
    for filter in filters() {
        let run = [
            "outbound",
            "a@example.com",
            "bob@example.com",
            "x@example.org",
            "y@example.org",
        ];
        filter.ends_in(0, &run, MESSAGE);
        let sent = filter.sent();
        let found: Vec<(&str, bool)> = sent
            .iter()
            .map(|(arguments, message)| {
                let recipient = arguments.last().unwrap().as_str();
                (recipient, message.contains("application/pkcs7-mime"))
            })
            .collect();
        // The last is blind.
        assert_eq!(
            found,
            [
                ("bob@example.com", true),
                ("x@example.org", false),
                ("y@example.org", false)
            ]
        );
        // If one of them must not get it, nobody does.
        let output = filter.ends_in(69, &run, &MESSAGE.replace("Figures", "[encrypt]"));
        assert!(output.stderr.starts_with(b"5.7.1 "), "{output:?}");
        assert_eq!(filter.sent(), []);
    }
}

#[test]
fn whatever_goes_wrong_the_message_waits() {
    for filter in filters() {
        let one = ["outbound", "a@example.com", "x@example.org"];
        let two = [
            "outbound",
            "a@example.com",
            "x@example.org",
            "bob@example.com",
        ];
        let rejected = filter.ends_in(69, &one, &MESSAGE.replace("Figures", "[encrypt]"));
        assert!(rejected.stderr.starts_with(b"5.7.1 "), "{rejected:?}");
        filter.ends_in(75, &[], MESSAGE);
        filter.ends_in(75, &one[..2], MESSAGE);
        filter.ends_in(75, &["sideways", "a@example.com", "x@example.org"], MESSAGE);
        filter.ends_in(75, &["outbound", "a@example.com", "no address"], MESSAGE);
        assert_eq!(filter.sent(), []);
        // What sendmail ends in would return the message.
        filter.sendmail("#!/bin/sh\nexit 69\n");
        filter.ends_in(75, &one, MESSAGE);
        filter.ends_in(75, &two, MESSAGE);
        filter.sendmail("#!/bin/sh\nkill -9 $$\n");
        filter.ends_in(75, &one, MESSAGE);
        filter.sendmail(SENDMAIL);
        for (here, away) in [("keystore", "keystore-away"), ("spool", "spool-away")] {
            std::fs::rename(filter.path(here), filter.path(away)).unwrap();
            filter.ends_in(75, &one, MESSAGE);
            filter.ends_in(75, &two, MESSAGE);
            std::fs::rename(filter.path(away), filter.path(here)).unwrap();
        }
        assert_eq!(filter.sent(), []);
        let script = text(filter.path("filter"));
        // Its child that takes the name away is killed: nothing may be written under that name.
        let named = script.replacen("rm -f --", "sh -c 'kill -9 $$' --", 1);
        assert_ne!(named, script);
        std::fs::write(filter.path("filter"), named).unwrap();
        assert_eq!(filter.run(&one, MESSAGE).status.code(), Some(75));
        assert_eq!(filter.sent(), []);
        for file in std::fs::read_dir(filter.path("spool")).unwrap() {
            let path = file.unwrap().path();
            assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
            std::fs::remove_file(path).unwrap();
        }
        let missing = script.replace(env!("CARGO_BIN_EXE_smime"), "/nowhere/smime");
        std::fs::write(filter.path("filter"), missing).unwrap();
        filter.ends_in(75, &one, MESSAGE);
        filter.ends_in(75, &two, MESSAGE);
        assert_eq!(filter.sent(), []);
    }
}
