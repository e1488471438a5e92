//! `policy init`, `validate` and `show`: the file is begun, corrected and shown.

use serde_json::json;

use crate::office::{MAIL, hold_the_contract};
use crate::place::Place;
use crate::policy;

#[test]
fn a_starter_file_holds_only_comments() {
    let place = Place::office();
    let default = "   outbound: sign if possible, encrypt for those who have a certificate\n   \
         inbound: decrypt and verify if possible, reject what fails\n";
    let path = place.path("store/policy.toml").display().to_string();
    let shown = place.run(["policy", "show"]).done();
    let absent = format!("{path} does not exist; the built-in default holds:\n{default}");
    assert_eq!(shown.text(), absent);
    let valid = place.run(["policy", "validate"]).done();
    assert_eq!(
        valid.text(),
        "there is no policy file; the built-in default holds\n"
    );

    let wrote = "smime: wrote [PLACE]/store/policy.toml\n";
    assert_eq!(place.run(["policy", "init"]).ended(0, wrote).text(), "");
    let starter = String::from_utf8(place.read("store/policy.toml")).unwrap();
    for line in starter.lines() {
        assert!(line.is_empty() || line.starts_with('#'), "{line}");
    }
    let exists = "smime: error: [PLACE]/store/policy.toml exists already\n";
    place.run(["policy", "init"]).ended(73, exists);
    let run = place.run(["--json", "policy", "init"]).ended(73, exists);
    assert_eq!(run.json()["error"]["exit"], 73);
    assert_eq!(place.read("store/policy.toml"), starter.as_bytes());
    let shown = place.run(["policy", "show"]).done();
    assert_eq!(
        shown.text(),
        format!("{path} holds no rule; the built-in default holds:\n{default}")
    );

    // Each rule of the starter is valid once its marks are taken away.
    let uncommented: String = starter
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.starts_with("[[") || line.contains(" = "))
        .map(|line| format!("{line}\n"))
        .collect();
    place.write("uncommented.toml", uncommented);
    let run = place.run(["policy", "validate", "uncommented.toml"]);
    assert_eq!(
        (run.status, run.text()),
        (0, "uncommented.toml: valid, 4 rules\n"),
        "{run:?}"
    );
}

#[test]
fn every_error_has_its_line_and_column_and_the_nearest_name() {
    let place = Place::office();
    let told = |text: &str, causes: &str, hints: &[&str]| {
        place.write("policy.toml", text);
        let hints: String = hints
            .iter()
            .map(|hint| format!("smime: hint: {hint}\n"))
            .collect();
        let places = match causes.matches("; line ").count() {
            0 => String::new(),
            count => format!(" in {} places", count + 1),
        };
        let told = format!(
            "smime: error: the policy file policy.toml is invalid{places}\n  \
             caused by: {causes}\n{hints}"
        );
        let run = place
            .run(["policy", "validate", "policy.toml"])
            .ended(78, &told);
        assert_eq!(run.text(), "");
        let run = place
            .run(["policy", "validate", "policy.toml", "--json"])
            .ended(78, &told);
        hold_the_contract(&run.json());
        assert_eq!(run.json()["error"]["exit"], 78);
    };
    told(
        "[[rule]]\nname = \"a\"\ndirection = \"outbond\"\n  encypt = \"required\"\n[[rules]]\n",
        "line 3, column 13: `outbond` is not a known value; line 4, column 3: `encypt` is not a \
         known key; line 5, column 3: `rules` is not a known key",
        &[
            "Line 3: did you mean `outbound`?",
            "Line 4: did you mean `encrypt`?",
            "Line 5: did you mean `rule`?",
        ],
    );
    told(
        "[[rule]]\nname = \"a\"\ndirection = \"outbound\"\nsign = \"allways\"\n",
        "line 4, column 8: `allways` is not a known value",
        &["Line 4: known are: required, if-possible, off"],
    );
    for text in [
        "[[rule]]\n",
        "[[rule]]\nname = 1\n",
        "rule = 1\n",
        "[[rule]\n",
        "sign = \"off\"\n",
    ] {
        place.write("policy.toml", text);
        let run = place.run(["policy", "validate", "policy.toml"]);
        assert_eq!(run.status, 78, "{text} {run:?}");
        assert!(
            run.stderr.contains("line 1, column ") || run.stderr.contains("line 2, column "),
            "{run:?}"
        );
    }
}

