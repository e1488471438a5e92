//! The keys of a rule.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::policy::file::reader::{FileReader, Value};
use crate::policy::pattern::Pattern;
use crate::policy::profile::{
    CipherChoice, DigestChoice, EnvelopeFrom, Include, RevocationMode, Rollover, Switch,
    WeakDigests,
};
use crate::policy::rule::{
    Actions, Demand, Direction, Encrypt, Exception, HeaderTrigger, OnFailure, Overrides, Require,
    Rule, SignatureHandling,
};

/// Every key of a rule.
pub(super) const KEYS: &[&str] = &[
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
    "extraction",
];

impl FileReader<'_> {
    /// Reads the table of a rule; `None` where something in it is wrong.
    pub(super) fn rule(&mut self, at: Range<usize>, table: &DeTable<'_>) -> Option<Rule> {
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
        let errors_before = self.error_count();
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
        (self.error_count() == errors_before).then_some(rule)
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
}
