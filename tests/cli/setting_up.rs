//! `ca`, `settings`, `status`: the keystore from nothing to a reset.

use crate::place::Place;

#[test]
fn without_a_keystore_every_command_says_how_to_make_one() {
    let place = Place::new();
    for command in [
        &["ca", "show"][..],
        &["ca", "export"],
        &["ca", "reset", "--yes"],
        &["cert", "issue", "user@example.com"],
        &["cert", "list"],
        &["cert", "show", "user@example.com"],
        &["cert", "remove", "user@example.com"],
        &["trust", "list"],
        &["settings"],
        &["status"],
    ] {
        let run = place.run(["--json"].iter().chain(command)).ended(
            78,
            "smime: error: there is no keystore at [PLACE]/store\n\
             smime: hint: `smime -k [PLACE]/store ca init` makes one; smime-tutorial(7) goes \
             through the first steps.\n",
        );
        assert_eq!(run.json()["error"]["exit"], 78, "{command:?}");
        assert_eq!(
            run.json()["command"],
            command[..command.len().min(2)]
                .join(" ")
                .replace(" --yes", "")
                .trim_end_matches(" user@example.com")
        );
    }
}

#[test]
fn no_passphrase_must_be_said_and_leaves_nothing_behind_otherwise() {
    let place = Place::new();
    let missing = "smime: error: there is no passphrase for the new keystore, and no terminal to \
         ask on\nsmime: hint: Use --passphrase-file FILE, or another source of smime(1); or \
         --no-passphrase to protect private keys by file modes alone.\n";
    place.run(["ca", "init"]).ended(77, missing);
    let empty = "smime: error: the passphrase of the keystore is empty\n\
         smime: hint: A variable or file that should hold it is empty; a keystore without a \
         passphrase is made with --no-passphrase.\n";
    place
        .run_with(["ca", "init"], &[("SMIME_PASSPHRASE", "")], b"")
        .ended(77, empty);
    let gone = "smime: error: cannot read the passphrase from gone\n  \
         caused by: No such file or directory\n";
    place
        .run(["ca", "init", "--passphrase-file", "gone"])
        .ended(77, gone);
    assert!(!place.path("store").exists());
}

