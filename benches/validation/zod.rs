//! Zod on Node: the same payloads, in a process of its own.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use crate::payloads::{LARGE, LARGE_BAD, SMALL, SMALL_BAD};

/// The time of each table, in nanoseconds. Empty when Node or Zod is not installed.
pub fn run() -> HashMap<String, f64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("zod");
    if !folder.join("node_modules").exists() {
        return HashMap::new();
    }
    let output = Command::new("node")
        .arg(folder.join("bench.mjs"))
        .args([LARGE, LARGE_BAD, SMALL, SMALL_BAD])
        .output();
    let output = output.expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the script prints times")
}
