//! Certificates and files of keys: OpenSSL agrees with what we issue, export and import.

use crate::place::{ENTITY, PARTIES, PASSPHRASE, Place, is_message, message};

/// What we issued, to the strictest judgement of OpenSSL.
fn issued(name: &str, purposes: &[&str]) {
    let Some(place) = Place::new() else { return };
    for purpose in purposes {
        let line = format!(
            "verify -x509_strict -check_ss_sig -purpose {purpose} -CAfile ca.pem {name}.pem"
        );
        place.openssl(&line, &[]).done();
    }
    let addresses = place
        .openssl("x509 -noout -email -in", &[&format!("{name}.pem")])
        .done();
    assert_eq!(
        String::from_utf8(addresses).unwrap(),
        format!("{name}@example.com\n")
    );
}

cells! {
    issued:
    issued_rsa("rsa", &["smimesign", "smimeencrypt"]),
    // OpenSSL 3.0 wants keyEncipherment for smimeencrypt, which EC keys cannot have.
    issued_p256("p256", &["smimesign"]),
    issued_p384("p384", &["smimesign"]),
}

/// A PKCS #12 file of ours gives OpenSSL the same key and certificate.
fn ours_pkcs12(file: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    let passphrase = format!("pass:{PASSPHRASE}");
    for (name, _) in PARTIES {
        let line = format!("pkcs12 -in {name}.{file} -nodes {options} -out opened -passin");
        place.openssl(&line, &[&passphrase]).done();
        let key = place.openssl("pkey -in opened -pubout", &[]).done();
        let certificate = place.openssl("x509 -in opened -noout -pubkey", &[]).done();
        assert_eq!(key, certificate, "{name}");
        let line = format!("x509 -in {name}.pem -noout -pubkey");
        assert_eq!(key, place.openssl(&line, &[]).done(), "{name}");
    }
}

cells! {
    ours_pkcs12:
    ours_pkcs12_modern("p12", ""),
    ours_pkcs12_legacy("legacy.p12", "-legacy"),
}

/// A PKCS #12 file of OpenSSL serves as an identity.
fn theirs_pkcs12(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    let passphrase = format!("pass:{PASSPHRASE}");
    let line = format!(
        "pkcs12 -export -in {name}.pem -inkey {name}.key -certfile ca.pem -out theirs.p12 \
         {options} -passout"
    );
    place.openssl(&line, &[&passphrase]).done();
    place.write("message", message(name, ENTITY));
    // OpenSSL does not keep the file for its owner alone, which is worth a warning and no more.
    place
        .smime(
            "sign --no-keystore --identity theirs.p12 message -o signed",
            &[],
        )
        .done();
    let line = "verify --no-keystore --trust ca.pem signed";
    is_message(&place.smime(line, &[]).done(), name, ENTITY);
}

cells! {
    theirs_pkcs12:
    theirs_pkcs12_rsa("rsa", ""),
    theirs_pkcs12_p256("p256", ""),
    theirs_pkcs12_p384("p384", ""),
    theirs_pkcs12_rsa_legacy("rsa", "-legacy"),
    theirs_pkcs12_p256_legacy("p256", "-legacy"),
}

/// A certificate for a request of OpenSSL's, which OpenSSL verifies.
fn requested(key_type: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    let line = format!("req -nodes -subj /CN=user -keyout user.key -out request.pem {options}");
    place.openssl(&line, &[]).done();
    for line in [
        format!("ca init --no-passphrase --key-type {key_type}"),
        "ca export -o authority.pem".to_owned(),
        "cert issue user@example.com --csr request.pem".to_owned(),
        "cert export user@example.com --format pem -o user.pem".to_owned(),
    ] {
        let run = place.smime(&line, &[]);
        assert!(run.succeeded, "{run:?}");
    }
    let line = "verify -x509_strict -purpose smimesign -CAfile authority.pem user.pem";
    place.openssl(line, &[]).done();
    // The certificate is for the key that stayed elsewhere.
    let of_certificate = place
        .openssl("x509 -in user.pem -noout -pubkey", &[])
        .done();
    let of_key = place.openssl("pkey -in user.key -pubout", &[]).done();
    assert_eq!(of_certificate, of_key);
}

cells! {
    requested:
    requested_p224("ec-p224", "-newkey ec -pkeyopt ec_paramgen_curve:P-224"),
    requested_p384("ec-p384", "-newkey ec -pkeyopt ec_paramgen_curve:P-384"),
    requested_p521("ec-p521", "-newkey ec -pkeyopt ec_paramgen_curve:P-521"),
    requested_ed25519("ed25519", "-newkey ed25519"),
}
