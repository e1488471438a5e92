#![no_main]

#[path = "../checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| checks::run("ber_reader", octets));
