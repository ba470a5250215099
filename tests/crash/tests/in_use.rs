//! A database is owned by one process.

mod process;

use std::io::{BufRead, BufReader};

use crate::process::{Process, run};

#[test]
fn a_second_process_is_refused_until_the_first_has_died() {
    let process = Process::new();
    // With work for longer than the second one waits.
    let mut first = process.command(0).env("ORDERS", "2000").spawn().unwrap();
    let mut line = String::new();
    BufReader::new(first.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");

    let (second, status) = run(process.command(1));
    assert_eq!(status.code(), Some(3), "{second:?}");
    assert!(second.errors[0].contains("is in use by another engine: one process at a time"), "{second:?}");
    assert_eq!(second.acknowledged, [""; 0]);
    assert!(first.try_wait().unwrap().is_none_or(|status| status.success()), "the first goes on");

    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(process.drain().errors, [""; 0]);
    assert_eq!(process.contents().problems_at_the_end(), [""; 0]);
}
