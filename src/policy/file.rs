//! The policy file: TOML with one `[[rule]]` table a rule.
//!
//! Every key and value is checked, and an error names line, column and the nearest valid name,
//! because a mistyped key that is ignored is a rule that does not protect.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::nearest::find_nearest;
use crate::policy::pattern::Pattern;
use crate::policy::profile::{
    CipherChoice, DigestChoice, EnvelopeFrom, Include, RevocationMode, Rollover, Switch,
    WeakDigests,
};
use crate::policy::rule::{
    Actions, Demand, Direction, Encrypt, Exception, HeaderTrigger, OnFailure, Overrides, Require,
    Rule, SignatureHandling,
};

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

/// A rule that cannot do what it seems to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWarning {
    /// The line of the rule.
    pub line: usize,
    /// What is the matter.
    pub message: String,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the file; at least one error.
    pub fn parse(text: &str) -> Result<Policy, Vec<PolicyError>> {
        let mut reader = FileReader {
            text,
            errors: Vec::new(),
        };
        let document = match DeTable::parse(text) {
            Ok(document) => document,
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                reader.error(at, error.message().to_owned(), None);
                return Err(reader.errors);
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
        if reader.errors.is_empty() {
            Ok(policy)
        } else {
            Err(reader.sorted())
        }
    }

    /// Rules that can never match, or say nothing.
    pub fn warnings(&self) -> Vec<PolicyWarning> {
        let mut warnings = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let earlier = self.rules[..index]
                .iter()
                .find(|earlier| earlier.shadows(rule));
            if let Some(earlier) = earlier {
                warnings.push(PolicyWarning {
                    line: rule.line,
                    message: format!(
                        "rule `{}` can never match: rule `{}` in line {} matches all of it before",
                        rule.name, earlier.name, earlier.line
                    ),
                });
            }
            if rule.strip_trigger && rule.subject.is_none() && rule.header.is_none() {
                warnings.push(PolicyWarning {
                    line: rule.line,
                    message: format!("rule `{}` has no trigger to strip", rule.name),
                });
            }
        }
        warnings
    }
}

const KEYS: &[&str] = &[
    "name",
    "direction",
    "internal",
    "external",
    "subject",
    "header",
    "strip-trigger",
    "except",
    "sign",
    "encrypt",
    "decrypt",
    "verify",
    "require",
    "on-failure",
    "signature",
    "include",
    "cipher",
    "digest",
    "protect-headers",
    "rollover",
    "envelope-from",
    "sha1",
    "revocation",
    "extraction",
];

/// Keys that mean something for one direction only.
const OUTBOUND_KEYS: &[&str] = &[
    "strip-trigger",
    "except",
    "sign",
    "encrypt",
    "include",
    "cipher",
    "digest",
    "protect-headers",
];
const INBOUND_KEYS: &[&str] = &[
    "decrypt",
    "verify",
    "require",
    "on-failure",
    "signature",
    "rollover",
    "envelope-from",
    "sha1",
    "revocation",
    "extraction",
];

