//! The rules of a field: `#[validate(..)]`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Expr, LitStr};

use crate::attr::{self, Numeral, Opt};
use crate::errors::Errors;

const RULES: &[&str] = &["length", "range", "email", "url", "uuid", "pattern", "nested"];

/// A rule, with the span of its key: where an error reads "this rule does not fit".
pub(crate) struct Rule {
    pub(crate) span: Span,
    pub(crate) kind: RuleKind,
}

/// What a rule demands.
pub(crate) enum RuleKind {
    Length { min: Option<usize>, max: Option<usize> },
    Range { min: Option<Limit>, max: Option<Limit> },
    Email,
    Url,
    Uuid,
    Pattern(LitStr),
    Nested,
}

/// A bound of a range: its number, and the user's own tokens for it.
pub(crate) struct Limit {
    pub(crate) number: Numeral,
    pub(crate) tokens: TokenStream,
}

/// Reads the rules of a field.
pub(crate) fn rules(attributes: &[Attribute], errors: &mut Errors) -> Vec<Rule> {
    let options = attr::of_attributes(attributes, "validate", errors);
    options.iter().filter_map(|option| rule(option, errors)).collect()
}

fn rule(option: &Opt, errors: &mut Errors) -> Option<Rule> {
    let flag = |kind, errors: &mut Errors| {
        option.flag(errors);
        Some(kind)
    };
    let kind = match option.name().as_str() {
        "length" => length(option, errors),
        "range" => range(option, errors),
        "email" => flag(RuleKind::Email, errors),
        "url" => flag(RuleKind::Url, errors),
        "uuid" => flag(RuleKind::Uuid, errors),
        "nested" => flag(RuleKind::Nested, errors),
        "pattern" => pattern(option, errors),
        _ => {
            option.unknown("rule", RULES, errors);
            None
        }
    };
    Some(Rule { span: option.span(), kind: kind? })
}

fn length(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let (mut min, mut max) = (None, None);
    let bounds = option.options("min = 1, max = 120", errors)?;
    for bound in &bounds {
        let slot: &mut [&mut Option<usize>] = match bound.name().as_str() {
            "min" => &mut [&mut min],
            "max" => &mut [&mut max],
            "equal" => &mut [&mut min, &mut max],
            _ => {
                bound.unknown("option of `length`", &["min", "max", "equal"], errors);
                continue;
            }
        };
        let parsed = bound.integer(errors).map(|literal| (literal.base10_parse::<usize>(), literal));
        match parsed {
            Some((Ok(number), _)) => slot.iter_mut().for_each(|slot| **slot = Some(number)),
            Some((Err(error), literal)) => errors.at(literal, format!("not a length: {error}")),
            None => {}
        }
    }
    if let (Some(least), Some(most)) = (min, max)
        && least > most
    {
        errors.at(
            option,
            format!("no length is at least {least} and at most {most}: exchange `min` and `max`"),
        );
    }
    Some(RuleKind::Length { min, max })
}

fn range(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let (mut min, mut max) = (None, None);
    let bounds = option.options("min = 1, max = 10", errors)?;
    for bound in &bounds {
        let slot = match bound.name().as_str() {
            "min" => &mut min,
            "max" => &mut max,
            _ => {
                bound.unknown("option of `range`", &["min", "max"], errors);
                continue;
            }
        };
        *slot = bound.value(errors).cloned().and_then(|value| limit(&value, errors));
    }
    if let (Some(least), Some(most)) = (&min, &max)
        && least.number.is_greater_than(&most.number)
    {
        let message = format!("no number is at least {} and at most {}", least.tokens, most.tokens);
        errors.at(option, message + ": exchange `min` and `max`");
    }
    Some(RuleKind::Range { min, max })
}

fn limit(value: &Expr, errors: &mut Errors) -> Option<Limit> {
    attr::numeral(value, errors).map(|number| Limit { number, tokens: value.to_token_stream() })
}

impl Numeral {
    #[allow(clippy::cast_precision_loss, reason = "bounds of different kinds are only compared roughly")]
    fn is_greater_than(&self, other: &Self) -> bool {
        let float = |numeral: &Self| match numeral {
            Self::Integer(number) => *number as f64,
            Self::Float(number) => *number,
        };
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a > b,
            (a, b) => float(a) > float(b),
        }
    }
}

fn pattern(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let pattern = option.argument(errors)?;
    match regex::Regex::new(&pattern.value()) {
        Ok(_) => Some(RuleKind::Pattern(pattern)),
        Err(error) => {
            errors.at(&pattern, format!("not a regular expression: {error}"));
            None
        }
    }
}
