//! Documentation from the declaration.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, LitStr, Type};

use crate::check::bounds::{Count, Edge};
use crate::check::container::Container;
use crate::check::field::Field;
use crate::check::format::Format;
use crate::check::number::{Limit, Numeral};
use crate::check::payload::Payload;
use crate::check::rule::{Part, Rule, RuleKind};
use crate::check::shape::arguments;
use crate::parse::documentation::Documentation;
use crate::parse::option::path_text;

/// `#[doc = ".."]` for paragraphs, each of them after an empty line.
pub(super) fn paragraphs(paragraphs: &[String]) -> TokenStream {
    let lines = paragraphs.iter().flat_map(|paragraph| {
        std::iter::once(String::new()).chain(paragraph.lines().map(|line| format!(" {line}")))
    });
    lines.map(|line| quote!(#[doc = #line])).collect()
}

/// The user's documentation of a field; without one its name in words: `Customer id.` of `customer_id`.
pub(super) fn field_summary(field: &Field) -> Documentation {
    if field.documentation.is_empty() {
        let words = field.ident.unraw().to_string().replace('_', " ");
        let mut letters = words.trim().chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        format!("{}{}.", String::from_iter(first), letters.as_str()).into()
    } else {
        field.documentation.clone()
    }
}

/// The name of a field in JSON, if it is another one, and its rules, each as a paragraph of the documentation.
pub(super) fn constraints(field: &Field) -> Vec<String> {
    let renamed = field.flatten.is_none() && field.ident.unraw() != field.name.as_str();
    let name = renamed.then(|| format!("In JSON: `{}`.", field.name));
    let flat = field.flatten.map(|_| "In JSON its fields stand among those here.".to_owned());
    let key = field.key.map(|_| "The key of the event, or part of it.".to_owned());
    name.into_iter().chain(flat).chain(key).chain(constraints_of_value(field)).collect()
}

/// The rules of a value, how it is made uniform, and that it is shown nowhere; each as a paragraph of the documentation.
pub(super) fn constraints_of_value(field: &Field) -> Vec<String> {
    let rules: Vec<String> = field.rules.iter().filter_map(|rule| constraint(&rule.kind)).collect();
    let normalized = field.normalize.map(|normalize| {
        format!("Made uniform when it is read: {}.", code(normalize.names().into_iter().map(str::to_owned)))
    });
    let rules = (!rules.is_empty()).then(|| format!("Constraints: {}.", rules.join(", ")));
    let sensitive = field.sensitive.then(|| "Sensitive: shown as `•••`.".to_owned());
    normalized.into_iter().chain(rules).chain(sensitive).collect()
}

/// The ownership and the deprecation of an event, each as a paragraph of its documentation.
pub(super) fn ownership(container: &Container) -> Vec<String> {
    let [owner, since, note] = container.ownership.details().map(|text| text.map(LitStr::value));
    let owner = owner.map(|owner| format!("Owner: {owner}."));
    // What is deprecated in Rust, rustdoc shows by itself.
    let is_shown = container.ownership.is_deprecated() && !container.deprecated;
    let deprecation = is_shown.then(|| {
        let since = since.map(|since| format!(" since {since}")).unwrap_or_default();
        let note = note.map(|note| format!(": {note}")).unwrap_or_default();
        format!("**Deprecated{since}**{note}")
    });
    owner.into_iter().chain(deprecation).collect()
}

/// A line of the documentation, where the conditions hold.
pub(super) fn line_if(cfgs: &[Attribute], line: &str) -> TokenStream {
    let conditions: Vec<&TokenStream> =
        cfgs.iter().filter_map(|cfg| Some(&cfg.meta.require_list().ok()?.tokens)).collect();
    match &conditions[..] {
        [] => quote!(#[doc = #line]),
        _ => quote!(#[cfg_attr(all(#(#conditions),*), doc = #line)]),
    }
}

/// The fields and their rules, each in one line, for a table; of a value without a name its type.
pub(super) fn fields_in_brief(payload: &Payload) -> String {
    match payload.transparent() {
        Some(field) => link(&field.ty.to_token_stream()),
        None => payload
            .fields
            .iter()
            .filter(|field| !field.hidden)
            .map(field_in_brief)
            .collect::<Vec<_>>()
            .join("<br>"),
    }
}

/// The type of the value, where there is one.
fn inner(ty: &Type) -> &Type {
    match (ty, &arguments(ty)[..]) {
        (Type::Path(path), [inner])
            if path.path.segments.last().is_some_and(|last| last.ident == "Option") =>
        {
            inner
        }
        _ => ty,
    }
}

/// A field, its type and its rules in one line.
fn field_in_brief(field: &Field) -> String {
    let rules: Vec<String> = field.rules.iter().filter_map(|rule| constraint(&rule.kind)).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(": {}", rules.join(", ")) };
    let sensitive = if field.sensitive { " *(sensitive)*" } else { "" };
    let key = if field.key.is_some() { " (key)" } else { "" };
    match field.flatten {
        Some(_) => format!("those of {}", link(&field.ty.to_token_stream())),
        None => {
            let may_be_left_out = if field.may_be_missing() { " *(optional)*" } else { "" };
            format!(
                "`{}: {}`{may_be_left_out}{key}{sensitive}{rules}",
                field.name,
                type_text(inner(&field.ty))
            )
        }
    }
}

/// A type as people write it.
pub(super) fn type_text(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "").replace(',', ", ")
}

/// A link to a type: `a::B`; anything but a plain path stands as it is.
pub(super) fn link(path: &TokenStream) -> String {
    let path = path.to_string().replace(' ', "");
    let is_plain = path.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | ':'));
    if is_plain { format!("[`{path}`]") } else { format!("`{path}`") }
}

