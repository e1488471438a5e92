//! CRLs in memory.

use std::collections::HashMap;

use super::{CertificateList, Name, RevocationSource};

/// CRLs in memory, by issuer.
#[derive(Clone, Debug, Default)]
pub struct ListPool {
    by_issuer: HashMap<Name, Vec<CertificateList>>,
}

impl ListPool {
    /// Makes a pool.
    pub fn new(lists: impl IntoIterator<Item = CertificateList>) -> ListPool {
        let mut pool = ListPool::default();
        for list in lists {
            let named = pool.by_issuer.entry(list.issuer().clone()).or_default();
            named.push(list);
        }
        pool
    }
}

/// Knows no CRL.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLists;

impl RevocationSource for NoLists {
    fn find_lists(&self, _: &Name) -> Vec<CertificateList> {
        Vec::new()
    }
}

impl RevocationSource for ListPool {
    fn find_lists(&self, issuer: &Name) -> Vec<CertificateList> {
        self.by_issuer.get(issuer).cloned().unwrap_or_default()
    }
}
