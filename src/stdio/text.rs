//! Text for people: lines, tables and the few colors.

use std::fmt::Display;

use crate::stdio::escape;

/// How a word is shown where colors are. Nothing depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// Good news.
    Good,
    /// Bad news.
    Bad,
    /// Worth a look.
    Odd,
    /// The name of what follows.
    Head,
}

impl Style {
    /// Wraps `word` in the escape sequences of the style.
    pub(crate) fn paint(self, word: &str, color: bool) -> String {
        let code = match self {
            _ if !color => return word.to_owned(),
            Style::Plain => return word.to_owned(),
            Style::Good => "32",
            Style::Bad => "1;31",
            Style::Odd => "33",
            Style::Head => "1",
        };
        format!("\x1b[{code}m{word}\x1b[0m")
    }
}

/// Text that is put together line by line. Everything that goes in is escaped, so that no value
/// from a message can end a line or steer a terminal.
#[derive(Debug, Default)]
pub struct Text {
    text: String,
    color: bool,
}

impl Text {
    /// Makes an empty text, with or without color.
    pub fn new(color: bool) -> Text {
        Text {
            text: String::new(),
            color,
        }
    }

    /// Adds a line.
    pub fn line(&mut self, line: impl Display) -> &mut Text {
        self.styled(Style::Plain, line).end()
    }

    /// Adds to the current line.
    pub fn add(&mut self, piece: impl Display) -> &mut Text {
        self.styled(Style::Plain, piece)
    }

    /// Adds to the current line, in a style.
    pub fn styled(&mut self, style: Style, piece: impl Display) -> &mut Text {
        let piece = piece.to_string();
        self.text
            .push_str(&style.paint(&escape(&piece), self.color));
        self
    }

    /// Ends the current line.
    pub fn end(&mut self) -> &mut Text {
        self.text.push('\n');
        self
    }

    /// Adds a paragraph, broken between words at `width` columns, each line after `indent` blanks.
    pub fn paragraph(&mut self, indent: usize, width: usize, text: &str) -> &mut Text {
        let mut line = String::new();
        for word in text.split_whitespace() {
            let length = line.chars().count() + word.chars().count() + 1;
            if !line.is_empty() && indent + length > width {
                self.line(format_args!("{:indent$}{line}", ""));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.line(format_args!("{:indent$}{line}", ""));
        }
        self
    }

    /// The text as it is to be written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Rows of columns that are as wide as their widest cell.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Makes a table with a row of headings.
    pub fn with_headings(headings: &[&str]) -> Table {
        let row = headings.iter().map(|&heading| heading.to_owned());
        Table {
            rows: vec![row.collect()],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Display>) {
        let cells = cells.into_iter().map(|cell| cell.to_string());
        self.rows
            .push(cells.map(|cell| escape(&cell).into_owned()).collect());
    }

    /// Shortens the cells of a column, to no less than 8, as far as needed for `width` columns.
    pub fn fit(&mut self, column: usize, width: usize) {
        let widest = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let others = (0..columns).filter(|other| *other != column);
        let taken: usize = others.map(|other| widest(other) + 2).sum();
        let room = width.saturating_sub(taken).max(8);
        for cell in self.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            if cell.chars().count() > room {
                *cell = cell.chars().take(room - 1).chain(['\u{2026}']).collect();
            }
        }
    }

    /// Adds the table to `text`; the headings in their style.
    pub fn add_to(&self, text: &mut Text) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (index, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(&format!("{cell:width$}  "));
            }
            let style = if index == 0 {
                Style::Head
            } else {
                Style::Plain
            };
            text.styled(style, line.trim_end()).end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_end_a_line() {
        let mut text = Text::new(true);
        text.styled(Style::Bad, "no").add(": a\nb").end();
        assert_eq!(text.as_str(), "\x1b[1;31mno\x1b[0m: a\\nb\n");
    }

    #[test]
    fn columns_line_up_without_trailing_blanks() {
        let mut table = Table::with_headings(&["KEY", "VALUE"]);
        table.row(["rollover", "hold"]);
        table.row(["sha1", ""]);
        let mut text = Text::new(false);
        table.add_to(&mut text);
        assert_eq!(text.as_str(), "KEY       VALUE\nrollover  hold\nsha1\n");
    }

    #[test]
    fn a_column_is_shortened_as_far_as_needed() {
        let mut table = Table::with_headings(&["FILE", "RULE", "WHY"]);
        table.row(["a.eml", "everything to the partner", "because"]);
        let mut short = Text::new(false);
        table.fit(1, 30);
        table.add_to(&mut short);
        assert_eq!(
            short.as_str(),
            "FILE   RULE            WHY\na.eml  everything to\u{2026}  because\n"
        );
        table.fit(1, 80);
        let mut same = Text::new(false);
        table.add_to(&mut same);
        assert_eq!(same.as_str(), short.as_str());
    }

    #[test]
    fn paragraphs_break_between_words() {
        let mut text = Text::new(false);
        text.paragraph(2, 12, "one two three four");
        assert_eq!(text.as_str(), "  one two\n  three four\n");
    }
}
