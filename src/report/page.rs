//! Text that fits on 80 columns: facts with a name, and words broken between lines.

use std::fmt::Display;

use crate::stdio::{Style, Text};

/// The columns of a line.
pub const WIDTH: usize = 80;

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
        self.text.add(format_args!("{:indent$}", ""));
        let style = if name.is_empty() {
            Style::Plain
        } else {
            Style::Head
        };
        self.text.styled(style, format_args!("{name:width$}"));
    }

    /// A fact, unless there is nothing to tell.
    pub fn fact(&mut self, indent: usize, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let rest = indent + self.names + 1;
        let first = indent + name.chars().count().max(self.names) + 1;
        self.name(indent, name);
        self.text.add(" ");
        self.wrapped(value, first, rest);
    }

    /// `value` after `first`, its further lines after `indent` blanks.
    pub fn hanging(&mut self, first: &str, indent: usize, value: &str) {
        self.text.add(first);
        self.wrapped(value, first.chars().count(), indent);
    }

    /// The words of `value`, in a line that already has `first` columns, and in further lines after
    /// `indent` blanks.
    fn wrapped(&mut self, value: &str, first: usize, indent: usize) {
        let mut column = first;
        let mut is_start = true;
        for word in value.split(' ').filter(|word| !word.is_empty()) {
            let width = word.chars().count();
            if !is_start && column + 1 + width > WIDTH {
                self.text.end().add(format_args!("{:indent$}", ""));
                column = indent;
            } else if !is_start {
                self.text.add(" ");
                column += 1;
            }
            self.text.add(word);
            column += width;
            is_start = false;
        }
        self.text.end();
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
