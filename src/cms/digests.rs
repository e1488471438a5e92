//! The digests of a content, computed in one pass whoever asks for them later.

use std::io::{self, Read, Write};

use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::limits;

/// The digests of one content, and what else the pass over it told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentDigests {
    digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    prefix: Vec<u8>,
    len: u64,
}

impl ContentDigests {
    /// Reads `content` to its end and digests it with each of `algorithms`.
    ///
    /// # Errors
    /// Reading fails.
    pub fn of(
        content: &mut dyn Read,
        algorithms: &[DigestAlgorithm],
    ) -> io::Result<ContentDigests> {
        let mut digester = ContentDigester::new(algorithms);
        let mut buffer = vec![0; BUFFER];
        loop {
            match content.read(&mut buffer) {
                Ok(0) => return Ok(digester.finish()),
                Ok(read) => digester.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The digest by `algorithm`, if it was computed.
    pub fn get(&self, algorithm: DigestAlgorithm) -> Option<&[u8]> {
        let found = self.digests.iter().find(|(held, _)| *held == algorithm);
        found.map(|(_, digest)| digest.as_slice())
    }

    /// The number of octets of the content.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the content has no octets.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first octets of the content, up to [`limits::CONTENT_PREFIX`].
    pub(crate) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Whether both can tell of the same content: length and common digests are equal.
    pub(crate) fn agrees_with(&self, other: &ContentDigests) -> bool {
        let agrees = |(algorithm, digest): &(DigestAlgorithm, Vec<u8>)| {
            other.get(*algorithm).is_none_or(|others| others == digest)
        };
        self.len == other.len && self.digests.iter().all(agrees)
    }

    /// Takes over the digests that `other` has of the same content.
    pub(crate) fn extend(&mut self, other: ContentDigests) {
        for (algorithm, digest) in other.digests {
            if self.get(algorithm).is_none() {
                self.digests.push((algorithm, digest));
            }
        }
    }
}

const BUFFER: usize = 64 << 10;

/// Digests what is written to it.
pub struct ContentDigester {
    hashers: Vec<(DigestAlgorithm, Hasher)>,
    prefix: Vec<u8>,
    len: u64,
}

impl ContentDigester {
    /// Begins a content that is digested with each of `algorithms`; repetitions count once.
    pub fn new(algorithms: &[DigestAlgorithm]) -> ContentDigester {
        let mut hashers: Vec<(DigestAlgorithm, Hasher)> = Vec::new();
        for &algorithm in algorithms {
            if hashers.iter().all(|(held, _)| *held != algorithm) {
                hashers.push((algorithm, algorithm.hasher()));
            }
        }
        ContentDigester {
            hashers,
            prefix: Vec::new(),
            len: 0,
        }
    }

    /// Takes the next octets of the content.
    pub fn update(&mut self, octets: &[u8]) {
        for (_, hasher) in &mut self.hashers {
            hasher.update(octets);
        }
        let room = limits::CONTENT_PREFIX - self.prefix.len();
        self.prefix
            .extend_from_slice(&octets[..room.min(octets.len())]);
        self.len += octets.len() as u64;
    }

    /// Ends the content.
    pub fn finish(self) -> ContentDigests {
        let finished =
            |(algorithm, hasher): (DigestAlgorithm, Hasher)| (algorithm, hasher.finish());
        ContentDigests {
            digests: self.hashers.into_iter().map(finished).collect(),
            prefix: self.prefix,
            len: self.len,
        }
    }
}

impl Write for ContentDigester {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.update(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_gives_every_digest_that_was_asked_for() {
        use DigestAlgorithm::{Md5, Sha1, Sha256};
        let content = vec![b'x'; BUFFER + 1];
        let digests = ContentDigests::of(&mut &content[..], &[Sha256, Sha1, Sha256]).unwrap();
        assert_eq!(digests.get(Sha256), Some(&*Sha256.digest(&content)));
        assert_eq!(digests.get(Sha1), Some(&*Sha1.digest(&content)));
        assert_eq!(digests.get(Md5), None);
        assert_eq!(digests.len(), content.len() as u64);
        assert_eq!(digests.prefix(), &content[..limits::CONTENT_PREFIX]);

        let mut extended = digests.clone();
        extended.extend(ContentDigests::of(&mut &content[..], &[Sha256, Md5]).unwrap());
        assert_eq!(extended.get(Md5), Some(&*Md5.digest(&content)));
        assert_eq!(extended.get(Sha256), digests.get(Sha256));
    }
}
