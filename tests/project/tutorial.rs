//! smime-tutorial(7) and the recipes of smime(1) do what they say.

use crate::roff::{examples, section};
use crate::shell::{self, fits};
use crate::{project, text};

/// What the shell prints after each command.
const MARK: &str = "=== done ===";

/// One command of the tutorial, and what is shown below it.
#[derive(Default)]
struct Step {
    command: String,
    shown: Vec<String>,
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in examples(page).into_iter().flatten() {
        if let Some(command) = line.strip_prefix("$ ") {
            let (command, shown) = (command.to_owned(), Vec::new());
            steps.push(Step { command, shown });
            continue;
        }
        let step = steps.last_mut().unwrap();
        match line.strip_prefix('>') {
            Some(more) => {
                step.command.push('\n');
                step.command
                    .push_str(more.strip_prefix(' ').unwrap_or(more));
            }
            None => step.shown.push(line),
        }
    }
    steps
}

#[test]
fn the_tutorial_runs_as_it_is_written() {
    let steps = steps(&text(project("man/smime-tutorial.7")));
    assert!(steps.len() > 30);
    let commands = steps
        .iter()
        .map(|step| format!("{}\necho '{MARK}'\n", step.command));
    let script = format!("exec 2>&1\n{}", commands.collect::<String>());
    let directory = tempfile::tempdir().unwrap();
    let output = shell::run(directory.path(), &[], &script);
    shell::succeeds(&output);
    let output = String::from_utf8(output.stdout).unwrap();
    for (step, printed) in steps.iter().zip(output.split(MARK)) {
        let Step { command, shown } = step;
        let shown = shown.join("\n");
        assert!(
            fits(&shown, printed),
            "`{command}` prints\n{printed}\nand not\n{shown}"
        );
    }
}

const SCENE: &str = "
smime ca init --key-type ec-p256
smime settings key-type ec-p256
smime cert issue alice@example.com --days 20
printf 'From: alice@example.com\\nTo: bob@example.com\\nSubject: One\\n\\nText.\\n' > plain.eml
smime sign plain.eml -o signed.eml
mkdir inbox
cp signed.eml inbox/1.eml
sed s/Text/Test/ signed.eml > inbox/2.eml
cp inbox/2.eml message.eml
smime policy apply --direction inbound message.eml -o out.eml --log apply.log || true
";

/// What each recipe prints in that scene, in which `...` stands for anything.
const PRINTED: &[(&str, &str)] = &[
    ("'.findings[].code'", "...cms.message-digest-mismatch"),
    ("to_entries", "alice@example.com: integrity"),
    (
        "select(.verdict",
        "inbox/2.eml: cms.message-digest-mismatch",
    ),
    (
        ".message.subject",
        "inbox/1.eml One alice@example.com inbox/2.eml One alice@example.com",
    ),
    ("--expiring", "...Z ... alice@example.com"),
    (".certificate.sha256 == null", "bob@example.com"),
    ("apply.log", "...1 cms.message-digest-mismatch..."),
];

#[test]
fn the_recipes_print_what_they_promise() {
    let page = text(project("man/smime.1"));
    let recipes = examples(section(&page, ".SS Recipes"));
    assert_eq!(recipes.len(), PRINTED.len());
    let directory = tempfile::tempdir().unwrap();
    let environment = [("SMIME_PASSPHRASE", "only for the test of the recipes")];
    shell::succeeds(&shell::run(directory.path(), &environment, SCENE));
    for (recipe, (part, expected)) in recipes.iter().zip(PRINTED) {
        let recipe = recipe.join("\n");
        assert!(recipe.contains(part), "{recipe}");
        let output = shell::run(directory.path(), &environment, &recipe);
        shell::succeeds(&output);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(fits(expected, &printed), "{recipe} prints\n{printed}");
    }
}
