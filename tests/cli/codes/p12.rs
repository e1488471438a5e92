use crate::attacks::element::Element;
use crate::office::replace_octets;
use crate::place::Place;

/// A PKCS #12 file under that passphrase.
fn exported(place: &Place, passphrase: &str, options: &[&str]) -> Vec<u8> {
    let export = ["-k", "partner", "cert", "export", "carol@example.net"];
    let environment = [("SMIME_FILE_PASSPHRASE", passphrase)];
    let run = place.run_with(export.iter().chain(options), &environment, b"");
    run.done().stdout
}

/// Holds what `smime cert import` shows of a PKCS #12 file that was changed.
#[track_caller]
fn import_shows(code: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let place = Place::office();
    let mut octets = exported(&place, "of the file", &["--with-private-key"]);
    change(&mut octets);
    place.write("carol.p12", octets);
    place.shows(code, "cert import carol.p12");
}

#[test]
fn wrong_passphrase() {
    let place = Place::office();
    place.write("carol.p12", exported(&place, "another one", &[]));
    place.shows("p12.wrong-passphrase", "cert import carol.p12");
}

#[test]
fn mac_invalid() {
    import_shows("p12.mac-invalid", |octets| {
        let mut file = Element::read(octets);
        file.at(&[2, 0, 1]).content[0] ^= 1;
        *octets = file.write();
    });
}

#[test]
fn cipher_unsupported() {
    import_shows("p12.cipher-unsupported", |octets| {
        // AES-256-CBC is 2.16.840.1.101.3.4.1.42.
        replace_octets(octets, &[0x65, 3, 4, 1, 0x2a], &[0x65, 3, 4, 1, 0x7f]);
    });
}

#[test]
fn encoding_invalid() {
    import_shows("p12.encoding-invalid", |octets| {
        let mut file = Element::read(octets);
        // The authSafe has no content.
        file.at(&[1]).children.truncate(1);
        *octets = file.write();
    });
}
