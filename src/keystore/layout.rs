//! The names of directories and files; the module documentation of [`super`] has the whole picture.

use std::path::{Path, PathBuf};

use super::error::KeystoreError;
use crate::address::Address;

/// The first line of the file `store`. The number rises when an older version would misread what is
/// there.
const MAGIC: &str = "smime-keystore 1";

const STORE: &str = "store";

/// The name of an index entry is cut at this length; file systems allow 255 octets.
const ENTRY_NAME: usize = 240;

/// The directory of a keystore.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub(super) dir: PathBuf,
}

impl Root {
    /// The pointer to the generation in force; renaming it into place commits a reset.
    pub(super) fn store(&self) -> PathBuf {
        self.dir.join(STORE)
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }

    pub(super) fn scratch(&self) -> PathBuf {
        self.dir.join("tmp")
    }

    pub(super) fn settings(&self) -> PathBuf {
        self.dir.join("settings.toml")
    }

    pub(super) fn policy(&self) -> PathBuf {
        self.dir.join("policy.toml")
    }

    /// One empty file for each serial number that was ever drawn.
    pub(super) fn serials(&self) -> PathBuf {
        self.dir.join("serials")
    }

    /// The number of the last CRL that the local CA issued.
    pub(super) fn crl_number(&self) -> PathBuf {
        self.dir.join("crl-number")
    }

    /// The generation called `name`.
    pub(super) fn generation(&self, name: &str) -> Generation {
        Generation {
            dir: self.dir.join(name),
        }
    }
}

/// What the file `store` holds for the generation called `name`.
pub(super) fn encode_store(name: &str) -> String {
    format!("{MAGIC}\n{name}\n")
}

/// Reads the name of the generation from what the file `store` holds.
pub(super) fn decode_store(root: &Root, bytes: &[u8]) -> Result<String, KeystoreError> {
    let foreign = |what: &str| KeystoreError::Foreign {
        dir: root.dir.clone(),
        what: what.to_owned(),
    };
    let text = std::str::from_utf8(bytes).map_err(|_| foreign("its file `store` is binary"))?;
    let mut lines = text.lines();
    match lines.next() {
        Some(MAGIC) => {}
        Some(line) if line.starts_with("smime-keystore ") => {
            return Err(foreign(&format!("its format is `{}`", line.escape_debug())));
        }
        _ => {
            return Err(foreign(
                "its file `store` does not begin with `smime-keystore`",
            ));
        }
    }
    match lines.next() {
        Some(name) if is_generated(name, Generation::PREFIX) && lines.next().is_none() => {
            Ok(name.to_owned())
        }
        _ => Err(KeystoreError::Damaged {
            file: root.store(),
            what: "it does not name the directory in force".to_owned(),
        }),
    }
}

/// Whether `name` is `prefix` followed by 32 lower-case hex digits: a name this program made, which
/// leads nowhere outside the directory it stands in.
pub(super) fn is_generated(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == 32 && is_hex(rest))
}

/// Whether the text consists of lower-case hex digits.
pub(super) fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Which index of a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Index {
    /// Certificates by mail address, without regard to case.
    Address,
    /// Certificates by serial number.
    Serial,
    /// Certificates by key identifier.
    KeyIdentifier,
    /// CA certificates by normalized subject.
    Subject,
}

impl Index {
    pub(super) const ALL: [Index; 4] = [
        Index::Address,
        Index::Serial,
        Index::KeyIdentifier,
        Index::Subject,
    ];

    fn dir_name(self) -> &'static str {
        match self {
            Index::Address => "address",
            Index::Serial => "serial",
            Index::KeyIdentifier => "key-identifier",
            Index::Subject => "subject",
        }
    }
}

/// The directory of one generation: everything that a reset removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Generation {
    pub(super) dir: PathBuf,
}

impl Generation {
    /// The names of generations begin so.
    pub(super) const PREFIX: &'static str = "store-";

    /// The names of key sets begin so.
    pub(super) const KEYS_PREFIX: &'static str = "keys-";

    /// The name of the pointer to the key set in force.
    pub(super) const KEY_SET: &'static str = "keyset";

    pub(super) fn authority(&self) -> PathBuf {
        self.dir.join("authority.toml")
    }

    pub(super) fn protection(&self) -> PathBuf {
        self.dir.join("protection")
    }

    /// The pointer to the key set in force; renaming it into place commits a new passphrase.
    pub(super) fn key_set(&self) -> PathBuf {
        self.dir.join(Generation::KEY_SET)
    }

