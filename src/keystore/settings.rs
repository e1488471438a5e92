//! The settings: the defaults of all commands and of the policy.
//!
//! `settings.toml` holds `key = "value"` lines, each value one of the words that `smime settings`
//! takes; switches may also be written as TOML booleans. What the file leaves out has its default.
//! Unknown keys and values are errors: a misspelled setting must not silently be the default. The
//! setting `protection` is not in this file but in the generation, so that a reset turns it off in
//! the same instant in which it removes the CA.

use std::ops::Range;
use std::path::Path;

use const_oid::ObjectIdentifier;
use toml::de::{DeTable, DeValue};

use super::error::{KeystoreError, did_you_mean};
use crate::crypto::key::KeyType;
use crate::nearest::find_nearest;
use crate::policy::profile::{
    CipherChoice, DigestChoice, EnvelopeFrom, Profile, RevocationMode, Rollover, Switch,
    WeakDigests,
};

/// The settings in force, defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What a policy rule may override.
    pub profile: Profile,
    /// The name in Authentication-Results fields; `None` is the host name.
    pub authserv_id: Option<String>,
    /// The type of new keys.
    pub key_type: KeyType,
    /// The certificate policies that the local CA asserts in what it issues.
    pub certificate_policies: Vec<ObjectIdentifier>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            profile: Profile::default(),
            authserv_id: None,
            key_type: KeyType::Rsa3072,
            certificate_policies: Vec::new(),
        }
    }
}

/// The name of one setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Whether mail is protected at all; kept apart from the others, see the module.
    Protection,
    /// [`Profile::extraction`].
    Extraction,
    /// [`Profile::rollover`].
    Rollover,
    /// [`Profile::envelope_from`].
    EnvelopeFrom,
    /// [`Profile::sha1`].
    Sha1,
    /// [`Profile::revocation`].
    Revocation,
    /// [`Settings::authserv_id`].
    AuthservId,
    /// [`Settings::key_type`].
    KeyType,
    /// [`Settings::certificate_policies`].
    CertificatePolicies,
    /// [`Profile::digest`].
    Digest,
    /// [`Profile::cipher`].
    Cipher,
    /// [`Profile::protect_headers`].
    ProtectHeaders,
}

impl Setting {
    /// All settings, in the order they are listed.
    pub const ALL: [Setting; 12] = [
        Setting::Protection,
        Setting::Extraction,
        Setting::Rollover,
        Setting::EnvelopeFrom,
        Setting::Sha1,
        Setting::Revocation,
        Setting::AuthservId,
        Setting::KeyType,
        Setting::CertificatePolicies,
        Setting::Digest,
        Setting::Cipher,
        Setting::ProtectHeaders,
    ];

    /// The key in the file and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Setting::Protection => "protection",
            Setting::Extraction => "extraction",
            Setting::Rollover => "rollover",
            Setting::EnvelopeFrom => "envelope-from",
            Setting::Sha1 => "sha1",
            Setting::Revocation => "revocation",
            Setting::AuthservId => "authserv-id",
            Setting::KeyType => "key-type",
            Setting::CertificatePolicies => "certificate-policies",
            Setting::Digest => "digest",
            Setting::Cipher => "cipher",
            Setting::ProtectHeaders => "protect-headers",
        }
    }

    /// Finds the setting with that key.
    ///
    /// # Errors
    /// [`KeystoreError::SettingUnknown`] with the nearest key.
    pub fn from_key(key: &str) -> Result<Setting, KeystoreError> {
        let found = Setting::ALL
            .into_iter()
            .find(|setting| setting.as_str() == key);
        found.ok_or_else(|| KeystoreError::SettingUnknown {
            key: key.to_owned(),
            nearest: find_nearest(key, Setting::ALL.map(Setting::as_str)).map(str::to_owned),
        })
    }

    /// The values it can have; empty where any text of the right form will do.
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Setting::Protection | Setting::Extraction | Setting::ProtectHeaders => {
                Switch::WORDS.to_vec()
            }
            Setting::Rollover => Rollover::WORDS.to_vec(),
            Setting::EnvelopeFrom => EnvelopeFrom::WORDS.to_vec(),
            Setting::Sha1 => WeakDigests::WORDS.to_vec(),
            Setting::Revocation => RevocationMode::WORDS.to_vec(),
            Setting::AuthservId | Setting::CertificatePolicies => Vec::new(),
            Setting::KeyType => KeyType::ALL.iter().map(|key| key.name()).collect(),
            Setting::Digest => DigestChoice::words(),
            Setting::Cipher => CipherChoice::words(),
        }
    }

    fn is_switch(self) -> bool {
        matches!(
            self,
            Setting::Protection | Setting::Extraction | Setting::ProtectHeaders
        )
    }

    /// Says what is wrong with a value; `Ok` if nothing is.
    pub fn check(self, value: &str) -> Result<(), String> {
        match self {
            Setting::AuthservId => return check_authserv_id(value),
            Setting::CertificatePolicies => return certificate_policies(value).map(drop),
            _ => {}
        }
        let values = self.values();
        if values.contains(&value) {
            return Ok(());
        }
        let nearest = find_nearest(value, values.iter().copied()).map(str::to_owned);
        Err(format!(
            "`{}` is not one of {}{}",
            value.escape_debug(),
            values.join(", "),
            did_you_mean(&nearest)
        ))
    }
}

