//! The settings in force for one message.
//!
//! A [`Profile`] starts as what the keystore's settings say; a policy rule may override parts of
//! it. Every choice is an enum whose words are those of the settings and of the policy file.

use crate::crypto::content::ContentCipher;
use crate::crypto::digest::DigestAlgorithm;
pub use crate::crypto::digest::WeakDigests;

/// Declares an enum whose variants have fixed words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// The words, in the order of the variants.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word of this variant.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The variant with that word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Something that is either on or off.
    Switch {
        /// It is done.
        On = "on",
        /// It is not done.
        Off = "off",
    }
}

words! {
    /// What happens when a sender with a certificate imported by hand signs with another one.
    Rollover {
        /// The first message is rejected and the certificate stored; the next one passes.
        RejectFirst = "reject-first",
        /// A trusted path is enough.
        Accept = "accept",
        /// The certificate is held until it is approved.
        Hold = "hold",
    }
}

words! {
    /// What happens when the envelope sender differs from the header From.
    EnvelopeFrom {
        /// The message is rejected.
        Reject = "reject",
        /// The difference is a warning.
        Warn = "warn",
        /// It is not compared.
        Off = "off",
    }
}

words! {
    /// Whether certificates are checked for revocation.
    RevocationMode {
        /// They are not.
        Off = "off",
        /// They are; where it is not known, that is a warning.
        Soft = "soft",
        /// They are; where it is not known, that rejects.
        Hard = "hard",
    }
}

impl WeakDigests {
    /// The words of the setting `sha1`.
    pub const WORDS: &'static [&'static str] = &["reject", "accept"];

    /// The word of this variant.
    pub fn word(self) -> &'static str {
        match self {
            WeakDigests::Reject => "reject",
            WeakDigests::AcceptSha1 => "accept",
        }
    }

    /// The variant with that word.
    pub fn from_word(word: &str) -> Option<WeakDigests> {
        match word {
            "reject" => Some(WeakDigests::Reject),
            "accept" => Some(WeakDigests::AcceptSha1),
            _ => None,
        }
    }
}

words! {
    /// Which certificates a signature carries.
    Include {
        /// The signer's own, and the separate encryption certificate.
        Leaf = "leaf",
        /// Those, and the intermediate CAs.
        Intermediates = "intermediates",
        /// Those, and the root CA.
        Chain = "chain",
    }
}

/// The content-encryption algorithm to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CipherChoice {
    /// AES-256-GCM when every recipient announced it, else AES-256-CBC.
    Auto,
    /// This one.
    Fixed(ContentCipher),
}

impl CipherChoice {
    /// The words that are understood: `auto` and the names of the ciphers that are written.
    pub fn words() -> Vec<&'static str> {
        let names = ContentCipher::OFFERED.iter().map(|cipher| cipher.name());
        std::iter::once("auto").chain(names).collect()
    }

    /// The word of this choice.
    pub fn word(self) -> &'static str {
        match self {
            CipherChoice::Auto => "auto",
            CipherChoice::Fixed(cipher) => cipher.name(),
        }
    }

    /// The choice with that word.
    pub fn from_word(word: &str) -> Option<CipherChoice> {
        if word == "auto" {
            return Some(CipherChoice::Auto);
        }
        let cipher = ContentCipher::OFFERED
            .iter()
            .find(|cipher| cipher.name() == word)?;
        Some(CipherChoice::Fixed(*cipher))
    }
}

/// The digest algorithm to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestChoice {
    /// What fits the key: the curve's own digest, SHA-256 for RSA.
    Auto,
    /// This one.
    Fixed(DigestAlgorithm),
}

impl DigestChoice {
    const WRITTEN: [DigestAlgorithm; 3] = [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];

    /// The words that are understood: `auto` and the names of the digests that are written.
    pub fn words() -> Vec<&'static str> {
        let names = DigestChoice::WRITTEN.iter().map(|digest| digest.name());
        std::iter::once("auto").chain(names).collect()
    }

    /// The word of this choice.
    pub fn word(self) -> &'static str {
        match self {
            DigestChoice::Auto => "auto",
            DigestChoice::Fixed(digest) => digest.name(),
        }
    }

    /// The choice with that word.
    pub fn from_word(word: &str) -> Option<DigestChoice> {
        if word == "auto" {
            return Some(DigestChoice::Auto);
        }
        let digest = DigestChoice::WRITTEN
            .iter()
            .find(|digest| digest.name() == word)?;
        Some(DigestChoice::Fixed(*digest))
    }

    /// The digest, if one was chosen.
    pub fn fixed(self) -> Option<DigestAlgorithm> {
        match self {
            DigestChoice::Auto => None,
            DigestChoice::Fixed(digest) => Some(digest),
        }
    }
}

/// The settings in force for one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// What happens at a rollover.
    pub rollover: Rollover,
    /// What happens when the envelope sender differs.
    pub envelope_from: EnvelopeFrom,
    /// Whether SHA-1 counts.
    pub sha1: WeakDigests,
    /// Whether certificates are checked for revocation.
    pub revocation: RevocationMode,
    /// Whether certificates are extracted from verified mail.
    pub extraction: Switch,
    /// Which certificates a signature carries.
    pub include: Include,
    /// The cipher to write.
    pub cipher: CipherChoice,
    /// The digest to sign with.
    pub digest: DigestChoice,
    /// Whether header fields are protected inside what is signed or encrypted (RFC 9788).
    pub protect_headers: Switch,
}

impl Default for Profile {
    fn default() -> Profile {
        Profile {
            rollover: Rollover::RejectFirst,
            envelope_from: EnvelopeFrom::Reject,
            sha1: WeakDigests::Reject,
            revocation: RevocationMode::Off,
            extraction: Switch::On,
            include: Include::Leaf,
            cipher: CipherChoice::Auto,
            digest: DigestChoice::Auto,
            protect_headers: Switch::Off,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_variants_correspond() {
        for word in Rollover::WORDS {
            assert_eq!(Rollover::from_word(word).unwrap().word(), *word);
        }
        for word in CipherChoice::words() {
            assert_eq!(CipherChoice::from_word(word).unwrap().word(), word);
        }
        for word in DigestChoice::words() {
            assert_eq!(DigestChoice::from_word(word).unwrap().word(), word);
        }
        assert!(CipherChoice::from_word("des-ede3-cbc").is_none());
        assert!(DigestChoice::from_word("sha1").is_none());
    }
}
