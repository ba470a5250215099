//! The rules of a field: `#[validate(..)]`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr, Path};

use super::number::{Limit, limit};
use super::pattern::{Pattern, pattern};
use crate::errors::Errors;
use crate::parse::option::Opt;

const RULES: &[&str] = &[
    "length",
    "range",
    "multiple_of",
    "one_of",
    "email",
    "url",
    "uuid",
    "ip",
    "datetime",
    "pattern",
    "starts_with",
    "ends_with",
    "contains",
    "unique",
    "inner",
    "custom",
    "nested",
    "skip",
];

/// A rule, with the span of its key: where an error reads "this rule does not fit".
pub(crate) struct Rule {
    pub(crate) span: Span,
    pub(crate) kind: RuleKind,
}

/// The demand of a rule.
pub(crate) enum RuleKind {
    Length {
        min: Option<usize>,
        max: Option<usize>,
    },
    Range {
        min: Option<Limit>,
        max: Option<Limit>,
    },
    MultipleOf(u64),
    OneOfTexts(Vec<LitStr>),
    OneOfNumbers(Vec<Limit>),
    Format(Format),
    Pattern(Pattern),
    /// A text at the beginning, at the end, or anywhere.
    Part(Part, LitStr),
    Unique,
    Inner(Vec<Rule>),
    Custom(Path),
    Nested,
}

/// A format of texts.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Format {
    Email,
    Url,
    Uuid,
    Ip,
    Ipv4,
    Ipv6,
    DateTime,
}

impl Format {
    /// The name of the function that checks it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Url => "url",
            Self::Uuid => "uuid",
            Self::Ip => "ip",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::DateTime => "datetime",
        }
    }
}

/// The part of a text that a rule is about.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part {
    Start,
    End,
    Anywhere,
}

impl Part {
    /// The name of the rule.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Start => "starts_with",
            Self::End => "ends_with",
            Self::Anywhere => "contains",
        }
    }
}

/// Reads a rule.
pub(super) fn rule(option: &Opt, errors: &mut Errors) -> Option<Rule> {
    let part = |part, errors: &mut Errors| Some(RuleKind::Part(part, some_text(option, errors)?));
    let kind = match option.name().as_str() {
        "length" => length(option, errors),
        "range" => range(option, errors),
        "multiple_of" => multiple_of(option, errors),
        "one_of" => one_of(option, errors),
        "email" => Some(flag(option, RuleKind::Format(Format::Email), errors)),
        "url" => Some(flag(option, RuleKind::Format(Format::Url), errors)),
        "uuid" => Some(flag(option, RuleKind::Format(Format::Uuid), errors)),
        "datetime" => Some(flag(option, RuleKind::Format(Format::DateTime), errors)),
        "ip" => ip(option, errors),
        "pattern" => option.argument(errors).and_then(|text| pattern(text, errors)).map(RuleKind::Pattern),
        "starts_with" => part(Part::Start, errors),
        "ends_with" => part(Part::End, errors),
        "contains" => part(Part::Anywhere, errors),
        "unique" => Some(flag(option, RuleKind::Unique, errors)),
        "inner" => inner(option, errors),
        "custom" => option.path(errors).map(RuleKind::Custom),
        "nested" => Some(flag(option, RuleKind::Nested, errors)),
        "skip" => {
            errors
                .at(&option.key, "`skip` is about the whole field: write `#[validate(skip)]` beside `inner`");
            None
        }
        "refine" => {
            errors.at(&option.key, "`refine` looks at all fields: write it above the variant or the struct");
            None
        }
        _ => {
            option.unknown("rule", RULES, errors);
            None
        }
    };
    Some(Rule { span: option.span(), kind: kind? })
}

/// A rule without options.
fn flag(option: &Opt, kind: RuleKind, errors: &mut Errors) -> RuleKind {
    option.flag(errors);
    kind
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
    if bounds.len() > 1
        && let Some(equal) = bounds.iter().find(|bound| bound.name() == "equal")
    {
        errors.at(equal, "`equal` stands alone: it is both bounds");
    } else if let (Some(least), Some(most)) = (min, max)
        && least > most
    {
        let message = format!("no length is at least {least} and at most {most}: exchange `min` and `max`");
        errors.at(option, message);
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

fn multiple_of(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let value = option.one("5", errors)?;
    match &value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
            match number.base10_parse() {
                Ok(0) => errors.at(&value, "no number is a multiple of 0: write 1 or more"),
                Ok(number) => return Some(RuleKind::MultipleOf(number)),
                Err(error) => errors.at(&value, format!("not a number: {error}")),
            }
            None
        }
        _ => {
            errors.at(&value, "`multiple_of` takes a whole number: write `multiple_of(5)`");
            None
        }
    }
}

fn one_of(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let values = option.expressions("\"eu\", \"us\"", errors)?;
    let mut earlier = Vec::new();
    for value in &values {
        let written = value.to_token_stream().to_string();
        if earlier.contains(&written) {
            errors.at(value, "this value is there twice: remove one");
        }
        earlier.push(written);
    }
    let texts: Vec<LitStr> = values.iter().filter_map(as_text).collect();
    if texts.len() == values.len() {
        return Some(RuleKind::OneOfTexts(texts));
    }
    if !texts.is_empty() {
        errors.at(option, "the values of `one_of` are all texts or all numbers");
        return None;
    }
    let numbers: Option<Vec<Limit>> = values.iter().map(|value| limit(value, errors)).collect();
    numbers.map(RuleKind::OneOfNumbers)
}

fn as_text(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

fn ip(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    if option.is_bare() {
        return Some(RuleKind::Format(Format::Ip));
    }
    let versions = option.options("v4", errors)?;
    let [version] = &versions[..] else {
        errors.at(option, "`ip` takes one version: write `ip(v4)`, `ip(v6)`, or `ip` for both");
        return None;
    };
    match version.name().as_str() {
        "v4" => Some(flag(version, RuleKind::Format(Format::Ipv4), errors)),
        "v6" => Some(flag(version, RuleKind::Format(Format::Ipv6), errors)),
        _ => {
            version.unknown("version of `ip`", &["v4", "v6"], errors);
            None
        }
    }
}

/// The text of a rule, which is not empty: the empty text begins, ends and is in every text.
fn some_text(option: &Opt, errors: &mut Errors) -> Option<LitStr> {
    let text = option.argument(errors)?;
    if text.value().is_empty() {
        errors.at(&text, format!("every text passes `{}(\"\")`: write some characters", option.name()));
        return None;
    }
    Some(text)
}

fn inner(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let options = option.options("length(max = 32)", errors)?;
    let mut rules = Vec::new();
    for option in &options {
        if option.name() == "nested" {
            errors
                .at(option, "elements are entered by themselves: write `nested` beside `inner`, or nothing");
        } else {
            rules.extend(rule(option, errors));
        }
    }
    Some(RuleKind::Inner(rules))
}
