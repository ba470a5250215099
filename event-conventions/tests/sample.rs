//! The shared sample of words and event names: every row is right.

mod table;

#[test]
fn every_row_of_the_sample_is_right() {
    let table = table::read(include_str!("data/sample.tsv"));
    let wrong = table::wrong(&table);
    assert!(table.len() >= 800, "the sample has {} rows", table.len());
    assert!(wrong.is_empty(), "{} wrong verdicts:\n{}", wrong.len(), wrong.join("\n"));
}
