//! Whether the time of decryption tells what is wrong with a ciphertext, by Welch's t test as in
//! dudect: `cargo bench --bench timing`, or with a number of measurements for each pair of classes.
//!
//! It prints figures and judges nothing: |t| under 4.5 is what inputs that take the same time give,
//! and a machine that does other work makes a small difference harder to see.

#![allow(clippy::print_stdout, reason = "prints a table")]
#![allow(clippy::unwrap_used, reason = "nobody handles its errors")]
#![allow(clippy::disallowed_methods, reason = "measures time")]

use std::hint::black_box;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use getrandom::rand_core::TryRng;
use smime::cms::{CertificateIdentifier, RecipientIdentifier, RecipientSpec, write_enveloped};
use smime::crypto::content::{ContentCipher, ContentParameters, Decryptor, Encryptor};
use smime::crypto::key::{KeyType, PrivateKey};
use smime::crypto::transport::KeyTransport;
use smime::smime::lookup::{KeyLookup, LookupError};
use smime::smime::{DecryptRequest, Input, decrypt};
use smime::source::Source;
use zeroize::Zeroizing;

/// Inputs of each class: one alone could be slower by chance, whatever class it is of.
const INPUTS: usize = 64;

fn random(length: usize) -> Vec<u8> {
    let mut octets = vec![0; length];
    SysRng.try_fill_bytes(&mut octets).unwrap();
    octets
}

/// Inputs that an attacker would like to tell apart from those of another class.
struct Class {
    name: &'static str,
    inputs: Vec<Vec<u8>>,
}

impl Class {
    fn new(name: &'static str, mut make: impl FnMut(usize) -> Vec<u8>) -> Class {
        let inputs = (0..INPUTS).map(&mut make).collect();
        Class { name, inputs }
    }
}

