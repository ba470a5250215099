//! Names of systems that no other list has: the verdicts, and what is suggested instead of the wrong ones.

mod table;

use event_conventions::{check_action, check_domain};
use std::collections::HashSet;

const SYSTEMS: &str = include_str!("data/systems.tsv");

#[test]
fn of_the_verdicts_999_in_1000_are_right() {
    let rows = table::read(SYSTEMS);
    let wrong = table::wrong(&rows);
    assert!(rows.len() >= 2_000, "the list has {} rows", rows.len());
    assert!(wrong.len() * 1_000 <= rows.len(), "{} wrong verdicts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn of_the_suggestions_99_in_100_are_right_and_of_the_base_forms_95_have_one() {
    let (mut given, mut wrong, mut base, mut without) = (0, Vec::new(), 0, Vec::new());
    for (kind, name, right) in rejected() {
        let is_base = right.iter().any(|word| !word.is_empty()) && !right.contains("?");
        base += usize::from(is_base);
        match suggestion(kind, name) {
            Some(instead) if right.contains(instead.as_str()) => given += 1,
            Some(instead) => {
                given += 1;
                wrong.push(format!("{instead} instead of {name}"));
            }
            None if is_base => without.push(name),
            None => {}
        }
    }
    println!("of {given} suggestions these are wrong:\n{}\n", wrong.join("\n"));
    println!("of {base} base forms these have none:\n{}", without.join("\n"));
    assert!(given >= 1_000 && base >= 1_000, "the list has {given} suggestions and {base} base forms");
    assert!(wrong.len() * 100 <= given, "{} suggestions are wrong", wrong.len());
    assert!((wrong.len() + without.len()) * 100 <= base * 5, "{} base forms have none", without.len());
}

/// The kind and the name of each row that fails, and what is right instead.
fn rejected() -> impl Iterator<Item = (&'static str, &'static str, HashSet<&'static str>)> {
    SYSTEMS.lines().filter_map(|line| {
        let [kind, name, "reject", right] = line.split('\t').collect::<Vec<_>>()[..] else { return None };
        Some((kind, name, right.split(' ').collect()))
    })
}

fn suggestion(kind: &str, name: &str) -> Option<String> {
    let result = if kind == "domain" { check_domain(name) } else { check_action(name) };
    result.err()?.suggestion()
}
