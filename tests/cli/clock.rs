//! Time: what is judged by the clock, by a time that is given, and by what a message claims.

use serde_json::json;

use crate::office::{MAIL, findings};
use crate::place::Place;

/// A keystore of which the certificate was good for the first hundred days of 2020, and what it
/// signed then.
fn of_2020() -> (Place, String) {
    let place = Place::new();
    let key = "--key-type=ec-p256";
    let init = ["ca", "init", "--no-passphrase", key, "--time=2020-01-01"];
    place.run(init).done();
    place.issue(&["alice@example.com", key, "--days=100", "--time=2020-01-01"]);
    let signed = place.made(&["sign", "--time=2020-02-02T00:00:00Z"], MAIL);
    (place, signed)
}

#[test]
fn a_signing_time_that_is_claimed_counts_where_that_is_asked_for_alone() {
    let (place, signed) = of_2020();
    place.rejects(&["verify"], &signed, &["cert.expired"]);
    let claimed = ["verify", "--time=signing-time"];
    let document = place
        .filter(&[&claimed[..], &["--json"]].concat(), &signed)
        .json();
    assert_eq!(document["verdict"], "accepted");
    let signer = &document["layers"][0]["signers"][0];
    assert_eq!(signer["signing_time"], "2020-02-02T00:00:00Z");
    let told = place.filter(&[&claimed[..], &["-v"]].concat(), &signed);
    assert!(told.stderr.contains(" (claimed)\n"), "{told:?}");
}

#[test]
fn where_the_clock_is_wrong_nothing_becomes_valid() {
    let (place, signed) = of_2020();
    for (time, code) in [
        ("--time=2019-12-31", "cert.not-yet-valid"),
        ("--time=2021-01-01", "cert.expired"),
    ] {
        let run = place.filter(&["verify", time, "--json"], &signed);
        assert_eq!(run.status, 1, "{run:?}");
        let document = run.json();
        let rejecting = findings(&document, "reject");
        assert!(rejecting.iter().all(|found| *found == code), "{document:#}");
        assert_eq!(document["extracted"], json!([]));
        for command in [&["sign"][..], &["encrypt", "--recipient=alice@example.com"]] {
            let run = place.filter(&[command, &[time]].concat(), MAIL);
            assert_eq!((run.status, run.text()), (67, ""), "{run:?}");
            assert!(run.stderr.contains(code), "{run:?}");
        }
    }
    let early = place.run(["ca", "crl", "--time=2019-12-31"]);
    assert_eq!((early.status, early.text()), (78, ""), "{early:?}");
}

#[test]
fn a_clock_that_is_set_back_gives_no_number_twice() {
    let (place, _) = of_2020();
    let number = |time: &str| {
        let document = place
            .run(["ca", "crl", "--json", time, "-o", "list"])
            .json();
        document["crls"][0]["number"].as_str().unwrap().to_owned()
    };
    assert_eq!(number("--time=2020-03-01"), "01");
    assert_eq!(number("--time=2026-11-24"), "02");
    assert_eq!(number("--time=2020-02-01"), "03");
}
