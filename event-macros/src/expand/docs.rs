//! Documentation from the declaration.

use proc_macro2::TokenStream;
use quote::quote;

use crate::attr::Numeral;
use crate::check::field::Field;
use crate::check::rule::{Limit, RuleKind};

/// `#[doc = ".."]` for a text and for the paragraphs after it.
pub(crate) fn attributes(text: &str, more: &[String]) -> TokenStream {
    let lines = text.lines().map(|line| format!(" {line}"));
    let more = more.iter().flat_map(|paragraph| {
        std::iter::once(String::new()).chain(paragraph.lines().map(|line| format!(" {line}")))
    });
    lines.chain(more).map(|line| quote!(#[doc = #line])).collect()
}

/// What the field is, for a field without documentation its name.
pub(crate) fn field_summary(field: &Field) -> String {
    if field.documentation.is_empty() { format!("`{}`", field.name) } else { field.documentation.clone() }
}

/// The rules of a field, as a paragraph of its documentation.
pub(crate) fn constraints(field: &Field) -> Vec<String> {
    let rules: Vec<String> = field.rules.iter().filter_map(|rule| constraint(&rule.kind)).collect();
    if rules.is_empty() { Vec::new() } else { vec![format!("Constraints: {}.", rules.join(", "))] }
}

/// A rule in a few words.
pub(crate) fn constraint(rule: &RuleKind) -> Option<String> {
    Some(match rule {
        RuleKind::Length { min, max } => match (min, max) {
            (Some(min), Some(max)) if min == max => format!("length {min}"),
            (Some(min), Some(max)) => format!("length {min} to {max}"),
            (Some(min), None) => format!("length at least {min}"),
            (None, Some(max)) => format!("length at most {max}"),
            (None, None) => return None,
        },
        RuleKind::Range { min, max } => match (min, max) {
            (Some(min), Some(max)) => format!("{} to {}", number(min), number(max)),
            (Some(min), None) => format!("at least {}", number(min)),
            (None, Some(max)) => format!("at most {}", number(max)),
            (None, None) => return None,
        },
        RuleKind::Email => "an e-mail address".to_owned(),
        RuleKind::Url => "an absolute URL".to_owned(),
        RuleKind::Uuid => "a UUID".to_owned(),
        RuleKind::Pattern(pattern) => format!("pattern `{}`", pattern.value()),
        RuleKind::Nested => return None,
    })
}

fn number(limit: &Limit) -> String {
    match limit.number {
        Numeral::Integer(number) => number.to_string(),
        Numeral::Float(number) => number.to_string(),
    }
}
