//! Certification paths: what is told where there is none, and the inputs about policies.

use const_oid::ObjectIdentifier;
use smime::asn1::oid;

use crate::crafted::Crafted;
use crate::office::MAIL;
use crate::place::Place;

const TIME: &str = "--time=2026-11-24T08:00:00Z";

/// A root, an intermediate CA of it, and a person below that.
fn place() -> Place {
    let place = Place::new();
    let root = Crafted::authority("Root", 0);
    place.write("root.pem", root.issued_by("Root", 0));
    let other = Crafted::authority("Other Root", 2);
    place.write("other.pem", other.issued_by("Other Root", 2));
    let intermediate = Crafted::authority("Intermediate", 1);
    place.write("intermediate.pem", intermediate.issued_by("Root", 0));
    place.write("person.pem", person().issued_by("Intermediate", 1));
    place
}

fn person() -> Crafted {
    Crafted::person("Person", 2, "person@example.com")
}

/// Checks `person.pem`, and returns what is said from the path on and how it ends.
fn told(place: &Place, arguments: &[&str]) -> (String, String, i32) {
    let check = [TIME, "-v", "cert", "check"];
    let run = place.run(check.iter().chain(arguments));
    let text = run.text();
    let answer = match run.status {
        0 => "would be accepted\n",
        _ => "would be rejected\n",
    };
    assert!(text.starts_with(answer), "{text}");
    let path = text.find("path    ").unwrap();
    // What the profile of public CAs would have besides is no matter here.
    let mut is_told = true;
    let mut told = String::new();
    for line in text[path..].lines() {
        is_told = match line.starts_with("  ") {
            true => is_told,
            false => !line.starts_with("info "),
        };
        if is_told {
            told.push_str(line);
            told.push('\n');
        }
    }
    (told, run.stderr, run.status)
}

#[test]
fn a_missing_intermediate_an_unknown_root_and_a_self_signed_certificate_are_told_apart() {
    let place = place();
    let pointing = person().pointing_to("http://example.com/ca.cer");
    place.write("pointing.pem", pointing.issued_by("Intermediate", 1));
    place.write("self.pem", person().issued_by("Person", 2));
    let untrusted = "--untrusted=intermediate.pem";
    let unknown = "the issuer of a certificate in the path is not known here";
    let get_ca = "Get the CA's certificate from its operator and add it with";
    let self_signed =
        "the certification path ends in a self-signed certificate that is not trusted";
    let import = "If you trust it, add it with `smime trust add FILE`; a person's own self-signed";
    let wrapped = import.strip_suffix(" own self-signed").unwrap();
    let failed = "checks       path fail, validity pass, revocation not-checked";
    let cases: [(&[&str], String, String); 5] = [
        (
            &["person.pem", "--trust=root.pem"],
            format!(
                "path         CN=Person
tried        CN=Person: path.issuer-unknown
{failed}
reject path.issuer-unknown at certificate 0
  {unknown} (RFC 5280 section
  6.1)
  issuer: CN=Intermediate
  subject: CN=Person
  what to do: {get_ca} `smime
  trust add FILE`.
"
            ),
            format!(
                "smime: rejected: {unknown} [path.issuer-unknown]
smime: hint: {get_ca} `smime trust add FILE`.
"
            ),
        ),
        (
            &["pointing.pem", "--trust=root.pem"],
            format!(
                "path         CN=Person
tried        CN=Person: path.intermediate-missing
{failed}
reject path.intermediate-missing at certificate 0
  the issuer's certificate is missing, and it is probably an intermediate (RFC
  5280 section 4.2.2.1)
  ca-issuers: http://example.com/ca.cer
  issuer: CN=Intermediate
  subject: CN=Person
  what to do: Get the intermediate, from the address in the detail if there is
  one, and give it with `--untrusted FILE`.
"
            ),
            "smime: rejected: the issuer's certificate is missing, and it is probably an \
             intermediate [path.intermediate-missing]
smime: hint: Get the intermediate, from the address in the detail if there is one, and give it \
             with `--untrusted FILE`.
"
            .to_owned(),
        ),
        (
            &["self.pem", "--trust=root.pem"],
            format!(
                "path         CN=Person
tried        CN=Person: path.self-signed-untrusted
{failed}
reject path.self-signed-untrusted at certificate 0
  {self_signed}
  (RFC 5280 section 6.1)
  issuer: CN=Person
  subject: CN=Person
  what to do: {wrapped}
  own self-signed certificate can be imported by hand.
"
            ),
            format!(
                "smime: rejected: {self_signed} [path.self-signed-untrusted]
smime: hint: {import} certificate can be imported by hand.
"
            ),
        ),
        (
            &["person.pem", "--trust=other.pem", untrusted],
            format!(
                "path         CN=Person
             < CN=Intermediate
tried        CN=Person <- CN=Intermediate: path.issuer-unknown
{failed}
reject path.issuer-unknown at certificate 1
  {unknown} (RFC 5280 section
  6.1)
  issuer: CN=Root
  subject: CN=Intermediate
  what to do: {get_ca} `smime
  trust add FILE`.
"
            ),
            format!(
                "smime: rejected: {unknown} [path.issuer-unknown]
smime: hint: {get_ca} `smime trust add FILE`.
"
            ),
        ),
        (
            &["person.pem", "--trust=root.pem", untrusted],
            "path         CN=Person
             < CN=Intermediate
             < CN=Root
tried        CN=Person <- CN=Intermediate <- CN=Root: valid
checks       path pass, validity pass, revocation not-checked
"
            .to_owned(),
            String::new(),
        ),
    ];
    for (arguments, text, errors) in cases {
        let status = i32::from(!errors.is_empty());
        assert_eq!(told(&place, arguments), (text, errors, status));
    }
}

