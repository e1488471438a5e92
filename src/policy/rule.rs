//! A rule of the policy, and whether it matches.
//!
//! Rules are tried in order, once for every recipient; the first that matches decides for that
//! recipient. So a rule for a partner's domain holds for the partner even where others are
//! addressed too.

use crate::address::Address;
use crate::policy::pattern::Pattern;
use crate::policy::profile::{
    CipherChoice, DigestChoice, EnvelopeFrom, Include, Profile, RevocationMode, Rollover, Switch,
    WeakDigests, words,
};

words! {
    /// Which way a message goes.
    Direction {
        /// From an internal user to the outside.
        Outbound = "outbound",
        /// From the outside to an internal user.
        Inbound = "inbound",
    }
}

words! {
    /// Whether outbound mail is signed, or inbound mail decrypted or verified.
    Demand {
        /// It must be; else the message is rejected.
        Required = "required",
        /// It is, where that is possible.
        IfPossible = "if-possible",
        /// It is not.
        Off = "off",
    }
}

words! {
    /// For whom outbound mail is encrypted.
    Encrypt {
        /// For everyone, or the message is rejected for all.
        Required = "required",
        /// For those who have a certificate; rejected for the rest.
        OthersReject = "others-reject",
        /// For those who have a certificate; not encrypted for the rest.
        OthersPlain = "others-plain",
        /// For nobody.
        Off = "off",
    }
}

words! {
    /// What inbound mail has to be.
    Require {
        /// Signed, with an accepted signature.
        Signed = "signed",
        /// Encrypted.
        Encrypted = "encrypted",
    }
}

words! {
    /// What happens to inbound mail that fails.
    OnFailure {
        /// It is rejected.
        Reject = "reject",
        /// It is delivered with the result noted.
        Mark = "mark",
        /// It is delivered.
        Pass = "pass",
    }
}

words! {
    /// What becomes of an accepted signature.
    SignatureHandling {
        /// It stays.
        Keep = "keep",
        /// The signed content is delivered without it.
        Strip = "strip",
    }
}

words! {
    /// Messages that a rule leaves alone.
    Exception {
        /// Calendar messages, which some programs do not read when signed.
        Calendar = "calendar",
        /// Messages that are signed already.
        AlreadySigned = "already-signed",
        /// Messages that are encrypted already.
        AlreadyEncrypted = "already-encrypted",
    }
}

/// A header field that triggers a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderTrigger {
    /// The field name.
    pub name: String,
    /// The value, compared without case and outer white space; `None` if any value will do.
    pub value: Option<String>,
}

impl HeaderTrigger {
    /// Reads `Name: value`, or a name alone.
    ///
    /// # Errors
    /// The name is not a field name (RFC 5322 section 2.2).
    pub fn parse(text: &str) -> Result<HeaderTrigger, String> {
        let (name, value) = match text.split_once(':') {
            Some((name, value)) => (name.trim(), Some(value.trim().to_owned())),
            None => (text.trim(), None),
        };
        if name.is_empty() || !name.bytes().all(|octet| (33..=126).contains(&octet)) {
            return Err(format!(
                "`{text}` is not a header field such as `X-Encrypt: yes`"
            ));
        }
        Ok(HeaderTrigger {
            name: name.to_owned(),
            value,
        })
    }

    /// Whether every field that triggers `other` triggers this one too.
    pub fn covers(&self, other: &HeaderTrigger) -> bool {
        let value = |trigger: &HeaderTrigger| trigger.value.as_ref().map(|v| v.to_lowercase());
        self.name.eq_ignore_ascii_case(&other.name)
            && (self.value.is_none() || value(self) == value(other))
    }

    /// Whether a field of that name with `value` triggers the rule.
    pub fn is_met_by(&self, value: &str) -> bool {
        let wanted = self.value.as_ref();
        wanted.is_none_or(|wanted| value.trim().to_lowercase() == wanted.to_lowercase())
    }
}

impl std::fmt::Display for HeaderTrigger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}: {value}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// One rule. A list that is empty matches everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, for reports.
    pub name: String,
    /// The line in the policy file, counted from 1.
    pub line: usize,
    /// Which way a message must go.
    pub direction: Direction,
    /// The sender when outbound, the recipient when inbound.
    pub internal: Vec<Pattern>,
    /// The recipient when outbound, the sender when inbound.
    pub external: Vec<Pattern>,
    /// A text that the subject must contain, compared without case.
    pub subject: Option<String>,
    /// A header field that must be there.
    pub header: Option<HeaderTrigger>,
    /// Whether the trigger is removed before the message goes on.
    pub strip_trigger: bool,
    /// Messages left alone.
    pub except: Vec<Exception>,
    /// What to do.
    pub actions: Actions,
    /// Settings for matching messages.
    pub overrides: Overrides,
}

