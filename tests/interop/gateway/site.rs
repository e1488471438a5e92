//! The server of examples/postfix, set up by the steps of its README below a temporary directory,
//! and the partner whom its users write to.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::peer::Run;
use crate::postfix::SUBMITTERS;

/// The user in the place of `smime`: any other than the one that mail is delivered as.
const OWNER: &str = "daemon";

/// The folders that the README names, each below the directory here.
const FOLDERS: [&str; 5] = [
    "/etc/smime",
    "/usr/local",
    "/var/lib/smime",
    "/var/log/smime",
    "/var/spool/smime",
];

/// How many of the partner's people sign.
pub(super) const SIGNERS: usize = 10;

/// Everything below one directory.
pub(super) struct Site {
    directory: TempDir,
    /// The fingerprint of the one that Carol signs with, which is not the one that was imported.
    pub(super) new_certificate: String,
}

impl Site {
    /// Does what the README says, and lets server and partner know each other.
    pub(super) fn new() -> Site {
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut site = Site {
            directory,
            new_certificate: String::new(),
        };
        site.follow_the_readme();
        site.meet_the_partner();
        let issued = site.partner("cert issue carol@partner.example --key-type ec-p256");
        site.new_certificate = String::from_utf8(issued).unwrap().trim().to_owned();
        site
    }

    /// A file in `examples/postfix`, changed for this place.
    pub(super) fn example(&self, name: &str) -> String {
        let text = std::fs::read_to_string(examples().join(name)).unwrap();
        self.placed(&text)
    }

    fn placed(&self, text: &str) -> String {
        let root = self.directory.path().display();
        let mut text = text.to_owned();
        for folder in FOLDERS {
            text = text.replace(folder, &format!("{root}{folder}"));
        }
        text.replace("user=smime:smime", &format!("user={OWNER}:{SUBMITTERS}"))
            .replace("-o smime -g smime", &format!("-o {OWNER} -g {OWNER}"))
            .replace("runuser -u smime", &format!("runuser -u {OWNER}"))
            .replace("../../target/release/smime", env!("CARGO_BIN_EXE_smime"))
    }

    fn follow_the_readme(&self) {
        std::fs::create_dir_all(self.path("usr/local/sbin")).unwrap();
        for parent in ["etc", "var/lib", "var/log", "var/spool"] {
            std::fs::create_dir_all(self.path(parent)).unwrap();
        }
        let readme = self.example("README.md");
        let steps = readme.split("```sh\n").skip(1);
        let steps = steps.map(|step| step.split("```").next().unwrap());
        // The user is there already.
        let steps: Vec<&str> = steps.filter(|step| !step.starts_with("adduser")).collect();
        assert_eq!(steps.len(), 3);
        let admin = self.path("usr/local/sbin");
        let path = std::env::var("PATH").unwrap();
        // The filter has its paths at its top.
        let filter = self.path("filter");
        for step in steps {
            let step = step.replace("755 smime-filter ", "755 \"$FILTER\" ");
            std::fs::write(&filter, self.example("smime-filter")).unwrap();
            let run = Command::new("sh")
                .args(["-euc", &step])
                .env("FILTER", &filter)
                .env("PATH", format!("{}:{path}", admin.display()))
                .current_dir(examples())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            Run::of(run).done();
        }
    }

    fn meet_the_partner(&self) {
        self.partner("ca init --no-passphrase --key-type ec-p256");
        let people = (0..SIGNERS).map(|number| format!("p{number}"));
        for name in people.chain(["bob", "carol"].map(str::to_owned)) {
            self.partner(&format!(
                "cert issue {name}@partner.example --key-type ec-p256"
            ));
        }
        let ours = [
            ("ca export", "ca.pem"),
            ("cert export alice@example.com --format pem", "alice.pem"),
        ];
        for (line, file) in ours {
            std::fs::write(self.path(file), self.admin(line, b"")).unwrap();
        }
        self.partner("trust add ca.pem");
        let authority = self.partner("ca export");
        self.admin("trust add -", &authority);
        for name in ["bob", "carol"] {
            let certificate =
                self.partner(&format!("cert export {name}@partner.example --format pem"));
            self.admin("cert import -", &certificate);
        }
    }

    /// A path below the directory.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs our program on the keystore of the server, with `input` on stdin.
    pub(super) fn admin(&self, line: &str, input: &[u8]) -> Vec<u8> {
        let program = self.path("usr/local/sbin/smime-admin");
        self.run(Command::new(program), line, input)
    }

    /// Runs our program on the keystore of the partner.
    pub(super) fn partner(&self, line: &str) -> Vec<u8> {
        self.partner_with(line, b"")
    }

    /// The same with `input` on stdin.
    pub(super) fn partner_with(&self, line: &str, input: &[u8]) -> Vec<u8> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smime"));
        command.env("SMIME_KEYSTORE", self.path("partner"));
        self.run(command, line, input)
    }

    fn run(&self, mut command: Command, line: &str, input: &[u8]) -> Vec<u8> {
        std::fs::write(self.path("input"), input).unwrap();
        let input = std::fs::File::open(self.path("input")).unwrap();
        let output = command
            .args(line.split_whitespace())
            .current_dir(self.directory.path())
            .stdin(input)
            .output()
            .unwrap();
        Run::of(output).done()
    }
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/postfix")
}
