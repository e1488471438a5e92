//! Header fields inside what is signed or encrypted, both ways.

use super::*;
use crate::mail;
use crate::reason::Severity;

const SUBJECT: &str = "Gr\u{fc}\u{df}e & mehr";

const MAIL: &str = "Received: by a.example.com\r\nFrom: Alice <alice@example.com>\r\n\
    To: bob@example.com\r\nBcc: carol@example.com\r\n\
    Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_=26_mehr?=\r\nKeywords: secret\r\n\
    Message-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n";

const PLAIN: &str = "Content-Type: text/plain; charset=us-ascii\r\n\r\nThe text.\r\n\r\nMore.\r\n";

fn mail(content: &str) -> String {
    format!("{MAIL}{content}")
}

fn sign_protecting(identity: &Identity, message: &str) -> Vec<u8> {
    let signers = [SigningIdentity {
        identity: identity.clone(),
        encryption_certificate: None,
    }];
    let request = SignRequest {
        protect_headers: Switch::On,
        ..sign_request(&signers, SignatureForm::Clear)
    };
    let source = Source::from_bytes(message.as_bytes().to_vec());
    let mut out = Vec::new();
    let prepared = PreparedMessage::read(source).unwrap();
    prepared.sign(&request, &mut out).unwrap();
    out
}

