//! The values of a policy file, and where what is wrong with it stands.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::nearest::find_nearest;
use crate::policy::file::PolicyError;

/// Reads values and gathers all that is wrong.
pub(super) struct FileReader<'t> {
    text: &'t str,
    errors: Vec<PolicyError>,
}

/// A value and where it stands.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

impl<'t> FileReader<'t> {
    /// A reader of the file that holds `text`.
    pub(super) fn new(text: &'t str) -> FileReader<'t> {
        FileReader {
            text,
            errors: Vec::new(),
        }
    }

    /// Notes what is wrong at a place.
    pub(super) fn error(&mut self, at: Range<usize>, message: String, hint: Option<String>) {
        let (line, column) = self.position(at.start);
        self.errors.push(PolicyError {
            line,
            column,
            message,
            hint,
        });
    }

    /// Line and column of an offset, counted from 1.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    /// How many errors were found so far.
    pub(super) fn error_count(&self) -> usize {
        self.errors.len()
    }

    /// All that is wrong, in the order of the file.
    pub(super) fn into_errors(mut self) -> Vec<PolicyError> {
        self.errors.sort_by_key(|error| (error.line, error.column));
        self.errors
    }

    /// Notes that a name is none of the valid ones, and the nearest of those.
    pub(super) fn unknown_name(
        &mut self,
        at: Range<usize>,
        what: &str,
        name: &str,
        valid: &[&str],
    ) {
        let hint = match find_nearest(name, valid.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("known are: {}", valid.join(", ")),
        };
        self.error(at, format!("`{name}` is not a known {what}"), Some(hint));
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, value: &Value<'_>, set: impl FnOnce(String)) {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => set(text.to_string()),
            DeValue::String(_) => self.error(value.span(), "the text is empty".into(), None),
            _ => self.error(value.span(), "expected a text in quotes".into(), None),
        }
    }

    /// One of `words`.
    pub(super) fn word<T>(
        &mut self,
        value: &Value<'_>,
        words: &[&str],
        from_word: impl Fn(&str) -> Option<T>,
        set: impl FnOnce(T),
    ) {
        match value.get_ref() {
            DeValue::String(word) => match from_word(word) {
                Some(found) => set(found),
                None => self.unknown_name(value.span(), "value", word, words),
            },
            _ => {
                let message = format!("expected one of: {}", words.join(", "));
                self.error(value.span(), message, None);
            }
        }
    }

    /// A list of `words`.
    pub(super) fn words<T>(
        &mut self,
        value: &Value<'_>,
        words: &[&str],
        from_word: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut found = Vec::new();
        for item in items(value) {
            self.word(item, words, &from_word, |word| found.push(word));
        }
        found
    }

    /// A list of texts that `parse` reads.
    pub(super) fn list<T>(
        &mut self,
        value: &Value<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let mut found = Vec::new();
        for item in items(value) {
            match item.get_ref() {
                DeValue::String(text) => match parse(text) {
                    Ok(parsed) => found.push(parsed),
                    Err(message) => self.error(item.span(), message, None),
                },
                _ => self.error(item.span(), "expected a text in quotes".into(), None),
            }
        }
        found
    }
}

/// The items of a list; a single value is a list of one.
fn items<'v, 'i>(value: &'v Value<'i>) -> Vec<&'v Value<'i>> {
    match value.get_ref() {
        DeValue::Array(array) => array.iter().collect(),
        _ => vec![value],
    }
}
