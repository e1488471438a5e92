//! Hazards of cutting mail into entities, each in LF and in CRLF form.

use super::*;

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// Path and octets of each entity, parents first.
fn parts(octets: &[u8]) -> Vec<(String, String)> {
    let scan = scan_reader(octets).unwrap();
    scan.root
        .walk()
        .map(|entity| {
            let range = entity.range.start as usize..entity.range.end as usize;
            let text = String::from_utf8_lossy(&octets[range]).replace("\r\n", "\n");
            (entity.path.clone(), text)
        })
        .collect()
}

/// The entities below the root, which have to be the same in both forms.
fn children(text: &str) -> Vec<(String, String)> {
    let lf = parts(text.as_bytes());
    assert_eq!(lf, parts(&crlf(text)));
    lf.into_iter().skip(1).collect()
}

fn expect(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(path, text)| (path.to_string(), text.to_string()))
        .collect();
    assert_eq!(children(text), expected, "{text}");
}

const OUTER: &str = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=BB\n\n";

#[test]
fn a_multipart_is_cut_at_its_delimiters() {
    let text = format!("{OUTER}pre\n--BB\nA: b\n\none\n--BB \t\n\ntwo\n\n--BB--\nepi\n");
    expect(&text, &[("1", "A: b\n\none"), ("2", "\ntwo\n")]);
}
