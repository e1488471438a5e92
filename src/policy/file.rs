//! The policy file: TOML with one `[[rule]]` table a rule.
//!
//! Every key and value is checked, and an error names line, column and the nearest valid name,
//! because a mistyped key that is ignored is a rule that does not protect.

mod reader;
mod rule_table;
mod warnings;

use toml::de::{DeTable, DeValue};

use crate::policy::file::reader::FileReader;
use crate::policy::rule::Rule;

pub use warnings::PolicyWarning;

/// What is wrong with a policy file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct PolicyError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

/// The rules, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The rules.
    pub rules: Vec<Rule>,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the file; at least one error.
    pub fn parse(text: &str) -> Result<Policy, Vec<PolicyError>> {
        let mut reader = FileReader::new(text);
        let document = match DeTable::parse(text) {
            Ok(document) => document,
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                reader.error(at, error.message().to_owned(), None);
                return Err(reader.into_errors());
            }
        };
        let mut policy = Policy::default();
        for (key, value) in document.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("rule", DeValue::Array(rules)) => {
                    for rule in rules.iter() {
                        match rule.get_ref() {
                            DeValue::Table(table) => {
                                let rule = reader.rule(rule.span(), table);
                                policy.rules.extend(rule);
                            }
                            _ => reader.error(
                                rule.span(),
                                "a rule is a table: [[rule]]".into(),
                                None,
                            ),
                        }
                    }
                }
                ("rule", _) => reader.error(
                    key.span(),
                    "rules are a list of tables: write [[rule]] before each".into(),
                    None,
                ),
                (name, _) => reader.unknown_name(key.span(), "key", name, &["rule"]),
            }
        }
        match reader.into_errors() {
            errors if errors.is_empty() => Ok(policy),
            errors => Err(errors),
        }
    }
}

/// The starter file: comments that show every key, and no rule.
pub const STARTER: &str = include_str!("starter.toml");

#[cfg(test)]
mod tests;
