//! The vectors of Wycheproof for every primitive as it is wrapped here, one file for each family.
//!
//! A valid case has to be accepted and an invalid one refused. What the vectors leave to the
//! implementation ("acceptable"), and every case that is judged otherwise here, stands in a table
//! of [`Decision`]s with the reason; a row that decides nothing is an error.

mod content;
mod derivation;
mod ecdsa;
mod ed25519;
mod key_agreement;
mod key_transport;
mod key_wrap;
mod rsa_pss;
mod rsa_signature;

use serde_json::Value;

use crate::corpora;

/// What a row of a table is about.
pub(crate) enum Select {
    /// The acceptable cases with this flag.
    Flag(&'static str),
    /// The cases with this flag, whatever their result.
    Flagged(&'static str),
    /// One case, by its `tcId`, whatever its result.
    Case(u64),
}

/// How cases are judged that the vectors leave open, or judge otherwise.
pub(crate) struct Decision {
    /// Which ones.
    pub(crate) of: Select,
    /// Whether they are accepted here.
    pub(crate) accepted: bool,
    /// Why.
    pub(crate) why: &'static str,
}

/// The fields of a group or of a case.
pub(crate) struct Fields(Value);

impl Fields {
    /// A field that is text.
    pub(crate) fn text(&self, name: &str) -> &str {
        let field = self.0[name].as_str();
        field.unwrap_or_else(|| panic!("no text field {name}"))
    }

    /// A field that holds octets in hexadecimal digits.
    pub(crate) fn octets(&self, name: &str) -> Vec<u8> {
        let digits = self.text(name).as_bytes();
        assert!(digits.len().is_multiple_of(2), "odd digits in {name}");
        let digit = |digit: u8| char::from(digit).to_digit(16).expect("a digit");
        let pairs = digits.chunks(2);
        pairs
            .map(|pair| (digit(pair[0]) * 16 + digit(pair[1])) as u8)
            .collect()
    }

    /// A field that is a number.
    pub(crate) fn number(&self, name: &str) -> u64 {
        let field = self.0[name].as_u64();
        field.unwrap_or_else(|| panic!("no number field {name}"))
    }

    fn has_flag(&self, name: &str) -> bool {
        let flags = self.0["flags"].as_array();
        flags.is_some_and(|flags| flags.iter().any(|flag| flag == name))
    }
}

/// Judges every case of a file: `accepts` says of a group and one of its cases whether the
/// operation succeeds with the result that the case expects.
pub(crate) fn check(
    file: &str,
    decisions: &[Decision],
    accepts: impl Fn(&Fields, &Fields) -> bool,
) {
    let Some(folder) = corpora() else { return };
    let text = std::fs::read_to_string(folder.join("wycheproof").join(file)).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let mut used = vec![false; decisions.len()];
    let mut wrong = Vec::new();
    let mut count = 0;
    for mut group in document["testGroups"].as_array_mut().unwrap().drain(..) {
        let Value::Array(cases) = group["tests"].take() else {
            panic!("{file}: a group without tests");
        };
        let group = Fields(group);
        for case in cases.into_iter().map(Fields) {
            count += 1;
            let (id, result) = (case.number("tcId"), case.text("result"));
            let decided = decisions.iter().position(|decision| match decision.of {
                Select::Case(number) => number == id,
                Select::Flag(flag) => result == "acceptable" && case.has_flag(flag),
                Select::Flagged(flag) => case.has_flag(flag),
            });
            let expected = match (decided, result) {
                (Some(row), _) => {
                    used[row] = true;
                    decisions[row].accepted
                }
                (None, "valid") => true,
                (None, "invalid") => false,
                (None, _) => panic!("{file} {id}: {result}, and nothing is decided"),
            };
            if accepts(&group, &case) != expected {
                let why = decided.map_or("", |row| decisions[row].why);
                let comment = case.text("comment");
                wrong.push(format!("{id} ({result}, {comment}): not {expected}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{file}:\n{}", wrong.join("\n"));
    for (decision, used) in decisions.iter().zip(used) {
        assert!(used, "{file}: no case for the row: {}", decision.why);
    }
    assert_eq!(document["numberOfTests"], count, "{file}");
}
