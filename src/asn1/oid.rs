//! Object identifiers and their names.
//!
//! Everything that S/MIME messages and their certificates are likely to hold is named, whether this
//! program supports it or not: a report that only says `1.2.840.113549.3.2` helps nobody.
//! Algorithms have the names that the report uses, everything else that of its standard.

macro_rules! oids {
    ($($constant:ident $dotted:literal $name:literal)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub const $constant: ObjectIdentifier = ObjectIdentifier::new_unwrap($dotted);
        )*

        /// Every identifier of this list with its name.
        pub(super) const NAMES: &[(ObjectIdentifier, &str)] = &[$(($constant, $name),)*];
    };
}

mod algorithms;
mod structures;

pub use self::algorithms::*;
pub use self::structures::*;
pub use const_oid::ObjectIdentifier;

/// The name of `oid`.
pub fn name(oid: &ObjectIdentifier) -> Option<&'static str> {
    all().find(|(known, _)| known == oid).map(|(_, name)| *name)
}

/// The text for people: `sha256 (2.16.840.1.101.3.4.2.1)`, or the number alone.
pub fn describe(oid: &ObjectIdentifier) -> String {
    match name(oid) {
        Some(name) => format!("{name} ({oid})"),
        None => oid.to_string(),
    }
}

fn all() -> impl Iterator<Item = &'static (ObjectIdentifier, &'static str)> {
    algorithms::NAMES.iter().chain(structures::NAMES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_names_are_unique() {
        let mut identifiers = std::collections::BTreeSet::new();
        let mut names = std::collections::BTreeSet::new();
        for (oid, name) in all() {
            assert!(identifiers.insert(oid.to_string()), "{oid} twice");
            assert!(names.insert(name), "{name} twice");
        }
    }

    /// Another list names many of the same identifiers; a wrong digit would give another name there.
    #[test]
    fn numbers_agree_with_another_list() {
        for (ours, theirs) in [
            ("sha256", "id-sha256"),
            ("sha3-512", "id-sha3-512"),
            ("rsa-pss", "id-RSASSA-PSS"),
            ("rsa-oaep", "id-RSAES-OAEP"),
            ("ecdsa-sha384", "ecdsa-with-SHA384"),
            ("ec-p521", "secp521r1"),
            ("aes-256-gcm", "id-aes256-GCM"),
            ("aes192-wrap", "id-aes192-wrap"),
            ("emailProtection", "id-kp-emailProtection"),
            ("nameConstraints", "id-ce-nameConstraints"),
            ("commonName", "commonName"),
            ("ed25519", "id-Ed25519"),
        ] {
            let (oid, _) = all().find(|(_, name)| *name == ours).unwrap();
            assert_eq!(Some(oid), const_oid::db::DB.by_name(theirs), "{ours}");
        }
    }

    #[test]
    fn unknown_identifiers_are_shown_by_number() {
        assert_eq!(describe(&SHA256), "sha256 (2.16.840.1.101.3.4.2.1)");
        let unknown = ObjectIdentifier::new_unwrap("1.2.3.4");
        assert_eq!(
            (name(&unknown), describe(&unknown)),
            (None, "1.2.3.4".to_owned())
        );
    }
}
