//! What is written after an accepting verdict.

use std::io::{self, Write};

use crate::mail::canonical::LineEndWriter;
use crate::mail::header_protection::legacy_display::BodyPiece;
use crate::mail::merge::merge_header;
use crate::mail::{self, HeaderFields, LineEnding, TransferEncoding};
use crate::smime::chain::{Chain, Content, EntityAt};
use crate::source::Source;

/// A message or content that may leave now.
pub struct Release {
    kind: ReleaseKind,
}

enum ReleaseKind {
    /// The entity with the outer header around it.
    Merged {
        header: HeaderFields,
        /// Fields that take the place of those of `header`.
        protected: Option<HeaderFields>,
        line_ending: LineEnding,
        entity: EntityAt,
        /// The body, where it is not that of the entity.
        body: Option<Vec<BodyPiece>>,
    },
    /// Octets as they are.
    Octets(Source),
}

impl Release {
    /// The content of layer `index`: the entity of the next layer, also where that cannot be read as
    /// the layer that it claims to be, or the innermost content.
    pub(super) fn below_layer(chain: &Chain, index: usize) -> Option<Release> {
        let content = chain.content_of(index)?;
        Some(Release::of(chain, content))
    }

    /// The innermost content.
    pub(super) fn innermost(chain: &Chain) -> Option<Release> {
        chain
            .content
            .clone()
            .map(|content| Release::of(chain, content))
    }

    /// The entity in which layer `index` stands, its protection kept.
    pub(super) fn with_layer(chain: &Chain, index: usize) -> Option<Release> {
        let position = chain.layers.get(index)?.position.clone()?;
        Some(Release::of(chain, Content::Entity(position)))
    }

    fn of(chain: &Chain, content: Content) -> Release {
        let kind = match (content, &chain.message) {
            (Content::Entity(entity), Some((source, scan))) => {
                if entity.entity.path.is_empty() && entity.octets().is_same(source) {
                    ReleaseKind::Octets(source.clone())
                } else {
                    // A layer that is kept stays as it is; of the innermost content is shown what
                    // its author means to be shown.
                    let is_innermost = matches!(&chain.content, Some(Content::Entity(content))
                        if content.entity.path == entity.entity.path);
                    let innermost = chain.protected.as_ref().filter(|_| is_innermost);
                    ReleaseKind::Merged {
                        header: scan.root.header.clone(),
                        protected: chain.protected.as_ref().map(|own| own.header.clone()),
                        line_ending: scan.line_ending,
                        entity: innermost.map_or(entity, |own| own.content.clone()),
                        body: innermost.and_then(|own| own.body.clone()),
                    }
                }
            }
            (Content::Octets(octets), Some((_, scan))) => {
                // Content that has no header of its own is a body of type text/plain.
                let length = octets.len();
                let entity = mail::Entity {
                    body_range: 0..length,
                    range: 0..length,
                    ..Default::default()
                };
                ReleaseKind::Merged {
                    header: scan.root.header.clone(),
                    protected: None,
                    line_ending: scan.line_ending,
                    entity: EntityAt::new(octets, entity),
                    body: None,
                }
            }
            (Content::Entity(entity), None) => ReleaseKind::Octets(entity.octets()),
            (Content::Octets(octets), None) => ReleaseKind::Octets(octets),
        };
        Release { kind }
    }

    /// Writes it, unless the file it is in changed since it was judged.
    ///
    /// # Errors
    /// The input changed ([`InputChanged`](crate::source::InputChanged)); reading or writing fails.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let source = match &self.kind {
            ReleaseKind::Octets(octets) => octets,
            ReleaseKind::Merged { entity, .. } => &entity.source,
        };
        // What was judged is read a second time here. Looked at before, so that nothing leaves of a
        // file that was changed meanwhile; and after, so that nothing is put in place.
        source.check_unchanged()?;
        self.write_content(out)?;
        source.check_unchanged()
    }

    fn write_content(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.kind {
            ReleaseKind::Octets(octets) => octets.copy_to(out),
            ReleaseKind::Merged {
                header,
                protected,
                line_ending,
                entity,
                body,
            } => {
                let inner = &entity.entity.header;
                let header = merge_header(header, protected.as_ref(), inner, *line_ending);
                out.write_all(&header)?;
                if *line_ending == LineEnding::Lf && is_lines(&entity.entity) {
                    // Content inside CMS is in canonical form; beside a header in LF it would make
                    // a message of two kinds of lines.
                    let mut lines = LineEndWriter::new(out, LineEnding::Lf);
                    write_body(entity, body.as_deref(), &mut lines)?;
                    lines.finish()?.flush()
                } else {
                    write_body(entity, body.as_deref(), out)
                }
            }
        }
    }
}

fn write_body(
    entity: &EntityAt,
    pieces: Option<&[BodyPiece]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(pieces) = pieces else {
        return entity.body().copy_to(out);
    };
    pieces
        .iter()
        .try_for_each(|piece| piece.write(&entity.source, out))
}

/// Whether line ends may be changed everywhere in the body: no part of it is binary.
fn is_lines(entity: &mail::Entity) -> bool {
    entity
        .walk()
        .all(|part| part.transfer_encoding != TransferEncoding::Binary)
}
