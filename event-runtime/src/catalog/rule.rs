//! Rules as they are declared.

use std::fmt::Display;

use crate::validate::{Bound, Choice, IpVersion, Rule};

/// A rule as it is declared: `length(min = 1, max = 80)`.
pub(super) fn text(rule: &Rule) -> String {
    match rule {
        Rule::Length { min, max } if min == max => call("length", &[named("equal", min.as_ref())]),
        Rule::Length { min, max } => {
            call("length", &[named("min", min.as_ref()), named("max", max.as_ref())])
        }
        Rule::Range { min, max, above, below } => {
            let part = |name, edge: &Option<Bound>| named(name, edge.map(bound));
            call("range", &[part("min", min), part("above", above), part("max", max), part("below", below)])
        }
        Rule::Email => "email".to_owned(),
        Rule::Url => "url".to_owned(),
        Rule::UrlOf(schemes) => {
            format!("url(scheme({}))", list(schemes.iter().map(|scheme| format!("{scheme:?}"))))
        }
        Rule::UriReference => "uri_reference".to_owned(),
        Rule::Hostname => "hostname".to_owned(),
        Rule::Uuid => "uuid".to_owned(),
        Rule::UuidOf(version) => format!("uuid(version = {version})"),
        Rule::Ip(IpVersion::Any) => "ip".to_owned(),
        Rule::Ip(IpVersion::V4) => "ip(v4)".to_owned(),
        Rule::Ip(IpVersion::V6) => "ip(v6)".to_owned(),
        Rule::DateTime => "datetime".to_owned(),
        Rule::Date => "date".to_owned(),
        Rule::Time => "time".to_owned(),
        Rule::Pattern(pattern) => format!("pattern({pattern:?})"),
        Rule::StartsWith(part) => format!("starts_with({part:?})"),
        Rule::EndsWith(part) => format!("ends_with({part:?})"),
        Rule::Contains(part) => format!("contains({part:?})"),
        Rule::MultipleOf(number) => format!("multiple_of({number})"),
        Rule::OneOf(choices) => format!("one_of({})", list(choices.iter().map(choice))),
        Rule::Unique => "unique".to_owned(),
        Rule::Inner(rules) => format!("inner({})", list(rules.iter().map(text))),
        Rule::Keys(rules) => format!("keys({})", list(rules.iter().map(text))),
        Rule::OrEmpty(rules) => list(rules.iter().map(text).chain(["or_empty".to_owned()])),
        Rule::Custom(path) => format!("custom = {path}"),
    }
}

fn call(name: &str, parts: &[Option<String>]) -> String {
    format!("{name}({})", list(parts.iter().flatten().cloned()))
}

fn named(name: &str, value: Option<impl Display>) -> Option<String> {
    value.map(|value| format!("{name} = {value}"))
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn bound(bound: Bound) -> String {
    match bound {
        Bound::Integer(number) => number.to_string(),
        Bound::Unsigned(number) => number.to_string(),
        Bound::Float(number) => format!("{number:?}"),
    }
}

fn choice(choice: &Choice) -> String {
    match choice {
        Choice::Text(text) => format!("{text:?}"),
        Choice::Number(number) => bound(*number),
    }
}