struct FileReader<'t> {
    text: &'t str,
    errors: Vec<PolicyError>,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl FileReader<'_> {
    fn error(&mut self, at: Range<usize>, message: String, hint: Option<String>) {
        let (line, column) = self.position(at.start);
        self.errors.push(PolicyError {
            line,
            column,
            message,
            hint,
        });
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    fn sorted(mut self) -> Vec<PolicyError> {
        self.errors.sort_by_key(|error| (error.line, error.column));
        self.errors
    }

    fn unknown_name(&mut self, at: Range<usize>, what: &str, name: &str, valid: &[&str]) {
        let hint = match find_nearest(name, valid.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("known are: {}", valid.join(", ")),
        };
        self.error(at, format!("`{name}` is not a known {what}"), Some(hint));
    }

    fn rule(&mut self, at: Range<usize>, table: &DeTable<'_>) -> Option<Rule> {
        let (line, _) = self.position(at.start);
        let mut rule = Rule {
            name: format!("rule in line {line}"),
            line,
            direction: Direction::Outbound,
            internal: Vec::new(),
            external: Vec::new(),
            subject: None,
            header: None,
            strip_trigger: false,
            except: Vec::new(),
            actions: Actions::default(),
            overrides: Overrides::default(),
        };
        let errors_before = self.errors.len();
        match table.get("direction") {
            Some(value) => self.word(value, Direction::WORDS, Direction::from_word, |direction| {
                rule.direction = direction;
            }),
            None => self.error(
                at,
                "the rule has no `direction`".into(),
                Some("add direction = \"outbound\" or \"inbound\"".into()),
            ),
        }
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let foreign = match rule.direction {
                Direction::Outbound => INBOUND_KEYS,
                Direction::Inbound => OUTBOUND_KEYS,
            };
            if foreign.contains(&name) {
                let direction = rule.direction.word();
                self.error(
                    key.span(),
                    format!("`{name}` has no meaning in an {direction} rule"),
                    None,
                );
                continue;
            }
            self.rule_key(&mut rule, key.span(), name, value);
        }
        (self.errors.len() == errors_before).then_some(rule)
    }

    fn rule_key(&mut self, rule: &mut Rule, at: Range<usize>, name: &str, value: &Value<'_>) {
        let (actions, overrides) = (&mut rule.actions, &mut rule.overrides);
        match name {
            "direction" => {}
            "name" => self.text(value, |text| rule.name = text),
            "internal" => rule.internal = self.list(value, Pattern::parse),
            "external" => rule.external = self.list(value, Pattern::parse),
            "subject" => self.text(value, |text| rule.subject = Some(text)),
            "header" => {
                rule.header = self.list(value, HeaderTrigger::parse).into_iter().next();
            }
            "strip-trigger" => match value.get_ref() {
                DeValue::Boolean(strip) => rule.strip_trigger = *strip,
                _ => self.error(value.span(), "expected true or false".into(), None),
            },
            "except" => rule.except = self.words(value, Exception::WORDS, Exception::from_word),
            "require" => actions.require = self.words(value, Require::WORDS, Require::from_word),
            "sign" => self.word(value, Demand::WORDS, Demand::from_word, |w| {
                actions.sign = w
            }),
            "encrypt" => {
                self.word(value, Encrypt::WORDS, Encrypt::from_word, |w| {
                    actions.encrypt = w
                });
            }
            "decrypt" => {
                self.word(value, Demand::WORDS, Demand::from_word, |w| {
                    actions.decrypt = w
                });
            }
            "verify" => self.word(value, Demand::WORDS, Demand::from_word, |w| {
                actions.verify = w
            }),
            "on-failure" => self.word(value, OnFailure::WORDS, OnFailure::from_word, |w| {
                actions.on_failure = w;
            }),
            "signature" => {
                let from_word = SignatureHandling::from_word;
                self.word(value, SignatureHandling::WORDS, from_word, |w| {
                    actions.signature = w
                });
            }
            "include" => self.word(value, Include::WORDS, Include::from_word, |w| {
                overrides.include = Some(w);
            }),
            "cipher" => {
                self.word(
                    value,
                    &CipherChoice::words(),
                    CipherChoice::from_word,
                    |w| {
                        overrides.cipher = Some(w);
                    },
                );
            }
            "digest" => {
                self.word(
                    value,
                    &DigestChoice::words(),
                    DigestChoice::from_word,
                    |w| {
                        overrides.digest = Some(w);
                    },
                );
            }
            "protect-headers" => self.word(value, Switch::WORDS, Switch::from_word, |w| {
                overrides.protect_headers = Some(w);
            }),
            "rollover" => self.word(value, Rollover::WORDS, Rollover::from_word, |w| {
                overrides.rollover = Some(w);
            }),
            "envelope-from" => {
                self.word(value, EnvelopeFrom::WORDS, EnvelopeFrom::from_word, |w| {
                    overrides.envelope_from = Some(w);
                })
            }
            "sha1" => self.word(value, WeakDigests::WORDS, WeakDigests::from_word, |w| {
                overrides.sha1 = Some(w)
            }),
            "revocation" => self.word(
                value,
                RevocationMode::WORDS,
                RevocationMode::from_word,
                |w| overrides.revocation = Some(w),
            ),
            "extraction" => self.word(value, Switch::WORDS, Switch::from_word, |w| {
                overrides.extraction = Some(w);
            }),
            _ => self.unknown_name(at, "key", name, KEYS),
        }
    }

    fn text(&mut self, value: &Value<'_>, set: impl FnOnce(String)) {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => set(text.to_string()),
            DeValue::String(_) => self.error(value.span(), "the text is empty".into(), None),
            _ => self.error(value.span(), "expected a text in quotes".into(), None),
        }
    }

    fn word<T>(
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

    fn words<T>(
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

    fn list<T>(&mut self, value: &Value<'_>, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
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

/// The starter file: comments that show every key, and no rule.
pub const STARTER: &str = include_str!("starter.toml");

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<String> {
        let errors = Policy::parse(text).unwrap_err();
        errors
            .iter()
            .map(|error| match &error.hint {
                Some(hint) => format!("{error}; {hint}"),
                None => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn the_starter_holds_no_rule_until_its_comments_are_taken_away() {
        assert_eq!(Policy::parse(STARTER).unwrap(), Policy::default());
        let used: String = STARTER
            .lines()
            .filter_map(|line| {
                let line = line.strip_prefix("# ").unwrap_or(line);
                (line.starts_with("[[") || line.contains(" = ")).then(|| format!("{line}\n"))
            })
            .collect();
        let policy = Policy::parse(&used).unwrap();
        assert_eq!(policy.rules.len(), 4);
        assert_eq!(policy.warnings(), []);
        assert_eq!(policy.rules[0].subject.as_deref(), Some("[encrypt]"));
        assert!(policy.rules[0].strip_trigger);
        assert_eq!(policy.rules[1].except.len(), 3);
        assert_eq!(policy.rules[2].actions.verify, Demand::Required);
        assert_eq!(
            policy.rules[3].overrides.envelope_from,
            Some(EnvelopeFrom::Warn)
        );
        for key in KEYS {
            assert!(
                STARTER.contains(&format!("{key} = "))
                    || STARTER.contains(&format!(" {key} ="))
                    || *key == "header",
                "{key}"
            );
        }
    }

    #[test]
    fn every_error_has_its_place_and_the_nearest_name() {
        let text = "[[rule]]\nname = \"a\"\ndirection = \"outbuond\"\nencrpyt = \"required\"\n\
                    external = [\"*@example.com\", \"user\"]\nstrip-trigger = 1\n";
        assert_eq!(
            errors(text),
            [
                "line 3, column 13: `outbuond` is not a known value; did you mean `outbound`?",
                "line 4, column 1: `encrpyt` is not a known key; did you mean `encrypt`?",
                "line 5, column 30: `user` is none of `user@example.com`, `*@example.com`, \
                 `*@*.example.com` and `*`",
                "line 6, column 17: expected true or false",
            ]
        );
        assert_eq!(
            errors("[[rule]]\n")[0].split(';').next().unwrap(),
            "line 1, column 1: the rule has no `direction`"
        );
        assert_eq!(
            errors("[[rules]]\n"),
            ["line 1, column 3: `rules` is not a known key; did you mean `rule`?"]
        );
        assert!(errors("rule = \n")[0].starts_with("line 1, column "));
        assert_eq!(
            errors("[[rule]]\ndirection = \"inbound\"\nsign = \"off\"\n"),
            ["line 3, column 1: `sign` has no meaning in an inbound rule"]
        );
    }

    #[test]
    fn rules_that_can_never_match_are_named() {
        let policy = Policy::parse(
            "[[rule]]\nname = \"all\"\ndirection = \"outbound\"\nexternal = \"*@example.com\"\n\
             [[rule]]\nname = \"one\"\ndirection = \"outbound\"\nexternal = \"a@example.com\"\n\
             [[rule]]\nname = \"other\"\ndirection = \"outbound\"\nstrip-trigger = true\n",
        )
        .unwrap();
        let messages: Vec<_> = policy.warnings().into_iter().map(|w| w.message).collect();
        assert_eq!(
            messages,
            [
                "rule `one` can never match: rule `all` in line 1 matches all of it before",
                "rule `other` has no trigger to strip",
            ]
        );
    }
}
