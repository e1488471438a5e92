//! The chain of layers from the root of a message: opened in turn, judged elsewhere.
//!
//! A layer is multipart/signed or a CMS object as the whole content of the one before. What stands
//! beside or below other parts is no layer: ciphertext inside somebody else's multipart is not
//! decrypted, and a signed part below one signs only itself (behavior rules 17 and 24).
//!
//! Paths of entities go on inside opaque layers: the content of a CMS object is its only child, so
//! each path names one entity of the whole message.

mod digested;
mod opening;

use std::sync::Arc;

use crate::cms::{SignedContent, SignedData};
use crate::mail::{Entity, Scan};
use crate::smime::header_protection::Protected;
use crate::source::Source;
use crate::verdict::{Finding, Layer};

pub use digested::{DigestedContent, SignedOctets};
pub use opening::open;

/// What is opened.
#[derive(Clone)]
pub enum Input {
    /// A message or a MIME entity.
    Message(Source),
    /// A bare CMS object in DER or BER.
    Object {
        /// The object.
        object: Source,
        /// The content of a detached signature.
        content: Option<Source>,
    },
}

/// An entity, and the source whose offsets it speaks of.
#[derive(Clone)]
pub struct EntityAt {
    /// The source.
    pub source: Source,
    /// The entity.
    pub entity: Arc<Entity>,
}

impl EntityAt {
    /// Makes one.
    pub fn new(source: Source, entity: Entity) -> EntityAt {
        EntityAt {
            source,
            entity: Arc::new(entity),
        }
    }

    /// The octets of the whole entity.
    pub fn octets(&self) -> Source {
        self.entity.source(&self.source)
    }

    /// The octets of the body.
    pub fn body(&self) -> Source {
        self.entity.body_source(&self.source)
    }
}

/// What a layer holds.
#[derive(Clone)]
pub enum Content {
    /// A MIME entity.
    Entity(EntityAt),
    /// Octets that are none: only from a bare object, or under an opaque signature.
    Octets(Source),
}

/// A layer that was opened.
pub struct OpenLayer {
    /// What the report shows; the signers are still to be judged.
    pub facts: Layer,
    /// What it is.
    pub kind: OpenKind,
    /// Where it stands; `None` for a bare object.
    pub position: Option<EntityAt>,
}

impl OpenLayer {
    /// Whether this is encryption that does not protect against changes.
    pub(super) fn is_malleable(&self) -> bool {
        matches!(
            self.kind,
            OpenKind::Encrypted {
                authenticated: false
            }
        )
    }
}

/// What an opened layer is.
pub enum OpenKind {
    /// A signature, and what it signs.
    Signed {
        /// The signature.
        signed_data: Box<SignedData>,
        /// The eContent, or the part beside the signature.
        content: DigestedContent,
    },
    /// Compression.
    Compressed,
    /// Encryption.
    Encrypted {
        /// Whether a tag protects the content against changes.
        authenticated: bool,
    },
}

impl OpenKind {
    /// What is signed, if this is a signature.
    pub fn signed_content(&self) -> Option<(&SignedData, SignedContent<'_>)> {
        match self {
            OpenKind::Signed {
                signed_data,
                content,
            } => Some((signed_data, content.of(signed_data))),
            _ => None,
        }
    }
}

/// The layers of a message, as far as they could be opened.
pub struct Chain {
    /// The message; `None` for a bare object.
    pub message: Option<(Source, Scan)>,
    /// The layers, outermost first.
    pub layers: Vec<OpenLayer>,
    /// The content of the innermost layer that was opened; of the whole if there is none.
    pub content: Option<Content>,
    /// What the content protects of the header of the message.
    pub(super) protected: Option<Protected>,
    /// Why the chain ends where it does, and what was odd on the way.
    pub findings: Vec<Finding>,
    /// Whether the chain ends because a layer could not be opened.
    pub broken: bool,
    /// The last entity that was come to, whether it could be opened or not.
    pub reached: Option<EntityAt>,
}

impl Chain {
    /// A chain that nothing is known of.
    pub(super) fn unopened() -> Chain {
        Chain {
            message: None,
            layers: Vec::new(),
            content: None,
            protected: None,
            findings: Vec::new(),
            broken: true,
            reached: None,
        }
    }

    /// The content of layer `index`, as far as it was come to.
    pub(super) fn content_of(&self, index: usize) -> Option<Content> {
        let layer = self.layers.get(index)?;
        if let Some(next) = self.layers.get(index + 1) {
            return next.position.clone().map(Content::Entity);
        }
        let own = layer.position.as_ref().map(|at| &at.entity.path);
        let reached = self.reached.as_ref();
        let reached = reached.filter(|at| Some(&at.entity.path) != own);
        self.content
            .clone()
            .or_else(|| reached.cloned().map(Content::Entity))
    }

    /// The contents of the layers that came as they are: none below an encrypted one.
    pub(super) fn contents_as_sent(&self) -> Vec<Option<Content>> {
        let is_encrypted = |layer: &&OpenLayer| matches!(layer.kind, OpenKind::Encrypted { .. });
        let open = self.layers.iter().take_while(|layer| !is_encrypted(layer));
        (0..open.count())
            .map(|index| self.content_of(index))
            .collect()
    }

    /// The last of layer `index` and the compressed layers right below it: what is compressed inside
    /// it is its content too.
    pub(super) fn with_compression(&self, index: usize) -> usize {
        let below = self.layers.iter().skip(index + 1);
        let compressed = below.take_while(|layer| matches!(layer.kind, OpenKind::Compressed));
        index + compressed.count()
    }

    /// Whether any layer is a signature.
    pub fn has_signature(&self) -> bool {
        self.layers
            .iter()
            .any(|layer| matches!(layer.kind, OpenKind::Signed { .. }))
    }

    /// Whether any layer is encryption, opened or not.
    pub fn has_encryption(&self) -> bool {
        self.layers
            .iter()
            .any(|layer| matches!(layer.kind, OpenKind::Encrypted { .. }))
    }
}