#[test]
fn verify_shows_what_was_tried() {
    let place = Place::office();
    let other = Crafted::authority("Other Root", 2);
    place.write("other.pem", other.issued_by("Other Root", 2));
    let signed = place.signed(MAIL);
    let shown = |arguments: &[&str]| {
        let run = place.filter(arguments, &signed);
        let rows = run.stderr.lines().map(str::trim);
        let rows = rows.filter(|row| row.starts_with("path ") || row.starts_with("tried "));
        rows.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&["-v", "verify"]),
        [
            "path       CN=alice@example.com",
            "tried      CN=alice@example.com <- CN=Example CA: valid",
        ]
    );
    assert_eq!(
        shown(&["-v", "verify", "--trust=other.pem"]),
        [
            "path       CN=alice@example.com",
            "tried      CN=alice@example.com: path.issuer-unknown",
        ]
    );
    // Otherwise only the path is told, and of accepted mail not even that.
    let brief = shown(&["verify", "--trust=other.pem"]);
    assert_eq!(brief, ["path       CN=alice@example.com"]);
    assert!(shown(&["verify"]).is_empty());
}

const OURS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.1");
const THEIRS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.2");

/// Checks a certificate below a CA, with these options about policies.
fn judged(place: &Place, person: &str, options: &[&str]) -> i32 {
    let check = [
        TIME,
        "cert",
        "check",
        person,
        "--trust=root.pem",
        "--untrusted=ca.pem",
    ];
    let run = place.run(check.iter().chain(options));
    let refused = "smime: rejected: the path is not valid for any certificate policy that is \
         accepted [path.policy-not-accepted]\n\
         smime: hint: Compare the policies of the certificates with those that were asked for.\n";
    let expected = if run.status == 0 { "" } else { refused };
    assert_eq!(run.stderr, expected);
    run.status
}

#[test]
fn policies_are_demanded_mapped_and_inhibited() {
    let place = place();
    let authority = || Crafted::authority("Intermediate", 1);
    let below = |person: Crafted| person.issued_by("Intermediate", 1);
    place.write("ours.pem", below(person().policy(OURS)));
    place.write("theirs.pem", below(person().policy(THEIRS)));
    let (ours, theirs) = (
        format!("--policy-oid={OURS}"),
        format!("--policy-oid={THEIRS}"),
    );
    let explicit = "--require-explicit-policy";

    // A CA of our policy, one that has theirs stand for ours, and one of any policy.
    let ca = |authority: Crafted| drop(place.write("ca.pem", authority.issued_by("Root", 0)));
    ca(authority().policy(OURS));
    assert_eq!(judged(&place, "ours.pem", &[explicit]), 0);
    assert_eq!(judged(&place, "ours.pem", &[explicit, &ours]), 0);
    assert_eq!(judged(&place, "ours.pem", &[explicit, &theirs, &ours]), 0);
    assert_eq!(judged(&place, "ours.pem", &[explicit, &theirs]), 1);
    // Without the demand the policies only matter where a CA demands them.
    assert_eq!(judged(&place, "ours.pem", &[&theirs]), 0);
    assert_eq!(judged(&place, "person.pem", &[&ours]), 0);
    assert_eq!(judged(&place, "person.pem", &[explicit]), 1);

    ca(authority().policy(OURS).mapping(OURS, THEIRS));
    assert_eq!(judged(&place, "theirs.pem", &[explicit, &ours]), 0);
    let inhibited = [explicit, &ours, "--inhibit-policy-mapping"];
    assert_eq!(judged(&place, "theirs.pem", &inhibited), 1);

    ca(authority().policy(oid::ANY_POLICY));
    assert_eq!(judged(&place, "ours.pem", &[explicit, &ours]), 0);
    let inhibited = [explicit, &ours, "--inhibit-any-policy"];
    assert_eq!(judged(&place, "ours.pem", &inhibited), 1);

    let wrong = place.run(["cert", "check", "person.pem", "--policy-oid=ours"]);
    assert_eq!(wrong.status, 2, "{wrong:?}");
}
