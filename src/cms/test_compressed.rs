//! What the tests of compressed content share.

use std::io::Write;

use const_oid::ObjectIdentifier;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::asn1::ber::Tag;
use crate::asn1::oid;
use crate::asn1::write::DerWriter;

/// The zlib stream of `content`.
pub(crate) fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A CompressedData in its ContentInfo.
pub(crate) fn object(algorithm: &ObjectIdentifier, octets: &[u8]) -> Vec<u8> {
    let mut out = DerWriter::new();
    out.sequence(|info| {
        info.oid(&oid::COMPRESSED_DATA)
            .nested(Tag::context(0), |explicit| {
                explicit.sequence(|fields| {
                    fields
                        .integer(0)
                        .sequence(|identifier| {
                            identifier.oid(algorithm);
                        })
                        .sequence(|content| {
                            content.oid(&oid::DATA).nested(Tag::context(0), |content| {
                                content.octet_string(octets);
                            });
                        });
                });
            });
    });
    out.into_vec()
}
