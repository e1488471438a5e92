//! Inbound messages of every kind.

use super::{Person, State};
use crate::crypto::content::ContentCipher;
use crate::crypto::key::RsaScheme;
use crate::pki::test_pki::time;
use crate::policy::profile::{CipherChoice, Include, Switch};
use crate::smime::{
    EncryptRequest, PreparedMessage, RecipientCertificate, RsaTransport, SignRequest,
    SignatureForm, SigningIdentity,
};
use crate::source::Source;

/// What a reader who looks finds out about the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signature {
    None,
    Good,
    Bad(&'static str),
}

/// For whom it is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    None,
    Ours,
    Foreign,
    Damaged,
}

/// A message to an internal user.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) sender: Person,
    pub(super) signature: Signature,
    pub(super) encryption: Encryption,
    pub(super) text: String,
}

/// A message without protection.
pub(super) fn plain(sender: Person, recipient: Person) -> String {
    format!(
        "From: {}\r\nTo: {}\r\nSubject: Figures\r\nMIME-Version: 1.0\r\n\r\nThe figures.\r\n",
        sender.address(),
        recipient.address()
    )
}

/// The message, signed by its sender.
pub(super) fn signed(sender: Person, message: &str) -> String {
    let signers = [SigningIdentity {
        identity: sender.identity(),
        encryption_certificate: None,
    }];
    let request = SignRequest {
        signers: &signers,
        form: SignatureForm::Clear,
        include: Include::Leaf,
        digest: None,
        rsa_scheme: RsaScheme::Pkcs1,
        time: time(),
        protect_headers: Switch::Off,
    };
    let mut out = Vec::new();
    prepared(message).sign(&request, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The message, encrypted to that person with a tag.
pub(super) fn encrypted(to: Person, message: &str) -> String {
    let recipients = [RecipientCertificate {
        certificate: to.identity().certificate,
        capabilities: None,
    }];
    let request = EncryptRequest {
        recipients: &recipients,
        cipher: CipherChoice::Fixed(ContentCipher::Aes256Gcm),
        transport: RsaTransport::AsAnnounced,
        sign: None,
        protect_headers: Switch::Off,
    };
    let mut out = Vec::new();
    prepared(message).encrypt(&request, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn prepared(message: &str) -> PreparedMessage {
    PreparedMessage::read(Source::from_bytes(message.as_bytes().to_vec())).unwrap()
}

/// Every signature in the open, and a few in every encryption, to `recipient`.
pub(super) fn every(recipient: Person) -> Vec<Message> {
    let good = Person::outside(State::Present, 0);
    let mut messages = Vec::new();
    for (state, signature) in [
        (State::Present, Signature::None),
        (State::Present, Signature::Good),
        (
            State::Present,
            Signature::Bad("cms.message-digest-mismatch"),
        ),
        (State::Untrusted, Signature::Bad("path.issuer-unknown")),
        (State::Expired, Signature::Bad("cert.expired")),
        (State::NotYetValid, Signature::Bad("cert.not-yet-valid")),
        (State::Weak, Signature::Bad("cert.weak-key")),
        (State::Revoked, Signature::Bad("crl.revoked")),
    ] {
        let sender = Person { state, ..good };
        let mut inner = plain(sender, recipient);
        if signature != Signature::None {
            inner = signed(sender, &inner);
        }
        if (state, signature)
            == (
                State::Present,
                Signature::Bad("cms.message-digest-mismatch"),
            )
        {
            inner = inner.replace("The figures.", "The numbers.");
        }
        for encryption in [
            Encryption::None,
            Encryption::Ours,
            Encryption::Foreign,
            Encryption::Damaged,
        ] {
            if encryption != Encryption::None && state != State::Present {
                continue;
            }
            let text = match encryption {
                Encryption::None => inner.clone(),
                Encryption::Ours => encrypted(recipient, &inner),
                Encryption::Foreign => encrypted(good, &inner),
                Encryption::Damaged => damaged(&encrypted(recipient, &inner)),
            };
            messages.push(Message {
                sender,
                signature,
                encryption,
                text,
            });
        }
    }
    messages
}

/// The message with one digit of its base64 changed, in the ciphertext.
fn damaged(message: &str) -> String {
    let at = message.trim_end().len() - 60;
    let other = if &message[at..=at] == "A" { "B" } else { "A" };
    [&message[..at], other, &message[at + 1..]].concat()
}
