//! What becomes the local CA: a new key with a certificate of its own, or a CA that exists.

use std::path::Path;

use crate::commands::Context;
use crate::commands::issuing::{issue_error, make_key};
use crate::crypto::key::{KeyType, PrivateKey};
use crate::error::CommandError;
use crate::keystore::{Origin, Writer};
use crate::pki::issue::{CaProfile, self_signed};
use crate::pki::{Certificate, Identity};
use crate::stdio::input_name;
use crate::time::Time;

/// The key, and the certificate or what it is to say.
pub(super) enum Material {
    /// Made here.
    Made(Box<CaProfile>, PrivateKey),
    /// Brought along.
    Brought(Identity),
}

impl Material {
    /// Makes a key for a CA with that profile.
    ///
    /// # Errors
    /// The key cannot be made.
    pub(super) fn make(
        context: &Context,
        profile: CaProfile,
        kind: KeyType,
    ) -> Result<Material, CommandError> {
        let key = make_key(kind, context)?;
        Ok(Material::Made(Box::new(profile), key))
    }

    /// Reads a CA from a file.
    ///
    /// # Errors
    /// The file cannot be read, or what is in it is no CA (65) or not valid now.
    pub(super) fn read(
        context: &Context,
        path: &Path,
        now: Time,
    ) -> Result<Material, CommandError> {
        let identities = context.identities(path)?;
        let name = input_name(Some(path));
        let mut authorities = identities.into_iter().filter(|identity| {
            let usages = identity.certificate.key_usage();
            let may_sign = usages.is_none_or(|usages| usages.key_cert_sign());
            identity.certificate.is_ca() && may_sign
        });
        let (first, second) = (authorities.next(), authorities.next());
        let what = match (first, second) {
            (Some(one), None) if one.certificate.not_after() < now => "its certificate has expired",
            (Some(one), None) => return Ok(Material::Brought(one)),
            (None, _) => "its certificate is not allowed to issue certificates",
            (Some(_), Some(_)) => "it holds several CAs",
        };
        Err(CommandError::data(format!("cannot take the CA in {name}"))
            .caused_by(what)
            .hint("The file has to hold the certificate of one CA and its private key."))
    }

    /// The private key.
    pub(super) fn key(&self) -> &PrivateKey {
        match self {
            Material::Made(_, key) => key,
            Material::Brought(identity) => &identity.key,
        }
    }

    /// The CAs above it, as far as they came along.
    pub(super) fn chain(&self) -> &[Certificate] {
        match self {
            Material::Made(..) => &[],
            Material::Brought(identity) => &identity.chain,
        }
    }

    /// How it came here.
    pub(super) fn origin(&self) -> Origin {
        match self {
            Material::Made(..) => Origin::Issued,
            Material::Brought(_) => Origin::Imported,
        }
    }

    /// The certificate; made now if there is none yet.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn certificate(
        &self,
        writer: &Writer<'_>,
        now: Time,
    ) -> Result<Certificate, CommandError> {
        match self {
            Material::Made(profile, key) => {
                let serial = writer.draw_serial()?;
                self_signed(profile, key, &serial, now).map_err(issue_error)
            }
            Material::Brought(identity) => Ok(identity.certificate.clone()),
        }
    }
}
