//! PKCS #12 files between us and OpenSSL, NSS, GnuTLS and Java: certificates alone, identities, every
//! protection that a peer can write, and passphrases that are empty or not in ASCII.

use crate::peer::{Peer, Run};
use crate::place::{PASSPHRASE, Place, lf};

const UMLAUTS: &str = "pässwörd";

/// A place with a keystore in it.
fn place() -> Option<Place> {
    let place = Place::new()?;
    place
        .smime("ca init --no-passphrase --key-type ec-p256 -q", &[])
        .done();
    Some(place)
}

/// A place with a file `only.p12` in it: the certificate of `rsa` alone, exported with these options
/// under this passphrase.
fn exported(options: &str, passphrase: &str) -> Option<Place> {
    let place = place()?;
    place.write("passphrase", passphrase);
    place.smime("cert import -q rsa.pem", &[]).done();
    let line = format!(
        "cert export {options} rsa@example.com -o only.p12 --file-passphrase-file passphrase"
    );
    place.smime(&line, &[]).done();
    Some(place)
}

/// The certificate in a text of a peer.
fn certificate(text: &str) -> String {
    let end = "-----END CERTIFICATE-----";
    let (text, _) = text.split_once(end).unwrap();
    let start = text.find("-----BEGIN CERTIFICATE-----").unwrap();
    format!("{}{end}\n", &text[start..])
}

fn only_to_openssl(options: &str, theirs: &str, passphrase: &str) {
    let Some(place) = exported(options, passphrase) else {
        return;
    };
    let line = format!("pkcs12 -in only.p12 {theirs} -passin");
    let shown = place
        .openssl(&line, &[&format!("pass:{passphrase}")])
        .done();
    let shown = lf(&shown);
    assert!(shown.contains("friendlyName: rsa@example.com\n"), "{shown}");
    assert_eq!(certificate(&shown), lf(&place.read("rsa.pem")));
    assert!(!shown.contains("PRIVATE KEY"), "{shown}");
}

cells! {
    only_to_openssl:
    only_to_openssl_modern("", "", PASSPHRASE),
    only_to_openssl_legacy("--legacy", "-legacy", PASSPHRASE),
    only_to_openssl_umlauts("", "", UMLAUTS),
    only_to_openssl_umlauts_legacy("--legacy", "-legacy", UMLAUTS),
    only_to_openssl_empty("", "", ""),
}

/// certutil and pk12util of NSS, with a database for them in the place.
fn nss(place: &Place) -> Option<[Peer; 2]> {
    let nss = Peer::cmsutil()?;
    let [certutil, pk12util] = ["certutil", "pk12util"].map(|program| nss.beside(program));
    let line = "-N -d sql:. --empty-password";
    place.run(certutil, line, &[]).done();
    Some([certutil, pk12util])
}

fn only_to_nss(options: &str, passphrase: &str) {
    let Some(place) = exported(options, passphrase) else {
        return;
    };
    let Some([certutil, pk12util]) = nss(&place) else {
        return;
    };
    place
        .run(pk12util, "-i only.p12 -d sql:. -W", &[passphrase])
        .done();
    // The friendly name is the nickname.
    let line = "-L -d sql:. -a -n rsa@example.com";
    let stored = lf(&place.run(certutil, line, &[]).done());
    assert_eq!(certificate(&stored), lf(&place.read("rsa.pem")));
}

cells! {
    only_to_nss:
    only_to_nss_modern("", PASSPHRASE),
    only_to_nss_legacy("--legacy", PASSPHRASE),
    only_to_nss_umlauts("", UMLAUTS),
    only_to_nss_umlauts_legacy("--legacy", UMLAUTS),
}

fn only_to_gnutls(options: &str, passphrase: &str) {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = exported(options, passphrase) else {
        return;
    };
    let line = "--p12-info --inder --infile only.p12 --password";
    let run = place.run(certtool, line, &[passphrase]);
    assert!(run.succeeded, "{run:?}");
    let shown = lf(&run.stdout);
    assert!(
        shown.contains("Friendly name: rsa@example.com\n"),
        "{shown}"
    );
    assert_eq!(certificate(&shown), lf(&place.read("rsa.pem")));
}

cells! {
    only_to_gnutls:
    only_to_gnutls_modern("", PASSPHRASE),
    only_to_gnutls_legacy("--legacy", PASSPHRASE),
    only_to_gnutls_umlauts("", UMLAUTS),
    only_to_gnutls_umlauts_legacy("--legacy", UMLAUTS),
}