/// An authserv-id is a token or a quoted string (RFC 8601 section 2.2); we only take what needs no
/// quotes in any reader. Empty stands for the host name.
fn check_authserv_id(value: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if value.len() <= 255 && value.chars().all(allowed) {
        return Ok(());
    }
    Err(format!(
        "`{}` is not a host name: letters, digits, `-`, `.` and `_`",
        value.escape_debug()
    ))
}

/// Object identifiers in dotted form with commas between them; none in an empty text.
fn certificate_policies(value: &str) -> Result<Vec<ObjectIdentifier>, String> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    let policy = |text: &str| {
        ObjectIdentifier::new(text.trim())
            .map_err(|_| format!("`{}` is not an object identifier", text.escape_debug()))
    };
    value.split(',').map(policy).collect()
}

impl Settings {
    /// Reads the text of the file at `path`, which is only named in errors.
    ///
    /// # Errors
    /// [`KeystoreError::SettingsInvalid`] with line and column.
    pub fn parse(path: &Path, text: &str) -> Result<Settings, KeystoreError> {
        let mut settings = Settings::default();
        for (setting, value, _) in entries(path, text)? {
            settings.assign(setting, &value);
        }
        Ok(settings)
    }

    /// The value of a setting in the file's words; `Protection` is not here and gives `None`.
    pub fn value(&self, setting: Setting) -> Option<String> {
        Some(match setting {
            Setting::Protection => return None,
            Setting::Extraction => self.profile.extraction.word().to_owned(),
            Setting::Rollover => self.profile.rollover.word().to_owned(),
            Setting::EnvelopeFrom => self.profile.envelope_from.word().to_owned(),
            Setting::Sha1 => self.profile.sha1.word().to_owned(),
            Setting::Revocation => self.profile.revocation.word().to_owned(),
            Setting::AuthservId => self.authserv_id.clone().unwrap_or_default(),
            Setting::KeyType => self.key_type.name().to_owned(),
            Setting::CertificatePolicies => {
                let policies = self.certificate_policies.iter();
                let policies: Vec<String> = policies.map(ToString::to_string).collect();
                policies.join(",")
            }
            Setting::Digest => self.profile.digest.word().to_owned(),
            Setting::Cipher => self.profile.cipher.word().to_owned(),
            Setting::ProtectHeaders => self.profile.protect_headers.word().to_owned(),
        })
    }

    /// Takes a value that [`Setting::check`] has passed.
    fn assign(&mut self, setting: Setting, value: &str) {
        let profile = &mut self.profile;
        match setting {
            Setting::Protection => {}
            Setting::Extraction => replace(&mut profile.extraction, Switch::from_word(value)),
            Setting::Rollover => replace(&mut profile.rollover, Rollover::from_word(value)),
            Setting::EnvelopeFrom => {
                replace(&mut profile.envelope_from, EnvelopeFrom::from_word(value));
            }
            Setting::Sha1 => replace(&mut profile.sha1, WeakDigests::from_word(value)),
            Setting::Revocation => {
                replace(&mut profile.revocation, RevocationMode::from_word(value));
            }
            Setting::AuthservId => {
                self.authserv_id = (!value.is_empty()).then(|| value.to_owned());
            }
            Setting::KeyType => replace(&mut self.key_type, KeyType::from_name(value)),
            Setting::CertificatePolicies => replace(
                &mut self.certificate_policies,
                certificate_policies(value).ok(),
            ),
            Setting::Digest => replace(&mut profile.digest, DigestChoice::from_word(value)),
            Setting::Cipher => replace(&mut profile.cipher, CipherChoice::from_word(value)),
            Setting::ProtectHeaders => {
                replace(&mut profile.protect_headers, Switch::from_word(value));
            }
        }
    }
}

fn replace<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The text of the file with one value changed; everything else, comments too, stays as it is.
///
/// # Errors
/// The value is not one of the setting's, or the text is invalid already.
pub(super) fn edit(
    path: &Path,
    text: &str,
    setting: Setting,
    value: &str,
) -> Result<String, KeystoreError> {
    let checked = match setting {
        Setting::Protection => Err("it is not in the settings file".to_owned()),
        setting => setting.check(value),
    };
    checked.map_err(|what| KeystoreError::SettingValue {
        key: setting.as_str().to_owned(),
        what,
    })?;
    // No value that passes the check needs escaping.
    let value = format!("\"{value}\"");
    let mut edited = text.to_owned();
    match entries(path, text)?
        .into_iter()
        .find(|(found, ..)| *found == setting)
    {
        Some((_, _, span)) => edited.replace_range(span, &value),
        None => {
            if !edited.is_empty() && !edited.ends_with('\n') {
                edited.push('\n');
            }
            edited.push_str(&format!("{} = {value}\n", setting.as_str()));
        }
    }
    Ok(edited)
}

