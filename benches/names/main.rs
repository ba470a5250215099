//! What it costs to check a name, and to say what to write instead, over the names of public systems in the tests of
//! `event-conventions`.
//!
//! ```text
//! cargo bench -p event-benches --bench names
//! ```
//!
//! Prints the median time of a name, in nanoseconds.

#![allow(unreachable_pub, reason = "a program has no public interface")]

#[path = "../measure.rs"]
#[allow(dead_code, reason = "instructions are not counted here")]
mod measure;

use event_conventions::{check_action, check_domain};
use measure::Call;

const SYSTEMS: &str = include_str!("../../event-conventions/tests/data/systems.tsv");

fn main() {
    let (actions, domains) = (names("action"), names("domain"));
    let wrong: Vec<&str> = actions.iter().copied().filter(|name| check_action(name).is_err()).collect();
    println!("| | names | ns a name |\n|---|--:|--:|");
    row("check an action", &actions, |name| check_action(name).is_ok());
    row("check a domain", &domains, |name| check_domain(name).is_ok());
    row("suggest an action", &wrong, |name| {
        check_action(name).is_err_and(|wrong| wrong.suggestion().is_some())
    });
}

/// The names of a kind in the list.
fn names(kind: &str) -> Vec<&'static str> {
    let rows = SYSTEMS.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter_map(|row| (row[0] == kind).then(|| row[1])).collect()
}

#[allow(clippy::cast_precision_loss, reason = "a small number")]
fn row(what: &str, names: &[&'static str], check: fn(&str) -> bool) {
    let list = names.to_vec();
    let call: Call = Box::new(move || list.iter().filter(|name| check(name)).count());
    println!("| {what} | {} | {:.0} |", names.len(), measure::nanoseconds(call) / names.len() as f64);
}