/// What a rule does with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actions {
    /// Outbound: sign.
    pub sign: Demand,
    /// Outbound: encrypt.
    pub encrypt: Encrypt,
    /// Inbound: decrypt.
    pub decrypt: Demand,
    /// Inbound: verify.
    pub verify: Demand,
    /// Inbound: what it has to be.
    pub require: Vec<Require>,
    /// Inbound: what happens when it fails.
    pub on_failure: OnFailure,
    /// Inbound: what becomes of the signature.
    pub signature: SignatureHandling,
}

/// The built-in default: sign and encrypt, decrypt and verify what can be.
impl Default for Actions {
    fn default() -> Actions {
        Actions {
            sign: Demand::IfPossible,
            encrypt: Encrypt::OthersPlain,
            decrypt: Demand::IfPossible,
            verify: Demand::IfPossible,
            require: Vec::new(),
            on_failure: OnFailure::Reject,
            signature: SignatureHandling::Keep,
        }
    }
}

/// The settings that a rule overrides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// For [`Profile::include`].
    pub include: Option<Include>,
    /// For [`Profile::cipher`].
    pub cipher: Option<CipherChoice>,
    /// For [`Profile::digest`].
    pub digest: Option<DigestChoice>,
    /// For [`Profile::protect_headers`].
    pub protect_headers: Option<Switch>,
    /// For [`Profile::rollover`].
    pub rollover: Option<Rollover>,
    /// For [`Profile::envelope_from`].
    pub envelope_from: Option<EnvelopeFrom>,
    /// For [`Profile::sha1`].
    pub sha1: Option<WeakDigests>,
    /// For [`Profile::revocation`].
    pub revocation: Option<RevocationMode>,
    /// For [`Profile::extraction`].
    pub extraction: Option<Switch>,
}

impl Overrides {
    /// The profile with the overrides applied.
    pub fn apply(&self, base: &Profile) -> Profile {
        Profile {
            rollover: self.rollover.unwrap_or(base.rollover),
            envelope_from: self.envelope_from.unwrap_or(base.envelope_from),
            sha1: self.sha1.unwrap_or(base.sha1),
            revocation: self.revocation.unwrap_or(base.revocation),
            extraction: self.extraction.unwrap_or(base.extraction),
            include: self.include.unwrap_or(base.include),
            cipher: self.cipher.unwrap_or(base.cipher),
            digest: self.digest.unwrap_or(base.digest),
            protect_headers: self.protect_headers.unwrap_or(base.protect_headers),
        }
    }
}

/// What is known of a message when rules are tried.
pub struct Occasion<'a> {
    /// Which way it goes.
    pub direction: Direction,
    /// The author: the From address, if it is usable.
    pub sender: Option<&'a Address>,
    /// The decoded subject.
    pub subject: &'a str,
    /// The unfolded values of the header fields with a name, in order.
    pub header_values: &'a dyn Fn(&str) -> Vec<String>,
}

/// Whether a rule matches, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Whether it does.
    pub matched: bool,
    /// The condition that decided, in words.
    pub why: String,
}

impl Rule {
    /// Tries the rule for one recipient.
    pub fn try_for(&self, occasion: &Occasion<'_>, recipient: &Address) -> Trial {
        let no = |why: String| Trial {
            matched: false,
            why,
        };
        if self.direction != occasion.direction {
            return no(format!("it is for {} mail", self.direction.word()));
        }
        let (sender_list, recipient_list, sender_key, recipient_key) = match self.direction {
            Direction::Outbound => (&self.internal, &self.external, "internal", "external"),
            Direction::Inbound => (&self.external, &self.internal, "external", "internal"),
        };
        if !sender_list.is_empty() {
            let listed = |sender| sender_list.iter().any(|pattern| pattern.matches(sender));
            match occasion.sender {
                Some(sender) if listed(sender) => {}
                Some(sender) => {
                    return no(format!("the sender {sender} is not in `{sender_key}`"));
                }
                None => return no(format!("there is no one sender to find in `{sender_key}`")),
            }
        }
        if !recipient_list.is_empty() && !recipient_list.iter().any(|p| p.matches(recipient)) {
            return no(format!(
                "the recipient {recipient} is not in `{recipient_key}`"
            ));
        }
        if let Some(trigger) = &self.subject
            && !occasion
                .subject
                .to_lowercase()
                .contains(&trigger.to_lowercase())
        {
            return no(format!("the subject does not contain `{trigger}`"));
        }
        if let Some(trigger) = &self.header {
            let values = (occasion.header_values)(&trigger.name);
            if !values.iter().any(|value| trigger.is_met_by(value)) {
                return no(format!("there is no header field `{trigger}`"));
            }
        }
        Trial {
            matched: true,
            why: self.conditions(),
        }
    }

