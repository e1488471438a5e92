//! Escaping of text that others wrote, for terminals and logs.
//!
//! Control characters move cursors and change titles, bidirectional controls show text in another
//! order than it has, and invisible ones make two addresses look alike. Each becomes a visible
//! escape.

use std::borrow::Cow;
use std::fmt::Write;

/// Makes every character visible that a terminal would obey or hide: `\n`, `\u{202e}`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a String does not fail.
            let _ = write!(visible, "{}", c.escape_default());
        } else {
            visible.push(c);
        }
    }
    Cow::Owned(visible)
}

/// Whether `c` is a control, bidirectional control, separator or invisible character.
///
/// The joiners U+200C and U+200D stay: scripts and emoji need them.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_becomes_visible() {
        assert_eq!(escape("Grüße, 世界"), "Grüße, 世界");
        assert_eq!(escape("\x1b[2J\n"), "\\u{1b}[2J\\n");
        assert_eq!(escape("user\u{202e}moc"), "user\\u{202e}moc");
        assert_eq!(escape("\u{9b}31m"), "\\u{9b}31m");
    }
}
