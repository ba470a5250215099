//! Rules as data.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::option;
use crate::check::number::{Limit, Numeral};
use crate::check::rule::{Format, Part, RuleKind};
use crate::parse::option::path_text;

// Input:  `length(min = 1)`
// Output: `Rule::Length { min: Some(1), max: None }`
pub(super) fn rule(private: &TokenStream, rule: &RuleKind) -> Option<TokenStream> {
    let bounds = |min: &Option<Limit>, max: &Option<Limit>| {
        let bound = |limit: &Option<Limit>| option(limit.as_ref().map(|limit| bound(private, limit)));
        (bound(min), bound(max))
    };
    let kind = match rule {
        RuleKind::Length { min, max } => {
            let (min, max) = (option(min.map(|min| quote!(#min))), option(max.map(|max| quote!(#max))));
            quote!(Length { min: #min, max: #max })
        }
        RuleKind::Range { min, max } => {
            let (min, max) = bounds(min, max);
            quote!(Range { min: #min, max: #max })
        }
        RuleKind::MultipleOf(number) => quote!(MultipleOf(#number)),
        RuleKind::OneOfTexts(texts) => quote!(OneOf(&[#(#private::Choice::Text(#texts)),*])),
        RuleKind::OneOfNumbers(numbers) => {
            let numbers = numbers.iter().map(|number| bound(private, number));
            quote!(OneOf(&[#(#private::Choice::Number(#numbers)),*]))
        }
        RuleKind::Format(format) => format_rule(private, *format),
        RuleKind::Pattern(pattern) => {
            let literal = &pattern.literal;
            quote!(Pattern(#literal))
        }
        RuleKind::Part(Part::Start, text) => quote!(StartsWith(#text)),
        RuleKind::Part(Part::End, text) => quote!(EndsWith(#text)),
        RuleKind::Part(Part::Anywhere, text) => quote!(Contains(#text)),
        RuleKind::Unique => quote!(Unique),
        RuleKind::Inner(rules) => {
            let rules = rules.iter().filter_map(|one| self::rule(private, &one.kind));
            quote!(Inner(&[#(#rules),*]))
        }
        RuleKind::Custom(path) => {
            let path = path_text(path);
            quote!(Custom(#path))
        }
        RuleKind::Nested => return None,
    };
    Some(quote!(#private::Rule::#kind))
}

fn format_rule(private: &TokenStream, format: Format) -> TokenStream {
    match format {
        Format::Email => quote!(Email),
        Format::Url => quote!(Url),
        Format::Uuid => quote!(Uuid),
        Format::Ip => quote!(Ip(#private::IpVersion::Any)),
        Format::Ipv4 => quote!(Ip(#private::IpVersion::V4)),
        Format::Ipv6 => quote!(Ip(#private::IpVersion::V6)),
        Format::DateTime => quote!(DateTime),
    }
}

fn bound(private: &TokenStream, limit: &Limit) -> TokenStream {
    match limit.number {
        Numeral::Integer(number) => quote!(#private::Bound::Integer(#number)),
        Numeral::Float(number) => quote!(#private::Bound::Float(#number)),
    }
}
