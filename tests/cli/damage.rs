//! Files in a keystore that are damaged, or are none of its own: each is named and skipped, and costs
//! nothing but itself.

use std::fs;

use crate::changes::{hold_whole, named};
use crate::office::MAIL;
use crate::rollover::{renewed, trusting};

#[test]
fn a_damaged_or_foreign_file_is_named_and_costs_nothing_but_itself() {
    let place = trusting();
    renewed(&place);
    place
        .run(["-q", "-k", "partner", "ca", "crl", "-o", "partner.crl"])
        .done();
    place.run(["-q", "crl", "add", "partner.crl"]).done();
    let store = place.path("store");
    hold_whole(&place, &store, &[]);
    let generation = named(&store, "store-").remove(0);
    let in_generation = |name: &str| generation.join(name);
    let carol = place.run(["cert", "list", "--json", "--address", "carol@example.net"]);
    let carol = carol.done().json()["certificates"][0]["sha256"].clone();
    let carol = carol.as_str().unwrap();
    let hex = "0f".repeat(32);

    // Those that are read wherever all is read, and those that only a check of every file meets.
    let everywhere = [
        in_generation(&format!("certificates/{carol}.toml")),
        in_generation(&format!("certificates/{hex}.toml")),
        in_generation("certificates/notes.txt"),
        in_generation(&format!("trust/{hex}.pem")),
        in_generation("trust/notes.txt"),
        in_generation(&format!("crls/{hex}-{hex}.crl")),
        in_generation("crls/notes.txt"),
        in_generation("revoked/notes.txt"),
    ];
    let keys = named(&generation, "keys-").remove(0);
    let by_check = [
        in_generation("index/address/erin@example.com"),
        store.join("serials/notes.txt"),
        keys.join("notes.txt"),
    ];
    for (number, path) in everywhere.iter().chain(&by_check).enumerate() {
        let noise: &[u8] = [b"noise\n", &b"\xff\x00\xfe"[..], b""][number % 3];
        fs::write(path, noise).unwrap();
    }
    // An entry of the index without lines leads nowhere, and is no damage.
    fs::write(&by_check[0], "noise\n").unwrap();

    let status = place.run(["status", "--json"]);
    assert_eq!(status.status, 0, "{status:?}");
    let document = status.json();
    let mut told: Vec<&str> = document["damages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["file"].as_str().unwrap())
        .collect();
    told.sort_unstable();
    let mut expected: Vec<&str> = everywhere
        .iter()
        .map(|path| path.to_str().unwrap())
        .collect();
    expected.sort_unstable();
    assert_eq!(told, expected);
    for path in &everywhere {
        let path = path.strip_prefix(place.path("")).unwrap();
        assert!(
            status.stderr.contains(path.to_str().unwrap()),
            "{path:?} {status:?}"
        );
    }
    let check = place.run(["keystore", "check", "--json"]);
    assert_eq!(check.status, 1, "{check:?}");
    for path in everywhere.iter().chain(&by_check) {
        assert!(
            check.text().contains(path.to_str().unwrap()),
            "{path:?} {check:?}"
        );
    }

    // Everything else works.
    let signed = place.filter(&["sign"], MAIL);
    assert_eq!(signed.status, 0, "{signed:?}");
    assert_eq!(place.filter(&["verify"], signed.text()).status, 0);
    let sealed = place.filter(&["encrypt"], MAIL);
    assert_eq!(place.filter(&["decrypt"], sealed.text()).status, 0);
    let listed = place.run(["cert", "list", "--json"]);
    assert_eq!(listed.status, 0, "{listed:?}");
    assert_eq!(listed.json()["certificates"].as_array().unwrap().len(), 3);
    for arguments in [
        &["cert", "issue", "erin@example.com"][..],
        &["trust", "list"],
        &["crl", "list"],
        &["ca", "crl", "-o", "own.crl"],
        &["policy", "init"],
    ] {
        let run = place.run(arguments);
        assert_eq!(run.status, 0, "{arguments:?} {run:?}");
    }
    // What nobody knows is left alone.
    for path in everywhere.iter().chain(&by_check[1..]) {
        assert!(path.exists(), "{path:?}");
    }
}
