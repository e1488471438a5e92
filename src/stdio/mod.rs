//! The streams of the process: what is read, what is written, and what people are told.
//!
//! The rules of the user interface, in one place:
//! - stdout carries only what was asked for. Everything else goes to stderr as `smime: …` lines.
//! - Nothing reaches stdout or an output file before the verdict.
//! - An output file is written beside its target and renamed into place; a run that fails leaves
//!   the old file untouched.
//! - Text that comes from messages and certificates is escaped before it reaches a terminal.
//! - Everything can be understood without color.

mod console;
mod escape;
mod input;
mod output;
mod progress;
pub(crate) mod secret;
mod settling;
mod staged;
mod text;

pub(crate) use console::can_ask;
pub use console::{ColorChoice, Console};
pub use escape::escape;
pub(crate) use escape::is_hidden;
pub use input::{input_name, open_input, read_whole};
pub use output::{Access, Output};
pub(crate) use output::{is_stdout, parent};
pub use progress::{Counted, Progress};
pub use secret::Passphrase;
pub use settling::{CompleteFile, Shelf, settle};
pub use text::{Style, Table, Text};
