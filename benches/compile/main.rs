//! What compiling events costs: `#[domain_events]`, and plain structs with the derives of serde, garde and schemars, of the
//! same events of five fields, all in use.
//!
//! ```text
//! cargo bench -p event-benches --bench compile            # 100 and 300 events
//! cargo bench -p event-benches --bench compile -- 1000
//! ```
//!
//! Prints a table in Markdown: the median wall time of compiling the crate of the events alone, without incremental
//! compilation, its dependencies being compiled already.

#![allow(unreachable_pub, reason = "a program has no public interface")]

mod source;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use source::{Variant, manifest, source};

/// How often each crate is compiled.
const ROUNDS: usize = 3;

fn main() {
    let counts: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![100, 300] } else { counts };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compile");
    println!(
        "| events | command | event-runtime | serde + garde + schemars | ratio |\n|--:|---|--:|--:|--:|"
    );
    for events in counts {
        for command in ["check", "build"] {
            // Round by round, so that what disturbs the machine disturbs both.
            let (mut ours, mut plain) = (Vec::new(), Vec::new());
            for _ in 0..=ROUNDS {
                ours.push(compile(&folder, Variant::Ours, events, command));
                plain.push(compile(&folder, Variant::Derives, events, command));
            }
            let (ours, plain) = (median(ours), median(plain));
            let ratio = ours.as_secs_f64() / plain.as_secs_f64();
            println!("| {events} | cargo {command} | {ours:.2?} | {plain:.2?} | {ratio:.2} |");
        }
    }
}

/// The time of compiling the crate, and nothing else.
fn compile(folder: &Path, variant: Variant, events: usize, command: &str) -> Duration {
    let package = folder.join(variant.name());
    fs::create_dir_all(package.join("src")).expect("the folder can be written");
    fs::write(package.join("Cargo.toml"), manifest(variant)).expect("the manifest can be written");
    // Another content each time: the crate is compiled anew.
    let stamp = Instant::now();
    let source = format!("{}// {stamp:?}\n", source(variant, events));
    fs::write(package.join("src/lib.rs"), source).expect("the source can be written");
    let begun = Instant::now();
    let output = Command::new(env!("CARGO"))
        .args([command, "--quiet", "--target-dir"])
        .arg(folder.join("target"))
        .current_dir(&package)
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    begun.elapsed()
}

/// The first one compiles the dependencies, and does not count.
fn median(times: Vec<Duration>) -> Duration {
    let mut times: Vec<Duration> = times.into_iter().skip(1).collect();
    times.sort();
    times[times.len() / 2]
}
