//! Times in options: `"1h30m"`.

use syn::{Expr, ExprLit, Lit};

use crate::attr::Opt;
use crate::errors::Errors;

/// In milliseconds.
pub(super) const SECOND: u64 = 1_000;

/// In milliseconds.
pub(super) const DAY: u64 = 24 * 60 * 60 * SECOND;

/// The milliseconds of `key = "1h"`, within bounds.
pub(super) fn duration(option: &Opt, least: u64, greatest: u64, errors: &mut Errors) -> Option<u64> {
    let value = option.value(errors)?;
    let parsed = match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => parse_duration(&text.value()),
        _ => None,
    };
    let Some(milliseconds) = parsed else {
        errors.at(
            value,
            format!("`{}` is a time: write `\"30s\"`, `\"5m\"`, `\"1h\"` or `\"1d\"`", option.name()),
        );
        return None;
    };
    if milliseconds < least || milliseconds > greatest {
        let bounds = format!("{} to {}", show(least), show(greatest));
        errors.at(value, format!("`{}` is {bounds}", option.name()));
        return None;
    }
    Some(milliseconds)
}

const UNITS: [(&str, u64); 6] =
    [("ms", 1), ("s", SECOND), ("m", 60 * SECOND), ("h", 3_600 * SECOND), ("d", DAY), ("w", 7 * DAY)];

/// `1h30m`: numbers with their units, one after the other.
fn parse_duration(text: &str) -> Option<u64> {
    let (mut rest, mut total) = (text, 0_u64);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|char: char| char.is_ascii_digit()).len();
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.len() - rest.trim_start_matches(|char: char| char.is_ascii_alphabetic()).len();
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == &rest[..letters])?;
        total = total.checked_add(number.checked_mul(*unit)?)?;
        rest = &rest[letters..];
    }
    Some(total)
}

/// A bound in its greatest whole unit.
fn show(milliseconds: u64) -> String {
    let unit = UNITS[..5].iter().rev().find(|(_, unit)| milliseconds.is_multiple_of(*unit));
    unit.map_or_else(String::new, |(name, unit)| format!("{}{name}", milliseconds / unit))
}

#[cfg(test)]
mod tests {
    use super::{DAY, parse_duration, show};

    #[test]
    fn times_are_numbers_with_units() {
        assert_eq!(parse_duration("1h30m"), Some(5_400_000));
        assert_eq!(parse_duration("250ms"), Some(250));
        for wrong in ["", "5", "s", "5 s", "1y", "-1s", "99999999999999999999d"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
        assert_eq!(show(7 * DAY), "7d");
        assert_eq!(show(60_000), "1m");
    }
}
