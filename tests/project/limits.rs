//! The table of bounds in `src/limits.rs`: each is used, told in smime(1), and has a test that goes
//! over it.

use std::collections::BTreeSet;

use smime::limits;

use crate::layers::code_lines;
use crate::roff::section;
use crate::{files, inventory, project, text};

/// A bound: its value as the page tells it, a piece of what the page says it bounds, and the test that
/// goes over it, as [`inventory`] calls it.
struct Row {
    constant: &'static str,
    value: String,
    bounds: &'static str,
    test: &'static str,
}

/// How a value is written.
#[derive(Clone, Copy)]
enum Unit {
    Count,
    Octets,
    Bits,
}
use Unit::{Bits, Count, Octets};

fn with_commas(value: u64) -> String {
    match value {
        0..1_000 => value.to_string(),
        _ => format!("{},{:03}", with_commas(value / 1_000), value % 1_000),
    }
}

fn written(value: u64, unit: Unit) -> String {
    let binary = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let even = binary
        .into_iter()
        .find(|(shift, _)| value.is_multiple_of(1 << shift));
    match (unit, even) {
        (Count, _) => with_commas(value),
        (Bits, _) => format!("{} bits", with_commas(value)),
        (Octets, Some((shift, name))) => format!("{} {name}", with_commas(value >> shift)),
        (Octets, None) => format!("{} octets", with_commas(value)),
    }
}

macro_rules! rows {
    ($($constant:ident $unit:ident $bounds:literal $test:literal;)*) => {
        vec![$(Row {
            constant: stringify!($constant),
            value: written(limits::$constant as u64, $unit),
            bounds: $bounds,
            test: $test,
        }),*]
    };
}

