//! Rules of a valid file that cannot do what they seem to.

use crate::policy::file::Policy;

/// A rule that cannot do what it seems to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWarning {
    /// The line of the rule.
    pub line: usize,
    /// What is the matter.
    pub message: String,
}

impl Policy {
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
