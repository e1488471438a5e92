//! What is shown of one entity.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::path_name;
use crate::mail::content_type::Disposition;
use crate::mail::transfer_encoding::{decode_body, is_invalid_encoding};
use crate::mail::{Entity, content_path};
use crate::source::Source;
use crate::verdict::Layer;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntityKind {
    /// A MIME entity.
    Entity,
    /// A CMS object without mail around it.
    Object,
    /// The content of an object, which is no MIME entity.
    Octets,
}

/// What is shown of one entity.
#[derive(Clone, Debug, Serialize)]
pub struct EntityFacts {
    /// Its path: `0` for the root, then the numbers of the child at each level. The content of a CMS
    /// object counts as its only child.
    pub path: String,
    /// What it is.
    pub kind: EntityKind,
    /// The Content-Type that holds, without its parameters.
    pub content_type: Option<String>,
    /// The parameters of the Content-Type.
    pub parameters: BTreeMap<String, String>,
    /// The Content-Transfer-Encoding.
    pub transfer_encoding: Option<String>,
    /// `attachment`, `inline` or another word.
    pub disposition: Option<String>,
    /// The file name.
    pub file_name: Option<String>,
    /// The octets of all of it.
    pub size: u64,
    /// The octets of its content, transfer-decoded; `None` if it consists of parts or cannot be
    /// decoded.
    pub content_size: Option<u64>,
    /// The layer of the message that it is.
    pub layer: Option<usize>,
    /// The protection it is beside the layers of the message.
    pub nested: Option<Layer>,
}

impl EntityFacts {
    /// The facts of a MIME entity; its content is decoded to be measured. Beside them what is wrong
    /// with the data.
    ///
    /// # Errors
    /// Reading fails.
    pub(super) fn of_entity(
        source: &Source,
        entity: &Entity,
    ) -> io::Result<(EntityFacts, Option<io::Error>)> {
        let disposition = entity.header.first("Content-Disposition");
        let disposition = disposition.map(|field| Disposition::read(&field.unfolded()).kind);
        let (content_size, problem) = measure(source, entity)?;
        let parameters = entity.content_type.parameters.iter();
        let facts = EntityFacts {
            content_type: Some(entity.content_type.essence()),
            parameters: parameters
                .map(|parameter| (parameter.name.clone(), parameter.value.clone()))
                .collect(),
            transfer_encoding: Some(entity.transfer_encoding.name().to_owned()),
            disposition: disposition.filter(|kind| !kind.is_empty()),
            file_name: entity.file_name(),
            content_size,
            ..EntityFacts::of_octets(EntityKind::Entity, &entity.path, &entity.source(source))
        };
        Ok((facts, problem))
    }

    /// The path of its content, if it is an object or holds one.
    pub(super) fn content_path(&self) -> String {
        content_path(if self.path == "0" { "" } else { &self.path })
    }

    /// The facts of octets without a header.
    pub(super) fn of_octets(kind: EntityKind, path: &str, octets: &Source) -> EntityFacts {
        EntityFacts {
            path: path_name(path).to_owned(),
            kind,
            content_type: None,
            parameters: BTreeMap::new(),
            transfer_encoding: None,
            disposition: None,
            file_name: None,
            size: octets.len(),
            content_size: Some(octets.len()),
            layer: None,
            nested: None,
        }
    }
}

/// The octets of the decoded content, or what is wrong with the data.
fn measure(source: &Source, entity: &Entity) -> io::Result<(Option<u64>, Option<io::Error>)> {
    if entity.is_multipart() {
        return Ok((None, None));
    }
    if entity.transfer_encoding.is_identity() {
        return Ok((Some(entity.body_source(source).len()), None));
    }
    match io::copy(&mut decode_body(source, entity), &mut io::sink()) {
        Ok(octets) => Ok((Some(octets), None)),
        Err(error) if is_invalid_encoding(&error) => Ok((None, Some(error))),
        Err(error) => Err(error),
    }
}
