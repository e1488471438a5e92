//! Messages and objects that are made here, for the people of [`WORLD`]: what the fuzzer cannot guess
//! is whose keys fit.

use std::io::Read;

use smime::asn1::{oid, pem};
use smime::crypto::content::ContentCipher;
use smime::mail::scan;
use smime::mail::transfer_encoding::decode_body;
use smime::pki::issue::{Authority, ListProfile, issue_list};
use smime::pki::pkcs12::{self, Contents, Format};
use smime::policy::profile::{CipherChoice, Switch};
use smime::smime::{
    EncryptRequest, PreparedMessage, RecipientCertificate, RsaTransport, SignRequest, SignatureForm,
};
use smime::source::Source;

use super::files;
use super::world::{WORLD, key, sign_request, time};

/// A short message of the author.
pub(crate) const SHORT: &str = "From: Alice <alice@example.com>\r\nTo: bob@example.com\r\n\
    Subject: Figures\r\nDate: Fri, 15 Jan 2027 08:00:00 +0000\r\nMIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=us-ascii\r\n\r\nThe figures are in.\r\n";

/// One with parts, and a message in one of them.
pub(crate) const PARTS: &str = "From: alice@example.com\r\nTo: bob@example.com\r\n\
    Subject: =?utf-8?q?F=C3=BCr_Bob?=\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=a\r\n\r\n\
    --a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\
    \r\nGr=C3=BC=C3=9Fe\r\n\
    --a\r\nContent-Type: application/octet-stream; name*=utf-8''%C3%BC\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n\
    --a\r\nContent-Type: message/rfc822\r\n\r\nFrom: carol@example.com\r\nSubject: Inside\r\n\r\nHello.\r\n\
    --a--\r\n";

/// The ciphers of content, with and without authentication.
pub(crate) const CIPHERS: [ContentCipher; 3] = [
    ContentCipher::Aes256Cbc,
    ContentCipher::Aes256Gcm,
    ContentCipher::ChaCha20Poly1305,
];

/// The message, ready to be signed or encrypted.
pub(crate) fn prepared(mail: &[u8]) -> PreparedMessage {
    PreparedMessage::read(Source::from_bytes(mail.to_vec())).unwrap()
}

/// The message, signed by its author.
pub(crate) fn signed(mail: &[u8], form: SignatureForm, protect: Switch) -> Vec<u8> {
    let signers = WORLD.signers();
    let mut out = Vec::new();
    let request = sign_request(&signers, form, protect);
    prepared(mail).sign(&request, &mut out).unwrap();
    out
}

/// The message, encrypted for the correspondent.
pub(crate) fn encrypted(
    message: &PreparedMessage,
    cipher: ContentCipher,
    sign: Option<&SignRequest<'_>>,
) -> Vec<u8> {
    let recipients = [RecipientCertificate {
        certificate: WORLD.bob.certificate.clone(),
        capabilities: None,
    }];
    let request = EncryptRequest {
        recipients: &recipients,
        cipher: CipherChoice::Fixed(cipher),
        transport: RsaTransport::AsAnnounced,
        sign,
        protect_headers: Switch::Off,
    };
    let mut out = Vec::new();
    message.encrypt(&request, &mut out).unwrap();
    out
}

/// The object that is the body of a message.
pub(crate) fn object(message: &[u8]) -> Vec<u8> {
    let source = Source::from_bytes(message.to_vec());
    let root = scan(&source).unwrap().root;
    let mut object = Vec::new();
    decode_body(&source, &root)
        .read_to_end(&mut object)
        .unwrap();
    object
}

/// What a ContentInfo holds: behind its content type is the header of `[0]`.
fn content(object: &[u8]) -> &[u8] {
    let after = [
        &oid::SIGNED_DATA,
        &oid::ENVELOPED_DATA,
        &oid::AUTH_ENVELOPED_DATA,
    ]
    .iter()
    .find_map(|kind| {
        let kind = kind.as_bytes();
        let at = object.windows(kind.len()).position(|window| window == kind);
        at.map(|at| &object[at + kind.len()..])
    })
    .unwrap();
    let more = match after[1] {
        length @ 0x80.. => usize::from(length & 0x7f),
        _ => 0,
    };
    &after[2 + more..]
}

