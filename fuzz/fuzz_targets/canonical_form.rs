#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| smime_fuzz::run("canonical_form", octets));
