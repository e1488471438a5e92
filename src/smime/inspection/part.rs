//! Taking one part out of a message.

use std::io::{self, Read};

use super::{Inspection, path_name};
use crate::mail::Entity;
use crate::mail::transfer_encoding::decode_body;
use crate::source::Source;

/// Entities that share a source, or octets that are no entity.
pub(super) struct Tree {
    source: Source,
    content: TreeContent,
}

enum TreeContent {
    Entities(Box<Entity>),
    /// Octets, and their path.
    Octets(String),
}

impl Tree {
    pub(super) fn entities(source: Source, root: Entity) -> Tree {
        Tree {
            source,
            content: TreeContent::Entities(Box::new(root)),
        }
    }

    pub(super) fn octets(path: &str, octets: Source) -> Tree {
        Tree {
            source: octets,
            content: TreeContent::Octets(path.to_owned()),
        }
    }

    fn find(&self, path: &str) -> Option<Part<'_>> {
        match &self.content {
            TreeContent::Entities(root) => root.find_by_path(path).map(|entity| Part {
                source: &self.source,
                entity: Some(entity),
            }),
            TreeContent::Octets(own) => (own == path).then_some(Part {
                source: &self.source,
                entity: None,
            }),
        }
    }
}

/// One part of a message. Nobody vouches for it.
pub struct Part<'a> {
    source: &'a Source,
    /// `None` for octets that are no entity.
    entity: Option<&'a Entity>,
}

impl Part<'_> {
    /// What is taken out: of a multipart all of it with its header, so that it can be verified and
    /// cut again; else the content, transfer-decoded.
    pub fn reader(&self) -> Box<dyn Read + Send> {
        match self.entity {
            Some(entity) if entity.is_multipart() => Box::new(entity.source(self.source).reader()),
            Some(entity) => decode_body(self.source, entity),
            None => Box::new(self.source.reader()),
        }
    }

    /// All of what is taken out, read before any of it is written.
    ///
    /// # Errors
    /// Reading fails, or the transfer encoding is damaged.
    pub fn read(&self) -> io::Result<Source> {
        Source::from_reader(&mut self.reader())
    }
}

/// Why there is no part at a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// It would be inside a layer that was not decrypted.
    #[error("part {path} is inside layer {layer}, which was not decrypted")]
    Encrypted {
        /// The path.
        path: String,
        /// The layer.
        layer: usize,
    },
    /// There is no such part.
    #[error("there is no part {path}")]
    Missing {
        /// The path.
        path: String,
    },
}

impl Inspection {
    /// Whether the content of a layer is among the entities.
    pub fn is_opened(&self, layer: usize) -> bool {
        let position = self.entities.iter().find(|one| one.layer == Some(layer));
        position.is_some_and(|position| {
            let content = position.content_path();
            self.entities.iter().any(|one| one.path == content)
        })
    }

    /// Finds a part by the path that [`entities`](Inspection::entities) give it.
    ///
    /// # Errors
    /// There is none, or it was not decrypted.
    pub fn require_part(&self, path: &str) -> Result<Part<'_>, PartError> {
        let found = self.trees.iter().find_map(|tree| {
            tree.find(match path {
                "0" => "",
                path => path,
            })
        });
        found.ok_or_else(|| {
            let closed = self.entities.iter().find_map(|entity| {
                let layer = entity.layer?;
                let content = entity.content_path();
                let inside = path.strip_prefix(content.as_str());
                let inside = inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
                (inside && !self.is_opened(layer)).then_some(layer)
            });
            let path = path_name(path).to_owned();
            match closed {
                Some(layer) => PartError::Encrypted { path, layer },
                None => PartError::Missing { path },
            }
        })
    }
}
