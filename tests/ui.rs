//! What compiles, and what the compiler says about what does not: one rule a file.

use std::fmt::Write;
use std::path::PathBuf;

#[test]
fn ui() {
    let tests = trybuild::TestCases::new();
    tests.pass("ui/pass/*.rs");
    tests.pass(many_variants());
    tests.compile_fail("ui/fail/*.rs");
}

/// A set of 300 events.
fn many_variants() -> PathBuf {
    let mut code = "use event_runtime::prelude::*;\n\n/// Many things happen.\n#[domain_events]\npub enum ThingEvent {\n".to_owned();
    for number in 0..300 {
        // Writing to a text cannot fail.
        let _ = writeln!(code, "    /// It happened.\n    Part{number}Created {{ id: u64 }},");
    }
    code.push_str("}\n\nregistry! { pub AppEvents = [ThingEvent]; }\n\n");
    code.push_str("fn main() {\n    assert_eq!(AppEvents::events().count(), 300);\n");
    code.push_str("    assert!(AppEvents::find(\"thing/part299-created\").is_some());\n}\n");
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("many_variants.rs");
    std::fs::write(&path, code).unwrap();
    path
}