/// Every setting of the file, its value, and where the value stands.
fn entries(path: &Path, text: &str) -> Result<Vec<(Setting, String, Range<usize>)>, KeystoreError> {
    let invalid = |at: usize, what: String| invalid(path, text, at, what);
    // `DeTable::parse` reports the last error, which is often a consequence of an earlier one.
    let (table, errors) = DeTable::parse_recoverable(text);
    let place = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    if let Some(error) = errors.iter().min_by_key(|error| place(error)) {
        return Err(invalid(place(error), error.message().to_owned()));
    }
    let mut entries = Vec::new();
    for (key, value) in table.get_ref() {
        let setting = Setting::from_key(key.get_ref())
            .map_err(|error| invalid(key.span().start, error.to_string()))?;
        if setting == Setting::Protection {
            let what = "`protection` is not kept here; use `smime settings protection on`";
            return Err(invalid(key.span().start, what.to_owned()));
        }
        let switch = setting.is_switch();
        let word = match value.get_ref() {
            DeValue::String(word) => word.as_ref(),
            DeValue::Boolean(true) if switch => Switch::On.word(),
            DeValue::Boolean(false) if switch => Switch::Off.word(),
            other => {
                let what = format!("`{}` is a text, not {}", setting.as_str(), other.type_str());
                return Err(invalid(value.span().start, what));
            }
        };
        setting
            .check(word)
            .map_err(|what| invalid(value.span().start, what))?;
        entries.push((setting, word.to_owned(), value.span()));
    }
    Ok(entries)
}

pub(super) fn invalid(path: &Path, text: &str, at: usize, what: String) -> KeystoreError {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    KeystoreError::SettingsInvalid {
        file: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before
            .get(line_start..)
            .map_or(0, |line| line.chars().count())
            + 1,
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, KeystoreError> {
        Settings::parse(Path::new("settings.toml"), text)
    }

    fn message(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        assert_eq!(parse("").unwrap(), Settings::default());
        let settings = parse("rollover = \"hold\"\nextraction = false\n").unwrap();
        assert_eq!(settings.profile.rollover, Rollover::Hold);
        assert_eq!(settings.profile.extraction, Switch::Off);
        assert_eq!(settings.profile.sha1, WeakDigests::Reject);
    }

    #[test]
    fn every_value_can_be_set_and_read_back() {
        for setting in Setting::ALL.into_iter().skip(1) {
            let mut words = setting.values();
            match setting {
                Setting::AuthservId => words.push("mx.example.com"),
                Setting::CertificatePolicies => words.push("2.23.140.1.5.1.1,1.2.3"),
                _ => {}
            }
            for word in words {
                let text = edit(Path::new("f"), "", setting, word).unwrap();
                let value = parse(&text).unwrap().value(setting).unwrap();
                assert_eq!(value, word);
            }
            let default = Settings::default().value(setting).unwrap();
            assert!(setting.check(&default).is_ok());
        }
    }

    #[test]
    fn errors_have_a_place_and_the_nearest_name() {
        assert_eq!(
            message("sha1 = \"accept\"\n  rolover = \"hold\"\n"),
            "settings.toml:2:3: there is no setting `rolover`; did you mean `rollover`?"
        );
        assert_eq!(
            message("# é\nrollover = \"reject-frist\""),
            "settings.toml:2:12: `reject-frist` is not one of reject-first, accept, hold; \
             did you mean `reject-first`?"
        );
        assert!(message("rollover = 3").starts_with("settings.toml:1:12: "));
        assert!(message("rollover = \"hold\nsha1").starts_with("settings.toml:1:"));
        assert!(message("protection = \"on\"").contains("smime settings protection"));
        assert!(message("authserv-id = \"a b\"").contains("not a host name"));
        assert!(message("certificate-policies = \"1.2,x\"").contains("`x` is not an object"));
        assert!(message("sha1 = true").contains("is a text"));
        assert!(message("[rollover]\na = 1").contains("is a text"));
        assert!(message("revocations = \"hard\"").contains("no setting"));
    }

    #[test]
    fn editing_keeps_comments() {
        let text = "# ours\nsha1 = 'accept' # for the archive\ncipher = \"auto\"";
        let edited = edit(Path::new("f"), text, Setting::Sha1, "reject").unwrap();
        assert_eq!(
            edited,
            "# ours\nsha1 = \"reject\" # for the archive\ncipher = \"auto\""
        );
        let added = edit(Path::new("f"), &edited, Setting::Rollover, "accept").unwrap();
        assert!(added.ends_with("cipher = \"auto\"\nrollover = \"accept\"\n"));
        assert!(edit(Path::new("f"), text, Setting::Sha1, "maybe").is_err());
        assert!(edit(Path::new("f"), "x = 1", Setting::Sha1, "reject").is_err());
    }
}
