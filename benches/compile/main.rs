//! What compiling events costs: `#[domain_events]`, and plain structs with the derives of serde, garde and schemars, of the
//! same events of five fields, all in use.
//!
//! ```text
//! cargo bench -p event-benches --bench compile            # 100, 300 and 1,000 events: about ten minutes
//! cargo bench -p event-benches --bench compile -- 100
//! ```
//!
//! Prints a table in Markdown: the median time of the processor for compiling the crate of the events alone, without
//! incremental compilation, its dependencies being compiled already. The clock on the wall is used where the system does
//! not tell the other.

#![allow(unreachable_pub, reason = "a program has no public interface")]

mod source;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use source::{Variant, manifest, source};

/// How often each crate is compiled.
const ROUNDS: usize = 3;

fn main() {
    let counts: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![100, 300, 1000] } else { counts };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compile");
    println!(
        "| events | command | event-runtime | serde + garde + schemars | ratio |\n|--:|---|--:|--:|--:|"
    );
    for command in ["check", "build"] {
        // The dependencies.
        compile(&folder, Variant::Ours, 1, command);
        compile(&folder, Variant::Derives, 1, command);
    }
    for events in counts {
        for command in ["check", "build"] {
            // Round by round, so that what disturbs the machine disturbs both.
            let (mut ours, mut plain) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                ours.push(compile(&folder, Variant::Ours, events, command));
                plain.push(compile(&folder, Variant::Derives, events, command));
            }
            let (ours, plain) = (median(ours), median(plain));
            let ratio = ours / plain;
            println!("| {events} | cargo {command} | {ours:.2} s | {plain:.2} s | {ratio:.2} |");
        }
    }
}

/// The seconds for compiling the crate, and nothing else.
fn compile(folder: &Path, variant: Variant, events: usize, command: &str) -> f64 {
    let package = folder.join(variant.name());
    fs::create_dir_all(package.join("src")).expect("the folder can be written");
    fs::write(package.join("Cargo.toml"), manifest(variant)).expect("the manifest can be written");
    // Another content each time: the crate is compiled anew.
    let stamp = Instant::now();
    let source = format!("{}// {stamp:?}\n", source(variant, events));
    fs::write(package.join("src/lib.rs"), source).expect("the source can be written");
    let (begun, used) = (Instant::now(), of_children());
    let output = Command::new(env!("CARGO"))
        .args([command, "--quiet", "--target-dir"])
        .arg(folder.join("target"))
        .current_dir(&package)
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    match (used, of_children()) {
        (Some(before), Some(after)) => after - before,
        _ => begun.elapsed().as_secs_f64(),
    }
}

/// The seconds of the processor that ended children, and theirs, have used: Linux tells it in hundredths.
fn of_children() -> Option<f64> {
    let line = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may have spaces in it; after it the fields are those from the third on.
    let (_, fields) = line.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(13).map_while(|ticks| ticks.parse::<f64>().ok());
    Some((times.next()? + times.next()?) / 100.0)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
