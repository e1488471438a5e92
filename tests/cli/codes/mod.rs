//! One case for each reason code that a message or certificate can raise, with the whole text.
//!
//! `<code>.txt` beside is what a user sees: the command, what it prints, and how it ends. What differs
//! from run to run stands in brackets. `SNAPSHOTS=overwrite cargo test --test cli codes` writes the
//! files anew; look at the difference before it is committed.

mod cert;
mod cms;
mod crl;
mod damage;
mod mail;
mod message;
mod p12;
mod path;
mod pin;
mod policy;
mod settled;

use crate::place::Place;

impl Place {
    /// Holds that a command prints the text that is kept for a reason code, and nothing else.
    #[track_caller]
    fn shows(&self, code: &str, line: &str) {
        let environment = [("SMIME_FILE_PASSPHRASE", "of the file")];
        let run = self.run_with(line.split(' '), &environment, b"");
        let printed = String::from_utf8_lossy(&run.stdout);
        let printed = settled::settled(&format!("{}{printed}", run.stderr));
        assert!(printed.contains(code), "{code} is not raised: {run:?}");
        let text = format!("$ smime {line}\n{printed}(exit status {})\n", run.status);
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/codes");
        let file = directory.join(format!("{code}.txt"));
        if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
            std::fs::write(&file, &text).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(text, kept, "{} is not what is printed", file.display());
    }

    /// [`Place::shows`] for `smime verify` of a message.
    #[track_caller]
    fn verify_shows(&self, code: &str, message: &str) {
        self.write("message.eml", message);
        self.shows(code, "verify message.eml -o content.eml");
    }

    /// [`Place::shows`] for `smime decrypt` of a message.
    #[track_caller]
    fn decrypt_shows(&self, code: &str, message: &str) {
        self.write("message.eml", message);
        self.shows(code, "decrypt message.eml -o content.eml");
    }
}
