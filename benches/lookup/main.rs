//! What it costs to find an event by its name: in the table of a registry, and in other ways, among 100 and among 1,000
//! names.
//!
//! ```text
//! cargo bench -p event-benches --bench lookup
//! ```
//!
//! Prints a table in Markdown: of a name that is there, instructions (they need valgrind) and the median time. The names
//! asked for come in no order, and each is a text of its own.

#![allow(unreachable_pub, reason = "a program has no public interface")]

#[path = "../measure.rs"]
mod measure;
mod names;
mod tables;

use std::hint::black_box;

use event_runtime::__private_v0_1::{Table, slots};
use measure::Call;
use names::{hundred, thousand};
use tables::{Open, hash_map, sorted};

/// How many names are asked for in one call.
const ASKED: usize = 256;

/// One row of a table: among 100 names, and among 1,000.
struct Case {
    with: &'static str,
    prepare: [fn() -> Call; 2],
}

const CASES: [Case; 6] = [
    Case {
        with: "no lookup",
        prepare: [|| ask(hundred::NAMES, |_| true), || ask(thousand::NAMES, |_| true)],
    },
    Case { with: "event-runtime", prepare: [ours::<{ slots(100) }>, ours::<{ slots(1000) }>] },
    Case { with: "open addressing by hand", prepare: [|| open(hundred::NAMES), || open(thousand::NAMES)] },
    Case {
        with: "`match` on the name",
        prepare: [
            || ask(hundred::NAMES, |name| black_box(hundred::matched(name)).is_some()),
            || ask(thousand::NAMES, |name| black_box(thousand::matched(name)).is_some()),
        ],
    },
    Case { with: "`HashMap`", prepare: [|| map(hundred::NAMES), || map(thousand::NAMES)] },
    Case { with: "binary search", prepare: [|| search(hundred::NAMES), || search(thousand::NAMES)] },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, calls, case] = &arguments[..]
        && flag == "--calls"
    {
        let case: usize = case.parse().expect("the number of a case");
        return measure::repeat(
            (CASES[case / 2].prepare[case % 2])(),
            calls.parse().expect("a number of calls"),
        );
    }
    println!("| one of | 100: instructions | ns | 1,000: instructions | ns |\n|---|--:|--:|--:|--:|");
    for (row, case) in CASES.iter().enumerate() {
        let cells = [0, 1].map(|size| cell(2 * row + size, case.prepare[size]));
        println!("| {} | {} |", case.with, cells.join(" | "));
    }
}

#[allow(clippy::cast_precision_loss, reason = "a small number")]
fn cell(case: usize, prepare: fn() -> Call) -> String {
    assert_eq!(prepare()(), ASKED, "every name is found");
    let instructions = measure::instructions(case)
        .map_or("-".to_owned(), |number| format!("{:.0}", number as f64 / ASKED as f64));
    format!("{instructions} | {:.1}", measure::nanoseconds(prepare()) / ASKED as f64)
}

/// Asks for names; gives how many were found.
fn ask(names: &[&str], find: impl Fn(&str) -> bool + 'static) -> Call {
    // Steps of a prime number: in no order, and every time the same.
    let asked: Vec<String> = (0..ASKED).map(|number| names[number * 7919 % names.len()].to_owned()).collect();
    Box::new(move || asked.iter().filter(|name| find(black_box(name))).count())
}

/// The table that `registry!` makes, which is a constant there.
fn ours<const SLOTS: usize>() -> Call {
    let names = if SLOTS == slots(100) { hundred::NAMES } else { thousand::NAMES };
    let mut table = Box::new(Table::<&str, SLOTS>::new());
    for name in names {
        table.insert(event_conventions::hash_name(name), name, name);
    }
    ask(names, move |name| black_box(table.find(name)).is_some())
}

fn open(names: &'static [&str]) -> Call {
    let table = Open::new(names);
    ask(names, move |name| black_box(table.find(name)).is_some())
}

fn map(names: &'static [&str]) -> Call {
    let map = hash_map(names);
    ask(names, move |name| black_box(map.get(name)).is_some())
}

fn search(names: &'static [&str]) -> Call {
    let list = sorted(names);
    ask(names, move |name| black_box(list.binary_search_by_key(&name, |(name, _)| name)).is_ok())
}