    pub(super) fn keys(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub(super) fn certificates(&self) -> PathBuf {
        self.dir.join("certificates")
    }

    pub(super) fn certificate(&self, fingerprint: &str) -> PathBuf {
        self.certificates().join(format!("{fingerprint}.pem"))
    }

    pub(super) fn record(&self, fingerprint: &str) -> PathBuf {
        self.certificates().join(format!("{fingerprint}.toml"))
    }

    pub(super) fn trust(&self) -> PathBuf {
        self.dir.join("trust")
    }

    pub(super) fn trusted(&self, fingerprint: &str) -> PathBuf {
        self.trust().join(format!("{fingerprint}.pem"))
    }

    /// CRLs, one file for each issuer and scope.
    pub(super) fn lists(&self) -> PathBuf {
        self.dir.join("crls")
    }

    /// What the local CA has revoked.
    pub(super) fn revocations(&self) -> PathBuf {
        self.dir.join("revoked")
    }

    /// The record about the certificate with that serial number.
    pub(super) fn revocation(&self, serial: &str) -> PathBuf {
        self.revocations().join(format!("{serial}.toml"))
    }

    /// All directories that a generation begins with, each after the one it lies in.
    pub(super) fn directories(&self) -> Vec<PathBuf> {
        let mut all = vec![
            self.dir.clone(),
            self.certificates(),
            self.trust(),
            self.lists(),
            self.revocations(),
            self.indexes(),
        ];
        all.extend(Index::ALL.map(|index| self.index(index)));
        all
    }

    fn indexes(&self) -> PathBuf {
        self.dir.join("index")
    }

    pub(super) fn index(&self, index: Index) -> PathBuf {
        self.indexes().join(index.dir_name())
    }

    pub(super) fn entry(&self, index: Index, key: &str) -> PathBuf {
        self.index(index).join(entry_name(key))
    }
}

/// The index key of an address: the canonical form in lower case.
///
/// So addresses that differ only in the case of the local part, which are different addresses, share
/// an entry, and a search for one finds what to hint at; it also makes no difference whether the
/// file system minds case.
pub(super) fn address_key(address: &Address) -> String {
    address.canonical().to_lowercase()
}

/// The file name of an index key: letters, digits and `@ + - _ =` as they are, dots but the first
/// character too, any other octet as `%` and two hex digits. A name that would be too long is cut:
/// what is in an entry are hints, so keys may share one.
fn entry_name(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    for (at, octet) in key.bytes().enumerate() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => name.push(char::from(octet)),
            b'@' | b'+' | b'-' | b'_' | b'=' => name.push(char::from(octet)),
            b'.' if at > 0 => name.push('.'),
            _ => name.push_str(&format!("%{octet:02X}")),
        }
    }
    name.truncate(ENTRY_NAME);
    name
}

/// The fingerprint that a file name such as `<fingerprint>.toml` carries.
pub(super) fn fingerprint_of<'a>(path: &'a Path, extension: &str) -> Option<&'a str> {
    let stem = path.file_name()?.to_str()?.strip_suffix(extension)?;
    let stem = stem.strip_suffix('.')?;
    (stem.len() == 64 && is_hex(stem)).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Root {
        Root {
            dir: PathBuf::from("/keystore"),
        }
    }

    #[test]
    fn the_store_file_names_a_generation() {
        let name = format!("store-{:032x}", 7);
        let text = encode_store(&name);
        assert_eq!(decode_store(&root(), text.as_bytes()).unwrap(), name);
        for foreign in ["", "smime-keystore 2\nstore-x\n", "something else\n"] {
            let result = decode_store(&root(), foreign.as_bytes());
            assert!(matches!(result, Err(KeystoreError::Foreign { .. })));
        }
        for damaged in ["", "store-", "../../etc", "store-../x\n", "store-0\nmore\n"] {
            let text = format!("{MAGIC}\n{damaged}");
            let result = decode_store(&root(), text.as_bytes());
            assert!(
                matches!(result, Err(KeystoreError::Damaged { .. })),
                "{damaged}"
            );
        }
    }

    #[test]
    fn index_names_lead_nowhere_else() {
        assert_eq!(
            entry_name("user.name+tag@example.com"),
            "user.name+tag@example.com"
        );
        assert_eq!(entry_name("../a/b@example.com"), "%2E.%2Fa%2Fb@example.com");
        assert_eq!(entry_name("100%@example.com"), "100%25@example.com");
        assert_eq!(entry_name(&"a".repeat(300)).len(), ENTRY_NAME);
    }

    #[test]
    fn addresses_that_differ_in_case_share_a_key() {
        let one = Address::parse("User@Example.com").unwrap();
        let other = Address::parse("user@example.COM").unwrap();
        assert_eq!(address_key(&one), address_key(&other));
    }

    #[test]
    fn only_fingerprints_are_read_from_file_names() {
        let hex = "0".repeat(64);
        let path = PathBuf::from(format!("/x/{hex}.toml"));
        assert_eq!(fingerprint_of(&path, "toml"), Some(hex.as_str()));
        assert_eq!(fingerprint_of(&path, "pem"), None);
        assert_eq!(fingerprint_of(Path::new("/x/notes.toml"), "toml"), None);
    }
}
