//! Measuring: instructions under valgrind, and time.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

/// Called again and again; gives a number, so that nothing is optimised away.
pub type Call = Box<dyn FnMut() -> usize>;

/// How often a case is called between two counts of instructions.
const CALLS: u64 = 1_000;

/// Instructions of one call: those of a process with many calls less those of one with few. `None` without valgrind.
pub fn instructions(case: usize) -> Option<u64> {
    let few = count(case, CALLS)?;
    let many = count(case, 2 * CALLS)?;
    Some((many - few) / CALLS)
}

/// The instructions of a process that calls a case so often.
fn count(case: usize, calls: u64) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    valgrind.arg(std::env::current_exe().ok()?).args(["--calls", &calls.to_string(), &case.to_string()]);
    let report = String::from_utf8(valgrind.output().ok()?.stderr).ok()?;
    let line = report.lines().find(|line| line.contains("I ") && line.contains("refs:"))?;
    line.rsplit(' ').next()?.replace(',', "").parse().ok()
}

/// Calls a case so often, and does nothing else.
pub fn repeat(mut call: Call, calls: u64) {
    for _ in 0..calls {
        black_box(call());
    }
}

/// The median time of a call over many short batches, in nanoseconds.
pub fn nanoseconds(mut call: Call) -> f64 {
    const BATCH: Duration = Duration::from_millis(2);
    let mut calls = 1_u32;
    loop {
        let begun = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        if begun.elapsed() >= BATCH {
            break;
        }
        calls *= 2;
    }
    let mut times: Vec<f64> = (0..101)
        .map(|_| {
            let begun = Instant::now();
            for _ in 0..calls {
                black_box(call());
            }
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
