//! Durations in options: `"1h30m"`.

use std::time::Duration;

use event_conventions::{format_duration, parse_duration};
use syn::{Expr, ExprLit, Lit};

use crate::errors::Errors;
use crate::parse::option::Opt;

/// In milliseconds.
pub(super) const SECOND: u64 = 1_000;

/// In milliseconds.
pub(super) const DAY: u64 = 24 * 60 * 60 * SECOND;

/// The milliseconds of `key = "1h"`, within bounds.
pub(super) fn duration(option: &Opt, least: u64, greatest: u64, errors: &mut Errors) -> Option<u64> {
    let value = option.value(errors)?;
    let Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) = value else {
        errors.at(
            value,
            format!("`{}` is a duration: write `\"30s\"`, `\"5m\"`, `\"1h30m\"` or `\"7d\"`", option.name()),
        );
        return None;
    };
    let milliseconds = match parse_duration(&literal.value()) {
        Ok(duration) => u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        Err(error) => {
            errors.at(literal, error.to_string());
            return None;
        }
    };
    if milliseconds < least || milliseconds > greatest {
        let [least, greatest] = [least, greatest].map(|bound| format_duration(Duration::from_millis(bound)));
        errors.at(literal, format!("`{}` is {least} to {greatest}", option.name()));
        return None;
    }
    Some(milliseconds)
}
