use super::rule_table::KEYS;
use super::*;
use crate::policy::profile::EnvelopeFrom;
use crate::policy::rule::Demand;

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

#[test]
fn a_trigger_that_is_wider_matches_before() {
    let warnings = |first: &str, second: &str| {
        let rule = |conditions: &str| format!("[[rule]]\ndirection = \"inbound\"\n{conditions}\n");
        let policy = Policy::parse(&(rule(first) + &rule(second))).unwrap();
        policy.warnings().len()
    };
    for (first, second) in [
        ("header = \"X-Encrypt\"", "header = \"x-encrypt: yes\""),
        ("header = \"X-Encrypt: YES\"", "header = \"X-Encrypt: yes\""),
        ("subject = \"[x]\"", "subject = \"re: [X]\""),
        (
            "external = \"*@*.example.com\"",
            "external = \"a@b.example.com\"",
        ),
        ("", "header = \"X-Encrypt\""),
        ("", ""),
    ] {
        assert_eq!(warnings(first, second), 1, "{first} {second}");
    }
    for (first, second) in [
        ("header = \"X-Encrypt: yes\"", "header = \"X-Encrypt\""),
        ("header = \"X-Encrypt\"", "header = \"X-Sign\""),
        ("header = \"X-Encrypt\"", ""),
        ("subject = \"re: [x]\"", "subject = \"[x]\""),
        (
            "external = \"*@*.example.com\"",
            "external = \"a@example.com\"",
        ),
    ] {
        assert_eq!(warnings(first, second), 0, "{first} {second}");
    }
}