/// Java shows nothing of certificates that are not marked as trusted.
fn only_to_java(options: &str) {
    let Some(keytool) = Peer::keytool() else {
        return;
    };
    let Some(place) = exported(options, PASSPHRASE) else {
        return;
    };
    let line = "-keystore only.p12 -storetype PKCS12";
    let run = |command: &str, more: &[&str]| {
        let line = format!("{command} {line}");
        let more = [&["-storepass", PASSPHRASE], more].concat();
        lf(&place.run(keytool, &line, &more).done())
    };
    let listed = run("-list", &[]);
    assert!(
        listed.contains("rsa@example.com, ") && listed.contains(", trustedCertEntry,"),
        "{listed}"
    );
    let exported = run("-exportcert -rfc", &["-alias", "rsa@example.com"]);
    assert_eq!(certificate(&exported), lf(&place.read("rsa.pem")));
}

cells! {
    only_to_java:
    only_to_java_modern(""),
    only_to_java_legacy("--legacy"),
}

/// Java protects nothing under a passphrase that is not in ASCII, and opens nothing under one.
#[test]
fn cannot_java_umlauts() {
    let Some(keytool) = Peer::keytool() else {
        return;
    };
    let Some(place) = exported("", UMLAUTS) else {
        return;
    };
    let keytool = |line: &str| {
        let line = format!("-J-Dfile.encoding=UTF-8 {line} -storepass:file passphrase");
        place.run(keytool, &line, &[])
    };
    let run = keytool("-list -keystore only.p12 -storetype PKCS12");
    assert!(!run.succeeded, "{run:?}");
    let line = "-genkeypair -keyalg EC -alias theirs -dname CN=rsa -storetype PKCS12 -keystore";
    let run = keytool(&format!("{line} theirs.p12"));
    assert!(!run.succeeded, "{run:?}");
    let told = [&lf(&run.stdout)[..], &run.stderr].concat();
    assert!(told.contains("Password is not ASCII"), "{told}");
}

/// Holds that `theirs.p12` of a peer is imported under this passphrase.
#[track_caller]
fn imports(place: &Place, passphrase: &str, kind: &str) {
    place.write("passphrase", passphrase);
    let line = "cert import theirs.p12 --file-passphrase-file passphrase";
    place.smime(line, &[]).done();
    let listed = place.smime("cert list --json --address rsa@example.com", &[]);
    let listed = lf(&listed.done());
    let is = |key: &str, value: &str| listed.contains(&format!("\"{key}\":{value}"));
    assert!(is("kind", &format!("\"{kind}\"")), "{listed}");
    let has_key = kind == "identity";
    assert!(is("private_key", &has_key.to_string()), "{listed}");
    let exported = place.smime("cert export rsa@example.com --format pem", &[]);
    assert_eq!(lf(&exported.done()), lf(&place.read("rsa.pem")));
}

/// Holds that no other passphrase opens `theirs.p12`.
#[track_caller]
fn is_closed(place: &Place) {
    place.write("passphrase", "another");
    let line = "cert import theirs.p12 --file-passphrase-file passphrase";
    let run = place.smime(line, &[]);
    assert!(
        !run.succeeded && run.stderr.contains("[p12.wrong-passphrase]"),
        "{run:?}"
    );
}

/// Has OpenSSL write `theirs.p12`.
fn of_openssl(place: &Place, options: &str, passphrase: &str) -> Run {
    let line =
        format!("pkcs12 -export -in rsa.pem -name theirs -out theirs.p12 {options} -passout");
    place.openssl(&line, &[&format!("pass:{passphrase}")])
}

fn theirs_openssl(options: &str, passphrase: &str, kind: &str) {
    let Some(place) = place() else { return };
    of_openssl(&place, options, passphrase).done();
    imports(&place, passphrase, kind);
    // What is open, or whole without an integrity code, opens under any.
    if !passphrase.is_empty() && !options.contains("NONE") {
        is_closed(&place);
    }
}