/// A rule in a few words.
pub(super) fn constraint(rule: &RuleKind) -> Option<String> {
    Some(match rule {
        RuleKind::Length { min, max } => match (min.as_ref().map(count), max.as_ref().map(count)) {
            (Some(min), Some(max)) if min == max => format!("length {min}"),
            (Some(min), Some(max)) => format!("length {min} to {max}"),
            (Some(min), None) => format!("length at least {min}"),
            (None, Some(max)) => format!("length at most {max}"),
            (None, None) => return None,
        },
        RuleKind::Range { lower, upper } => range(lower.as_ref(), upper.as_ref())?,
        RuleKind::MultipleOf(number) => format!("a multiple of {number}"),
        RuleKind::OneOfTexts(texts) => format!("one of {}", code(texts.iter().map(LitStr::value))),
        RuleKind::OneOfNumbers(numbers) => format!("one of {}", code(numbers.iter().map(plain_number))),
        RuleKind::Format(format) => of_format(format),
        RuleKind::Pattern(pattern) => format!("pattern `{}`", pattern.literal.value()),
        RuleKind::Part(part, text) => {
            let how = match part {
                Part::Start => "starts with",
                Part::End => "ends with",
                Part::Anywhere => "contains",
            };
            format!("{how} `{}`", text.value())
        }
        RuleKind::Unique => "no element twice".to_owned(),
        RuleKind::Inner(rules) => format!("each element: {}", all(rules)),
        RuleKind::Keys(rules) => format!("each key: {}", all(rules)),
        RuleKind::OrEmpty(rules) => format!("empty, or {}", all(rules)),
        RuleKind::Custom(path) => format!("`{}`", path_text(path)),
        RuleKind::Nested => return None,
    })
}

fn all(rules: &[Rule]) -> String {
    rules.iter().filter_map(|rule| constraint(&rule.kind)).collect::<Vec<_>>().join(", ")
}

fn of_format(format: &Format) -> String {
    let text = match format {
        Format::Email => "an e-mail address",
        Format::Url(schemes) if schemes.is_empty() => "an absolute URL",
        Format::Url(schemes) => {
            return format!("an absolute URL with the scheme {}", code(schemes.iter().cloned()));
        }
        Format::UriReference => "a URL or a part of one (RFC 3986)",
        Format::Hostname => "a host name",
        Format::Uuid(None) => "a UUID",
        Format::Uuid(Some(version)) => return format!("a UUID of version {version}"),
        Format::Ip => "an IP address",
        Format::Ipv4 => "an IPv4 address",
        Format::Ipv6 => "an IPv6 address",
        Format::DateTime => "a date and time (RFC 3339)",
        Format::Date => "a date (RFC 3339)",
        Format::Time => "a time with its offset (RFC 3339)",
    };
    text.to_owned()
}

fn range(lower: Option<&Edge>, upper: Option<&Edge>) -> Option<String> {
    let number = |edge: &Edge| number(&edge.limit);
    if let (Some(lower @ Edge { excluded: false, .. }), Some(upper @ Edge { excluded: false, .. })) =
        (lower, upper)
    {
        return Some(format!("{} to {}", number(lower), number(upper)));
    }
    let words = |edge: &Edge, excluded, included| {
        format!("{} {}", if edge.excluded { excluded } else { included }, number(edge))
    };
    let lower = lower.map(|edge| words(edge, "above", "at least"));
    let upper = upper.map(|edge| words(edge, "below", "at most"));
    let words: Vec<String> = lower.into_iter().chain(upper).collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

fn count(count: &Count) -> String {
    match count {
        Count::Number(number) => number.to_string(),
        Count::Constant(tokens) => constant(tokens),
    }
}

/// The expression of a constant: its value only the compiler knows.
fn constant(tokens: &TokenStream) -> String {
    format!("`{}`", tokens.to_string().replace(" :: ", "::"))
}

/// `a`, `b`
fn code(values: impl Iterator<Item = String>) -> String {
    values.map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

fn number(limit: &Limit) -> String {
    match limit.number {
        Numeral::Integer(number) => grouped(number < 0, number.unsigned_abs()),
        Numeral::Unsigned(number) => grouped(false, number),
        Numeral::Float(number) => number.to_string(),
        Numeral::Constant => constant(&limit.tokens),
    }
}

/// A number in a list of code.
fn plain_number(limit: &Limit) -> String {
    number(limit).replace('`', "")
}

/// `86,400,000`
fn grouped(is_negative: bool, number: u128) -> String {
    let digits = number.to_string();
    let mut text = if is_negative { "-".to_owned() } else { String::new() };
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) && digits.len() > 4 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
