//! Reading JSON, compared with `serde_json`.

#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|json: &[u8]| reading::compare(json));