#[rustfmt::skip]
fn table() -> Vec<Row> {
    rows! {
        MEMORY_SPOOL Octets "held in memory" "lib::spool::tests::content_beyond_the_limit_moves_to_a_file_and_reads_back";
        ENTITY_DEPTH Count "nested entities" "cli::limits::messages::entities_in_entities";
        ENTITY_PARTS Count "Entities in one message" "cli::limits::messages::entities_beside_one_another";
        HEADER_SIZE Octets "The header of one entity" "cli::limits::messages::headers";
        HEADER_LINES Count "Lines in the header" "cli::limits::messages::headers";
        HEADERS_SIZE Octets "All headers of one message" "cli::limits::messages::headers";
        BOUNDARY_LENGTH Octets "A boundary" "cli::limits::messages::boundaries";
        BATCH_AHEAD Count "Files of a batch" "lib::commands::batch::desk::tests::files_wait_that_are_too_far_ahead";
        EXPANSION_FREE Octets "any compressed content" "cli::limits::messages::compressed_content";
        EXPANSION_RATIO Count "for each compressed one" "lib::cms::compressed_data::tests::expansion_has_a_limit";
        DECOMPRESSED_SIZE Octets "whatever the ratio" "lib::cms::compressed_data::tests::expansion_has_a_limit";
        LAYERS Count "Cryptographic layers" "cli::attacks::layers::signatures_in_signatures";
        INSPECTED_OBJECTS Count "smime inspect looks into" "lib::smime::tests::inspection::what_is_opened_beside_the_layers_has_a_limit";
        ASN1_ELEMENTS Count "--asn1 --json lists" "cli::limits::objects::elements_that_are_listed";
        BER_DEPTH Count "nested elements" "cli::limits::objects::elements_in_elements";
        BER_ELEMENT Octets "An element that is read whole" "cli::limits::objects::elements_that_are_read_whole";
        OBJECT_SIZE Octets "An object that is read whole" "cli::limits::files::files_that_are_read_whole";
        NAME_SIZE Octets "A distinguished name" "lib::pki::name::tests::malformed_names_are_refused_and_odd_values_kept";
        CERTIFICATES Count "Certificates in one signature" "cli::limits::objects::parts_of_signed_data";
        FILE_CERTIFICATES Count "Certificates in one file" "cli::limits::files::certificates_in_a_file";
        SIGNERS Count "Signers of one layer" "cli::limits::objects::parts_of_signed_data";
        ATTRIBUTES Count "Attributes of one signer" "lib::cms::signed_data::tests::more_than_the_limits_is_an_error";
        KEY_IDENTIFIER Octets "key identifier that names a signer" "lib::cms::signed_data::tests::signers_have_short_identifiers_and_signatures";
        SIGNATURE Octets "A signature value" "lib::cms::signed_data::tests::signers_have_short_identifiers_and_signatures";
        CAPABILITIES Count "S/MIME capabilities" "lib::smime::capabilities::tests::a_list_that_is_too_long_announces_nothing";
        DIGEST_ALGORITHMS Count "Digest algorithms" "cli::limits::objects::parts_of_signed_data";
        CONTENT_PREFIX Octets "compared with signed attributes" "lib::cms::signer_check::tests::sets_that_could_be_signed_attributes_are_told_from_content";
        RECIPIENTS Count "Recipients of one layer" "cli::limits::objects::recipients";
        PATH_SIGNATURES Count "Signatures checked in the search" "lib::pki::path::tests::search::signatures_are_counted";
        PATH_STEPS Count "Candidates looked at" "cli::search_limits::a_mesh_of_cas_among_ten_thousand_trusted_ones";
        PATHS_TRIED Count "Paths judged" "lib::pki::path::tests::search::the_search_ends_where_its_budgets_do";
        NAME_COMPARISONS Count "Names compared with name constraints" "lib::pki::path::tests::constraints::constraints_without_end_stop_the_search";
        POLICIES Count "Certificate policies" "lib::pki::certificate_policy::tests::a_list_without_end_is_refused";
        PATH_LENGTH Count "Certificates in a path" "lib::pki::path::tests::search::paths_have_a_greatest_length";
        CRL_ENTRIES Count "Entries of a CRL" "lib::pki::certificate_list::entries::tests::more_entries_than_any_list_has_are_refused";
        CRLS Count "CRLs in one file, and CRLs stored" "cli::limits::files::crls";
        DISTRIBUTION_POINTS Count "Distribution points" "lib::pki::distribution_point::tests::more_points_than_anybody_has_are_refused";
        CRL_SIGNATURES Count "Signatures of CRLs" "lib::pki::revocation::tests::signers::signatures_of_lists_are_counted";
        CRL_SIGNER_PATHS Count "whose own path is searched" "lib::pki::revocation::tests::signers::signers_whose_path_is_searched_are_counted";
        CRL_SIGNER_DEPTH Count "that depend on one another" "lib::pki::revocation::tests::signers::signers_depend_on_one_another_so_deep";
        KDF_ITERATIONS Count "Iterations of PBKDF2" "lib::pki::pkcs12::tests::algorithms::what_is_too_expensive_is_not_begun";
        PKCS12_ITERATIONS Count "all parts of one PKCS #12 file" "lib::pki::pkcs12::tests::algorithms::what_is_too_expensive_is_not_begun";
        SCRYPT_MEMORY Octets "Memory that scrypt may take" "lib::crypto::password::tests::what_asks_for_too_much_is_refused";
        SCRYPT_PARALLELIZATION Count "Times that scrypt may fill it" "lib::crypto::password::tests::what_asks_for_too_much_is_refused";
        PKCS12_DEPTH Count "nested contents in a PKCS #12" "lib::pki::pkcs12::tests::open_bags_nested_safes_and_other_bags";
        PASSPHRASE Octets "A passphrase" "cli::limits::files::passphrases";
        RSA_BITS Bits "An RSA modulus" "lib::crypto::rsa::tests::a_modulus_that_is_too_long_is_not_computed_with";
        KEYSTORE_FILE Octets "A settings, policy, record or index file" "cli::limits::files::files_of_the_keystore";
        DAMAGE_ATTEMPTS Count "Attempts at that" "lib::smime::damage::tests::attempts_and_work_are_spent";
        DAMAGE_WORK Octets "What is digested to find the damage" "lib::smime::damage::tests::attempts_and_work_are_spent";
        DAMAGE_HEADERS Octets "Part headers" "lib::smime::tests::damage::search::of_many_parts_and_long_headers_only_lines_are_looked_at";
        DAMAGE_PARTS Count "Parts of a content" "lib::smime::tests::damage::search::of_many_parts_and_long_headers_only_lines_are_looked_at";
        DAMAGE_NUL_SEARCH Octets "one lost NUL" "lib::smime::tests::damage::search::a_lost_nul_is_looked_for_in_a_short_content";
        ARCHIVE_SIZE Octets "The backup of a keystore" "cli::limits::files::files_that_are_read_whole";
    }
}

