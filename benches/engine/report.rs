//! Measurements in processes of their own, and tables of them.

use std::collections::BTreeMap;
use std::fmt;
use std::process::{Command, Stdio};

use crate::usage::quantile;

/// What was measured, by its name.
#[derive(Debug, Clone, Default)]
pub struct Numbers(BTreeMap<String, f64>);

impl Numbers {
    pub fn set(&mut self, name: &str, value: f64) {
        self.0.insert(name.to_owned(), value);
    }

    pub fn get(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(f64::NAN)
    }
}

impl<'a> Extend<(&'a str, f64)> for Numbers {
    fn extend<I: IntoIterator<Item = (&'a str, f64)>>(&mut self, numbers: I) {
        for (name, value) in numbers {
            self.set(name, value);
        }
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(name, value)| writeln!(f, "{name} {value}"))
    }
}

/// Runs a program that prints numbers. Empty if it cannot.
pub fn of_program(program: &mut Command) -> Numbers {
    let output = program.stderr(Stdio::inherit()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let number = |line: &str| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    Numbers(text.lines().filter_map(number).collect())
}

/// Runs a part of this program in a process of its own.
pub fn of_part(arguments: &[&str]) -> Numbers {
    eprintln!("measuring: {}", arguments.join(" "));
    let program = std::env::current_exe().expect("the path of this program");
    let numbers = of_program(Command::new(program).arg("--only").args(arguments));
    assert!(!numbers.0.is_empty(), "{arguments:?} measures nothing");
    numbers
}

/// The median of each number.
pub fn medians(all: &[Numbers]) -> Numbers {
    let mut medians = Numbers::default();
    for name in all.iter().flat_map(|numbers| numbers.0.keys()) {
        let mut values: Vec<f64> = all.iter().filter_map(|numbers| numbers.0.get(name)).copied().collect();
        medians.set(name, quantile(&mut values, 0.5));
    }
    medians
}

/// Prints the head of a table in Markdown.
pub fn head(title: &str, columns: &[&str]) {
    println!("\n| {title} | {} |\n|---{}|", columns.join(" | "), "|--:".repeat(columns.len()));
}

/// Prints a row.
pub fn row(name: &str, values: &[String]) {
    println!("| {name} | {} |", values.join(" | "));
}

/// A number as it is read best: three digits that count.
pub fn show(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "-".to_owned(),
        size if size >= 100.0 => thousands(value),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
