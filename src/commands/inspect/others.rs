//! What a file may hold beside certificates and keys: certification requests and CRLs.

use crate::asn1::pem;
use crate::pki::{CertificateList, CertificationRequest};

/// Labels of certification requests.
const REQUESTS: &[&str] = &["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

/// Labels of CRLs.
const LISTS: &[&str] = &["X509 CRL", "CRL"];

/// What a file may hold beside certificates and keys.
#[derive(Default)]
pub(super) struct Others {
    pub(super) requests: Vec<CertificationRequest>,
    pub(super) lists: Vec<CertificateList>,
}

impl Others {
    /// Reads DER or PEM; what is neither is left out.
    pub(super) fn read(octets: &[u8]) -> Others {
        if !pem::is_pem(octets) {
            return Others {
                requests: CertificationRequest::decode(octets).into_iter().collect(),
                lists: CertificateList::decode(octets).into_iter().collect(),
            };
        }
        let mut others = Others::default();
        for frame in pem::decode_all(octets).unwrap_or_default() {
            let label = frame.label.as_str();
            if REQUESTS.contains(&label) {
                others
                    .requests
                    .extend(CertificationRequest::decode(&frame.der));
            } else if LISTS.contains(&label) {
                others.lists.extend(CertificateList::decode(&frame.der));
            }
        }
        others
    }

    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.lists.is_empty()
    }

    /// Whether a PEM frame of that label is one of these.
    pub(super) fn has_label(label: &str) -> bool {
        REQUESTS.contains(&label) || LISTS.contains(&label)
    }
}