/// How many files are open together is chosen here: no input can ask for more.
const CHOSEN: &str = "BATCH_GROUP";

/// The names in `src/limits.rs`.
fn constants() -> Vec<String> {
    let source = text(project("src/limits.rs"));
    let names = source.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("pub const ")?.split_once(':')?;
        Some(name.to_owned())
    });
    names.collect()
}

#[test]
fn every_bound_has_a_row() {
    let mut rows: Vec<&str> = table().iter().map(|row| row.constant).collect();
    let mut constants = constants();
    rows.push(CHOSEN);
    rows.sort_unstable();
    constants.sort_unstable();
    assert_eq!(rows, constants);
}

#[test]
fn every_bound_is_used() {
    let modules = files(&project("src"), "rs");
    let modules = modules
        .iter()
        .filter(|path| !path.ends_with("limits.rs") && !path.ends_with("tests.rs"))
        .filter(|path| !path.to_string_lossy().contains("/tests/"));
    let code: String = modules
        .map(|path| {
            let text = text(path);
            let lines = code_lines(&text).into_iter().map(|(_, line)| line);
            lines.collect::<Vec<_>>().join("\n")
        })
        .collect();
    let is_used = |constant: &String| {
        let name = format!("limits::{constant}");
        let mut uses = code.match_indices(&name);
        uses.any(|(at, _)| {
            let behind = code[at + name.len()..].chars().next().unwrap_or(' ');
            !behind.is_alphanumeric() && behind != '_'
        })
    };
    let unused: Vec<_> = constants().into_iter().filter(|c| !is_used(c)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// The entries of the section: the value, and what it bounds.
fn entries(page: &str) -> Vec<(String, String)> {
    let section = section(page, ".SH LIMITS").replace("\\-", "-");
    let entries = section.split("\n.TP\n.B ").skip(1).map(|entry| {
        let (value, words) = entry.split_once('\n').unwrap();
        let words = words.split("\n.SS").next().unwrap();
        let words = words.split("\n.PP").next().unwrap();
        let words = words.replace(".B ", "").replace('\n', " ");
        (value.to_owned(), words)
    });
    entries.collect()
}

#[test]
fn the_page_tells_every_bound() {
    let page = text(project("man/smime.1"));
    let mut entries = entries(&page);
    for row in table() {
        let found = entries
            .iter()
            .position(|(value, words)| *value == row.value && words.contains(row.bounds));
        let found = found.unwrap_or_else(|| {
            let Row {
                constant,
                value,
                bounds,
                ..
            } = &row;
            panic!("{constant}: {value}, {bounds:?} is not in LIMITS")
        });
        entries.remove(found);
    }
    // The size of a CRL is that of any object, and told once more.
    entries.retain(|(_, words)| words != "A CRL.");
    assert!(entries.is_empty(), "no constant: {entries:?}");
}

#[test]
fn every_test_is_there() {
    let names: BTreeSet<_> = inventory::tests()
        .into_iter()
        .map(|test| test.name)
        .collect();
    for row in table() {
        let is_test = names.contains(row.test);
        assert!(is_test, "{}: there is no test {}", row.constant, row.test);
    }
}
