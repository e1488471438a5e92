//! Goes over the whole tree of entities, content of layers included.

use std::collections::{HashMap, HashSet};

use super::entities::{EntityFacts, EntityKind};
use super::nested::{Looked, Looker};
use super::part::Tree;
use super::{CarriedCertificate, Inspection, path_name};
use crate::limits;
use crate::mail::{self, Entity, Protection, content_path};
use crate::pki::Certificate;
use crate::reason::{Reason, Severity};
use crate::smime::chain::{Chain, Content, Input, OpenKind};
use crate::smime::error::SmimeError;
use crate::smime::verify::VerifyRequest;
use crate::source::Source;
use crate::verdict::{Finding, Form};

/// A walk over a message that is judged.
pub(super) struct Walk<'a> {
    input: &'a Input,
    chain: &'a Chain,
    looker: Looker<'a>,
    /// The layers by the path of the entity that each is.
    layers: HashMap<String, usize>,
    /// The contents of opaque layers, likewise.
    contents: HashMap<String, Content>,
    /// Signatures beside what they sign: they are looked at together with it.
    signatures: HashSet<String>,
    objects_left: usize,
    /// Whether it was told that some objects are not opened.
    has_given_up: bool,
    inspection: &'a mut Inspection,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        request: &'a VerifyRequest<'_>,
        chain: &'a Chain,
        inspection: &'a mut Inspection,
    ) -> Walk<'a> {
        let mut walk = Walk {
            input: &request.input,
            chain,
            looker: Looker::new(request, chain),
            layers: HashMap::new(),
            contents: HashMap::new(),
            signatures: HashSet::new(),
            objects_left: limits::INSPECTED_OBJECTS,
            has_given_up: false,
            inspection,
        };
        for (index, layer) in chain.layers.iter().enumerate() {
            let entity = layer.position.as_ref().map(|at| &*at.entity);
            let path = entity.map_or("", |entity| entity.path.as_str());
            walk.layers.insert(path.to_owned(), index);
            if let (Form::Clear, Some(entity)) = (layer.facts.form, entity) {
                walk.leave_signature_out(entity);
            } else if let Some(content) = chain.content_of(index) {
                walk.contents.insert(path.to_owned(), content);
            }
            if let OpenKind::Signed { signed_data, .. } = &layer.kind {
                // Those that cannot be decoded were told when the layer was judged.
                let carried = signed_data.certificates.iter();
                let carried = carried.filter_map(|der| Certificate::decode(der).ok());
                walk.carry(carried, Some(index), path);
            }
        }
        walk
    }

    pub(super) fn go(mut self) -> Result<(), SmimeError> {
        match (&self.chain.message, self.input) {
            (Some((source, scan)), _) => self.tree(source, scan.root.clone(), 0),
            (None, Input::Object { object, .. }) => self.object(object),
            (None, Input::Message(_)) => Ok(()),
        }
    }

    /// A bare object, and what is in it.
    fn object(&mut self, object: &Source) -> Result<(), SmimeError> {
        self.octets(EntityKind::Object, "", object.clone());
        self.inspection.objects.push(path_name("").to_owned());
        if let Some(content) = self.contents.remove("") {
            return self.content(content, &content_path(""), 0);
        }
        if self.chain.layers.is_empty() {
            // Its fault was told already; it may carry certificates, and tell of its signers.
            let mut looked = self.looker.look_into(object.reader(), "", None)?;
            let is_new = |finding: &Finding| finding.place.signer.is_some();
            looked.findings.retain(is_new);
            self.take(0, "", looked, 0, Told::Not)?;
        }
        Ok(())
    }

    /// An entity with all below it, inside `depth` objects beside the chain of layers.
    fn tree(&mut self, source: &Source, root: Entity, depth: usize) -> Result<(), SmimeError> {
        for entity in root.walk() {
            let row = self.inspection.entities.len();
            let (mut facts, problem) = EntityFacts::of_entity(source, entity)?;
            facts.layer = self.layers.get(&entity.path).copied();
            let is_layer = facts.layer.is_some();
            let is_signature = self.signatures.contains(&entity.path);
            if is_signature || matches!(mail::protection(entity), Protection::Opaque { .. }) {
                self.inspection.objects.push(facts.path.clone());
            }
            self.inspection.entities.push(facts);
            if let Some(content) = self.contents.remove(&entity.path) {
                self.content(content, &content_path(&entity.path), depth)?;
            }
            if is_layer || is_signature {
                continue;
            }
            if matches!(mail::protection(entity), Protection::None) {
                self.damaged(entity, problem);
            } else {
                self.beside(source, entity, row, depth)?;
            }
        }
        let tree = Tree::entities(source.clone(), root);
        self.inspection.trees.push(tree);
        Ok(())
    }

    fn content(&mut self, content: Content, path: &str, depth: usize) -> Result<(), SmimeError> {
        match content {
            Content::Entity(at) => self.tree(&at.source, (*at.entity).clone(), depth)?,
            Content::Octets(octets) => self.octets(EntityKind::Octets, path, octets),
        }
        Ok(())
    }

    fn octets(&mut self, kind: EntityKind, path: &str, octets: Source) {
        let facts = EntityFacts {
            layer: self.layers.get(path).copied(),
            ..EntityFacts::of_octets(kind, path, &octets)
        };
        self.inspection.entities.push(facts);
        self.inspection.trees.push(Tree::octets(path, octets));
    }

    /// Data that does not have the form of its transfer encoding.
    fn damaged(&mut self, entity: &Entity, problem: Option<std::io::Error>) {
        let Some(problem) = problem else { return };
        let finding = Finding::new(Reason::MailTransferEncodingInvalid).with("problem", problem);
        let severity = match self.chain.layers.is_empty() {
            true => finding.severity,
            false => Severity::Warning,
        };
        let finding = finding.weighing(severity).at(entity.place());
        self.inspection.verdict.findings.push(finding);
    }

    /// Protection beside the chain of layers, or where the chain broke.
    fn beside(
        &mut self,
        source: &Source,
        entity: &Entity,
        row: usize,
        depth: usize,
    ) -> Result<(), SmimeError> {
        self.leave_signature_out(entity);
        if depth >= limits::LAYERS || self.objects_left == 0 {
            let finding = Finding::new(Reason::MailNestingTooDeep)
                .saying("there are too many signed or encrypted parts; from here on none is opened")
                .at(entity.place());
            // Once is enough.
            if !self.has_given_up {
                self.inspection.verdict.findings.push(finding);
            }
            self.has_given_up = true;
            return Ok(());
        }
        self.objects_left -= 1;
        let reached = self.chain.reached.as_ref();
        let is_end = reached.is_some_and(|at| at.entity.path == entity.path);
        let told = match self.chain.broken && is_end {
            true => Told::Already,
            false => Told::Not,
        };
        let looked = self.looker.look(source, entity)?;
        self.take(row, &entity.path, looked, depth + 1, told)
    }

    fn leave_signature_out(&mut self, entity: &Entity) {
        if let Protection::ClearSigned { signature, .. } = mail::protection(entity) {
            self.signatures.insert(signature.path.clone());
        }
    }

    fn take(
        &mut self,
        row: usize,
        path: &str,
        looked: Looked,
        depth: usize,
        told: Told,
    ) -> Result<(), SmimeError> {
        self.inspection.entities[row].nested = looked.layer;
        if told == Told::Not {
            self.inspection.verdict.findings.extend(looked.findings);
        }
        self.carry(looked.certificates.into_iter(), None, path);
        match looked.content {
            Some(content) => self.content(content, &content_path(path), depth),
            None => Ok(()),
        }
    }

    fn carry(
        &mut self,
        certificates: impl Iterator<Item = Certificate>,
        layer: Option<usize>,
        path: &str,
    ) {
        let path = path_name(path);
        let carried = certificates.map(|certificate| CarriedCertificate {
            certificate,
            layer,
            path: path.to_owned(),
        });
        self.inspection.certificates.extend(carried);
    }
}

/// Whether the faults of an object are among the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Already,
    Not,
}