/// Measures all classes in random order, `count` times each; nanoseconds.
fn measure(classes: &[Class], count: usize, mut work: impl FnMut(&[u8])) -> Vec<Vec<f64>> {
    let mut times = vec![Vec::with_capacity(count); classes.len()];
    for round in 0..count + count / 10 {
        let mut order: Vec<usize> = (0..classes.len()).collect();
        for (at, draw) in random(order.len()).into_iter().enumerate() {
            order.swap(at, usize::from(draw) % classes.len());
        }
        let input = usize::from(random(1)[0]) % INPUTS;
        for class in order {
            let input = black_box(&classes[class].inputs[input][..]);
            let start = Instant::now();
            work(input);
            let time = start.elapsed().as_nanos() as f64;
            // Caches and branch predictors warm up first.
            if round >= count / 10 {
                times[class].push(time);
            }
        }
    }
    times
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

/// Welch's t of what lies below `limit` in either sample.
fn welch(first: &[f64], second: &[f64], limit: f64) -> f64 {
    let moments = |sample: &[f64]| {
        let kept: Vec<f64> = sample
            .iter()
            .copied()
            .filter(|time| *time <= limit)
            .collect();
        let count = kept.len() as f64;
        let mean = kept.iter().sum::<f64>() / count;
        let squares = kept.iter().map(|time| (time - mean).powi(2));
        (mean, squares.sum::<f64>() / (count - 1.0) / count)
    };
    let ((first, spread), (second, other_spread)) = (moments(first), moments(second));
    (first - second) / (spread + other_spread).sqrt()
}

/// Prints each class against the first. What interrupts the work makes times longer, never shorter,
/// so the longest are left out, as many of all classes together.
fn compare(title: &str, classes: &[Class], count: usize, work: impl FnMut(&[u8])) {
    let times = measure(classes, count, work);
    let sorted = |samples: &[&Vec<f64>]| {
        let mut all: Vec<f64> = samples
            .iter()
            .flat_map(|sample| sample.iter().copied())
            .collect();
        all.sort_by(f64::total_cmp);
        all
    };
    println!("\n{title}, {count} measurements of each class:\n");
    println!("| class | median | against | t, fastest 50 % | t, 90 % | t, all |");
    println!("| --- | --: | --- | --: | --: | --: |");
    for (number, (class, sample)) in classes.iter().zip(&times).enumerate() {
        let median = percentile(&sorted(&[sample]), 0.5);
        if number == 0 {
            println!("| {} | {median:.0} ns | | | | |", class.name);
            continue;
        }
        let together = sorted(&[&times[0], sample]);
        let figures = [0.5, 0.9, 1.0].map(|share| {
            let limit = percentile(&together, share);
            format!("{:.1}", welch(&times[0], sample, limit))
        });
        let [half, most, all] = figures;
        println!(
            "| {} | {median:.0} ns | {} | {half} | {most} | {all} |",
            class.name, classes[0].name
        );
    }
}

/// The private operation, and what is made of its padding.
fn key_transport(count: usize) {
    let key = PrivateKey::generate(KeyType::Rsa2048).unwrap();
    let other = PrivateKey::generate(KeyType::Rsa2048).unwrap();
    let transport = KeyTransport::RsaPkcs1;
    let encrypt = |key: &PrivateKey, length| {
        transport
            .encrypt(key.public_key(), &random(length))
            .unwrap()
    };
    let classes = [
        Class::new("a key of the right length", |_| encrypt(&key, 32)),
        Class::new("the same again", |_| encrypt(&key, 32)),
        Class::new("wrong padding", |_| {
            let mut noise = random(256);
            // Below every modulus.
            noise[0] &= 0x7f;
            noise
        }),
        Class::new("a key of another length", |_| encrypt(&key, 16)),
        Class::new("encrypted to another key", |_| {
            let mut encrypted = encrypt(&other, 32);
            encrypted[0] &= 0x7f;
            encrypted
        }),
    ];
    compare("RSAES-PKCS1-v1_5, RSA-2048", &classes, count, |input| {
        black_box(key.decrypt_key_transport(&transport, input, 32).unwrap());
    });
}

/// The padding of CBC, alone.
fn padding(count: usize) {
    let key = random(32);
    let parameters = ContentParameters::generate(ContentCipher::Aes256Cbc, None).unwrap();
    // A block of padding of its own follows; the block before it changes it.
    let encrypted = |flips: &[(usize, u8)]| {
        let fresh = Zeroizing::new(key.clone());
        let mut encryptor = Encryptor::with_key(parameters.clone(), fresh, &[], None).unwrap();
        let mut out = Vec::new();
        encryptor.update(&random(1024), &mut out);
        encryptor.finish(&mut out).unwrap();
        for (from_end, flip) in flips {
            let at = out.len() - 16 - from_end;
            out[at] ^= flip;
        }
        out
    };
    let classes = [
        Class::new("16 octets of padding", |_| encrypted(&[])),
        Class::new("the same again", |_| encrypted(&[])),
        Class::new("1 octet of padding", |_| encrypted(&[(1, 16 ^ 1)])),
        Class::new("the first octet wrong", |_| encrypted(&[(16, 1)])),
        Class::new("the last but one wrong", |_| encrypted(&[(2, 1)])),
        Class::new("a length of 0", |_| encrypted(&[(1, 16)])),
        Class::new("a length of 255", |_| encrypted(&[(1, 16 ^ 255)])),
    ];
    compare("AES-256-CBC, 1 KiB", &classes, count, |input| {
        let mut out = Vec::with_capacity(2048);
        let mut decryptor = Decryptor::new(&parameters, &key, &[], input.len() as u64).unwrap();
        decryptor.update(input, &mut out);
        let _ = black_box(decryptor.finish(None, &mut out));
        black_box(&out);
    });
}

/// Holds the one key, whoever is asked for.
struct OneKey(PrivateKey);

impl KeyLookup for OneKey {
    fn holds(&self, _: &CertificateIdentifier) -> Result<bool, LookupError> {
        Ok(true)
    }

    fn find_key(&self, _: &CertificateIdentifier) -> Result<Option<PrivateKey>, LookupError> {
        Ok(Some(self.0.clone()))
    }
}

/// Whole messages that are not decrypted, for one reason or another: from the octets of the message
/// to the answer.
fn messages(count: usize) {
    let key = PrivateKey::generate(KeyType::EcP256).unwrap();
    let message = |flips: &[(usize, u8)]| {
        // A header that is none of MIME, and one octet of padding in the last block.
        let header = "Content-Type: text\0plain\r\n\r\n";
        let content = format!("{header}{}", "x".repeat(4095 - header.len()));
        let recipient = RecipientSpec {
            identifier: RecipientIdentifier::KeyIdentifier(vec![1; 20]),
            public_key: key.public_key(),
            transport: KeyTransport::RsaPkcs1,
        };
        let mut object = Vec::new();
        let length = Some(content.len() as u64);
        let mut content = content.as_bytes();
        let cipher = ContentCipher::Aes256Cbc;
        write_enveloped(&mut object, &[recipient], cipher, &mut content, length).unwrap();
        for &(from_end, flip) in flips {
            let at = object.len() - 16 - from_end;
            object[at] ^= flip;
        }
        format!(
            "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; \
             smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            STANDARD.encode(object)
        )
        .into_bytes()
    };
    let keys = OneKey(key.clone());
    let classes = [
        Class::new("right padding, no MIME", |_| message(&[(3, 1)])),
        Class::new("the same again", |_| message(&[(3, 1)])),
        Class::new("wrong padding", |_| message(&[(1, 2)])),
    ];
    compare(
        "a message of 4 KiB that is not decrypted",
        &classes,
        count,
        |input| {
            let input = Input::Message(Source::from_bytes(input.to_vec()));
            let answer = decrypt(DecryptRequest { input, keys: &keys }).unwrap();
            assert!(black_box(answer).release.is_none());
        },
    );
}

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let count: usize = numbers.next().unwrap_or(4000);
    messages(2 * count);
    padding(20 * count);
    key_transport(count);
}
