//! Tables of names and the verdicts on them: kind, name, `accept` or `reject`, tab-separated.

use event_conventions::{check_action, check_domain, check_event_name};

pub(crate) struct Row<'a> {
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) accept: bool,
}

/// The rows of a table, without its comments and its header.
pub(crate) fn read(table: &str) -> Vec<Row<'_>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("kind\t"))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(Row { kind: cells.next()?, name: cells.next()?, accept: cells.next()? == "accept" })
        })
        .collect()
}

/// The rows whose verdict is wrong, each as a line.
pub(crate) fn wrong(rows: &[Row<'_>]) -> Vec<String> {
    rows.iter()
        .filter(|row| accepts(row) != row.accept)
        .map(|row| format!("{} {}: should {}", row.kind, row.name, if row.accept { "pass" } else { "fail" }))
        .collect()
}

fn accepts(row: &Row<'_>) -> bool {
    match row.kind {
        "action" => check_action(row.name).is_ok(),
        "domain" => check_domain(row.name).is_ok(),
        _ => check_event_name(row.name).is_ok(),
    }
}
