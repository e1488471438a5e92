//! ASN.1 objects taken apart and put together otherwise.

use crate::office::edit_object;

/// One element in DER: primitive with content, or constructed of others.
#[derive(Clone)]
pub(crate) struct Element {
    pub(crate) tag: u8,
    pub(crate) content: Vec<u8>,
    pub(crate) children: Vec<Element>,
}

const CONSTRUCTED: u8 = 0x20;

impl Element {
    pub(crate) fn primitive(tag: u8, content: &[u8]) -> Element {
        Element {
            tag,
            content: content.to_vec(),
            children: Vec::new(),
        }
    }

    pub(crate) fn constructed(tag: u8, children: Vec<Element>) -> Element {
        Element {
            tag: tag | CONSTRUCTED,
            content: Vec::new(),
            children,
        }
    }

    pub(crate) fn read(octets: &[u8]) -> Element {
        let (element, rest) = read_one(octets);
        assert!(rest.is_empty());
        element
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let content: Vec<u8> = match self.tag & CONSTRUCTED {
            0 => self.content.clone(),
            _ => self.children.iter().flat_map(Element::write).collect(),
        };
        let mut octets = vec![self.tag];
        match content.len() {
            short if short < 0x80 => octets.push(short as u8),
            long => {
                let length = (long as u32).to_be_bytes();
                let length = &length[length.iter().take_while(|octet| **octet == 0).count()..];
                octets.push(0x80 | length.len() as u8);
                octets.extend(length);
            }
        }
        octets.extend(content);
        octets
    }

    /// What is found by going down from child to child.
    pub(crate) fn at(&mut self, path: &[usize]) -> &mut Element {
        path.iter()
            .fold(self, |element, index| &mut element.children[*index])
    }

    /// The SignedData, EnvelopedData or AuthEnvelopedData of a ContentInfo.
    pub(crate) fn inner(&mut self) -> &mut Element {
        self.at(&[1, 0])
    }

    /// The SignerInfos of the SignedData of a ContentInfo.
    pub(crate) fn signers(&mut self) -> &mut Vec<Element> {
        &mut self.inner().children.last_mut().unwrap().children
    }

    /// Its certificates.
    pub(crate) fn certificates(&mut self) -> &mut Vec<Element> {
        let certificates = &mut self.inner().children[3];
        assert_eq!(certificates.tag, 0xa0);
        &mut certificates.children
    }

    /// Puts a content into its EncapsulatedContentInfo.
    pub(crate) fn enclose(&mut self, econtent: &[u8]) {
        let content = Element::primitive(0x04, econtent);
        let content_info = &mut self.inner().children[2].children;
        content_info.truncate(1);
        content_info.push(Element::constructed(0xa0, vec![content]));
    }
}

fn read_one(octets: &[u8]) -> (Element, &[u8]) {
    let (tag, rest) = (octets[0], &octets[2..]);
    let (length, rest) = match octets[1] {
        short if short < 0x80 => (usize::from(short), rest),
        long => {
            let (length, rest) = rest.split_at(usize::from(long & 0x7f));
            let length = length.iter().fold(0, |sum, o| sum << 8 | usize::from(*o));
            (length, rest)
        }
    };
    let (mut content, rest) = rest.split_at(length);
    if tag & CONSTRUCTED == 0 {
        return (Element::primitive(tag, content), rest);
    }
    let mut children = Vec::new();
    while !content.is_empty() {
        let (child, after) = read_one(content);
        children.push(child);
        content = after;
    }
    (Element::constructed(tag, children), rest)
}

/// The CMS object of a message.
pub(crate) fn object(message: &str) -> Element {
    let mut object = None;
    edit_object(message, |octets| object = Some(Element::read(octets)));
    object.unwrap()
}

/// The message with its CMS object changed.
pub(crate) fn edit(message: &str, edit: impl FnOnce(&mut Element)) -> String {
    edit_object(message, |octets| {
        let mut object = Element::read(octets);
        edit(&mut object);
        *octets = object.write();
    })
}