cells! {
    theirs_openssl:
    theirs_openssl_modern("-inkey rsa.key", PASSPHRASE, "identity"),
    theirs_openssl_legacy("-inkey rsa.key -legacy", PASSPHRASE, "identity"),
    theirs_openssl_certificate("-nokeys", PASSPHRASE, "third-party"),
    theirs_openssl_certificate_legacy("-nokeys -legacy", PASSPHRASE, "third-party"),
    theirs_openssl_rc2_40(
        "-inkey rsa.key -legacy -keypbe PBE-SHA1-RC2-40 -certpbe PBE-SHA1-RC2-40", PASSPHRASE,
        "identity",
    ),
    theirs_openssl_rc2_128(
        "-inkey rsa.key -legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-128", PASSPHRASE,
        "identity",
    ),
    theirs_openssl_3des(
        "-inkey rsa.key -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-2DES -macalg sha224", PASSPHRASE,
        "identity",
    ),
    theirs_openssl_pbes2_3des(
        "-inkey rsa.key -keypbe DES-EDE3-CBC -certpbe DES-EDE3-CBC -macalg sha384", PASSPHRASE,
        "identity",
    ),
    theirs_openssl_pbes2_aes(
        "-inkey rsa.key -keypbe AES-128-CBC -certpbe AES-192-CBC -macalg sha512", PASSPHRASE,
        "identity",
    ),
    theirs_openssl_without_integrity("-inkey rsa.key -nomac", PASSPHRASE, "identity"),
    theirs_openssl_without_iterations(
        "-inkey rsa.key -noiter -nomaciter -macalg sha1", PASSPHRASE, "identity",
    ),
    theirs_openssl_open("-inkey rsa.key -keypbe NONE -certpbe NONE", PASSPHRASE, "identity"),
    theirs_openssl_open_without_integrity(
        "-inkey rsa.key -keypbe NONE -certpbe NONE -nomac", "", "identity",
    ),
    theirs_openssl_empty("-inkey rsa.key", "", "identity"),
    theirs_openssl_empty_legacy("-inkey rsa.key -legacy", "", "identity"),
    theirs_openssl_umlauts("-inkey rsa.key", UMLAUTS, "identity"),
    theirs_openssl_umlauts_legacy("-inkey rsa.key -legacy", UMLAUTS, "identity"),
}

/// Made where the terminal speaks Latin-1.
fn theirs_openssl_latin1(options: &str) {
    let Some(place) = place() else { return };
    place.write("latin1", b"p\xe4ssw\xf6rd");
    let line = "pkcs12 -export -in rsa.pem -inkey rsa.key -out theirs.p12 -passout file:latin1";
    place
        .openssl(line, &options.split_whitespace().collect::<Vec<_>>())
        .done();
    imports(&place, UMLAUTS, "identity");
}

cells! {
    theirs_openssl_latin1:
    theirs_openssl_latin1_modern(""),
    theirs_openssl_latin1_legacy("-legacy"),
}

/// RC4 is refused, by its name.
fn rc4(name: &str) {
    let Some(place) = place() else { return };
    let options = format!("-inkey rsa.key -legacy -keypbe {name} -certpbe {name}");
    of_openssl(&place, &options, PASSPHRASE).done();
    let run = place.smime("cert import theirs.p12", &[]);
    assert!(!run.succeeded, "{run:?}");
    assert!(run.stderr.contains("[p12.cipher-unsupported]"), "{run:?}");
    let name = name.to_lowercase();
    let number = name.rsplit_once('-').unwrap().1;
    assert!(
        run.stderr.contains(&format!("pbe-sha1-rc4-{number} (")),
        "{run:?}"
    );
}

cells! {
    rc4:
    theirs_openssl_rc4_128("PBE-SHA1-RC4-128"),
    theirs_openssl_rc4_40("PBE-SHA1-RC4-40"),
}

/// Each end has a code of its own.
#[test]
fn theirs_openssl_damaged() {
    let Some(place) = place() else { return };
    of_openssl(&place, "-inkey rsa.key", PASSPHRASE).done();
    let whole = place.read("theirs.p12");
    let mut altered = whole.clone();
    altered[whole.len() / 2] ^= 1;
    for (octets, code) in [
        (&altered[..], "[p12.mac-invalid]"),
        (&whole[..whole.len() - 1], "[p12.encoding-invalid]"),
    ] {
        place.write("theirs.p12", octets);
        let run = place.smime("cert import theirs.p12", &[]);
        assert!(!run.succeeded && run.stderr.contains(code), "{run:?}");
    }
}