/// Encrypted to Bob, and signed by `signer` if there is one.
fn encrypt_protecting(world: &World, signer: Option<&Identity>, message: &str) -> String {
    let recipients = [RecipientCertificate {
        certificate: world.bob.certificate.clone(),
        capabilities: None,
    }];
    let signers = signer.map(|identity| {
        [SigningIdentity {
            identity: identity.clone(),
            encryption_certificate: None,
        }]
    });
    let sign = signers
        .as_ref()
        .map(|signers| sign_request(signers, SignatureForm::Clear));
    let request = EncryptRequest {
        recipients: &recipients,
        cipher: CipherChoice::Fixed(ContentCipher::Aes256Gcm),
        transport: RsaTransport::AsAnnounced,
        sign: sign.as_ref(),
        protect_headers: Switch::On,
    };
    let source = Source::from_bytes(message.as_bytes().to_vec());
    let mut out = Vec::new();
    let prepared = PreparedMessage::read(source).unwrap();
    prepared.encrypt(&request, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn decrypted(world: &World, message: &str) -> Decryption {
    decrypt(DecryptRequest {
        input: Input::Message(Source::from_bytes(message.as_bytes().to_vec())),
        keys: world,
    })
    .unwrap()
}

/// Field, severity and values of each difference.
fn mismatches(verdict: &Verdict) -> Vec<(String, Severity)> {
    let findings = verdict.findings.iter();
    findings
        .filter(|finding| finding.reason == Reason::SmimeProtectedHeaderMismatch)
        .map(|finding| (finding.detail["field"].clone(), finding.severity))
        .collect()
}

fn warned(fields: &[&str]) -> Vec<(String, Severity)> {
    let row = |field: &&str| ((*field).to_owned(), Severity::Warning);
    fields.iter().map(row).collect()
}

fn subject(message: &str) -> String {
    let scan = mail::scan(&Source::from_bytes(message.as_bytes().to_vec())).unwrap();
    scan.root.header.text("Subject").unwrap_or_default()
}

#[test]
fn what_is_signed_has_the_fields_inside() {
    let world = World::new();
    let signed = String::from_utf8(sign_protecting(&world.alice, &mail(PLAIN))).unwrap();
    let inside = signed.split("\r\n\r\n--").nth(1).unwrap();
    assert!(inside.contains("; hp=\"clear\"\r\n"), "{inside}");
    assert!(inside.contains("\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_=26_mehr?=\r\n"));
    assert!(!inside.contains("carol@example.com") && !inside.contains("Received"));
    assert!(!signed.contains("HP-Outer") && !signed.contains("hp-legacy-display"));
    let verification = world.verify(signed.as_bytes());
    assert_eq!(reasons(&verification.verdict), []);
    assert_eq!(mismatches(&verification.verdict), []);
    assert_eq!(released(verification.release), mail(PLAIN));
}

#[test]
fn what_is_encrypted_hides_fields_outside_and_shows_them_in_the_text() {
    let world = World::new();
    for signer in [None, Some(&world.alice)] {
        let encrypted = encrypt_protecting(&world, signer, &mail(PLAIN));
        let outside = encrypted.split("\r\n\r\n").next().unwrap();
        assert!(outside.contains("\r\nSubject: [...]\r\n"), "{outside}");
        assert!(!outside.contains("Keywords") && !outside.contains("Bcc"));
        let decryption = decrypted(&world, &encrypted);
        assert_eq!(reasons(&decryption.verdict), []);
        assert_eq!(mismatches(&decryption.verdict), []);
        assert_eq!(decryption.verdict.message.subject.as_deref(), Some(SUBJECT));
        let content = released(decryption.release);
        assert_eq!(subject(&content), SUBJECT);
        let Some(_) = signer else {
            let lines = |text: &str| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            let original = mail(PLAIN).replace("Bcc: carol@example.com\r\n", "");
            // The text is UTF-8 since the subject was in it.
            let original = original.replace(
                "us-ascii\r\n",
                "\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            );
            assert_eq!(lines(&content), lines(&original));
            continue;
        };
        assert!(content.contains("mehr\r\nKeywords: secret\r\n\r\nThe text."));
        assert!(content.contains("HP-Outer: Subject: [...]\r\n"));
        let verification = world.verify(encrypted.as_bytes());
        assert_eq!(reasons(&verification.verdict), []);
        let content = released(verification.release);
        assert!(
            !content.contains("HP-Outer") && !content.contains("hp="),
            "{content}"
        );
        assert!(
            content.ends_with("\r\n\r\nThe text.\r\n\r\nMore.\r\n"),
            "{content}"
        );
    }
}

/// Every kind of text comes out as it went in, whatever its encoding.
#[test]
fn the_text_comes_back_without_what_was_shown_in_it() {
    let world = World::new();
    let html = "<html><BODY lang=\"de\">\r\n<div>Hi</div>\r\n</body></html>\r\n";
    let alternative = format!(
        "Content-Type: multipart/alternative; boundary=BB\r\n\r\n--BB\r\n\r\nfirst\r\n--BB\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--BB--\r\n"
    );
    let mixed = "Content-Type: multipart/mixed; boundary=CC\r\n\r\n--CC\r\n\
        Content-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n\r\nx\r\n--CC\r\n\
        Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nkept\r\n\r\nx\r\n--CC--\r\n";
    for (content, marked) in [
        (PLAIN.to_owned(), 1),
        (alternative, 2),
        (mixed.to_owned(), 1),
        ("Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGJvZHk+SGk8L2JvZHk+\r\n".to_owned(), 1),
        ("Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\nAGEACgBi\r\n".to_owned(), 0),
        ("Content-Type: text/plain; charset=koi8-r\r\n\r\nx\r\n".to_owned(), 0),
        ("Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAGEA\r\n".to_owned(), 0),
        ("Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx\r\n".to_owned(), 0),
    ] {
        let encrypted = encrypt_protecting(&world, Some(&world.alice), &mail(&content));
        let inside = released(decrypted(&world, &encrypted).release);
        assert_eq!(inside.matches("hp-legacy-display=\"1\"").count(), marked, "{inside}");
        let verification = world.verify(encrypted.as_bytes());
        assert_eq!(reasons(&verification.verdict), [], "{content}");
        let shown = released(verification.release);
        assert!(!shown.contains("legacy-display") && !shown.contains(" mehr\r\n\r\n"), "{shown}");
        let [before, after] = [mail(&content), shown].map(|text| leaves(&text));
        assert_eq!(before, after);
    }
}

/// The decoded content of every part that is no multipart.
fn leaves(message: &str) -> Vec<Vec<u8>> {
    let source = Source::from_bytes(message.as_bytes().to_vec());
    let scan = mail::scan(&source).unwrap();
    let leaves = scan.root.walk().filter(|entity| entity.children.is_empty());
    leaves
        .map(|entity| {
            let mut octets = Vec::new();
            let mut reader = mail::transfer_encoding::decode_body(&source, entity);
            std::io::Read::read_to_end(&mut reader, &mut octets).unwrap();
            octets
        })
        .collect()
}

#[test]
fn an_author_outside_who_is_another_rejects() {
    let world = World::new();
    let signed = sign_protecting(&world.alice, &mail(PLAIN));
    for from in [
        "mallory@example.com",
        "Alice <mallory@example.com>",
        "alice@example.com, mallory@example.com",
        "Alice",
    ] {
        let forged = replace(
            &signed,
            "From: Alice <alice@example.com>",
            &format!("From: {from}"),
        );
        assert_eq!(
            world.rejection(&forged),
            [Reason::SmimeProtectedHeaderMismatch]
        );
        let verdict = world.verify(&forged).verdict;
        // The certificate is compared with the protected author.
        assert_eq!(verdict.layers[0].signers[0].checks.identity, Check::Pass);
        assert_eq!(
            mismatches(&verdict),
            [("From".to_owned(), Severity::Reject)]
        );
    }
    // A display name and the case of the domain are no other author.
    let same = replace(
        &signed,
        "From: Alice <alice@example.com>",
        "From: A <alice@EXAMPLE.com>",
    );
    let verification = world.verify(&same);
    assert_eq!(reasons(&verification.verdict), []);
    assert!(released(verification.release).contains("From: Alice <alice@example.com>\r\n"));
    // Who signs somebody else's protected author is not believed.
    let forged = sign_protecting(&world.bob, &mail(PLAIN));
    assert_eq!(world.rejection(&forged), [Reason::SmimeFromMismatch]);
    let outside = replace(
        &forged,
        "From: Alice <alice@example.com>",
        "From: bob@example.com",
    );
    assert_eq!(
        world.rejection(&outside),
        [
            Reason::SmimeFromMismatch,
            Reason::SmimeProtectedHeaderMismatch
        ]
    );
}

#[test]
fn other_fields_outside_give_way() {
    let world = World::new();
    let signed = sign_protecting(&world.alice, &mail(PLAIN));
    let list = replace(&signed, "Subject: ", "Subject: [list] ");
    let list = replace(
        &list,
        "To: bob@example.com",
        "To:\r\n list@example.net\r\nCc: x@example.net",
    );
    let list = replace(
        &list,
        "Received:",
        "List-Id: <list.example.net>\r\nReceived:",
    );
    let list = replace(&list, "Message-ID: <1@example.com>\r\n", "");
    let verification = world.verify(&list);
    assert_eq!(reasons(&verification.verdict), []);
    assert_eq!(
        mismatches(&verification.verdict),
        warned(&["To", "Subject", "Cc"])
    );
    let shown = released(verification.release);
    assert_eq!(subject(&shown), SUBJECT);
    assert!(
        shown.contains("List-Id") && shown.contains("Received") && shown.contains("Message-ID")
    );
    assert!(
        !shown.contains("example.net\r\nCc") && !shown.contains("Cc:"),
        "{shown}"
    );
    // Folding and encoding are no differences.
    let refolded = replace(
        &signed,
        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_=26_mehr?=",
        "Subject:\r\n Gr\u{fc}\u{df}e\r\n & mehr",
    );
    assert_eq!(mismatches(&world.verify(&refolded).verdict), []);
}

#[test]
fn what_was_written_outside_is_no_difference_in_encrypted_mail() {
    let world = World::new();
    let encrypted = encrypt_protecting(&world, Some(&world.alice), &mail(PLAIN));
    for (outside, expected) in [
        ("Subject: [...]", warned(&[])),
        ("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_=26_mehr?=", warned(&[])),
        ("Subject: Offer", warned(&["Subject"])),
        ("X-None: x", warned(&["Subject"])),
    ] {
        let message = encrypted.replacen("Subject: [...]", outside, 1);
        assert_eq!(
            mismatches(&world.verify(message.as_bytes()).verdict),
            expected,
            "{outside}"
        );
        assert_eq!(
            mismatches(&decrypted(&world, &message).verdict),
            expected,
            "{outside}"
        );
    }
    let forged = encrypted.replacen("From: Alice <alice@", "From: Alice <mallory@", 1);
    let decryption = decrypted(&world, &forged);
    assert_eq!(
        reasons(&decryption.verdict),
        [Reason::SmimeProtectedHeaderMismatch]
    );
    assert!(decryption.release.is_none());
    // What was decrypted does not get into a report that may go back to the sender.
    for verdict in [decryption.verdict, world.verify(forged.as_bytes()).verdict] {
        assert_eq!(verdict.message.subject.as_deref(), Some("[...]"));
        let text = format!("{:?}", verdict.findings);
        assert!(
            text.contains("mallory@") && !text.contains("alice@"),
            "{text}"
        );
    }
}

#[test]
fn older_forms_are_understood() {
    let world = World::new();
    let inner = "From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nSubject: Figures\r\n";
    let wrapped = |parameter: &str| {
        mail(&format!(
            "Content-Type: message/rfc822{parameter}\r\n\r\n{inner}MIME-Version: 1.0\r\n\
             Content-Type: text/html\r\n\r\n<p>text\r\n"
        ))
    };
    let v1 = mail(
        "Content-Type: multipart/mixed; boundary=BB; protected-headers=\"v1\"\r\n\r\n--BB\r\n\
         Content-Type: text/plain; protected-headers=\"v1\"\r\n\r\nSubject: Figures\r\n--BB\r\n\
         Content-Type: text/html\r\n\r\n<p>text\r\n--BB--\r\n",
    );
    for message in [wrapped(""), wrapped("; forwarded=no"), v1.clone()] {
        // The signing form takes the older mark away, as it puts no fields inside.
        let entity = message.split_once("MIME-Version: 1.0\r\n").unwrap().1;
        let entity = match message == v1 {
            true => format!("{inner}{entity}"),
            false => entity.to_owned(),
        };
        let encrypted = envelop(&world, &entity);
        let decryption = decrypted(&world, &encrypted);
        assert_eq!(reasons(&decryption.verdict), [], "{entity}");
        assert_eq!(mismatches(&decryption.verdict), [], "{entity}");
        let shown = released(decryption.release);
        assert_eq!(subject(&shown), "Figures");
        let scan = mail::scan(&Source::from_bytes(shown.clone().into_bytes())).unwrap();
        assert!(scan.root.content_type.is("text", "html"), "{shown}");
        assert!(
            shown.ends_with("<p>text\r\n") || shown.ends_with("<p>text"),
            "{shown}"
        );
        let forged = encrypted.replacen("alice@", "mallory@", 1);
        let reasons_found = reasons(&decrypted(&world, &forged).verdict);
        match entity.contains("forwarded") || message == v1 {
            true => assert_eq!(reasons_found, [Reason::SmimeProtectedHeaderMismatch]),
            // That would be somebody else's message, forwarded.
            false => assert_eq!(reasons_found, []),
        }
    }
    let forwarded = world.verify(&sign(&world.alice, &wrapped("; forwarded=yes")));
    assert_eq!(mismatches(&forwarded.verdict), []);
    let shown = released(forwarded.release);
    assert_eq!(subject(&shown), SUBJECT);
    assert!(shown.contains("message/rfc822"));
    // The author's own earlier message, forwarded as the only content, is another message.
    let earlier = wrapped("").replacen(
        "Subject: Figures",
        "Message-ID: <0@example.com>\r\nSubject: Figures",
        1,
    );
    let forwarded = world.verify(&sign(&world.alice, &earlier));
    assert_eq!(mismatches(&forwarded.verdict), []);
    assert_eq!(subject(&released(forwarded.release)), SUBJECT);
    // Signed only, a subject outside that is another one counts.
    let signed = world.verify(&sign(&world.alice, &wrapped("")));
    assert_eq!(mismatches(&signed.verdict), warned(&["Subject"]));
}

/// Encrypts an entity as it is to Bob.
fn envelop(world: &World, entity: &str) -> String {
    let public_key = world.bob.certificate.public_key().unwrap();
    let spec = cms::RecipientSpec {
        identifier: CertificateIdentifier::IssuerSerial {
            issuer_der: world.bob.certificate.issuer().der().to_vec(),
            serial: world.bob.certificate.serial().as_bytes().to_vec(),
        },
        public_key: &public_key,
        transport: crate::crypto::transport::KeyTransport::RsaPkcs1,
    };
    let header = mail::HeaderFields::new(
        b"From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nSubject: ...\r\n".to_vec(),
    );
    let outer = mail::compose::Outer::message(&header, mail::LineEnding::Crlf, &[]);
    let content = mail::compose::Pkcs7Content::AuthEnvelopedData;
    let mut message = outer.pkcs7_mime(Vec::new(), content).unwrap();
    let cipher = ContentCipher::Aes256Gcm;
    let mut reader = entity.as_bytes();
    cms::write_enveloped(&mut message, &[spec], cipher, &mut reader, None).unwrap();
    String::from_utf8(message.finish().unwrap()).unwrap()
}

#[test]
fn marks_without_fields_are_not_signed_and_other_values_protect_nothing() {
    let world = World::new();
    let stale = mail(&PLAIN.replace("us-ascii", "us-ascii; hp=clear; protected-headers=v1"));
    let signed = String::from_utf8(sign(&world.alice, &stale)).unwrap();
    assert!(
        !signed.contains("hp=") && !signed.contains("protected-headers"),
        "{signed}"
    );
    let entity = "From: mallory@example.com\r\nSubject: x\r\n\
        Content-Type: text/plain; hp=other\r\n\r\nx\r\n";
    let decryption = decrypted(&world, &envelop(&world, entity));
    assert_eq!(reasons(&decryption.verdict), []);
    assert_eq!(subject(&released(decryption.release)), "...");
}