#[test]
fn an_invalid_file_stops_what_it_would_decide() {
    let place = Place::office();
    place.write(
        "store/policy.toml",
        "[[rule]]\nname = \"a\"\ndirection = \"outbond\"\n",
    );
    let invalid = "smime: error: the policy file [PLACE]/store/policy.toml is invalid\n  \
         caused by: line 3, column 13: `outbond` is not a known value\n\
         smime: hint: Line 3: did you mean `outbound`?\n";
    place.run(["policy", "show"]).ended(78, invalid);
    place.run(["policy", "validate"]).ended(78, invalid);
    for direction in ["inbound", "outbound"] {
        let run = place.filter(&["policy", "check", "--direction", direction], MAIL);
        run.ended(78, invalid);
    }
    // The commands that people use by hand follow the settings, not the policy.
    place.signed(MAIL);
}

#[test]
fn the_rules_are_shown_in_their_order() {
    let place = policy::place();
    let shown = place.run(["policy", "show", "--json"]).done().json();
    let names: Vec<_> = shown["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["name"])
        .collect();
    assert_eq!(names, ["asked for", "partner", "plain", "strict", "secret"]);
    assert_eq!(shown["rules"][1]["line"], 9);
    assert_eq!(
        (&shown["format"], &shown["exists"]),
        (&json!(1), &json!(true))
    );
    let text = place.run(["policy", "show"]).done();
    assert!(
        text.text().starts_with(
            "1. asked for (line 2)\n   if outbound; subject contains `[encrypt]`\n   \
             then sign required; encrypt required\n"
        ),
        "{text:?}"
    );
    let valid = place.run(["policy", "validate"]).done();
    assert!(
        valid
            .text()
            .ends_with("store/policy.toml: valid, 5 rules\n"),
        "{valid:?}"
    );
}

#[test]
fn rules_that_can_never_match_are_warned_of() {
    let place = Place::office();
    let rule = |name: &str| {
        format!(
            "[[rule]]\nname = \"{name}\"\ndirection = \"outbound\"\n\
             external = [\"*@example.net\"]\n"
        )
    };
    place.write("policy.toml", rule("first") + &rule("second"));
    let run = place.run(["policy", "validate", "policy.toml"]);
    assert_eq!(
        (run.status, run.text()),
        (0, "policy.toml: valid, 2 rules\n")
    );
    assert!(
        run.stderr.starts_with("smime: warning: line 5: "),
        "{run:?}"
    );
}

#[test]
fn inspection_shows_the_rules_or_every_mistake() {
    let place = Place::office();
    let good = "[[rule]]\nname = \"a\"\ndirection = \"outbound\"\nsign = \"required\"\n\n\
                [[rule]]\nname = \"b\"\ndirection = \"outbound\"\n";
    let (text, document) = place.inspect(&[], good);
    assert_eq!(
        text,
        "policy, 2 rules
  warning at line 6
    rule `b` can never match: rule `a` in line 1 matches all of it before

1. a (line 1)
   if outbound
   then sign required; encrypt others-plain
2. b (line 6)
   if outbound
   then sign if-possible; encrypt others-plain
where no rule matches:
   outbound: sign if possible, encrypt for those who have a certificate
   inbound: decrypt and verify if possible, reject what fails

next step: Correct line 6: smime-policy(5) has the keys and values.
"
    );
    assert_eq!(document["kind"], "policy");
    assert_eq!(document["rules"][0]["actions"][0], "sign required");
    assert_eq!(document["warnings"][0]["line"], 6);

    let (text, document) = place.inspect(&[], good.replace("sign", "singn"));
    assert!(
        text.starts_with(
            "policy, with a mistake: no rule of it holds
  error at line 4, column 1
    `singn` is not a known key
    what to do: did you mean `sign`?
"
        ),
        "{text}"
    );
    let step = "Correct line 4: did you mean `sign`?";
    assert!(text.ends_with(&format!("\nnext step: {step}\n")), "{text}");
    assert_eq!(document["next_step"], step);
    assert_eq!(document["errors"][0]["column"], 1);

    // What `policy init` writes holds only comments.
    assert_eq!(place.run(["policy", "init"]).status, 0);
    let (text, _) = place.inspect(&[], place.read("store/policy.toml"));
    assert!(
        text.starts_with("policy, no rule: the built-in default holds\n"),
        "{text}"
    );
    for option in ["--part=0", "--asn1"] {
        let run = place.run(["inspect", option, "store/policy.toml"]);
        assert_eq!((run.status, run.text()), (2, ""), "{run:?}");
    }
}
