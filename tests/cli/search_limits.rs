//! Certificates made to tire the search for a path: it gives up soon, and says so.

use smime::asn1::pem;

use crate::crafted::{Crafted, signature};
use crate::place::{Place, Run};

const TIME: &str = "--time=2026-11-24T08:00:00Z";

/// CAs of which each certifies every other one; none of them leads anywhere.
fn mesh(cas: usize) -> Vec<Vec<u8>> {
    let ca = |at: usize| format!("Mesh {at}");
    let pairs = (0..cas).flat_map(|subject| (0..cas).map(move |issuer| (subject, issuer)));
    let pairs = pairs.filter(|(subject, issuer)| subject != issuer);
    let certificates = pairs.map(|(subject, issuer)| {
        let authority = Crafted::authority(&ca(subject), subject % 3);
        authority.der_issued_by(&ca(issuer), issuer % 3)
    });
    certificates.collect()
}

/// `count` trusted CAs, each with a name of its own. Their own signatures are not judged, so one is
/// made for all.
fn trusted_cas(count: usize) -> String {
    let name = |at: usize| format!("Root {at:05}");
    let first = Crafted::authority(&name(0), 1).der_issued_by(&name(0), 1);
    let own = name(0).into_bytes();
    let places: Vec<usize> = (0..first.len())
        .filter(|&at| first[at..].starts_with(&own))
        .collect();
    assert_eq!(places.len(), 2);
    (0..count)
        .map(|at| {
            let mut der = first.clone();
            for &place in &places {
                der[place..place + own.len()].copy_from_slice(name(at).as_bytes());
            }
            pem::encode("CERTIFICATE", &der)
        })
        .collect()
}

fn person() -> Crafted {
    Crafted::person("Mallory", 2, "mallory@example.com")
}

/// Holds that the search was given up, and which budget was used up.
#[track_caller]
fn given_up(run: &Run) {
    assert_eq!(run.status, 1, "{run:?}");
    let document = run.json();
    let mut findings = document["findings"].as_array().unwrap().iter();
    let limit = findings
        .find(|finding| finding["code"] == "path.search-limit-reached")
        .unwrap();
    assert_eq!(limit["severity"], "reject");
    assert_eq!(limit["detail"]["limit"], "candidates looked at", "{limit}");
}

/// The trusted CAs are as many as a file may hold.
#[test]
fn a_mesh_of_cas_among_ten_thousand_trusted_ones() {
    let place = Place::new();
    let mesh = mesh(30);
    let as_pem = |der: &Vec<u8>| pem::encode("CERTIFICATE", der);
    place.write("mesh.pem", mesh.iter().map(as_pem).collect::<String>());
    place.write("trusted.pem", trusted_cas(10_000));
    let person = person().der_issued_by("Mesh 0", 0);
    place.write("person.pem", as_pem(&person));

    let check = [TIME, "cert", "check", "person.pem", "--trust=trusted.pem"];
    let run = place.run(check.iter().chain(&["--untrusted=mesh.pem", "--json"]));
    given_up(&run);
    let run = place.run(check.iter().chain(&["--untrusted=mesh.pem", "-v"]));
    let summary = "smime: rejected: the search for a certification path was given up \
                   [path.search-limit-reached]\n";
    assert!(run.stderr.contains(summary), "{run:?}");
    assert!(
        run.text().contains("limit: candidates looked at"),
        "{run:?}"
    );

    // The same certificates in a message, which nobody asked for.
    let content = b"Content-Type: text/plain\r\n\r\nHello\r\n";
    let carried = [&person].into_iter().chain(&mesh).map(Vec::as_slice);
    let object = signature(2, &carried.collect::<Vec<_>>(), content);
    place.write("content", content);
    place.write("object", object);
    let verify = [TIME, "verify", "--no-keystore", "--trust=trusted.pem"];
    let object = [
        "--expect=mallory@example.com",
        "--content=content",
        "object",
    ];
    let run = place.run(verify.iter().chain(&object).chain(&["--json"]));
    given_up(&run);
    // One of the mesh has issuer, number and key in common with the signer's: the attribute tells.
    let signer = &run.json()["layers"][0]["signers"][0];
    assert_eq!(signer["subject"], "CN=Mallory");
    let run = place.run(verify.iter().chain(&object));
    assert!(run.stderr.contains(summary), "{run:?}");
    assert!(run.stdout.is_empty());
}