    /// The conditions of the rule, in words.
    pub fn conditions(&self) -> String {
        let mut parts = vec![self.direction.word().to_owned()];
        let mut list = |key: &str, patterns: &[Pattern]| {
            if !patterns.is_empty() {
                let patterns: Vec<_> = patterns.iter().map(Pattern::to_string).collect();
                parts.push(format!("{key} {}", patterns.join(", ")));
            }
        };
        list("internal", &self.internal);
        list("external", &self.external);
        if let Some(subject) = &self.subject {
            parts.push(format!("subject contains `{subject}`"));
        }
        if let Some(header) = &self.header {
            parts.push(format!("header field `{header}`"));
        }
        parts.join("; ")
    }

    /// Whether this rule, standing before `later`, matches all that `later` could match.
    pub fn shadows(&self, later: &Rule) -> bool {
        let covered = |own: &[Pattern], other: &[Pattern]| {
            own.is_empty()
                || (!other.is_empty()
                    && other
                        .iter()
                        .all(|narrow| own.iter().any(|wide| wide.covers(narrow))))
        };
        let subject_covered = match (&self.subject, &later.subject) {
            (None, _) => true,
            (Some(own), Some(other)) => other.to_lowercase().contains(&own.to_lowercase()),
            (Some(_), None) => false,
        };
        let header_covered = match (&self.header, &later.header) {
            (None, _) => true,
            (Some(own), Some(other)) => own.covers(other),
            (Some(_), None) => false,
        };
        self.direction == later.direction
            && covered(&self.internal, &later.internal)
            && covered(&self.external, &later.external)
            && subject_covered
            && header_covered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::file::Policy;

    #[test]
    fn every_condition_can_decide() {
        let policy = Policy::parse(
            r#"[[rule]]
            direction = "outbound"
            internal = ["*@example.com"]
            external = ["*@partner.example"]
            subject = "[Encrypt]"
            header = "X-Level: High""#,
        )
        .unwrap();
        let rule = &policy.rules[0];
        let try_with = |direction, sender: Option<&str>, recipient: &str, subject, level: &str| {
            let sender = sender.map(|text| Address::parse(text).unwrap());
            let values = |name: &str| match name.eq_ignore_ascii_case("x-level") {
                true => vec![format!(" {level}")],
                false => Vec::new(),
            };
            let occasion = Occasion {
                direction,
                sender: sender.as_ref(),
                subject,
                header_values: &values,
            };
            rule.try_for(&occasion, &Address::parse(recipient).unwrap())
        };
        let (to, from) = ("a@partner.example", Some("u@example.com"));
        let out = Direction::Outbound;
        assert!(try_with(out, from, to, "Re: [encrypt] plan", "high").matched);
        let why = |trial: Trial| {
            assert!(!trial.matched);
            trial.why
        };
        assert_eq!(
            why(try_with(Direction::Inbound, from, to, "[encrypt]", "high")),
            "it is for outbound mail"
        );
        assert_eq!(
            why(try_with(
                out,
                Some("u@other.example"),
                to,
                "[encrypt]",
                "high"
            )),
            "the sender u@other.example is not in `internal`"
        );
        assert_eq!(
            why(try_with(out, None, to, "[encrypt]", "high")),
            "there is no one sender to find in `internal`"
        );
        assert_eq!(
            why(try_with(out, from, "a@other.example", "[encrypt]", "high")),
            "the recipient a@other.example is not in `external`"
        );
        assert_eq!(
            why(try_with(out, from, to, "encrypt", "high")),
            "the subject does not contain `[Encrypt]`"
        );
        assert_eq!(
            why(try_with(out, from, to, "[encrypt]", "low")),
            "there is no header field `X-Level: High`"
        );
    }
}
