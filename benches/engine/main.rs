//! What the embedded engine costs, beside the disk's own rate and the bare SQLite pattern, in one run.
//!
//! ```text
//! cargo build --release --manifest-path benches/engine-peers/Cargo.toml   # once, for the rows of other engines
//! cargo bench -p event-benches --bench engine [-- PART...]
//! ```
//!
//! Prints tables in Markdown. The parts: `speed`, `peers`, `history`, `flight`, `sleeping`, `waiting`, `pruning`. Each
//! measurement is a process of its own; those that are compared are interleaved, and the median of the rounds is shown.

#![allow(unreachable_pub, reason = "a program has no public interface")]
#![allow(missing_docs, reason = "as above")]

mod app;
mod bare;
mod disk;
mod load;
mod parts;
mod report;
mod scale;
mod usage;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &arguments[..] {
        ["--only", part @ ..] => print!("{}", only(part)),
        wanted => parts::print(wanted),
    }
}

/// Measures one thing.
fn only(part: &[&str]) -> report::Numbers {
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let database = folder.path().join("events.db");
    let runtime = match part[0] {
        // On one thread handlers go on in the order in which they are woken.
        "sleeping" | "waiting" => tokio::runtime::Builder::new_current_thread().enable_all().build(),
        _ => tokio::runtime::Runtime::new(),
    };
    let runtime = runtime.expect("a runtime");
    match part {
        ["disk"] => disk::measure(folder.path()),
        ["bare", clients] => runtime.block_on(bare::measure(database, number(clients).into())),
        ["ours", in_flight] => runtime.block_on(load::speed(&database, number(in_flight))),
        ["history", runs] => runtime.block_on(scale::history(&database, number(runs))),
        ["flight", runs] => runtime.block_on(scale::in_flight(&database, number(runs))),
        ["sleeping", runs, file] => runtime.block_on(scale::sleeping(file.as_ref(), number(runs).into())),
        ["waiting", runs, file] => runtime.block_on(scale::waiting(file.as_ref(), number(runs).into())),
        ["restart", file] => runtime.block_on(scale::restart(file.as_ref())),
        ["pruning"] => runtime.block_on(scale::pruning(&database)),
        _ => panic!("no such part: {part:?}"),
    }
}
