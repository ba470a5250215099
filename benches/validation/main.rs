//! What validation costs: here, by hand, and with others, in one run.
//!
//! ```text
//! npm ci --prefix benches/zod          # once, for the rows of Zod
//! cargo bench -p event-benches --bench validation
//! ```
//!
//! Prints a table in Markdown: instructions of a call (they hardly vary, and need valgrind) and the median time.

#![allow(unreachable_pub, reason = "a program has no public interface")]
#![allow(missing_docs, reason = "generated types and constants of peers")]

mod cases;
mod hand;
#[path = "../measure.rs"]
mod measure;
mod ours;
mod payloads;
mod peers;
mod zod;

use cases::cases;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, calls, case] = &arguments[..]
        && flag == "--calls"
    {
        let case = case.parse().ok().and_then(|case: usize| cases().into_iter().nth(case)).expect("a case");
        return measure::repeat((case.prepare)(), calls.parse().expect("a number of calls"));
    }
    print_tables();
}

fn print_tables() {
    let cases = cases();
    let zod = zod::run();
    for (index, case) in cases.iter().enumerate() {
        // A schema may say the same thing twice.
        assert!((case.prepare)()() >= case.issues, "{}, {}: issues", case.table, case.with);
        assert_eq!((case.prepare)()() > 0, case.issues > 0, "{}, {}", case.table, case.with);
        if index == 0 || cases[index - 1].table != case.table {
            println!("\n| {} | instructions | ns |\n|---|--:|--:|", case.table);
        }
        let instructions = measure::instructions(index).map_or("-".to_owned(), |number| number.to_string());
        println!("| {} | {instructions} | {:.0} |", case.with, measure::nanoseconds((case.prepare)()));
        if cases.get(index + 1).is_none_or(|next| next.table != case.table) {
            let time = zod.get(case.table).map_or("not installed".to_owned(), |time| format!("{time:.0}"));
            println!("| Zod 4 on Node | - | {time} |");
        }
    }
}
