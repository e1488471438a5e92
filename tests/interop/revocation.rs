//! Revocation: OpenSSL believes our CRLs, and we judge those of OpenSSL and of Python's cryptography
//! as OpenSSL does.

use crate::peer::Peer;
use crate::place::Place;

/// What we say of `leaf.pem` with these CRLs: the codes that reject, `good` without any.
fn ours(place: &Place, lists: &[&str]) -> String {
    let lists: Vec<&str> = lists.iter().flat_map(|list| ["--crl", *list]).collect();
    let line = "cert check leaf.pem --trust ca.pem --untrusted signer.pem --revocation hard --json";
    let run = place.smime(line, &lists);
    let document: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap().iter();
    let rejecting = findings.filter(|finding| finding["severity"] == "reject");
    let codes: Vec<&str> = rejecting
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    match codes.as_slice() {
        [] => {
            assert!(run.succeeded, "{run:?}");
            assert_eq!(document["checks"]["revocation"], "pass");
            "good".to_owned()
        }
        codes => {
            assert_eq!(document["checks"]["revocation"], "fail");
            codes.join(" ")
        }
    }
}

/// Whether OpenSSL accepts `leaf.pem` with these CRLs.
fn theirs(place: &Place, lists: &[&str]) -> bool {
    let lists: Vec<&str> = lists.iter().flat_map(|list| ["-CRLfile", *list]).collect();
    let line = "verify -crl_check -extended_crl -use_deltas -CAfile ca.pem -untrusted signer.pem";
    let arguments = [&lists[..], &["leaf.pem"]].concat();
    place.openssl(line, &arguments).succeeded
}

#[track_caller]
fn judged_alike(place: &Place, lists: &[&str], expected: &str) {
    assert_eq!(ours(place, lists), expected, "{lists:?}");
    assert_eq!(
        theirs(place, lists),
        expected == "good",
        "OpenSSL: {lists:?}"
    );
}