#[test]
fn the_sources_of_the_passphrase_have_an_order() {
    let place = Place::new();
    place.write("right", "one two\n");
    place.write("wrong", "three");
    let init = [
        "ca",
        "init",
        "--key-type=ec-p256",
        "--passphrase-file=right",
    ];
    place
        .run_with(init, &[("SMIME_PASSPHRASE", "three")], b"")
        .done();
    let issue = ["cert", "issue", "user@example.com", "--key-type=ec-p256"];
    let by_fd = issue.iter().chain(&["--passphrase-fd=0"]);
    place
        .run_with(by_fd, &[("SMIME_PASSPHRASE", "three")], b"one two\n")
        .done();
    let environment = [
        ("SMIME_PASSPHRASE", "one two"),
        ("SMIME_PASSPHRASE_FILE", "wrong"),
    ];
    place.run_with(issue, &environment, b"").done();
    place
        .run_with(issue, &[("SMIME_PASSPHRASE_FILE", "right")], b"")
        .done();

    let wrong = "smime: error: the passphrase of the keystore is wrong\n";
    place
        .run_with(issue, &[("SMIME_PASSPHRASE_FILE", "wrong")], b"")
        .ended(77, wrong);
    let missing = "smime: error: the passphrase of the keystore is missing, and there is no \
         terminal to ask on\nsmime: hint: Use --passphrase-file FILE or --passphrase-fd N, or set \
         SMIME_PASSPHRASE or SMIME_PASSPHRASE_FILE.\n";
    place.run(issue).ended(77, missing);
    assert_eq!(
        place.run(["cert", "list", "--json"]).done().json()["certificates"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn there_is_one_local_ca() {
    let place = Place::new();
    let init = ["ca", "init", "--no-passphrase", "--key-type=ec-p256"];
    let named = [
        "--organization=Example Ltd",
        "--country=GB",
        "--locality=London",
        "--email=ca@example.com",
    ];
    let first = place.run(init.iter().chain(&named)).done();
    let fingerprint = first.text().trim_end();
    assert_eq!(fingerprint.len(), 64);
    let again = "smime: error: the keystore has a local CA already\n\
         smime: hint: `smime ca show` shows it; --if-missing keeps it; `smime ca reset` removes \
         it.\n";
    place.run(init).ended(73, again);
    let kept = place.run(init.iter().chain(&["--if-missing"])).done();
    assert_eq!(kept.text(), first.text());

    let shown = place.run(["ca", "show", "--json"]).done().json();
    let shown = &shown["certificates"][0];
    assert_eq!(shown["sha256"], fingerprint);
    assert_eq!(
        shown["subject"],
        "CN=Example Ltd S/MIME CA,O=Example Ltd,L=London,C=GB"
    );
    assert_eq!(shown["usage"], serde_json::json!(["issue"]));
    let shown = place.run(["ca", "show"]).done();
    assert!(
        shown
            .text()
            .starts_with(&format!("sha256       {fingerprint}\n"))
    );
    let pem = place.run(["ca", "export"]).done();
    assert!(pem.text().starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert_eq!(
        place.run(["ca", "export", "--format=der"]).done().stdout[0],
        0x30
    );
}

#[test]
fn what_a_ca_cannot_be_called_is_wrong_usage() {
    let place = Place::new();
    let run = place.run(["ca", "init", "--no-passphrase", "--country=Britain"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(
        run.stderr
            .starts_with("smime: error: cannot issue the certificate\n  caused by: the country"),
        "{run:?}"
    );
    let run = place.run(["ca", "init", "--no-passphrase", "--key-type=rsa-2047"]);
    assert!(run.stderr.contains("did you mean `rsa-2048`?"), "{run:?}");
    assert!(!place.path("store").exists());
}

#[test]
fn settings_are_listed_read_and_changed() {
    let place = Place::with_authority();
    assert_eq!(
        place.run(["settings", "rollover"]).done().text(),
        "reject-first\n"
    );
    place.run(["settings", "rollover", "hold"]).done();
    let listed = place.run(["settings"]).done();
    let row = |key: &str| {
        listed
            .text()
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap()
            .to_owned()
    };
    assert!(row("rollover").contains(" hold ") && !row("rollover").contains("(default)"));
    assert!(row("extraction").contains("(default)"));
    let one = place
        .run(["--json", "settings", "rollover", "accept"])
        .done()
        .json();
    assert_eq!(one["settings"][0]["value"], "accept");
    let wrong = "smime: error: there is no setting `rolover`; did you mean `rollover`?\n\
         smime: hint: `smime settings` lists them.\n";
    place.run(["--json", "settings", "rolover"]).ended(2, wrong);
    let run = place.run(["settings", "rollover", "never"]);
    assert_eq!(run.status, 2, "{run:?}");
}

#[test]
fn a_reset_previews_asks_and_keeps_the_settings() {
    let place = Place::with_authority();
    place.issue(&["user@example.com"]);
    place.write("store/policy.toml", "# mine\n");
    let consent = "smime: error: a reset needs consent\n\
         smime: hint: Use --dry-run to see what would be removed, and --yes to remove it.\n";
    place.run(["ca", "reset"]).ended(2, consent);
    let preview = place
        .run(["ca", "reset", "--dry-run", "--json"])
        .done()
        .json();
    assert_eq!(preview["removed"], false);
    assert_eq!(preview["certificates"].as_array().unwrap().len(), 2);
    assert!(
        place
            .run(["status"])
            .done()
            .text()
            .contains("protection     on\n")
    );

    let run = place.run(["ca", "reset", "--yes"]).done();
    assert!(
        run.text()
            .starts_with("removed: 1 CA certificate, 1 identity, "),
        "{run:?}"
    );
    assert_eq!(place.run(["cert", "list"]).done().text(), "");
    assert!(
        place
            .run(["status"])
            .done()
            .text()
            .contains("protection     off\n")
    );
    assert_eq!(
        place.run(["settings", "key-type"]).done().text(),
        "ec-p256\n"
    );
    assert_eq!(place.read("store/policy.toml"), b"# mine\n");
    let missing = "smime: error: the keystore has no local CA\n\
         smime: hint: `smime ca init` makes one.\n";
    place.run(["ca", "show"]).ended(78, missing);
    place.run(["ca", "init", "--no-passphrase"]).done();
    place.issue(&["user@example.com"]);
}

#[test]
fn the_status_names_what_ends_soon() {
    let place = Place::with_authority();
    place.issue(&["user@example.com", "--days", "20"]);
    let status = place.run(["status", "--json"]).done().json();
    assert_eq!(status["protection"], "on");
    assert_eq!(
        (&status["identities"], &status["keys_protected"]),
        (&1.into(), &false.into())
    );
    assert_eq!(status["expiring"][0]["addresses"][0], "user@example.com");
    let later = place
        .run(["--time", "2100-01-01", "status", "--json"])
        .done()
        .json();
    assert_eq!(later["expired"], 2);
    let claim = "smime: error: `smime status` has no received message here to take a \
         time from\nsmime: hint: Give --time as a date, such as 2026-11-24T08:00:00Z.\n";
    place.run(["--time", "received", "status"]).ended(2, claim);
    let no_keystore = "smime: error: `smime status` needs a keystore\n\
         smime: hint: Leave out --no-keystore.\n";
    place.run(["status", "--no-keystore"]).ended(2, no_keystore);
}

#[test]
fn a_script_that_runs_twice_changes_nothing_the_second_time() {
    let (place, partner) = (Place::new(), Place::with_authority());
    partner.issue(&["partner@example.com", "--key-type=ec-p256"]);
    let export = ["cert", "export", "partner@example.com", "--format=pem"];
    place.write("partner.pem", partner.run(export).done().stdout);
    place.write("ca.pem", partner.run(["ca", "export"]).done().stdout);
    let script = || {
        for line in [
            "ca init --no-passphrase --key-type ec-p256 --if-missing",
            "cert issue user@example.com --key-type ec-p256 --if-missing",
            "cert import partner.pem",
            "trust add ca.pem",
            "settings revocation soft",
            "cert renew --expiring 30",
        ] {
            let run = place.run(line.split(' ').chain(["-q"]));
            assert_eq!(run.status, 0, "{line}: {run:?}");
        }
        let lists = [&["cert", "list"][..], &["trust", "list"], &["settings"]];
        lists.map(|list| place.run(list).done().stdout)
    };
    assert_eq!(script(), script());
}
