//! The rules of a field: `#[validate(..)]`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr, Path};

use super::bounds::{Count, Edge, length, range};
use super::format::{Format, format};
use super::number::{Limit, Numeral, integer, limit};
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
    "uri_reference",
    "hostname",
    "uuid",
    "ip",
    "datetime",
    "date",
    "time",
    "pattern",
    "starts_with",
    "ends_with",
    "contains",
    "unique",
    "inner",
    "keys",
    "custom",
    "or_empty",
    "nested",
    "skip",
];

/// A rule, with the span of its key: where an error reads "this rule does not fit".
pub(crate) struct Rule {
    pub(crate) span: Span,
    pub(crate) kind: RuleKind,
    /// What its issues say instead.
    pub(crate) message: Option<LitStr>,
}

/// The demand of a rule.
pub(crate) enum RuleKind {
    Length {
        min: Option<Count>,
        max: Option<Count>,
    },
    Range {
        lower: Option<Edge>,
        upper: Option<Edge>,
    },
    MultipleOf(u128),
    OneOfTexts(Vec<LitStr>),
    OneOfNumbers(Vec<Limit>),
    Format(Format),
    Pattern(Pattern),
    /// A text at the beginning, at the end, or anywhere.
    Part(Part, LitStr),
    Unique,
    /// Rules of each element.
    Inner(Vec<Rule>),
    /// Rules of each key of a map.
    Keys(Vec<Rule>),
    /// Rules of a text that is not empty.
    OrEmpty(Vec<Rule>),
    Custom(Path),
    Nested,
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

/// Reads the rules of a value.
pub(super) fn rules<'o>(options: impl IntoIterator<Item = &'o Opt>, errors: &mut Errors) -> Vec<Rule> {
    let (mut rules, mut or_empty) = (Vec::new(), None);
    for option in options {
        if option.name() == "or_empty" {
            option.flag(errors);
            or_empty = Some(option);
        } else {
            rules.extend(rule(option, errors));
        }
    }
    let Some(option) = or_empty else { return rules };
    let (nested, own): (Vec<Rule>, _) =
        rules.into_iter().partition(|rule| matches!(rule.kind, RuleKind::Nested));
    if own.is_empty() {
        errors.at(option, "`or_empty` excuses an empty text from other rules: write one beside it");
    }
    let excused = Rule { span: option.span(), kind: RuleKind::OrEmpty(own), message: None };
    nested.into_iter().chain([excused]).collect()
}

/// Reads a rule.
fn rule(written: &Opt, errors: &mut Errors) -> Option<Rule> {
    let has_rules_inside = matches!(written.name().as_str(), "inner" | "keys");
    let (option, message) = if has_rules_inside { (None, None) } else { written.without("message") };
    let option = option.as_ref().unwrap_or(written);
    let kind = match format(option, errors) {
        Some(format) => Some(RuleKind::Format(format)),
        None => kind(option, errors),
    };
    let message = message.and_then(|message| said(&message, errors));
    Some(Rule { span: option.span(), kind: kind?, message })
}

/// The words of the user.
fn said(message: &Opt, errors: &mut Errors) -> Option<LitStr> {
    let text = message.text(errors)?;
    if text.value().trim().is_empty() {
        errors.at(&text, "a message says what is wrong: write some words");
        return None;
    }
    Some(text)
}

fn kind(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let part = |part, errors: &mut Errors| Some(RuleKind::Part(part, some_text(option, errors)?));
    match option.name().as_str() {
        "length" => length(option, errors),
        "range" => range(option, errors),
        "multiple_of" => multiple_of(option, errors),
        "one_of" => one_of(option, errors),
        "pattern" => option.argument(errors).and_then(|text| pattern(text, errors)).map(RuleKind::Pattern),
        "starts_with" => part(Part::Start, errors),
        "ends_with" => part(Part::End, errors),
        "contains" => part(Part::Anywhere, errors),
        "unique" => Some(flag(option, RuleKind::Unique, errors)),
        "inner" => within(option, "length(max = 32)", errors).map(RuleKind::Inner),
        "keys" => within(option, "length(max = 32)", errors).map(RuleKind::Keys),
        "custom" => option.one_path(errors).map(RuleKind::Custom),
        "nested" => Some(flag(option, RuleKind::Nested, errors)),
        other => {
            let place = match other {
                "skip" => "`skip` is about the whole field: write `#[validate(skip)]` beside `inner`",
                "refine" => "`refine` looks at all fields: write it above the variant or the struct",
                "message" => "a message belongs to a rule: write it inside, as in `email(message = \"..\")`",
                _ => {
                    option.unknown("rule", RULES, errors);
                    return None;
                }
            };
            errors.at(&option.key, place);
            None
        }
    }
}

/// A rule without options.
fn flag(option: &Opt, kind: RuleKind, errors: &mut Errors) -> RuleKind {
    option.flag(errors);
    kind
}

fn multiple_of(option: &Opt, errors: &mut Errors) -> Option<RuleKind> {
    let value = option.one("5", errors)?;
    let Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) = &value else {
        errors.at(&value, "`multiple_of` takes a whole number: write `multiple_of(5)`");
        return None;
    };
    let number = match errors.ok(integer(literal))? {
        Numeral::Integer(number) => number.unsigned_abs(),
        Numeral::Unsigned(number) => number,
        Numeral::Float(_) | Numeral::Constant => return None,
    };
    if number == 0 {
        errors.at(&value, "no number is a multiple of 0: write 1 or more");
        return None;
    }
    Some(RuleKind::MultipleOf(number))
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
    // All of them are looked at, so that each is reported.
    let numbers: Vec<Option<Limit>> = values.iter().map(|value| limit(value, errors)).collect();
    let numbers: Vec<Limit> = numbers.into_iter().collect::<Option<_>>()?;
    Some(RuleKind::OneOfNumbers(numbers))
}

fn as_text(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
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

/// The rules of elements or of keys.
fn within(option: &Opt, example: &str, errors: &mut Errors) -> Option<Vec<Rule>> {
    let options = option.options(example, errors)?;
    let (nested, own): (Vec<&Opt>, Vec<&Opt>) = options.iter().partition(|option| option.name() == "nested");
    for nested in nested {
        errors.at(nested, "elements are entered by themselves: write `nested` beside `inner`, or nothing");
    }
    Some(rules(own, errors))
}
