//! Compressed layers as a user meets them.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::json;
use smime::asn1::ber::Tag;
use smime::asn1::oid;
use smime::asn1::write::DerWriter;

use crate::office::{around, finding};
use crate::place::Place;

/// A CMS object with the content compressed in it.
pub(crate) fn compressed_object(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let octets = encoder.finish().unwrap();
    let mut out = DerWriter::new();
    out.sequence(|info| {
        info.oid(&oid::COMPRESSED_DATA)
            .nested(Tag::context(0), |explicit| {
                explicit.sequence(|fields| {
                    fields
                        .integer(0)
                        .sequence(|algorithm| {
                            algorithm.oid(&oid::ZLIB);
                        })
                        .sequence(|content| {
                            content.oid(&oid::DATA).nested(Tag::context(0), |content| {
                                content.octet_string(&octets);
                            });
                        });
                });
            });
    });
    out.into_vec()
}

/// [`MAIL`](crate::office::MAIL) with another content: `content`, compressed.
pub(crate) fn compressed(content: &[u8]) -> String {
    around("compressed-data", &compressed_object(content))
}

const TEXT: &[u8] = b"Content-Type: text/plain\r\n\r\nhello, hello, hello\r\n";

#[test]
fn a_compressed_layer_is_opened_and_shown() {
    let place = Place::office();
    let message = compressed(TEXT);
    place.write("compressed.eml", &message);
    let run = place.run(["inspect", "compressed.eml"]).done();
    assert!(
        run.text().contains("layer 0: compressed, opaque\n"),
        "{run:?}"
    );
    let document = place
        .run(["inspect", "--json", "compressed.eml"])
        .done()
        .json();
    assert_eq!(document["layers"][0]["kind"], "compressed");
    assert_eq!(document["layers"][0]["content_cipher"], json!(null));
    let run = place
        .run(["-q", "inspect", "compressed.eml", "--part", "1"])
        .done();
    assert_eq!(run.text(), "hello, hello, hello\r\n");

    let signed = place.signed(&message);
    let run = place.filter(&["-q", "verify"], &signed).done();
    assert!(run.text().ends_with("\r\n\r\nhello, hello, hello\r\n"));
    let encrypted = place.made(&["encrypt", "--sign", "--cipher=aes-256-gcm"], &message);
    let run = place.filter(&["-q", "verify"], &encrypted).done();
    assert!(run.text().ends_with("\r\n\r\nhello, hello, hello\r\n"));
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], &message);
    let run = place.filter(&["-q", "decrypt"], &encrypted).done();
    assert!(run.text().ends_with("\r\n\r\nhello, hello, hello\r\n"));
}

#[test]
fn a_compressed_layer_that_expands_without_end_is_refused() {
    let place = Place::office();
    let message = compressed(&vec![b' '; 30 << 20]);
    let document = place.rejects(&["verify"], &message, &["cms.decompression-limit"]);
    let limit = &finding(&document, "cms.decompression-limit")["detail"]["octets"];
    assert!(limit.is_string() || limit.is_number(), "{limit}");
    place.write("bomb.eml", &message);
    let run = place.run(["inspect", "bomb.eml"]).done();
    assert!(
        run.text()
            .contains("layer 0: compressed, opaque, not opened\n"),
        "{run:?}"
    );
    assert!(run.text().contains("cms.decompression-limit"), "{run:?}");
}
