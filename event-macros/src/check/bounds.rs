//! Rules with bounds: `length` and `range`.

use std::cmp::Ordering;

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::number::{Limit, Numeral, limit};
use super::rule::RuleKind;
use crate::errors::Errors;
use crate::parse::option::Opt;

/// A bound of a length.
#[derive(Clone)]
pub(crate) enum Count {
    /// A number.
    Number(usize),
    /// What only the compiler knows.
    Constant(TokenStream),
}

impl Count {
    /// The number, if it is known.
    pub(crate) const fn number(&self) -> Option<usize> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Constant(_) => None,
        }
    }
}

/// A bound of a range.
pub(crate) struct Edge {
    pub(crate) limit: Limit,
    /// The bound itself is outside.
    pub(crate) excluded: bool,
}

/// Reads `length(min = 1, max = 120)` or `length(equal = 2)`.
pub(super) fn length(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let (mut min, mut max) = (None, None);
    let bounds = option.options("min = 1, max = 120", errors)?;
    for bound in &bounds {
        match bound.name().as_str() {
            "min" => min = count(bound, errors),
            "max" => max = count(bound, errors),
            "equal" => {
                min = count(bound, errors);
                max.clone_from(&min);
            }
            _ => bound.unknown("option of `length`", &["min", "max", "equal"], errors),
        }
    }
    if bounds.len() > 1
        && let Some(equal) = bounds.iter().find(|bound| bound.name() == "equal")
    {
        errors.at(equal, "`equal` stands alone: it is both bounds");
    } else if let (Some(Count::Number(least)), Some(Count::Number(most))) = (&min, &max)
        && least > most
    {
        let message = format!("no length is at least {least} and at most {most}: exchange `min` and `max`");
        errors.at(option, message);
    }
    Some(RuleKind::Length { min, max })
}

fn count(bound: &Opt, errors: &mut Errors) -> Option<Count> {
    let value = bound.value(errors)?;
    let Limit { number, tokens } = limit(value, errors)?;
    let number = match number {
        Numeral::Constant => return Some(Count::Constant(tokens)),
        Numeral::Integer(number) => usize::try_from(number).ok(),
        Numeral::Unsigned(_) | Numeral::Float(_) => None,
    };
    if number.is_none() {
        errors.at(value, "a length is a whole number, 0 or more, that a `usize` holds");
    }
    number.map(Count::Number)
}

const EDGES: &[&str] = &["min", "max", "above", "below"];

/// Reads `range(min = 1, max = 10)`, or `range(above = 0, below = 10)` without the bounds themselves.
pub(super) fn range(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let (mut lower, mut upper) = (None, None);
    for bound in &option.options("min = 1, max = 10", errors)? {
        let name = bound.name();
        let (slot, other) = match name.as_str() {
            "min" => (&mut lower, "above"),
            "above" => (&mut lower, "min"),
            "max" => (&mut upper, "below"),
            "below" => (&mut upper, "max"),
            _ => {
                unknown_edge(bound, errors);
                continue;
            }
        };
        if slot.is_some() {
            errors.at(bound, format!("`{name}` and `{other}` bound the same side: remove one"));
        }
        let limit = bound.value(errors).cloned().and_then(|value| limit(&value, errors));
        *slot = limit.map(|limit| Edge { limit, excluded: matches!(name.as_str(), "above" | "below") });
    }
    if let (Some(lower), Some(upper)) = (&lower, &upper) {
        never_within(option, lower, upper, errors);
    }
    Some(RuleKind::Range { lower, upper })
}

/// Tells the word that is meant by one of another library.
fn unknown_edge(bound: &Opt, errors: &mut Errors) {
    let meant = match bound.name().as_str() {
        "gt" | "greater_than" | "exclusive_min" | "exclusive_minimum" | "more_than" => "above",
        "lt" | "less_than" | "exclusive_max" | "exclusive_maximum" => "below",
        "gte" | "ge" | "at_least" => "min",
        "lte" | "le" | "at_most" => "max",
        _ => return bound.unknown("option of `range`", EDGES, errors),
    };
    errors.at(&bound.key, format!("unknown option of `range` `{}`: did you mean `{meant}`?", bound.name()));
}

fn never_within(option: &Opt, lower: &Edge, upper: &Edge, errors: &mut Errors) {
    let are_excluded = lower.excluded || upper.excluded;
    let help = match lower.limit.number.compare(&upper.limit.number) {
        Some(Ordering::Greater) if are_excluded => ": exchange the numbers",
        Some(Ordering::Greater) => ": exchange `min` and `max`",
        Some(Ordering::Equal) if are_excluded => "",
        _ if lower.excluded && upper.excluded && are_neighbours(lower, upper) => "",
        _ => return,
    };
    errors.at(option, format!("no number is {} and {}{help}", at_least(lower), at_most(upper)));
}

/// Tells whether no integer is between two.
fn are_neighbours(lower: &Edge, upper: &Edge) -> bool {
    match (lower.limit.number, upper.limit.number) {
        (Numeral::Integer(lower), Numeral::Integer(upper)) => lower.checked_add(1) == Some(upper),
        _ => false,
    }
}

/// The lower bound in words.
pub(crate) fn at_least(Edge { limit, excluded }: &Edge) -> String {
    let how = if *excluded { "above" } else { "at least" };
    format!("{how} {}", limit.tokens.to_token_stream().to_string().replace("- ", "-"))
}

/// The upper bound in words.
pub(crate) fn at_most(Edge { limit, excluded }: &Edge) -> String {
    let how = if *excluded { "below" } else { "at most" };
    format!("{how} {}", limit.tokens.to_token_stream().to_string().replace("- ", "-"))
}
