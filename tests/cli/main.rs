//! The command line as a user meets it: whole stderr and exit statuses.
//!
//! `<command>/<situation>.toml` are cases for trycmd, which needs no state. What needs a keystore
//! is in the modules beside, over a temporary one and the built program.

// A case that cannot be set up fails, which is all there is to say about it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout
)]

mod attacks;
mod authors;
mod bad_input;
mod batch;
mod bundles;
mod certificates;
mod changes;
mod clock;
mod codes;
mod compression;
mod crafted;
mod crowd;
mod damage;
mod dates;
mod exchange;
mod extraction;
mod faults;
mod inspect;
mod inspect_crl;
mod inspect_headers;
mod internationalized;
mod interrupts;
mod key_types;
mod keystore_care;
mod keystore_page;
mod keystores;
mod kills;
mod legacy_display;
mod limits;
mod media;
mod memory;
mod messages;
mod office;
mod paths;
mod pkcs12;
mod place;
mod policy;
mod policy_apply;
mod policy_apply_failures;
mod policy_apply_inbound;
mod policy_file;
mod progress;
mod recipients;
mod revocation;
mod revoked_recipients;
mod rollover;
mod schema;
mod search_limits;
mod secrets;
mod setting_up;
mod streams;
mod structures;
mod verdicts;

#[test]
fn cases() {
    trycmd::TestCases::new().case("tests/cli/*/*.toml");
}
