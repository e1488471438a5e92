//! What holds of any octets that are cut into entities.

use std::io::BufReader;

use proptest::prelude::*;

use super::tests::assert_covers;
use super::*;
use crate::mail::conformance;

/// Octets made of what matters to the scanner.
fn messages() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "Content-Type: multipart/mixed; boundary=BB",
        "Content-Type: multipart/digest; boundary=CC",
        "Content-Type: message/rfc822",
        "A: b",
        " folded",
        "--BB",
        "--BB--",
        "--CC",
        "--CC-- ",
        "--",
        "text",
        ".",
        "\u{e4}\0",
    ]);
    let end = prop::sample::select(vec!["\n", "\r\n", "\n\n", "\r\n\r\n", "\r", ""]);
    prop::collection::vec((piece, end), 0..40).prop_map(|pieces| {
        let lines: String = pieces
            .iter()
            .flat_map(|(piece, end)| [*piece, *end])
            .collect();
        format!("Content-Type: multipart/mixed; boundary=BB\r\n\r\n{lines}").into_bytes()
    })
}

proptest! {
    #[test]
    fn ranges_cover_the_input_and_nest(octets in messages()) {
        assert_covers(&scan_reader(&octets[..]).unwrap(), octets.len() as u64);
    }

    #[test]
    fn scanning_does_not_depend_on_how_the_input_is_read(octets in messages(), size in 1usize..9) {
        let whole = scan_reader(&octets[..]).unwrap();
        let pieces = scan_reader(BufReader::with_capacity(size, &octets[..])).unwrap();
        prop_assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
    }

    #[test]
    fn fields_of_any_form_are_read(
        text in "([:;,.@<>()\\[\\]\"\\\\=?*'%/ \t\n\rabqQB01=-]|=\\?utf-8\\?[qb]\\?|\\?=|\\PC){0,60}",
    ) {
        for name in ["From", "Content-Type", "Date", "Subject", "Content-Disposition"] {
            let octets = format!("A: b\r\n{name}: {text}\r\n\r\n").into_bytes();
            let scan = scan_reader(&octets[..]).unwrap();
            assert_covers(&scan, octets.len() as u64);
            let _ = (conformance(&scan), scan.root.file_name());
            let header = &scan.root.header;
            let _ = (header.facts(), header.from_field(), header.display_address_differs());
        }
    }

    #[test]
    fn facts_add_up(octets in messages()) {
        let scan = scan_reader(&octets[..]).unwrap();
        let mut sum = BodyFacts::default();
        for entity in scan.root.walk() {
            sum.add(&entity.facts);
            sum.add(&entity.header_facts);
        }
        prop_assert_eq!(sum.nul, scan.facts.nul);
        prop_assert_eq!(sum.eight_bit, scan.facts.eight_bit);
        prop_assert!(sum.lines <= scan.facts.lines);
    }
}
