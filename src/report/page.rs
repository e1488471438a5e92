//! Text that fits on 80 columns: facts with a name, and words broken between lines.

use std::fmt::Display;

use crate::stdio::{Style, Text};

/// The columns of a line.
const WIDTH: usize = 80;

/// A text that is put together fact by fact.
pub struct Page<'a> {
    /// The text so far.
    pub text: &'a mut Text,
    /// The columns of the names of facts.
    pub names: usize,
}

impl<'a> Page<'a> {
    /// A page whose facts have names of ten columns.
    pub fn new(text: &'a mut Text) -> Page<'a> {
        Page::with_names(text, 10)
    }

    /// A page whose facts have names of so many columns.
    pub fn with_names(text: &'a mut Text, names: usize) -> Page<'a> {
        Page { text, names }
    }

    /// Begins a section: an empty line, unless it is the first, and a heading.
    pub fn section(&mut self, name: impl Display, about: impl Display) {
        if !self.text.as_str().is_empty() {
            self.text.end();
        }
        self.heading(0, name, about);
    }

    /// A line whose first words are a name.
    pub fn heading(&mut self, indent: usize, name: impl Display, about: impl Display) {
        self.text.add(format_args!("{:indent$}", ""));
        self.text.styled(Style::Head, name);
        self.text.line(about);
    }

    /// The name of a fact, without one blank before what is told of it.
    pub fn name(&mut self, indent: usize, name: &str) {
        let width = self.names;
        self.text.add(format_args!("{:indent$}{name:width$}", ""));
    }

    /// A fact, unless there is nothing to tell.
    pub fn fact(&mut self, indent: usize, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let width = self.names;
        let first = format!("{:indent$}{name:width$} ", "");
        self.hanging(&first, indent + width + 1, value);
    }

    /// `value` after `first`, its further lines after `indent` blanks.
    pub fn hanging(&mut self, first: &str, indent: usize, value: &str) {
        let mut line = first.to_owned();
        let mut is_empty = true;
        for word in value.split(' ').filter(|word| !word.is_empty()) {
            let length = line.chars().count() + word.chars().count() + usize::from(!is_empty);
            if !is_empty && length > WIDTH {
                self.text.line(&line);
                line = " ".repeat(indent);
            } else if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.text.line(&line);
    }

    /// A paragraph.
    pub fn paragraph(&mut self, indent: usize, text: &str) {
        self.hanging(&" ".repeat(indent), indent, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_hang_under_their_beginning() {
        let mut text = Text::new(false);
        let mut page = Page::new(&mut text);
        page.section("part", " 1");
        page.fact(2, "empty", "");
        page.fact(2, "subject", &["word"; 16].join(" "));
        page.section("part", " 2\n");
        let words = ["word"; 13].join(" ");
        let expected =
            format!("part 1\n  subject    {words}\n             word word word\n\npart 2\\n\n");
        assert_eq!(text.as_str(), expected);
        assert!(text.as_str().lines().all(|line| line.len() <= WIDTH));
    }
}
