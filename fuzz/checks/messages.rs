//! Checks of messages from one end to the other.

use std::io;

use smime::address::Address;
use smime::mail::signing_form::SigningForm;
use smime::mail::{Protection, protection, scan};
use smime::pki::NoLists;
use smime::policy::profile::{Profile, Switch};
use smime::smime::inspection::inspect;
use smime::smime::{
    DecryptRequest, Input, JudgementTime, PreparedMessage, Release, SignatureForm,
    SignatureRelease, Verification, VerifyRequest, decrypt, verify,
};
use smime::source::Source;
use smime::verdict::{Outcome, Verdict};

use super::made::{CIPHERS, encrypted};
use super::world::{AUTHOR, WORLD, sign_request, time};

fn input(octets: &[u8]) -> Input {
    Input::Message(Source::from_bytes(octets.to_vec()))
}

/// A request that judges a message with what the people of the world have.
pub(crate) fn verify_request<'a>(
    input: Input,
    profile: &'a Profile,
    expected: Option<&'a Address>,
) -> VerifyRequest<'a> {
    VerifyRequest {
        input,
        keys: &WORLD.held,
        certificates: &*WORLD,
        issuers: &WORLD.issuers,
        untrusted: &[],
        lists: &NoLists,
        time: JudgementTime::At(time()),
        profile,
        expected,
        envelope_from: None,
        signature: SignatureRelease::Strip,
    }
}

/// A verdict accepts and releases, or rejects and releases nothing.
fn is_consistent(verification: &Verification) {
    let accepted = verification.verdict.outcome() == Outcome::Accepted;
    assert_eq!(accepted, verification.release.is_some());
    if accepted {
        assert!(verification.signed);
    }
}

/// Any message, and any object, gets a verdict.
pub(crate) fn verify_message(octets: &[u8]) {
    let profile = Profile::default();
    let object = Input::Object {
        object: Source::from_bytes(octets.to_vec()),
        content: None,
    };
    for input in [input(octets), object] {
        let _ = inspect(verify_request(input.clone(), &profile, None));
        let Ok(verification) = verify(verify_request(input, &profile, None)) else {
            continue;
        };
        is_consistent(&verification);
        if let Some(release) = verification.release {
            release.write(&mut io::sink()).unwrap();
        }
    }
}

/// Any message is decrypted, or nothing of it is released.
pub(crate) fn decrypt_message(octets: &[u8]) {
    let request = DecryptRequest {
        input: input(octets),
        keys: &WORLD.held,
    };
    let Ok(decryption) = decrypt(request) else {
        return;
    };
    let accepted = decryption.verdict.outcome() == Outcome::Accepted;
    assert_eq!(accepted, decryption.release.is_some());
    if let Some(release) = decryption.release {
        release.write(&mut io::sink()).unwrap();
    }
}

/// The first octet of an input, as choices, and the message behind it, ready for a signature.
///
/// None that is protected already: whoever reads it would be told of what is inside.
fn prepare(octets: &[u8]) -> Option<(u8, &[u8], PreparedMessage)> {
    let (&choice, message) = octets.split_first()?;
    let prepared = PreparedMessage::read(Source::from_bytes(message.to_vec())).ok()?;
    match protection(&prepared.scan().root) {
        Protection::None => Some((choice, message, prepared)),
        _ => None,
    }
}

fn switch(on: bool) -> Switch {
    if on { Switch::On } else { Switch::Off }
}

fn signing_form(octets: &[u8]) -> Option<Vec<u8>> {
    let source = Source::from_bytes(octets.to_vec());
    let mut form = Vec::new();
    let plan = SigningForm::plan(&scan(&source).ok()?, &source).ok()?;
    plan.write(&mut form).unwrap();
    Some(form)
}

/// What is released of `made`, which has to be accepted.
fn accepted(verdict: &Verdict, release: Option<Release>, made: &[u8]) -> Vec<u8> {
    let (findings, shown) = (&verdict.findings, String::from_utf8_lossy(made));
    let outcome = verdict.outcome();
    assert_eq!(outcome, Outcome::Accepted, "{findings:?}\n{shown}");
    let mut released = Vec::new();
    release.unwrap().write(&mut released).unwrap();
    released
}

/// What came out of `made` is the message that went in, as it would be signed.
fn assert_same_form(released: &[u8], message: &[u8], made: &[u8]) {
    let shown = String::from_utf8_lossy(made);
    assert_eq!(signing_form(released), signing_form(message), "{shown}");
}

/// What is signed here is accepted here, with the content that was signed.
pub(crate) fn sign_verify(octets: &[u8]) {
    let Some((choice, message, prepared)) = prepare(octets) else {
        return;
    };
    let form = match choice & 1 {
        0 => SignatureForm::Clear,
        _ => SignatureForm::Opaque,
    };
    let protect = switch(choice & 2 != 0);
    let signers = WORLD.signers();
    let mut signed = Vec::new();
    if prepared
        .sign(&sign_request(&signers, form, protect), &mut signed)
        .is_err()
    {
        // A field of the message has no safe form inside.
        assert_eq!(protect, Switch::On);
        return;
    }
    let (profile, author) = (Profile::default(), Address::parse(AUTHOR).unwrap());
    let verification = verify(verify_request(input(&signed), &profile, Some(&author))).unwrap();
    is_consistent(&verification);
    let released = accepted(&verification.verdict, verification.release, &signed);
    if protect == Switch::Off {
        assert_same_form(&released, message, &signed);
    }
}

/// What is encrypted here is decrypted here to what it was.
pub(crate) fn encrypt_decrypt(octets: &[u8]) {
    let Some((choice, message, prepared)) = prepare(octets) else {
        return;
    };
    let cipher = CIPHERS[usize::from(choice) % CIPHERS.len()];
    let encrypted = encrypted(&prepared, cipher, None);
    let decryption = decrypt(DecryptRequest {
        input: input(&encrypted),
        keys: &WORLD.held,
    })
    .unwrap();
    let released = accepted(&decryption.verdict, decryption.release, &encrypted);
    assert_same_form(&released, message, &encrypted);
}
