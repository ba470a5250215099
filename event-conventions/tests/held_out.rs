//! Words, phrases and event names that the rules were not made from: nearly every verdict is right.

mod table;

use table::Row;

#[test]
fn of_the_actions_at_least_998_in_1000_are_right() {
    assert_share("action", 998);
}

#[test]
fn of_the_domains_at_least_997_in_1000_are_right() {
    assert_share("domain", 997);
}

#[test]
fn of_the_event_names_at_least_998_in_1000_are_right() {
    assert_share("event", 998);
}

/// Checks that `per_mille` of the verdicts on the rows of a kind are right.
fn assert_share(kind: &str, per_mille: usize) {
    let table = table::read(include_str!("data/held-out.tsv"));
    let rows: Vec<Row<'_>> = table.into_iter().filter(|row| row.kind == kind).collect();
    let wrong = table::wrong(&rows);
    println!("{} of {} {kind} verdicts are wrong:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    assert!(rows.len() >= 1_300, "the list has {} rows", rows.len());
    assert!(wrong.len() * 1_000 <= rows.len() * (1_000 - per_mille), "more verdicts are wrong than expected");
}
