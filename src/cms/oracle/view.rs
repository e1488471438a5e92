//! What two readers of CMS tell of an object: ours, and rasn-cms.
//!
//! Also a part of the fuzz targets, which know the library by another path: what is used of it comes
//! from the module above.

use rasn_cms as oracle;

use super::{Object, oid};

/// What both readers can tell of an object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum View {
    Signed {
        content_type: String,
        content: Option<Vec<u8>>,
        certificates: usize,
        /// Digest, signature algorithm, signature.
        signers: Vec<(String, String, Vec<u8>)>,
    },
    Enveloped {
        content_type: String,
        cipher: String,
        content: Vec<u8>,
        recipients: usize,
        tag: Option<Vec<u8>>,
    },
}

/// What ours reads; `None` if it refuses the object, or it is of another type.
pub(crate) fn ours(octets: &[u8]) -> Option<View> {
    Some(match Object::decode(octets).ok()? {
        Object::SignedData(signed) => {
            let mut signers: Vec<_> = signed
                .signer_infos
                .iter()
                .map(|info| {
                    let digest = info.digest_algorithm.oid.to_string();
                    let algorithm = info.signature_algorithm.oid.to_string();
                    (digest, algorithm, info.signature.clone())
                })
                .collect();
            signers.sort();
            View::Signed {
                content_type: signed.econtent_type.to_string(),
                content: signed
                    .econtent
                    .as_ref()
                    .map(|content| content.read_all(1 << 20).unwrap().unwrap()),
                certificates: signed.certificates.len() + signed.other_certificates,
                signers,
            }
        }
        Object::EnvelopedData(enveloped) | Object::AuthEnvelopedData(enveloped) => {
            View::Enveloped {
                content_type: enveloped.content_type.to_string(),
                cipher: enveloped.content_encryption.oid.to_string(),
                content: enveloped
                    .encrypted_content
                    .read_all(1 << 20)
                    .unwrap()
                    .unwrap(),
                recipients: enveloped.recipients.len(),
                tag: enveloped.authentication.map(|part| part.tag),
            }
        }
        _ => return None,
    })
}

fn text(oid: &rasn::types::ObjectIdentifier) -> String {
    let arcs: Vec<String> = oid.iter().map(u32::to_string).collect();
    arcs.join(".")
}

/// What rasn-cms reads.
pub(crate) fn theirs(octets: &[u8]) -> Option<View> {
    let info: oracle::ContentInfo = rasn::ber::decode(octets).ok()?;
    let content = info.content.as_bytes();
    if info.content_type == *oracle::CONTENT_SIGNED_DATA {
        let signed: oracle::SignedData = rasn::ber::decode(content).ok()?;
        let mut signers: Vec<_> = signed
            .signer_infos
            .to_vec()
            .into_iter()
            .map(|info| {
                let digest = text(&info.digest_algorithm.algorithm);
                let algorithm = text(&info.signature_algorithm.algorithm);
                (digest, algorithm, info.signature.to_vec())
            })
            .collect();
        signers.sort();
        return Some(View::Signed {
            content_type: text(&signed.encap_content_info.content_type),
            content: signed
                .encap_content_info
                .content
                .map(|content| content.to_vec()),
            certificates: signed.certificates.map_or(0, |set| set.len()),
            signers,
        });
    }
    let enveloped =
        |info: oracle::EncryptedContentInfo, recipients: &oracle::RecipientInfos, tag| {
            let recipients = recipients
                .to_vec()
                .into_iter()
                .map(|recipient| match recipient {
                    oracle::RecipientInfo::KeyAgreeRecipientInfo(info) => {
                        info.recipient_encrypted_keys.len()
                    }
                    _ => 1,
                });
            Some(View::Enveloped {
                content_type: text(&info.content_type),
                cipher: text(&info.content_encryption_algorithm.algorithm),
                content: info.encrypted_content?.to_vec(),
                recipients: recipients.sum(),
                tag,
            })
        };
    if info.content_type == *oracle::CONTENT_ENVELOPED_DATA {
        let data: oracle::EnvelopedData = rasn::ber::decode(content).ok()?;
        return enveloped(data.encrypted_content_info, &data.recipient_infos, None);
    }
    let authenticated = oid::AUTH_ENVELOPED_DATA.to_string();
    if text(&info.content_type) == authenticated {
        let data: oracle::AuthEnvelopedData = rasn::ber::decode(content).ok()?;
        let tag = Some(data.mac.to_vec());
        return enveloped(data.auth_encrypted_content_info, &data.recipient_infos, tag);
    }
    None
}