#[test]
fn openssl_believes_our_crls() {
    for key_type in ["rsa-2048", "ec-p256", "ec-p384"] {
        let Some(place) = Place::new() else { return };
        place
            .smime("ca init --no-passphrase --key-type", &[key_type])
            .done();
        place.smime("settings key-type ec-p256", &[]).done();
        place.smime("ca export -o own.pem", &[]).done();
        place.smime("cert issue user@example.com", &[]).done();
        place
            .smime("cert export user@example.com --format pem -o user.pem", &[])
            .done();
        place.smime("ca crl -o empty.crl", &[]).done();
        let check = "verify -x509_strict -crl_check_all -CAfile own.pem -CRLfile";
        place.openssl(check, &["empty.crl", "user.pem"]).done();
        place
            .smime("cert revoke user@example.com --reason key-compromise", &[])
            .done();
        place.smime("ca crl --format der -o next.crl", &[]).done();
        let shown = place.openssl(
            "crl -inform DER -in next.crl -noout -text -CAfile own.pem",
            &[],
        );
        assert!(shown.stderr.contains("verify OK"), "{shown:?}");
        let text = String::from_utf8(shown.stdout).unwrap();
        for part in [
            "Version 2 (0x1)",
            "X509v3 Authority Key Identifier",
            "X509v3 CRL Number: \n                2\n",
            "Key Compromise",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        place
            .openssl("crl -inform DER -in next.crl -out next.pem", &[])
            .done();
        let run = place.openssl(check, &["next.pem", "user.pem"]);
        assert!(
            !run.succeeded && run.stderr.contains("certificate revoked"),
            "{run:?}"
        );
    }
}

const CONFIGURATION: &str = "\
[ca]
default_ca = one
[one]
dir = .
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_days = 30
policy = any
unique_subject = no
crl_extensions = list
x509_extensions = leaf
[any]
commonName = supplied
[list]
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = emailProtection
subjectAltName = email:user@example.com
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[no-lists]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[req]
distinguished_name = name
[name]
";

/// A CA of OpenSSL with a certificate, and its CRL before and after that is revoked.
#[test]
fn crls_of_openssl() {
    let Some(place) = Place::new() else { return };
    place.write("openssl.cnf", CONFIGURATION);
    place.write("index.txt", "");
    place.write("serial", "1000\n");
    place.write("crlnumber", "01\n");
    let root = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days 100 \
         -config openssl.cnf -subj /CN=OpenSSL";
    let line = format!("{root} -extensions authority -keyout ca.key -out ca.pem");
    place.openssl(&line, &[]).done();
    let request = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf \
         -subj /CN=user -keyout leaf.key -out leaf.csr";
    place.openssl(request, &[]).done();
    let ca = "ca -batch -config openssl.cnf";
    place
        .openssl(&format!("{ca} -notext -in leaf.csr -out leaf.pem"), &[])
        .done();
    place.write("signer.pem", place.read("ca.pem"));
    let list = |options: &str, file: &str| {
        let line = format!("{ca} -gencrl {options} -out {file}");
        place.openssl(&line, &[]).done();
    };
    list("-crldays 7", "before.crl");
    list(
        "-crl_lastupdate 20260101000000Z -crl_nextupdate 20260201000000Z",
        "old.crl",
    );
    let revoke = format!("{ca} -revoke leaf.pem -crl_reason keyCompromise");
    place.openssl(&revoke, &[]).done();
    list("-crldays 7", "after.crl");
    judged_alike(&place, &["before.crl"], "good");
    judged_alike(&place, &["after.crl"], "crl.revoked");
    judged_alike(&place, &["old.crl"], "crl.stale");
    // The same name with another key, and the same key without the usage.
    let line = format!("{root} -extensions authority -keyout ca.key -out other.pem");
    let own = place.read("ca.key");
    place.openssl(&line, &[]).done();
    place
        .openssl(
            &format!("{ca} -gencrl -crldays 7 -cert other.pem -out forged.crl"),
            &[],
        )
        .done();
    judged_alike(&place, &["forged.crl"], "crl.signature-invalid");
    place.write("ca.key", own);
    let line = "req -x509 -key ca.key -sha256 -days 100 -config openssl.cnf -subj /CN=OpenSSL \
         -extensions no-lists -out ca.pem";
    place.openssl(line, &[]).done();
    place.write("signer.pem", place.read("ca.pem"));
    judged_alike(&place, &["before.crl"], "crl.issuer-not-crl-signer");
}

/// Makes `ca.pem`, `leaf.pem` (whose CRL another one issues), `signer.pem`, and CRLs: `indirect`
/// with and without the certificate; then, for a certificate that the CA's own CRL is about
/// (`own.pem`), bases and deltas.
const SCRIPT: &str = r#"
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
day = datetime.timedelta(days=1)
name = lambda text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
keys = {}
def key(text):
    return keys.setdefault(text, ec.generate_private_key(ec.SECP256R1()))
def usage(**on):
    flags = dict.fromkeys(['digital_signature', 'content_commitment', 'key_encipherment',
        'data_encipherment', 'key_agreement', 'key_cert_sign', 'crl_sign', 'encipher_only',
        'decipher_only'], False)
    return x509.KeyUsage(**{**flags, **on})
def certificate(subject, issuer, serial, file, extensions):
    made = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer))
        .public_key(key(subject).public_key()).serial_number(serial)
        .not_valid_before(now - 9 * day).not_valid_after(now + 9 * day))
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key(subject).public_key()), False)
    made = made.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key(issuer).public_key()), False)
    for critical, extension in extensions:
        made = made.add_extension(extension, critical)
    open(file, 'wb').write(made.sign(key(issuer), hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM))
def crl(issuer, number, file, entries=[], extensions=[]):
    made = (x509.CertificateRevocationListBuilder().issuer_name(name(issuer))
        .last_update(now - day).next_update(now + day).add_extension(x509.CRLNumber(number), False))
    made = made.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key(issuer).public_key()), False)
    for extension in extensions:
        made = made.add_extension(extension, True)
    for serial, reason, owner in entries:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - day)
        entry = entry.add_extension(x509.CRLReason(reason), False)
        if owner:
            entry = entry.add_extension(
                x509.CertificateIssuer([x509.DirectoryName(name(owner))]), True)
        made = made.add_revoked_certificate(entry.build())
    open(file, 'wb').write(made.sign(key(issuer), hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM))
def scope(indirect=False, reasons=None, user=False, ca=False):
    return x509.IssuingDistributionPoint(full_name=None, relative_name=None,
        only_contains_user_certs=user, only_contains_ca_certs=ca, only_some_reasons=reasons,
        indirect_crl=indirect, only_contains_attribute_certs=False)
person = [
    (False, usage(digital_signature=True)),
    (False, x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.EMAIL_PROTECTION])),
    (False, x509.SubjectAlternativeName([x509.RFC822Name('user@example.com')])),
]
certificate('CA', 'CA', 1, 'ca.pem', [(True, x509.BasicConstraints(True, None)),
    (True, usage(key_cert_sign=True, crl_sign=True))])
