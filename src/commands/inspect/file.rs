//! Files of certificates, certification requests, CRLs, private keys, and PKCS #12.

use crate::asn1::pem;
use crate::commands::Context;
use crate::commands::lookup::Lookups;
use crate::crypto::key::{KeyError, PrivateKey};
use crate::crypto::password::decrypt_private_key;
use crate::error::{CommandError, ExitStatus};
use crate::pki::certificate_file::{CertificateFile, FileError, FileKey, FileKind};
use crate::pki::{CertificateList, Issuers, Revocation, match_keys};
use crate::smime::strictness;
use crate::verdict::Verdict;

use super::Args;
use super::certificate::{CertificateFacts, Judge};
use super::certificate_list::ListFacts;
use super::document::with_keys;
use super::file_report::{FileKeys, KeyFacts, RequestFacts, show};
use super::others::Others;
use super::pkcs12;

pub(super) fn run(
    args: &Args,
    context: &Context,
    octets: &[u8],
    name: &str,
) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let (mut keys, lists) = match FileKind::of(octets) {
        FileKind::Pkcs12 => (pkcs12::read(context, octets, name)?, Vec::new()),
        _ => from_file(context, octets, name)?,
    };
    let lookups = Lookups::open_if_enabled(context, &args.identity, &args.trust)?;
    let profile = lookups.profile()?;
    Judge {
        issuers: &lookups,
        untrusted: &lookups.untrusted,
        time: now,
        sha1: profile.sha1,
        revocation: strictness(profile.revocation).map(|strictness| Revocation {
            strictness,
            source: &lookups,
            carried: &[],
        }),
    }
    .judge_all(&mut keys.certificates);
    let beside = keys.certificates.iter().map(|one| &one.certificate);
    let judged = lists.iter().map(|list| {
        let mut issuers = lookups.find_by_name(list.issuer());
        let given = lookups.untrusted.iter().chain(beside.clone());
        let given = given.filter(|certificate| certificate.subject() == list.issuer());
        issuers.extend(given.cloned());
        ListFacts::new(list, &issuers, now)
    });
    keys.crls = judged.collect();
    // Beside the others, a finding has to say which certificate it is about.
    let of_certificates = keys.certificates.iter().flat_map(|one| {
        let findings = one.findings.iter().cloned();
        findings.map(|finding| finding.with("sha256", &one.row.sha256))
    });
    let verdict = Verdict {
        findings: keys
            .findings
            .iter()
            .cloned()
            .chain(of_certificates)
            .chain(keys.crls.iter().flat_map(|list| list.findings.clone()))
            .collect(),
        ..Verdict::default()
    };
    let is_verbose = context.console().is_verbose();
    context.print(&with_keys(context, &verdict, &keys), |text| {
        show(text, &keys, &verdict, now, is_verbose)
    })?;
    Ok(ExitStatus::DONE)
}

/// What a file holds; its CRLs are not judged yet.
fn from_file(
    context: &Context,
    octets: &[u8],
    name: &str,
) -> Result<(FileKeys, Vec<CertificateList>), CommandError> {
    let file = CertificateFile::read(octets);
    let others = Others::read(octets);
    let mut keys = FileKeys::new("file");
    let is_pem = pem::is_pem(octets);
    let problems = file
        .problems
        .into_iter()
        .filter(|problem| match others.is_empty() {
            true => true,
            // What is no certificate was one of the others.
            false => is_pem && !Others::has_label(&problem.label),
        });
    let problems: Vec<_> = problems.collect();
    if file.certificates.is_empty() && file.keys.is_empty() && others.is_empty() {
        let is_known = problems.iter().any(|problem| is_known(&problem.error));
        if let (false, Some(problem)) = (is_known, problems.first()) {
            let error = CommandError::data(format!("cannot read {name}"));
            return Err(match &problem.error {
                FileError::Unknown => error.caused_by(
                    "it is no message, CMS object, certificate, request, CRL, key or PKCS #12 file",
                ),
                error_of_item => error.caused_by(error_of_item.to_string()),
            }
            .hint("`smime inspect --asn1` shows how far its structure can be read."));
        }
    }
    let opened = open_keys(context, &file.keys)?;
    let private: Vec<_> = opened
        .iter()
        .filter_map(|key| key.as_ref().ok())
        .cloned()
        .collect();
    let matched = match_keys(&file.certificates, &private);
    let certificates = file.certificates.iter();
    keys.certificates = certificates
        .map(|one| CertificateFacts::new(one, matched.has_key(one), None))
        .collect();
    keys.keys = file
        .keys
        .iter()
        .zip(opened)
        .map(|(key, opened)| KeyFacts::new(key, opened))
        .collect();
    keys.requests = others.requests.iter().map(RequestFacts::from).collect();
    keys.unreadable = problems.iter().map(ToString::to_string).collect();
    Ok((keys, others.lists))
}

/// The private keys of a file, or why each is not open. Nobody is asked for a passphrase: a file may
/// have many, and be looked at for its certificates.
fn open_keys(
    context: &Context,
    keys: &[FileKey],
) -> Result<Vec<Result<PrivateKey, String>>, CommandError> {
    let is_encrypted = |key: &FileKey| matches!(key, FileKey::Encrypted(_));
    let passphrase = match keys.iter().any(is_encrypted) {
        true => context.passphrases().given_for_any_file()?,
        false => None,
    };
    let open = |key: &FileKey| match (key, &passphrase) {
        (FileKey::Plain(key), _) => Ok(key.clone()),
        (FileKey::Encrypted(_), None) => Err(
            "not opened: give the passphrase with --file-passphrase-file FILE or \
             SMIME_FILE_PASSPHRASE"
                .to_owned(),
        ),
        (FileKey::Encrypted(der), Some(passphrase)) => {
            decrypt_private_key(passphrase, der).map_err(|error| format!("not opened: {error}"))
        }
    };
    Ok(keys.iter().map(open).collect())
}

/// Whether it was understood what the item is, though not read.
fn is_known(error: &FileError) -> bool {
    matches!(
        error,
        FileError::OtherLabel
            | FileError::OldEncryption
            | FileError::TrustedCertificate
            | FileError::Key(KeyError::Unsupported(_))
    )
}
