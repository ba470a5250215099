//! Rules as data.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::option;
use crate::check::bounds::{Count, Edge};
use crate::check::format::Format;
use crate::check::number::{Limit, Numeral};
use crate::check::rule::{Part, Rule, RuleKind};
use crate::parse::option::path_text;

// Input:  `length(min = 1)`
// Output: `Rule::Length { min: Some(1), max: None }`
pub(super) fn rule(private: &TokenStream, rule: &RuleKind) -> Option<TokenStream> {
    let kind = match rule {
        RuleKind::Length { min, max } => {
            let count = |bound: &Option<Count>| option(bound.as_ref().map(|bound| count(private, bound)));
            let (min, max) = (count(min), count(max));
            quote!(Length { min: #min, max: #max })
        }
        RuleKind::Range { lower, upper } => {
            let edge = |edge: &Option<Edge>, excluded| {
                let edge = edge.as_ref().filter(|edge| edge.excluded == excluded);
                option(edge.map(|edge| bound(private, &edge.limit)))
            };
            let (min, max, above, below) =
                (edge(lower, false), edge(upper, false), edge(lower, true), edge(upper, true));
            quote!(Range { min: #min, max: #max, above: #above, below: #below })
        }
        RuleKind::MultipleOf(number) => quote!(MultipleOf(#number)),
        RuleKind::OneOfTexts(texts) => quote!(OneOf(&[#(#private::Choice::Text(#texts)),*])),
        RuleKind::OneOfNumbers(numbers) => {
            let numbers = numbers.iter().map(|number| bound(private, number));
            quote!(OneOf(&[#(#private::Choice::Number(#numbers)),*]))
        }
        RuleKind::Format(format) => format_rule(private, format),
        RuleKind::Pattern(pattern) => {
            let written = &pattern.written;
            quote!(Pattern(#written))
        }
        RuleKind::Part(Part::Start, text) => quote!(StartsWith(#text)),
        RuleKind::Part(Part::End, text) => quote!(EndsWith(#text)),
        RuleKind::Part(Part::Anywhere, text) => quote!(Contains(#text)),
        RuleKind::Unique => quote!(Unique),
        RuleKind::Inner(rules) => {
            let rules = each(private, rules);
            quote!(Inner(&[#(#rules),*]))
        }
        RuleKind::Keys(rules) => {
            let rules = each(private, rules);
            quote!(Keys(&[#(#rules),*]))
        }
        RuleKind::OrEmpty(rules) => {
            let rules = each(private, rules);
            quote!(OrEmpty(&[#(#rules),*]))
        }
        RuleKind::Custom(path) => {
            let path = path_text(path);
            quote!(Custom(#path))
        }
        RuleKind::Nested => return None,
    };
    Some(quote!(#private::Rule::#kind))
}

fn each<'r>(private: &'r TokenStream, rules: &'r [Rule]) -> impl Iterator<Item = TokenStream> + 'r {
    rules.iter().filter_map(|one| rule(private, &one.kind))
}

fn format_rule(private: &TokenStream, format: &Format) -> TokenStream {
    match format {
        Format::Email => quote!(Email),
        Format::Url(schemes) if schemes.is_empty() => quote!(Url),
        Format::Url(schemes) => quote!(UrlOf(&[#(#schemes),*])),
        Format::UriReference => quote!(UriReference),
        Format::Hostname => quote!(Hostname),
        Format::Uuid(None) => quote!(Uuid),
        Format::Uuid(Some(version)) => quote!(UuidOf(#version)),
        Format::Ip => quote!(Ip(#private::IpVersion::Any)),
        Format::Ipv4 => quote!(Ip(#private::IpVersion::V4)),
        Format::Ipv6 => quote!(Ip(#private::IpVersion::V6)),
        Format::DateTime => quote!(DateTime),
        Format::Date => quote!(Date),
        Format::Time => quote!(Time),
    }
}

/// A bound as data. That a constant is of the right type is said where the rule is called.
pub(super) fn bound(private: &TokenStream, Limit { number, tokens }: &Limit) -> TokenStream {
    match number {
        Numeral::Integer(number) => quote!(#private::Bound::Integer(#number)),
        Numeral::Unsigned(number) => quote!(#private::Bound::Unsigned(#number)),
        Numeral::Float(number) => quote!(#private::Bound::Float(#number)),
        Numeral::Constant => quote!(#private::rules::Constant(#tokens).bound()),
    }
}

fn count(private: &TokenStream, count: &Count) -> TokenStream {
    match count {
        Count::Number(number) => quote!(#number),
        Count::Constant(tokens) => quote!(#private::rules::Constant(#tokens).bound().count()),
    }
}

/// Bounds that are constants are compared by the compiler.
pub(super) fn assert_in_order(private: &TokenStream, rules: &[Rule]) -> TokenStream {
    let asserts = rules.iter().map(|rule| match &rule.kind {
        RuleKind::Length { min: Some(min), max: Some(max) }
            if min.number().is_none() || max.number().is_none() =>
        {
            let bound = |count: &Count| match count {
                Count::Number(number) => quote!(#private::rules::Constant(#number).bound()),
                Count::Constant(tokens) => quote!(#private::rules::Constant(#tokens).bound()),
            };
            assert(private, rule, [bound(min), bound(max)], false, "length")
        }
        RuleKind::Range { lower: Some(lower), upper: Some(upper) }
            if lower.limit.number.is_constant() || upper.limit.number.is_constant() =>
        {
            let bounds = [bound(private, &lower.limit), bound(private, &upper.limit)];
            assert(private, rule, bounds, lower.excluded || upper.excluded, "number")
        }
        RuleKind::Inner(rules) | RuleKind::Keys(rules) | RuleKind::OrEmpty(rules) => {
            assert_in_order(private, rules)
        }
        _ => TokenStream::new(),
    });
    asserts.collect()
}

fn assert(
    private: &TokenStream,
    rule: &Rule,
    [lower, upper]: [TokenStream; 2],
    strictly: bool,
    what: &str,
) -> TokenStream {
    let message = format!("no {what} is within these bounds: the lower one is greater than the upper one");
    let assert = quote!(const _: () = #private::rules::assert_in_order(#lower, #upper, #strictly, #message););
    super::tokens::respan(assert, rule.span)
}
