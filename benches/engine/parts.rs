//! The tables.

use std::path::Path;
use std::process::Command;

use crate::report::{Numbers, head, medians, of_part, of_program, row, show};

/// How often what is compared is measured.
const ROUNDS: usize = 5;
const FEWER_ROUNDS: usize = 3;

const PARTS: [(&str, fn()); 7] = [
    ("speed", speed),
    ("peers", peers),
    ("history", history),
    ("flight", flight),
    ("sleeping", sleeping),
    ("waiting", waiting),
    ("pruning", pruning),
];

/// Prints the tables that are wanted, or all.
pub fn print(wanted: &[&str]) {
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.contains(&name) {
            part();
        }
    }
}

/// Each measurement once in each round: the medians.
fn rounds(rounds: usize, all: &[&[&str]]) -> Vec<Numbers> {
    let mut results = vec![Vec::new(); all.len()];
    for _ in 0..rounds {
        for (part, results) in all.iter().zip(&mut results) {
            results.push(of_part(part));
        }
    }
    results.iter().map(|results| medians(results)).collect()
}

fn cells(numbers: &Numbers, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| show(numbers.get(name))).collect()
}

fn speed() {
    let all: [&[&str]; 7] = [
        &["disk"],
        &["bare", "1"],
        &["ours", "1"],
        &["bare", "64"],
        &["ours", "64"],
        &["bare", "256"],
        &["ours", "256"],
    ];
    let results = rounds(ROUNDS, &all);
    let disk = &results[0];
    head("one page of 4 KiB and a flush", &["median us", "p99 us"]);
    row("at the end of a file that grows", &cells(disk, &["append_p50", "append_p99"]));
    row("over what is there", &cells(disk, &["overwrite_p50", "overwrite_p99"]));

    head("three steps a run", &["runs/s", "us CPU a run", "KiB written a run"]);
    for (part, numbers) in all.iter().zip(&results).skip(1) {
        let name = if part[0] == "bare" { "the bare pattern" } else { "the engine" };
        row(&format!("{name}, {} in flight", part[1]), &cells(numbers, &["per_second", "cpu_us", "kib"]));
    }
    let share = |bare: usize| 100.0 * results[bare + 1].get("per_second") / results[bare].get("per_second");
    println!(
        "\nOf the bare pattern: {:.0} % at 1, {:.0} % at 64, {:.0} % at 256 in flight.",
        share(1),
        share(3),
        share(5)
    );

    head("event to end of run, one at a time", &["median us", "p99 us", "in flushes at the end of a file"]);
    for (name, numbers) in [("the bare pattern", &results[1]), ("the engine", &results[2])] {
        let mut values = cells(numbers, &["p50", "p99"]);
        values.push(show(numbers.get("p50") / disk.get("append_p50")));
        row(name, &values);
    }
}

/// The program that measures other engines, if it was built.
fn peers() {
    let program =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("engine-peers/target/release/event-engine-peers");
    if !program.exists() {
        println!("\nOther engines were not built: see the head of `benches/engine/main.rs`.");
        return;
    }
    head("three steps a run", &["runs/s at 1 in flight", "at 64", "at 256", "us CPU a run at 64", "durable"]);
    let names = ["durare", "durare-full", "duroxide", "apalis"];
    let mut results = vec![vec![Vec::new(); 3]; names.len() + 1];
    for _ in 0..FEWER_ROUNDS {
        for (column, in_flight) in ["1", "64", "256"].into_iter().enumerate() {
            results[0][column].push(of_part(&["ours", in_flight]));
            for (place, name) in names.iter().enumerate() {
                let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
                let mut peer = Command::new(&program);
                peer.arg(name).arg(in_flight).arg(folder.path().join("peer.db"));
                results[place + 1][column].push(of_program(&mut peer));
            }
        }
    }
    let lenient = "not against a power cut";
    let durable = ["yes", lenient, "yes", lenient, "in part"];
    for ((name, results), durable) in ["the engine"].iter().chain(&names).zip(&results).zip(durable) {
        let numbers: Vec<Numbers> = results.iter().map(|results| medians(results)).collect();
        let mut values: Vec<String> = numbers.iter().map(|numbers| show(numbers.get("per_second"))).collect();
        values.push(show(numbers[1].get("cpu_us")));
        values.push(durable.to_owned());
        row(name, &values);
    }
}

fn history() {
    cost("runs in the file that have ended", "history", &["1000", "10000", "100000", "1000000"]);
}

fn flight() {
    cost("runs in flight", "flight", &["10", "100", "1000", "10000", "100000"]);
}

fn cost(title: &str, part: &str, counts: &[&str]) {
    let all: Vec<[&str; 2]> = counts.iter().map(|count| [part, count]).collect();
    let all: Vec<&[&str]> = all.iter().map(|part| &part[..]).collect();
    head(title, &["runs/s", "us CPU a run", "KiB written a run"]);
    for (count, numbers) in counts.iter().zip(rounds(FEWER_ROUNDS, &all)) {
        let count = show(count.parse().expect("a number"));
        row(&count, &cells(&numbers, &["per_second", "cpu_us", "kib"]));
    }
}

fn sleeping() {
    many("runs that sleep", "sleeping");
}

fn waiting() {
    many("runs that wait, each for its own value", "waiting");
}

fn many(title: &str, part: &str) {
    let columns = [
        "MiB",
        "at most",
        "us CPU to get there, a run",
        "us CPU to wake one and end it",
        "woken out of order by, ms at most",
        "start, ms",
        "of it CPU",
        "first run ended, ms",
        "MiB after the start",
    ];
    head(title, &columns);
    for runs in ["1000", "1000000"] {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let file = folder.path().join("events.db");
        let file = file.to_str().expect("a path in UTF-8");
        let numbers = of_part(&[part, runs, file]);
        let again = of_part(&["restart", file]);
        let mut values = cells(&numbers, &["mib", "mib_most", "cpu_us", "wake_cpu_us", "out_of_order_ms"]);
        values.extend(cells(&again, &["start_ms", "start_cpu_ms", "first_ms", "mib_most"]));
        row(&show(runs.parse().expect("a number")), &values);
    }
}

fn pruning() {
    let numbers = of_part(&["pruning"]);
    head("event to end of run, one at a time", &["median us", "p99 us", "most us"]);
    row("nothing to remove", &cells(&numbers, &["kept_p50", "kept_p99", "kept_most"]));
    row("while 500,000 old runs are removed", &cells(&numbers, &["pruned_p50", "pruned_p99", "pruned_most"]));
    println!("\nRemoved: {} runs a second.", show(numbers.get("removed_per_second")));
}
