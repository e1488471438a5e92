//! What one core can do: the algorithms that bound every operation, through the library's own
//! interfaces. `benches/run.py` prints it below its tables.

#![allow(clippy::print_stdout, reason = "prints a table")]
#![allow(clippy::unwrap_used, reason = "nobody handles its errors")]
#![allow(clippy::disallowed_methods, reason = "measures time")]

use std::hint::black_box;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use smime::crypto::content::{ContentCipher, Decryptor, Encryptor};
use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::key::{KeyType, PrivateKey};
use smime::mail::transfer_encoding::{Base64Decoder, Base64Encoder};
use smime::source::Source;
use smime::spool::Spool;

/// The one of the program.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// Octets that are worked on in one go.
const PIECE: usize = 64 << 10;

/// How long each is measured.
const TIME: Duration = Duration::from_millis(400);

/// Runs `work` again and again; how often in a second.
fn rate(mut work: impl FnMut()) -> f64 {
    work();
    let (start, mut runs) = (Instant::now(), 0u32);
    while start.elapsed() < TIME {
        work();
        runs += 1;
    }
    f64::from(runs) / start.elapsed().as_secs_f64()
}

fn throughput(name: &str, octets: usize, work: impl FnMut()) {
    println!("| {name} | {:.0} MB/s |", rate(work) * octets as f64 / 1e6);
}

fn main() {
    println!("| algorithm | rate |\n| --- | --: |");
    let piece: Vec<u8> = (0..PIECE as u32).map(|n| (n * 31 % 251) as u8).collect();
    for algorithm in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha512] {
        let mut hasher = algorithm.hasher();
        throughput(algorithm.name(), PIECE, || hasher.update(&piece));
        black_box(hasher.finish());
    }
    for cipher in [ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm] {
        let name = cipher.name();
        let mut out = Vec::with_capacity(2 * PIECE);
        let mut encryptor = Encryptor::new(cipher, None).unwrap();
        throughput(&format!("{name}, encrypt"), PIECE, || {
            out.clear();
            encryptor.update(black_box(&piece), &mut out);
        });
        let (parameters, key) = (encryptor.parameters().clone(), encryptor.key().to_vec());
        let mut decryptor = Decryptor::new(&parameters, &key, &[], u64::MAX >> 8).unwrap();
        throughput(&format!("{name}, decrypt"), PIECE, || {
            out.clear();
            decryptor.update(black_box(&piece), &mut out);
        });
    }
    let mut encoder = Base64Encoder::new(std::io::sink(), 64, b"\r\n");
    throughput("base64, encode", PIECE, || {
        encoder.write_all(black_box(&piece)).unwrap();
    });
    let mut encoder = Base64Encoder::new(Vec::new(), 64, b"\r\n");
    encoder.write_all(&piece).unwrap();
    let encoded = encoder.finish().unwrap();
    let mut decoded = vec![0; PIECE];
    throughput("base64, decode", encoded.len(), || {
        let mut decoder = Base64Decoder::new(black_box(&encoded[..]));
        while decoder.read(&mut decoded).unwrap() > 0 {}
    });
    throughput("temporary file, write and read", 256 * PIECE, || {
        let mut spool = Spool::new();
        (0..256).for_each(|_| spool.write_all(&piece).unwrap());
        let mut reader = Source::from_spool(spool).reader();
        while reader.read(&mut decoded).unwrap() > 0 {}
    });
    for key_type in [KeyType::Rsa2048, KeyType::Rsa3072, KeyType::EcP256] {
        let key = PrivateKey::generate(key_type).unwrap();
        let pkcs8 = key.to_pkcs8().unwrap();
        let name = key.public_key().describe();
        let load = rate(|| drop(black_box(PrivateKey::decode(&pkcs8).unwrap())));
        println!("| {name}, load a private key | {load:.0} /s |");
        let digest = DigestAlgorithm::Sha256;
        let algorithm = key.signature_algorithm(Some(digest));
        let signed = smime::crypto::key::Signed::Message(b"message");
        let sign = rate(|| drop(black_box(key.sign(&algorithm, signed).unwrap())));
        println!("| {name}, sign | {sign:.0} /s |");
    }
}