/// First inputs for targets by name.
pub(crate) fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let mut inputs = Vec::new();
    for mail in [SHORT, PARTS] {
        let mail = mail.as_bytes();
        for protect in [Switch::Off, Switch::On] {
            let clear = signed(mail, SignatureForm::Clear, protect);
            let opaque = signed(mail, SignatureForm::Opaque, protect);
            inputs.push(("signed_data", content(&object(&opaque)).to_vec()));
            objects(&mut inputs, object(&opaque));
            messages(&mut inputs, clear);
            messages(&mut inputs, opaque);
        }
        let signers = WORLD.signers();
        let request = sign_request(&signers, SignatureForm::Clear, Switch::Off);
        for cipher in CIPHERS {
            for sign in [None, Some(&request)] {
                let message = encrypted(&prepared(mail), cipher, sign);
                let target = match cipher {
                    ContentCipher::Aes256Cbc => "enveloped_data",
                    _ => "auth_enveloped_data",
                };
                inputs.push((target, content(&object(&message)).to_vec()));
                objects(&mut inputs, object(&message));
                messages(&mut inputs, message);
            }
        }
        for choice in 0..=u8::MAX >> 4 {
            let chosen = [&[choice], mail].concat();
            inputs.push(("sign_verify", chosen.clone()));
            inputs.push(("encrypt_decrypt", chosen));
        }
    }
    authorities(&mut inputs);
    inputs.extend(paths().map(|path| ("certification_path", path)));
    inputs.extend(files::untouched().map(|file| ("keystore_files", file)));
    inputs.extend((0..=u8::MAX >> 4).map(|choice| ("altered", vec![choice])));
    inputs
}

fn messages(inputs: &mut Vec<(&'static str, Vec<u8>)>, message: Vec<u8>) {
    for target in ["entity_scanner", "structure", "decrypt", "verify"] {
        inputs.push((target, message.clone()));
    }
}

fn objects(inputs: &mut Vec<(&'static str, Vec<u8>)>, object: Vec<u8>) {
    for target in ["ber_reader", "cms_object", "certificate_file", "verify"] {
        inputs.push((target, object.clone()));
    }
}

/// What a CA makes, and files that hold it.
fn authorities(inputs: &mut Vec<(&'static str, Vec<u8>)>) {
    for identity in [&WORLD.alice, &WORLD.bob] {
        let der = identity.certificate.der().to_vec();
        let frame = pem::encode("CERTIFICATE", &der).into_bytes();
        inputs.extend([("certificate", der), ("certificate_file", frame)]);
        let mut contents = Contents::default();
        let chain = std::slice::from_ref(&WORLD.ca);
        contents.add_identity(&identity.key, &identity.certificate, chain, "fuzz");
        for format in [Format::Modern, Format::Legacy] {
            let file = pkcs12::encode(&contents, "fuzz", format).unwrap();
            inputs.push(("pkcs12", file.to_vec()));
        }
    }
    let key = key(1);
    let authority = Authority {
        certificate: &WORLD.ca,
        key: &key,
    };
    let profile = ListProfile {
        number: 1,
        days: 7,
        revoked: Vec::new(),
    };
    let list = issue_list(&authority, &profile, time()).unwrap();
    inputs.push(("certificate_list", list.der().to_vec()));
}

/// Hierarchies, as `certification_path` reads them: names, keys, flags, extensions.
fn paths() -> impl Iterator<Item = Vec<u8>> {
    const CA: u8 = 0b1010;
    // Each name has the key of the same number; the issuer is the next.
    let certificate = |number: u8, issuer: u8, flags: u8, extensions: &[u8]| {
        let both = number | issuer << 3;
        [&[both, both, flags], extensions].concat()
    };
    let constraints = [0, 8, 0x30, 6, 0xa0, 4, 0x30, 2, 0x82, 0];
    let policies = [1, 8, 0x30, 6, 0x30, 4, 6, 2, 0x2a, 3];
    (0..4_u8).map(move |between| {
        let mut path = certificate(0, 1, 8, &[]);
        for number in 1..=between {
            let (flags, extensions) = match number {
                1 => (CA | 0x10, &constraints[..]),
                2 => (CA | 0x10, &policies[..]),
                _ => (CA | 0b100 | 3 << 6, &[][..]),
            };
            path.extend(certificate(number, number + 1, flags, extensions));
        }
        path.extend(certificate(between + 1, between + 1, CA, &[]));
        path
    })
}
