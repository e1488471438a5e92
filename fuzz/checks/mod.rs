//! What must hold for any input whatever, one function for each target of the fuzzer.
//!
//! A function takes the octets that the fuzzer made, and panics where something does not hold. The
//! same functions are run by `cargo test` over inputs that once failed and over messages and
//! certificates made elsewhere, so that no special compiler is needed to hold what was found.

mod altered;
mod certificates;
mod certification_path;
mod cms;
mod files;
pub(crate) mod lookups;
pub(crate) mod made;
mod mail;
mod messages;
mod octets;
mod world;

/// What holds for any octets.
pub(crate) type Check = fn(&[u8]);

/// Every check, by the name of its target.
pub(crate) const CHECKS: &[(&str, Check)] = &[
    ("entity_scanner", mail::entity_scanner),
    ("header_fields", mail::header_fields),
    ("canonical_form", mail::canonical_form),
    ("transfer_encoding", mail::transfer_encoding),
    ("structure", mail::structure),
    ("ber_reader", cms::ber_reader),
    ("signed_data", cms::signed_data),
    ("enveloped_data", cms::enveloped_data),
    ("auth_enveloped_data", cms::auth_enveloped_data),
    ("cms_object", cms::cms_object),
    ("certificate", certificates::certificate),
    ("certificate_list", certificates::certificate_list),
    ("certificate_file", certificates::certificate_file),
    ("pkcs12", certificates::pkcs12),
    ("certification_path", certification_path::certification_path),
    ("policy_file", files::policy_file),
    ("keystore_files", files::keystore_files),
    ("verify", messages::verify_message),
    ("decrypt", messages::decrypt_message),
    ("sign_verify", messages::sign_verify),
    ("encrypt_decrypt", messages::encrypt_decrypt),
    ("altered", altered::altered),
];

/// Runs one check.
///
/// # Panics
/// There is none of that name, or it does not hold.
pub(crate) fn run(name: &str, octets: &[u8]) {
    let found = CHECKS.iter().find(|(known, _)| *known == name);
    let (_, check) = found.expect("a check of that name");
    check(octets);
}