/// A key file that OpenSSL encrypted under scrypt, with its certificate.
#[test]
fn theirs_openssl_key_under_scrypt() {
    let Some(place) = place() else { return };
    let line = "pkcs8 -topk8 -scrypt -in rsa.key -out key.pem -passout";
    let passphrase = format!("pass:{PASSPHRASE}");
    place.openssl(line, &[&passphrase]).done();
    let both = [place.read("key.pem"), place.read("rsa.pem")].concat();
    place.write("theirs.p12", both);
    place.smime("cert import theirs.p12", &[]).done();
    let run = place.smime("cert list --json", &[]).done();
    assert!(lf(&run).contains("\"private_key\":true"));
}

/// NSS with the identity `rsa` writes `theirs.p12`.
fn theirs_nss(options: &str, passphrase: &str) {
    let Some(place) = place() else { return };
    let Some([_, pk12util]) = nss(&place) else {
        return;
    };
    of_openssl(&place, "-inkey rsa.key -noiter", PASSPHRASE).done();
    let line = "-i theirs.p12 -d sql:. -W";
    place.run(pk12util, line, &[PASSPHRASE]).done();
    let line = "-o theirs.p12 -n theirs -d sql:.";
    let mut more: Vec<&str> = options.split('|').filter(|one| !one.is_empty()).collect();
    more.extend(["-W", passphrase]);
    place.run(pk12util, line, &more).done();
    imports(&place, passphrase, "identity");
}

cells! {
    theirs_nss:
    theirs_nss_default("", PASSPHRASE),
    theirs_nss_empty("", ""),
    theirs_nss_umlauts("", UMLAUTS),
    theirs_nss_umlauts_3des(
        "-c|PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC", UMLAUTS,
    ),
}

/// GnuTLS writes `theirs.p12`, in PEM as it does unless told otherwise.
fn theirs_gnutls(options: &str, passphrase: &str, kind: &str) {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = place() else { return };
    let line = format!(
        "--to-p12 --load-certificate rsa.pem --p12-name theirs --outfile theirs.p12 {options}"
    );
    let password: &[&str] = match options.contains("-password") {
        true => &[],
        false => &["--password", passphrase],
    };
    place.run(certtool, &line, password).done();
    let file = place.read("theirs.p12");
    assert!(file.starts_with(b"-----BEGIN PKCS12-----"));
    imports(&place, passphrase, kind);
}

cells! {
    theirs_gnutls:
    theirs_gnutls_pem("--load-privkey rsa.key", PASSPHRASE, "identity"),
    theirs_gnutls_certificate("", PASSPHRASE, "third-party"),
    theirs_gnutls_absent("--load-privkey rsa.key --null-password", "", "identity"),
    theirs_gnutls_empty("--load-privkey rsa.key --empty-password", "", "identity"),
    theirs_gnutls_umlauts("--load-privkey rsa.key", UMLAUTS, "identity"),
    theirs_gnutls_umlauts_3des(
        "--load-privkey rsa.key --pkcs-cipher 3des-pkcs12", UMLAUTS, "identity",
    ),
}

/// Java takes over our identity, and writes it again; we take it over in turn.
fn identity_to_java_and_back(ours: &str, options: &str) {
    let Some(keytool) = Peer::keytool() else {
        return;
    };
    let Some(place) = place() else { return };
    let line = format!(
        "{options} -importkeystore -noprompt -srckeystore {ours} -srcstoretype PKCS12 \
         -destkeystore theirs.p12 -deststoretype PKCS12"
    );
    let passphrases = ["-srcstorepass", PASSPHRASE, "-deststorepass", PASSPHRASE];
    let run = place.run(keytool, &line, &passphrases);
    assert!(
        run.stderr.contains("rsa@example.com successfully"),
        "{run:?}"
    );
    imports(&place, PASSPHRASE, "identity");
}

cells! {
    identity_to_java_and_back:
    identity_to_java_and_back_modern("rsa.p12", ""),
    identity_to_java_and_back_legacy("rsa.legacy.p12", "-J-Dkeystore.pkcs12.legacy"),
}

/// A store of Java's with a trusted certificate in it.
fn theirs_java_trusted(options: &str) {
    let Some(keytool) = Peer::keytool() else {
        return;
    };
    let Some(place) = place() else { return };
    let line = format!(
        "{options} -importcert -noprompt -alias partner -file rsa.pem -keystore theirs.p12 \
         -storetype PKCS12"
    );
    place
        .run(keytool, &line, &["-storepass", PASSPHRASE])
        .done();
    imports(&place, PASSPHRASE, "third-party");
}

cells! {
    theirs_java_trusted:
    theirs_java_trusted_modern(""),
    theirs_java_trusted_legacy("-J-Dkeystore.pkcs12.legacy"),
}
