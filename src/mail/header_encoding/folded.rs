//! Folding while a field is written, and text as encoded words (RFC 2047).

/// Columns after which a line is folded where that is possible (RFC 5322 section 2.1.1).
pub(super) const COLUMNS: usize = 76;

/// Octets of an encoded word (RFC 2047 section 2).
const ENCODED_WORD: usize = 75;

/// A field that is folded while it is written.
pub(crate) struct Folded {
    field: Vec<u8>,
    /// Octets of the current line.
    column: usize,
    /// Octets of the current line on which nothing but the name stands.
    start: usize,
    /// White space before the next word.
    blank: Vec<u8>,
    after_encoded_word: bool,
}

impl Folded {
    pub(crate) fn new(name: &str) -> Folded {
        Folded {
            field: [name.as_bytes(), b":"].concat(),
            column: name.len() + 1,
            start: name.len() + 1,
            blank: Vec::new(),
            after_encoded_word: false,
        }
    }

    pub(crate) fn blank(&mut self, blank: &[u8]) {
        self.blank.extend_from_slice(blank);
    }

    pub(crate) fn word(&mut self, word: &[u8]) {
        let blank = std::mem::take(&mut self.blank);
        let width = blank.len() + word.len();
        if !blank.is_empty() && self.column > self.start && self.column + width > COLUMNS {
            self.field.extend_from_slice(b"\r\n");
            (self.column, self.start) = (0, 0);
        }
        self.field.extend_from_slice(&blank);
        self.field.extend_from_slice(word);
        self.column += width;
        self.after_encoded_word = false;
    }

    /// Writes text as encoded words, set off from what stands before by white space.
    pub(super) fn encoded_words(&mut self, text: &[u8]) -> Option<()> {
        let text = std::str::from_utf8(text).ok()?;
        let words = if self.after_encoded_word {
            // White space between two encoded words is not shown, so it goes into the second.
            let blank = std::mem::take(&mut self.blank);
            encoded_words(&(String::from_utf8(blank).ok()? + text))
        } else {
            encoded_words(text)
        };
        for word in words {
            self.set_off();
            self.word(word.as_bytes());
        }
        self.after_encoded_word = true;
        Some(())
    }

    fn set_off(&mut self) {
        if self.blank.is_empty() {
            self.blank.push(b' ');
        }
    }

    /// White space that an encoded word needs behind it (RFC 2047 section 5 (3)).
    pub(super) fn set_off_encoded_word(&mut self) {
        if self.after_encoded_word {
            self.set_off();
        }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.field.extend_from_slice(b"\r\n");
        self.field
    }
}

/// Text as encoded words, each as long as the standard allows.
pub(super) fn encoded_words(text: &str) -> Vec<String> {
    const START: &str = "=?utf-8?Q?";
    let mut words = vec![START.to_owned()];
    for character in text.chars() {
        let encoded = match character {
            ' ' => "_".to_owned(),
            // What every context allows, the phrase included (RFC 2047 section 5).
            plain if plain.is_ascii_alphanumeric() => plain.to_string(),
            other => {
                let mut octets = [0; 4];
                let octets = other.encode_utf8(&mut octets).bytes();
                octets.map(|octet| format!("={octet:02X}")).collect()
            }
        };
        match words.last_mut() {
            Some(word) if word.len() + encoded.len() + 2 <= ENCODED_WORD => word.push_str(&encoded),
            _ => words.push(START.to_owned() + &encoded),
        }
    }
    for word in &mut words {
        word.push_str("?=");
    }
    words
}