certificate('Lists', 'CA', 2, 'signer.pem', [(True, x509.BasicConstraints(True, None)),
    (True, usage(crl_sign=True))])
point = x509.DistributionPoint(None, None, None, [x509.DirectoryName(name('Lists'))])
certificate('leaf', 'CA', 3, 'elsewhere.pem', person + [(False, x509.CRLDistributionPoints([point]))])
# Without it OpenSSL looks at no delta.
freshest = x509.DistributionPoint([x509.DirectoryName(name('CA'))], None, None, None)
certificate('leaf', 'CA', 4, 'own.pem', person + [(False, x509.FreshestCRL([freshest]))])
Why = x509.ReasonFlags
indirect = [scope(indirect=True)]
crl('Lists', 1, 'indirect-empty', [], indirect)
crl('Lists', 2, 'indirect-revoked', [(9, Why.superseded, 'Other'), (3, Why.superseded, 'CA')], indirect)
crl('Lists', 3, 'indirect-others', [(3, Why.superseded, 'Other')], indirect)
crl('Lists', 4, 'direct', [])
crl('CA', 5, 'base')
crl('CA', 5, 'base-hold', [(4, Why.certificate_hold, None)])
delta = lambda number: x509.DeltaCRLIndicator(number)
crl('CA', 6, 'delta', [], [delta(5)])
crl('CA', 6, 'delta-revoked', [(4, Why.key_compromise, None)], [delta(5)])
crl('CA', 6, 'delta-removed', [(4, Why.remove_from_crl, None)], [delta(5)])
crl('CA', 9, 'delta-later', [(4, Why.key_compromise, None)], [delta(8)])
crl('CA', 5, 'users', [], [scope(user=True)])
crl('CA', 5, 'authorities', [], [scope(ca=True)])
some = frozenset([Why.key_compromise, Why.ca_compromise])
crl('CA', 5, 'some-reasons', [], [scope(reasons=some)])
crl('CA', 5, 'other-reasons', [],
    [scope(reasons=frozenset(Why) - some - {Why.unspecified, Why.remove_from_crl})])
"#;

/// We want to know of the signer too whether it is revoked, as PKITS 4.4.21 does; OpenSSL asks that
/// with -crl_check_all only.
fn judged_alike_but_for_the_signer(place: &Place) {
    let lists = ["indirect-empty"];
    assert_eq!(ours(place, &lists), "crl.issuer-not-crl-signer");
    let line = "verify -crl_check_all -extended_crl -CAfile ca.pem -untrusted signer.pem";
    let run = place.openssl(line, &["-CRLfile", "indirect-empty", "leaf.pem"]);
    assert!(!run.succeeded, "{run:?}");
}

#[test]
fn crls_of_python() {
    let (Some(place), Some(python)) = (Place::new(), Peer::python()) else {
        return;
    };
    place.write("make.py", SCRIPT);
    place.run(python, "make.py", &[]).done();

    // The signer is a CA, so that its own status is told by a list that is not about the leaf.
    place.write("leaf.pem", place.read("elsewhere.pem"));
    judged_alike_but_for_the_signer(&place);
    judged_alike(&place, &["indirect-empty", "authorities"], "good");
    judged_alike(&place, &["indirect-revoked", "authorities"], "crl.revoked");
    judged_alike(&place, &["indirect-others", "authorities"], "good");
    judged_alike(&place, &["direct", "authorities"], "crl.unavailable");

    place.write("leaf.pem", place.read("own.pem"));
    judged_alike(&place, &["base"], "good");
    judged_alike(&place, &["base", "delta"], "good");
    judged_alike(&place, &["base", "delta-revoked"], "crl.revoked");
    judged_alike(&place, &["delta"], "crl.unavailable");
    judged_alike(&place, &["base-hold"], "crl.revoked");
    judged_alike(&place, &["base-hold", "delta-removed"], "good");
    judged_alike(&place, &["base", "delta-later"], "good");
    judged_alike(&place, &["users"], "good");
    judged_alike(&place, &["authorities"], "crl.unavailable");
    judged_alike(&place, &["some-reasons"], "crl.unavailable");
    judged_alike(&place, &["some-reasons", "other-reasons"], "good");
    judged_alike(&place, &["indirect-empty"], "crl.unavailable");
}
